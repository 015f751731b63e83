"""What documents say is somewhere in this checkout is there."""

import re

import pytest

from tests.architecture.checkout import ROOT

MAPS = ("README.md", "docs/module-map.md", "docs/comparison.md", "docs/extending.md")
OURS = re.compile(
    r"`((?:benchmarks|cli|config|containers|deployment|docs|lambdas|lisa|local|stacks|tests|ui)/[^`*<\s]+)`"
)


@pytest.mark.parametrize("page", MAPS)
def test_every_place_that_a_map_names_is_there(page: str) -> None:
    named = OURS.findall((ROOT / page).read_text())

    assert named
    assert [place for place in named if not (ROOT / place.rstrip(":")).exists()] == []


def test_whatever_aws_calls_is_on_the_map_of_modules() -> None:
    handlers = [file.parent for file in (ROOT / "lambdas").rglob("handler.py")]
    images = [file.parent for file in (ROOT / "containers").glob("*/Dockerfile")]
    named = OURS.findall((ROOT / "docs/module-map.md").read_text())

    assert handlers
    assert images
    places = [folder.relative_to(ROOT).as_posix() for folder in (*handlers, *images)]
    assert [place for place in places if place not in named] == []
