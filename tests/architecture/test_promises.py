"""Every promise, of inference, chat, models, knowledge and deploying, names tests that prove it."""

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
MODELS = (
    *("L24", "L25", "L26", "L27", "L31", "L32", "L33", "L39", "L40", "L41", "L42", "L43", "L44"),
    *("L45", "L46", "V1", "V2", "V3", "V4", "V5", "V6", "V8", "V27", "V28", "V29", "V41", "V42"),
    *("H15", "H16", "H17", "H18", "H19", "H20", "H24", "H25", "H26", "H27", "H28", "3", "7", "9"),
    "16",
)
KNOWLEDGE = (
    *("L37", "L56", "L57", "L59", "L63", "L66", "L67", "L68", "L69", "L71", "V20", "V21", "V34"),
    *("V35", "V43", "V46", "14", "15"),
)
DEPLOY = (
    *("L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L15", "L20", "L43", "L44", "L46", "L47"),
    *("L73", "V8", "V14", "V15", "V16", "V32", "V38", "V39", "V40", "H2"),
)
PROMISED = {
    "inference": INFERENCE,
    "chat": CHAT,
    "models": MODELS,
    "knowledge": KNOWLEDGE,
    "deploy": DEPLOY,
}
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


@pytest.mark.parametrize(("page", "promised"), PROMISED.items())
def test_each_promise_and_each_defect_has_one_row(page: str, promised: tuple[str, ...]) -> None:
    assert [row for row, _ in rows(page)] == [*promised]


@pytest.mark.parametrize(("row", "proof"), [row for page in PROMISED for row in rows(page)])
def test_what_proves_a_row_is_there(row: str, proof: str) -> None:
    named = TEST.findall(proof)
    assert named, row
    assert [f"{file}::{test}" for file, test in named if test not in names_in(file)] == []


@pytest.mark.parametrize("page", PROMISED)
def test_whatever_else_a_page_names_is_there(page: str) -> None:
    named = TEST.findall((ROOT / "docs" / "promises" / f"{page}.md").read_text())
    assert [f"{file}::{test}" for file, test in named if test not in names_in(file)] == []
