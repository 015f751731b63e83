"""Lock files hold names, versions and hashes, so every machine may use the package index it has."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.checkout import ROOT, files, shown

REQUIREMENTS = files("requirements", suffix=".txt")
NPM_LOCKS = files(suffix="package-lock.json")
PLACE = re.compile(r"https?:|file:|ssh:|git\+|--(extra-)?index-url|--find-links|@ ")


@pytest.mark.parametrize("file", REQUIREMENTS, ids=shown)
def test_a_python_lock_names_no_place(file: Path) -> None:
    assert [line for line in file.read_text().splitlines() if PLACE.search(line)] == []


@pytest.mark.parametrize("file", REQUIREMENTS, ids=shown)
def test_a_python_lock_pins_every_package_with_a_hash(file: Path) -> None:
    entries = re.findall(r"^[a-z].*?(?=^\S|\Z)", file.read_text(), re.MULTILINE | re.DOTALL)
    assert entries
    assert [each for each in entries if "==" not in each or "--hash=sha256:" not in each] == []


def test_every_set_of_requirements_is_locked() -> None:
    wanted = {shown(file.with_suffix(".txt")) for file in files("requirements", suffix=".in")}
    assert {shown(file) for file in REQUIREMENTS} == wanted


def values(node: Any) -> Iterator[tuple[str, str]]:
    """Walk a JSON document: every string beside its key."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from values(value)
        elif isinstance(value, str):
            yield str(key), value


@pytest.mark.parametrize("file", NPM_LOCKS, ids=shown)
def test_an_npm_lock_names_no_place(file: Path) -> None:
    """A package's own funding page is no place it is fetched from."""
    lock = json.loads(file.read_text())
    for entry in lock["packages"].values():
        entry.pop("funding", None)
    found = [pair for pair in values(lock) if pair[0] == "resolved" or PLACE.search(pair[1])]
    assert found == []


@pytest.mark.parametrize("file", NPM_LOCKS, ids=shown)
def test_an_npm_lock_pins_every_package_with_a_hash(file: Path) -> None:
    packages = json.loads(file.read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_npm_keeps_places_out_of_its_locks() -> None:
    settings = {line.strip() for line in (ROOT / ".npmrc").read_text().splitlines()}
    assert "omit-lockfile-registry-resolved=true" in settings
