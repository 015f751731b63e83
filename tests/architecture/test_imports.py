"""Importing a module does nothing but define it, and the rules know no library but pydantic."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, files, imported_names, module_name, shown, tree

WITHOUT_ANYTHING = ("lisa", "lambdas", "containers", "local", "cli")
RULES = ("lisa/domain", "lisa/declared")
RULES_MAY_IMPORT = {*sys.stdlib_module_names, "pydantic", "lisa.domain", "lisa.declared"}

# Runs in a process of its own. The audit hook refuses to reach out, except to what jsii must start.
IMPORT_ALL = """
import importlib, sys, traceback
reaching_out = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto",
                "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.mkdir", "os.remove"}
allowed = set(sys.argv[1].split(","))
def refuse(event, arguments):
    if event in reaching_out - allowed:
        raise RuntimeError(f"{event} {arguments} while importing")
sys.addaudithook(refuse)
failed = 0
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except BaseException:
        failed = 1
        print(name, traceback.format_exc())
sys.stdout.flush()
sys.exit(failed)
"""


def import_all(modules: list[str], environment: dict[str, str], allowed: str = "") -> str:
    """Import modules in a fresh process; return what went wrong."""
    command = [sys.executable, "-B", "-c", IMPORT_ALL, allowed, *modules]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr if done.returncode else ""


def modules_below(folder: str) -> list[str]:
    return [module_name(file) for file in files(folder, suffix=".py")]


@pytest.mark.parametrize("folder", WITHOUT_ANYTHING)
def test_every_module_imports_with_an_empty_environment_and_no_network(folder: str) -> None:
    assert import_all(modules_below(folder), {}) == ""


def test_the_stacks_import_with_nothing_but_a_path_and_a_home() -> None:
    """The jsii library starts Node when it is imported and gives it a folder of its own."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME")}
    jsii = "subprocess.Popen,os.mkdir,os.remove"
    assert import_all([*modules_below("stacks"), "app"], environment, jsii) == ""


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
