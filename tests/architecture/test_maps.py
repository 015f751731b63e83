"""What documents say is somewhere in this checkout is there."""

import re

import pytest

from tests.architecture.checkout import ROOT

MAPS = ("README.md", "docs/module-map.md", "docs/comparison.md")
OURS = re.compile(
    r"`((?:benchmarks|cli|config|containers|deployment|docs|lambdas|lisa|local|stacks|tests|ui)/[^`*<\s]+)`"
)


@pytest.mark.parametrize("page", MAPS)
def test_every_place_that_a_map_names_is_there(page: str) -> None:
    named = OURS.findall((ROOT / page).read_text())

    assert named
    assert [place for place in named if not (ROOT / place.rstrip(":")).exists()] == []
