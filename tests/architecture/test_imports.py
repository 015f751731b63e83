"""Importing a module does nothing but define it, and the rules know no library but pydantic."""

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, files, imported_names, shown, tree
from tests.architecture.importing import import_all, modules_below

WITHOUT_ANYTHING = ("lisa", "lambdas", "containers", "local", "cli")
IN_ITS_OWN_ENVIRONMENT = "local.builtin."
RULES = ("lisa/domain", "lisa/declared")
RULES_MAY_IMPORT = {*sys.stdlib_module_names, "pydantic", "lisa.domain", "lisa.declared"}
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("folder", WITHOUT_ANYTHING)
def test_every_module_imports_with_an_empty_environment_and_no_network(folder: str) -> None:
    modules = [
        name for name in modules_below(folder) if not name.startswith(IN_ITS_OWN_ENVIRONMENT)
    ]
    assert import_all(modules, {}) == ""


def test_what_has_an_environment_of_its_own_imports_there_likewise() -> None:
    python = ROOT / ".venv-builtin" / "bin" / "python"
    assert import_all(modules_below("local/builtin"), {}, python=python) == ""


def test_app_synthesises_only_when_it_is_run() -> None:
    docstring, *defining, last = tree(ROOT / "app.py").body
    assert isinstance(docstring, ast.Expr)
    assert [ast.unparse(node) for node in defining if not only_defines(node)] == []
    assert isinstance(last, ast.If)
    assert ast.unparse(last.test) == "__name__ == '__main__'"


def only_defines(node: ast.stmt) -> bool:
    """Tell whether a statement does nothing but give something a name."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        calls = {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
        return calls <= {"Path"}
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef)


def is_allowed(name: str) -> bool:
    """Tell whether a rule may import this."""
    parts = name.split(".")
    return parts[0] in RULES_MAY_IMPORT or ".".join(parts[:2]) in RULES_MAY_IMPORT


@pytest.mark.parametrize("file", files(*RULES, suffix=".py"), ids=shown)
def test_a_rule_imports_only_the_standard_library_pydantic_and_other_rules(file: Path) -> None:
    assert sorted(name for name in imported_names(file) if not is_allowed(name)) == []
