"""Reads the checkout for the tests beside it: which files there are, and what they say."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("lisa", "lambdas", "containers", "local", "cli", "stacks", "deployment")
GENERATED = {"node_modules", "__pycache__", "cdk.out", "dist", "test-results"}
HIDDEN_OURS = {".ci", ".editorconfig", ".gitignore", ".npmrc", ".pre-commit-config.yaml"}


def is_ours(name: str) -> bool:
    """Tell what we write from what tools leave behind."""
    if name.startswith("."):
        return name in HIDDEN_OURS
    return name not in GENERATED and not name.endswith(".egg-info")


@cache
def files(*folders: str, suffix: str = "") -> tuple[Path, ...]:
    """List our own files below some folders, or in the whole checkout."""
    return tuple(
        file
        for folder in folders or (".",)
        for file in walk(ROOT / folder)
        if file.name.endswith(suffix)
    )


def walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in a fixed order."""
    for parent, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(filter(is_ours, subfolders))
        yield from (Path(parent) / name for name in sorted(filter(is_ours, names)))


def product_files() -> tuple[Path, ...]:
    """List the Python files that ship."""
    return (*files(*PRODUCT, suffix=".py"), *ROOT.glob("app.py"))


def shown(file: Path) -> str:
    """Name a file as a person would."""
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse(file.read_text(), filename=shown(file))


@cache
def imported_names(file: Path) -> frozenset[str]:
    """List the modules that a file imports, with their dots."""
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


def module_name(file: Path) -> str:
    """Turn a file's path into the name that imports it."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
