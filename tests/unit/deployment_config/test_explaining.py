"""Every key says what it means; the page and the example that tell all of them are current."""

import json
import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # it has no types

from deployment.config.advice import advice
from deployment.config.deployment import DeploymentConfig
from deployment.config.examples import EXAMPLES, FOLDER, file_of
from deployment.config.explaining import default_of, explained
from deployment.config.meanings import EXAMPLES as OF_KEYS
from deployment.config.meanings import MEANINGS
from deployment.config.reading import choose, read_config
from deployment.config.reference import PAGE, full, page
from deployment.config.shapes import Shape, every_key
from deployment.config.summary import summary
from lisa.domain.errors import NotFound

NAMED = "`make config` writes it anew"
LONGEST = 320


def patterns(shape: Shape) -> list[tuple[str, str]]:
    """List the patterns of texts a key takes, each with its example."""
    inner = shape.each if shape.kind in {"list", "map"} else None
    return [
        (each["pattern"], str(each.get("examples", ["?"])[0]))
        for one in (shape, *([inner] if inner else []))
        for each in one.variants
        if "pattern" in each
    ]


@pytest.mark.parametrize("key", every_key())
def test_every_key_says_what_it_means_in_a_sentence_or_two(key: str) -> None:
    meaning = every_key()[key].meaning
    assert meaning.endswith(".")
    assert len(meaning) <= LONGEST


@pytest.mark.parametrize("key", [key for key, shape in every_key().items() if patterns(shape)])
def test_a_key_that_refuses_texts_gives_an_example_that_it_takes(key: str) -> None:
    for pattern, example in patterns(every_key()[key]):
        assert re.search(pattern, example), f"{pattern} has the example {example}"


def test_what_is_said_elsewhere_is_of_keys_there_are() -> None:
    schema = DeploymentConfig.model_json_schema()
    models = {**schema["$defs"], "DeploymentConfig": schema}
    for field in (*MEANINGS, *OF_KEYS):
        model, _, name = field.partition(".")
        assert name in models[model]["properties"]


def test_the_reference_page_is_current() -> None:
    assert PAGE.read_text() == page(), NAMED


def test_the_example_with_every_key_is_current_and_names_each() -> None:
    text = file_of("full").read_text()
    assert text == full(), NAMED
    for key in every_key():
        assert re.search(rf"^ *(# )? *(- )?{re.escape(key.split('.')[-1])}:", text, re.MULTILINE)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_example_is_a_configuration(file: Path) -> None:
    config = read_config(file)
    assert summary(config)["deployment"] == config.full_name


def test_there_is_an_example_for_each_name() -> None:
    assert {file_of(name).exists() for name in EXAMPLES} == {True}


def test_the_example_for_production_leaves_nothing_to_think_about_but_what_is_ones_own() -> None:
    found = advice(read_config(file_of("production")))
    assert [each for each in found if "an example's" not in each] == []


def test_defaults_make_one_think() -> None:
    assert any(each.startswith("serve.enabled") for each in advice(DeploymentConfig()))
    risky = choose(options=["region=eu-central-1", "data=destroy"]).config
    assert any(each.startswith("data: destroy") for each in advice(risky))


def test_a_key_tells_its_type_default_and_value_with_who_says_so(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("\napi: {burst: 7}\ntags: {a: b}\n")
    chosen = choose(file, options=["log_days=14"])

    (burst,) = explained("api.burst", chosen)
    assert (burst.takes, burst.default) == ("a whole number from 1 to 5000", "400")
    assert (burst.value, burst.origin) == ("7", f"{file} line 2")
    assert burst.variable == "LISA_CONFIG_API__BURST"
    assert explained("log_days", chosen)[0].origin == "-c"
    assert explained("stage", chosen)[0].origin == "nothing says otherwise"
    assert explained("tags", chosen)[0].value == '{"a": "b"}'


def test_a_part_is_explained_with_all_below_it() -> None:
    keys = [each.key for each in explained("doors")]
    assert keys[0] == "doors"
    assert "doors.issuers[].audience" in keys
    assert {key.split(".")[0] for key in keys} == {"doors"}


def test_an_unknown_key_suggests_those_there_are() -> None:
    with pytest.raises(NotFound) as unknown:
        explained("serve.caller")
    assert unknown.value.next_step == "did you mean serve.callers?"


@pytest.mark.parametrize(
    "key", [key for key, shape in every_key().items() if "[]" not in key and default_of(key)]
)
def test_every_default_may_be_written_out(key: str) -> None:
    text = yaml.safe_dump(json.loads(default_of(key)), default_flow_style=True, width=10_000)
    value = text.removesuffix("\n").removesuffix("...").strip()
    assert choose(options=[f"{key}={value}"]).config == DeploymentConfig()
