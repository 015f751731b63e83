"""What is committed suits every machine, and an exception from a rule says why."""

import re

import pytest

from tests.architecture.checkout import ROOT, files, shown

TOP_LEVEL = (
    "app.py",
    "cdk.json",
    "pyproject.toml",
    "README.md",
    "stacks",
    "lambdas",
    "containers",
    "ui",
    "tests",
)
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(work|root|Users)/\w|(?<![\w.~}])/home/(?!user\b)\w")
MARK = re.compile(r"#\s*(noqa|type:\s*ignore)\b(?P<rest>.*)")
CODE_AND_REASON = re.compile(
    r"^(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[a-z-]+(,\s*[a-z-]+)*\])\W+\w.{5,}$"
)


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_holds_what_was_asked_for(name: str) -> None:
    assert (ROOT / name).exists()


def texts() -> list[tuple[str, str]]:
    """Read every file that is text."""
    found = []
    for file in files():
        raw = file.read_bytes()
        if b"\0" not in raw:
            found.append((shown(file), raw.decode()))
    return found


def test_no_text_names_a_path_of_one_machine() -> None:
    found = [
        f"{name}: {hit.group()}" for name, text in texts() for hit in MACHINE_PATH.finditer(text)
    ]
    assert found == []


def test_an_exception_from_lint_or_types_carries_its_code_and_a_reason() -> None:
    found = [
        f"{name}: {mark.group()}"
        for name, text in texts()
        if name.endswith(".py") and name != "tests/architecture/test_texts.py"
        for mark in MARK.finditer(text)
        if not CODE_AND_REASON.match(mark["rest"])
    ]
    assert found == []
