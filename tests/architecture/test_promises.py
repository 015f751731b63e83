"""Every promise about inference and chat names tests that prove it, and those tests are there."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.checkout import ROOT, tree

INFERENCE = (
    *("L16", "L17", "L18", "L19", "L20", "L21", "L22", "L23", "L25", "L28", "L30", "L34", "L35"),
    *("L38", "V22", "V31", "V48", "H1", "H8", "H9", "H10", "H13", "H14", "H22", "H23", "H26"),
    *("H29", "H30", "H32", "1", "2", "4", "5", "11", "12", "13", "16", "18", "19"),
)
CHAT = (
    *("L29", "L36", "L37", "L47", "L48", "L49", "L50", "L51", "L52", "L53", "L54", "L55", "L58"),
    *("L60", "L61", "L64", "L65", "V33", "H3", "H5", "H7", "8", "9", "14"),
)
ROW = re.compile(r"^\| (?P<row>[LVH]?\d+) \|[^|]+\| (?P<proof>[^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")


def rows(page: str) -> list[tuple[str, str]]:
    """Read what proves what."""
    text = (ROOT / "docs" / "promises" / f"{page}.md").read_text()
    return [(found["row"], found["proof"]) for found in ROW.finditer(text)]


@cache
def names_in(file: str) -> set[str]:
    """List the tests in a file."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree(ROOT / file)) if isinstance(node, kinds)}


@pytest.mark.parametrize(("page", "promised"), [("inference", INFERENCE), ("chat", CHAT)])
def test_each_promise_and_each_defect_has_one_row(page: str, promised: tuple[str, ...]) -> None:
    assert [row for row, _ in rows(page)] == [*promised]


@pytest.mark.parametrize(("row", "proof"), [*rows("inference"), *rows("chat")])
def test_what_proves_a_row_is_there(row: str, proof: str) -> None:
    named = TEST.findall(proof)
    assert named, row
    assert [f"{file}::{test}" for file, test in named if test not in names_in(file)] == []
