import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from pydantic import ValidationError

import app as entry_point
from deployment.config.deployment import DeploymentConfig
from deployment.config.models import ModelsConfig
from deployment.config.reading import read_config
from deployment.config.services import ServeConfig
from lisa.domain.errors import Invalid
from tests.stacks.conftest import EXAMPLES, ROOT, context

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/made-up"
HEADERS = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:collector-AbCdEf"


def written(folder: Path, text: str) -> Path:
    file = folder / "config.yaml"
    file.write_text(text)
    return file


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda f: f.name)
def test_every_example_can_be_read(file: Path) -> None:
    assert isinstance(read_config(file), DeploymentConfig)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour: blue", "colour"),
        ("stage: Has Spaces", "stage"),
        ("api: {burst: 0}", "api.burst"),
        ("doors: {log_level: LOUD}", "doors.log_level"),
        ("data: sometimes", "data"),
        ("name: [", "is not YAML"),
    ],
)
def test_a_wrong_or_unknown_key_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Invalid, match=named):
        read_config(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"nowhere\.yaml: there is no such configuration file"):
        read_config(tmp_path / "nowhere.yaml")


def test_the_app_takes_keys_of_its_context_and_tells_all_that_is_wrong(tmp_path: Path) -> None:
    file = written(tmp_path, "stage: test\nlog_days: 8")
    app = cdk.App(context=context(config=str(file), **{"serve.domian": "x"}))

    with pytest.raises(Invalid, match=r"line 2: log_days: must be one of") as refused:
        entry_point.build(app)
    assert "-c: serve.domian: there is no such key; fix: did you mean" in refused.value.message


def test_the_app_ends_with_one_and_words(tmp_path: Path) -> None:
    asked = {"config": str(tmp_path / "nowhere.yaml")}
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps(asked), "CDK_OUTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "nowhere.yaml: there is no such configuration file" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_configuration_never_changes() -> None:
    with pytest.raises(ValueError, match="frozen"):
        DeploymentConfig().stage = "other"  # type: ignore[misc] # that is the point


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "callers"),
        ({"callers": ["10.0.0.0/8"]}, "certificate"),
        ({"callers": ["10.0.0.0/8"], "plain_http": "  "}, "certificate"),
        ({"callers": ["10.0.0.0/8"], "plain_http": "x", "facing": "internet"}, "certificate"),
        ({"callers": ["10.0.0.0/8"], "plain_http": "x", "domain": "x.example.com"}, "domain"),
        ({"domain": "https://x.example.com"}, "domain"),
        ({"image": "lisa-serve"}, "tag or a digest"),
        ({"capacity": {"min_tasks": 5, "max_tasks": 4}}, "min_tasks"),
        ({"drain_seconds": 300}, "drain_seconds"),
        ({"origins": ["https://lisa.example.com/path"]}, "origins"),
    ],
)
def test_a_gateway_that_would_be_unsafe_is_refused(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        ServeConfig.model_validate({"enabled": True, **wrong})


@pytest.mark.parametrize("reached", [{"certificate": CERTIFICATE}, {"plain_http": "a trial"}])
def test_pages_that_browsers_would_not_let_call_the_gateway_are_refused(
    reached: dict[str, str],
) -> None:
    serve = {"enabled": True, "callers": ["10.0.0.0/8"], **reached}
    programs_only = {"enabled": False}
    returning = {"cognito": {"callback_urls": ["https://tool.example.com/"]}}

    with pytest.raises(ValidationError, match=r"serve.domain.*web.gateway.*web.enabled: false"):
        DeploymentConfig.model_validate({"serve": serve})
    with pytest.raises(ValidationError, match=r"web.gateway"):
        DeploymentConfig.model_validate({"serve": serve, "web": {"plain_http": " "}})
    without = {"serve": serve, "knowledge": {"enabled": False}}
    DeploymentConfig.model_validate(without | {"web": {"gateway": "https://lisa.example.com"}})
    DeploymentConfig.model_validate(without | {"web": programs_only, "identity": returning})


def test_with_a_certificate_a_reason_for_plain_http_helps_no_page() -> None:
    serve = {"enabled": True, "callers": ["10.0.0.0/8"], "certificate": CERTIFICATE}

    with pytest.raises(ValidationError, match=r"serve.domain"):
        DeploymentConfig.model_validate({"serve": serve, "web": {"plain_http": "x"}})


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"endpoint": "collector:4318"}, "endpoint"),
        ({"endpoint": "https://key@collector.example.com"}, "endpoint"),
        ({"headers": "authorization=key"}, "headers"),
        ({"endpoint": "http://collector.example.com", "headers": HEADERS}, "https://"),
        ({"sampled": 1.1}, "sampled"),
        ({"endpoint": "https://collector.example.com"}, "serve.enabled"),
    ],
)
def test_traces_that_go_nowhere_or_betray_a_secret_are_refused(
    wrong: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError, match=named):
        DeploymentConfig.model_validate({"tracing": wrong})


@pytest.mark.parametrize("wrong", ["", "*", "s3://weights", "weights/tiny", "arn:aws:s3:::weights"])
def test_buckets_of_weights_are_told_by_their_whole_names(wrong: str) -> None:
    with pytest.raises(ValidationError, match="weights_buckets"):
        ModelsConfig.model_validate({"weights_buckets": ["weights", wrong]})
