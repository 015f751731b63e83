"""Defaults lie below the file, the file below the environment, the environment below options."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from deployment.config.deployment import DeploymentConfig
from deployment.config.layering import Written
from deployment.config.overriding import options_of_context
from deployment.config.places import Place
from deployment.config.reading import choose
from tests.unit.deployment_config.writing import chosen

SERVING = """\
serve:
  enabled: true
  callers: [10.0.0.0/8]
  plain_http: a trial
  workers: 2
web:
  plain_http: a trial
"""
HERE = Place("here")
trees = some.recursive(
    some.none() | some.integers() | some.text(max_size=3) | some.lists(some.integers(), max_size=2),
    lambda inner: some.dictionaries(some.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
mappings = some.dictionaries(some.sampled_from("abc"), trees, max_size=3)


def test_nothing_at_all_is_the_defaults() -> None:
    assert choose().config == DeploymentConfig()
    assert choose().origins == {}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "serve:\nweb:\n", "{}"])
def test_a_file_that_says_nothing_is_the_defaults(tmp_path: Path, text: str) -> None:
    assert chosen(tmp_path, text).config == DeploymentConfig()


def test_each_layer_counts_above_the_one_below(tmp_path: Path) -> None:
    environ = {"LISA_CONFIG_SERVE__WORKERS": "3", "LISA_CONFIG_STAGE": "of-env", "PATH": "/bin"}
    options = ["serve.workers=4"]

    assert chosen(tmp_path, SERVING).config.serve.workers == 2
    assert chosen(tmp_path, SERVING, environ=environ).config.serve.workers == 3
    assert chosen(tmp_path, SERVING, environ=environ, options=options).config.serve.workers == 4
    assert chosen(tmp_path, SERVING, environ=environ).config.stage == "of-env"


def test_every_key_that_was_set_knows_where(tmp_path: Path) -> None:
    environ = {"LISA_CONFIG_SERVE__WORKERS": "3"}
    origins = chosen(tmp_path, SERVING, environ=environ, options=["stage=test"]).origins

    file = tmp_path / "lisa.yaml"
    assert origins == {
        "serve.enabled": f"{file} line 2",
        "serve.callers": f"{file} line 3",
        "serve.plain_http": f"{file} line 4",
        "serve.workers": "LISA_CONFIG_SERVE__WORKERS",
        "web.plain_http": f"{file} line 7",
        "stage": "-c",
    }


def test_parts_and_names_merge_and_lists_are_replaced(tmp_path: Path) -> None:
    text = SERVING + "tags: {team: a, cost: '1'}\n"
    options = ["serve.callers=[192.168.0.0/16]", "tags.team=b", "tags={stage: x}"]
    config = chosen(tmp_path, text, options=options).config

    assert config.serve.callers == ("192.168.0.0/16",)
    assert config.tags == {"team": "b", "cost": "1", "stage": "x"}


def test_a_part_that_says_one_thing_keeps_its_own_defaults(tmp_path: Path) -> None:
    config = chosen(tmp_path, "litellm: {capacity: {cpu: 512}}").config

    assert (
        config.litellm.capacity.busy_requests == DeploymentConfig().litellm.capacity.busy_requests
    )
    assert config.litellm.capacity.cpu == 512


def test_of_one_key_given_twice_the_last_counts(tmp_path: Path) -> None:
    assert chosen(tmp_path, options=["stage=one", "stage=two"]).config.stage == "two"


def test_an_empty_variable_counts_as_none_and_an_empty_option_as_empty(tmp_path: Path) -> None:
    text = "account: 123456789012"
    assert chosen(tmp_path, text, environ={"LISA_CONFIG_ACCOUNT": ""}).config.account
    assert chosen(tmp_path, text, options=["account="]).config.account == ""


@pytest.mark.parametrize("value", ["why: it is a trial", "[a], {b}", "# no comment", "'quoted' a"])
def test_text_of_options_and_variables_stands_as_it_is(tmp_path: Path, value: str) -> None:
    environ = {"LISA_CONFIG_WEB__PLAIN_HTTP": value}
    assert chosen(tmp_path, environ=environ).config.web.plain_http == value
    config = chosen(tmp_path, options=[f"serve.plain_http={value}"]).config
    assert config.serve.plain_http == value


def test_a_text_wholly_in_quotes_is_what_they_hold(tmp_path: Path) -> None:
    assert chosen(tmp_path, options=["account='012345678901'"]).config.account == "012345678901"


def test_parts_can_be_given_whole_in_a_variable(tmp_path: Path) -> None:
    environ = {"LISA_CONFIG_DOORS__ISSUERS": "[{issuer: https://idp.example.com, audience: lisa}]"}
    assert chosen(tmp_path, environ=environ).config.doors.issuers[0].audience == ("lisa",)
    assert chosen(tmp_path, options=["web={enabled: true}"]).config.web.enabled


def test_a_name_below_a_key_may_have_dots(tmp_path: Path) -> None:
    options = ["tags.example.com/team=a"]
    assert chosen(tmp_path, options=options).config.tags == {"example.com/team": "a"}


def test_of_the_cdks_context_only_what_is_ours_or_nearly_so_is_taken() -> None:
    context = {
        "config": "config/x.yaml",
        "serve.domain": "x.example.com",
        "stage": "test",
        "sreve.domain": "x",
        "@aws-cdk/core:target-partitions": ["aws"],
        "aws:cdk:bundling-stacks": [],
        "availability-zones:account=1:region=x": ["a"],
        "something-of-yours": "y",
    }
    assert list(options_of_context(context)) == ["serve.domain", "stage", "sreve.domain"]


def test_values_of_the_context_may_be_more_than_text() -> None:
    options = {"serve.callers": ["10.0.0.0/8"], "web.enabled": True, "api.burst": 7}
    assert choose(options=options).config.api.burst == 7


@settings(max_examples=50, deadline=None)
@given(lower=mappings, upper=mappings)
def test_above_another_layer_everything_still_says_what_it_said(
    lower: dict[str, Any], upper: dict[str, Any]
) -> None:
    both = Written.of(upper, HERE).over(Written.of(lower, Place("below")))

    for at, leaf in Written.of(upper, HERE).leaves():
        found = both.at(at)
        assert found is not None
        if not isinstance(leaf.value, dict):
            assert found.plain() == leaf.plain()
            assert found.place == HERE
    assert Written.of({}, HERE).over(both).plain() == both.plain()
