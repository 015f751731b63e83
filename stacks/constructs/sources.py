"""Which files a door consists of, and the fingerprint that changes when one of them does."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import grimp

from lisa.declared.entry_points import Door

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = ROOT / "requirements"
SETS: Final = {  # of requirements, by packages that only they bring; every door has the set `door`
    "door-routes": {"fastapi", "joserfc", "mangum"},
    "door-tools": {"mcp"},
    "door-documents": {"docx", "pypdfium2"},
    "door-stores": {"opensearchpy", "pgvector", "psycopg"},
    "door-readers": {"pptx", "python_calamine"},
    "door-serve": {"httptools"},
}


@dataclass(frozen=True)
class Target:
    """The interpreter that will import a bundle; no platform means the one of this machine."""

    python: str
    platform: str = ""


PRODUCTION: Final = Target("3.13", "x86_64-manylinux_2_28")


def module_of(door: Door) -> str:
    """Return the module that is the door: what a schedule calls lies among the events."""
    folder = "lambdas.events" if door.every_minutes else "lambdas"
    return f"{folder}.{door.name}.handler"


def files_of(door: Door) -> list[Path]:
    """Return the door's own files and every file of `lisa` it imports, directly or not."""
    return sorted([*(_file(module) for module in _modules_of(door)), *_programs_of(door)])


def locks_of(door: Door) -> list[Path]:
    """Return the locked requirements that the door needs, by what its files import."""
    imported = {
        package.split(".")[0]
        for module in _modules_of(door)
        for package in _imported_by(module)
        if _import_graph().is_module_squashed(package)
    }
    names = ["door", *(name for name, brought in SETS.items() if imported & brought)]
    return [LOCKS / f"{name}.txt" for name in names]


def fingerprint_of(door: Door, target: Target, certificates: bytes = b"") -> str:
    """Return a hash of all that goes into the door's bundle."""
    digest = hashlib.sha256(repr((target, certificates)).encode())
    for file in [*files_of(door), *locks_of(door)]:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(ROOT).as_posix()} {content}\n".encode())
    return digest.hexdigest()


@cache
def _modules_of(door: Door) -> frozenset[str]:
    """Return the door's own module and every one of ours that it imports, directly or not."""
    graph = _import_graph()
    found: set[str] = set()
    todo = {module_of(door)}
    while todo:
        module = todo.pop()
        found.add(module)
        ours = {each for each in _imported_by(module) if not graph.is_module_squashed(each)}
        todo |= (_packages_above(module) | ours) - found
    return frozenset(found)


def _programs_of(door: Door) -> list[Path]:
    """Return what lies beside the door's module and is no module: programs that start it."""
    beside = ROOT.joinpath(*module_of(door).split(".")[:-1])
    return [file for file in beside.iterdir() if file.is_file() and not file.suffix]


def _imported_by(module: str) -> set[str]:
    return _import_graph().find_modules_directly_imported_by(module)


@cache
def _import_graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "lambdas",
        "lisa",
        include_external_packages=True,
        exclude_type_checking_imports=True,
        cache_dir=None,
    )


def _packages_above(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def _file(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
