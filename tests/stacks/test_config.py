from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lisa.domain.errors import Invalid
from stacks.config import DeploymentConfig, read_config
from stacks.inference import ServeConfig
from tests.stacks.conftest import ROOT


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


def test_the_default_file_says_what_the_defaults_are_and_names_every_key() -> None:
    file = ROOT / "config" / "default.toml"

    assert read_config(file) == DeploymentConfig()
    assert not [key for key in DeploymentConfig.model_fields if key not in file.read_text()]


@pytest.mark.parametrize("file", sorted((ROOT / "config").glob("*.toml")), ids=lambda f: f.name)
def test_every_example_can_be_read(file: Path) -> None:
    assert isinstance(read_config(file), DeploymentConfig)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 'blue'", "colour"),
        ("stage = 'Has Spaces'", "stage"),
        ("[throttling]\nburst = 0", "throttling.burst"),
        ("[doors]\nlog_level = 'LOUD'", "doors.log_level"),
        ("data = 'sometimes'", "data"),
        ("name = ", "is not TOML"),
    ],
)
def test_a_wrong_or_unknown_key_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Invalid, match=named):
        read_config(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"there is no configuration file .*nowhere\.toml"):
        read_config(tmp_path / "nowhere.toml")


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
        ({"image": "lisa-serve"}, "tag or a digest"),
        ({"capacity": {"min_tasks": 5, "max_tasks": 4}}, "min_tasks"),
        ({"drain_seconds": 300}, "drain_seconds"),
        ({"origins": ["https://lisa.example.com/path"]}, "origins"),
    ],
)
def test_a_gateway_that_would_be_unsafe_is_refused(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        ServeConfig.model_validate({"enabled": True, **wrong})
