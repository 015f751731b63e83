import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aws_cdk as cdk
import pytest

from deployment.config.account import ArtifactsConfig
from lisa.declared.doors import AUTHORIZER, DOORS, INGEST, SESSIONS_DOOR
from lisa.declared.entry_points import Door
from lisa.domain.errors import Invalid
from stacks.constructs.bundle import code_of
from stacks.constructs.bundle_building import build_bundle, pack, zip_name
from stacks.constructs.certificates import IN_FUNCTION, trusting
from stacks.constructs.sources import (
    PRODUCTION,
    Target,
    files_of,
    locks_of,
    module_of,
)
from tests.stacks.conftest import ROOT

MEGABYTE = 1024 * 1024
LAMBDA_LIMIT = 250 * MEGABYTE
LARGEST = 40 * MEGABYTE  # of a zip, without boto3, which Lambda has too, and what is compiled
IMPORT_IT = """
import ast, importlib, json, sys

def ours():
    parts = ("lisa", "lambdas")
    return {m.__file__ for n, m in list(sys.modules.items()) if n.split(".")[0] in parts}

def later(file):  # what a function imports when it is called
    for each in ast.walk(ast.parse(open(file).read())):
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = [inner for inner in ast.walk(each) if isinstance(inner, ast.ImportFrom)]
            yield from (inner.module for inner in inside)

sys.path.insert(0, sys.argv[1])
importlib.import_module(sys.argv[2])
known = set()
while files := ours() - known:
    known |= files
    for name in [name for file in files for name in later(file)]:
        if name.split(".")[0] == "lisa":
            importlib.import_module(name)
print(json.dumps(sorted(known)))
"""
FINGERPRINT = """
from lisa.declared.doors import SESSIONS_DOOR
from stacks.constructs.sources import PRODUCTION, fingerprint_of
print(fingerprint_of(SESSIONS_DOOR, PRODUCTION))
"""


def ours_in(bundle: Path) -> set[str]:
    return {
        str(file.relative_to(bundle))
        for folder in ("lisa", "lambdas")
        for file in (bundle / folder).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }


@contextmanager
def one_more_line(file: Path) -> Iterator[None]:
    """Change a file, or make it, and undo that."""
    former = file.read_bytes() if file.exists() else None
    with file.open("a") as open_file:
        open_file.write("# changed\n")
    try:
        yield
    finally:
        if former is None:
            file.unlink()
        else:
            file.write_bytes(former)


@pytest.fixture(scope="module")
def production_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("production")
    build_bundle(SESSIONS_DOOR, PRODUCTION, folder)
    return folder


def test_the_production_bundle_has_wheels_for_lambda_only(production_bundle: Path) -> None:
    tags = {
        tag
        for wheel in production_bundle.glob("*.dist-info/WHEEL")
        for line in wheel.read_text().splitlines()
        if line.startswith("Tag: ")
        for tag in [line.removeprefix("Tag: ")]
    }
    native = {tag for tag in tags if not tag.endswith("-none-any")}

    assert native
    for tag in native:
        python, abi, system = tag.split("-", 2)
        assert python in {"cp313", "py3"} or abi == "abi3"
        assert system.startswith("manylinux")
        assert system.endswith("x86_64")
    assert all(tag.startswith(("py3", "py2.py3", "py2-")) for tag in tags - native)


def test_the_production_bundle_holds_what_it_needs_and_nothing_of_this_machine(
    production_bundle: Path,
) -> None:
    assert ours_in(production_bundle) == {
        str(file.relative_to(ROOT)) for file in files_of(SESSIONS_DOOR)
    }
    assert {"boto3", "fastapi", "mangum", "pydantic"} <= {
        each.name for each in production_bundle.iterdir()
    }
    assert not (production_bundle / "bin").exists()


@pytest.mark.parametrize("door", [SESSIONS_DOOR, INGEST], ids=lambda door: str(door.name))
def test_a_bundle_is_small_enough_to_be_fetched_quickly(tmp_path: Path, door: Door) -> None:
    folder, packed = tmp_path / "folder", tmp_path / "packed.zip"
    build_bundle(door, PRODUCTION, folder)
    pack(folder, packed)
    with zipfile.ZipFile(packed) as entries:
        files = entries.infolist()
    ours = [
        each.compress_size
        for each in files
        if not each.filename.startswith(("boto3", "botocore", "s3transfer"))
        and not each.filename.endswith(".pyc")
    ]

    assert sum(each.file_size for each in files) < LAMBDA_LIMIT
    assert sum(ours) < LARGEST


@pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.name))
def test_a_door_brings_every_package_that_it_imports_and_no_set_for_nothing(door: Door) -> None:
    names = {lock.stem for lock in locks_of(door)}

    assert "door" in names
    assert ("door-stores" in names) == door.asks_stores
    assert ("door-routes" in names) == (
        bool(door.prefixes) or door is AUTHORIZER or door.name == "serve"
    )


def test_equal_bundles_make_equal_zips(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.py").write_text("A = 1")
    pack(tmp_path / "folder", tmp_path / "one.zip")
    os.utime(tmp_path / "folder" / "a.py", (1, 1))
    pack(tmp_path / "folder", tmp_path / "two.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_bundle_of_another_version_is_refused_with_what_makes_it(tmp_path: Path) -> None:
    stack = cdk.Stack(cdk.App())
    with pytest.raises(Invalid, match="no bundle of the door 'authorizer'") as refused:
        code_of(stack, ArtifactsConfig(bundles=tmp_path), AUTHORIZER)
    assert "make bundles" in refused.value.next_step


def test_own_certificates_stand_beside_the_usual_ones(tmp_path: Path) -> None:
    own = b"-----BEGIN CERTIFICATE-----\nMADE\n-----END CERTIFICATE-----\n"
    build_bundle(AUTHORIZER, Target(platform.python_version()), tmp_path, own)
    usual = (tmp_path / "certifi" / "cacert.pem").read_bytes()

    assert (tmp_path / "certificates.pem").read_bytes() == usual + b"\n" + own
    assert zip_name(AUTHORIZER, PRODUCTION, own) != zip_name(AUTHORIZER, PRODUCTION)


def test_programs_are_told_of_own_certificates(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text("-----BEGIN CERTIFICATE-----")
    told = trusting(ArtifactsConfig(ca_bundle=tmp_path / "own.pem"), IN_FUNCTION)

    assert set(told) == {"SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"}
    assert set(told.values()) == {"/var/task/certificates.pem"}
    assert trusting(ArtifactsConfig(), IN_FUNCTION) == {}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.name))
def test_a_bundle_can_be_imported_alone_and_has_no_file_that_goes_unused(
    tmp_path: Path, door: Door
) -> None:
    build_bundle(door, Target(platform.python_version()), tmp_path)
    imported = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", IMPORT_IT, str(tmp_path), module_of(door)],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = {str(Path(file).relative_to(tmp_path)) for file in json.loads(imported.stdout)}
    assert ours_in(tmp_path) == loaded


def test_a_door_has_only_what_it_imports() -> None:
    authorizer = {file.relative_to(ROOT).as_posix() for file in files_of(AUTHORIZER)}

    assert "lambdas/authorizer/handler.py" in authorizer
    assert "lisa/bootstrap/authorizer.py" in authorizer
    others = ("lambdas/sessions/", "lisa/bootstrap/sessions", "lisa/adapters/postgres/")
    assert not [name for name in authorizer if name.startswith(others)]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the sources, so that they can be changed."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in ("lisa", "lambdas", "stacks", "deployment"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for lock in locks_of(SESSIONS_DOOR):
        there = copy / lock.relative_to(ROOT)
        there.parent.mkdir(exist_ok=True)
        shutil.copyfile(lock, there)
    return copy


def fingerprint(sources: Path) -> str:
    return subprocess.run(
        [sys.executable, "-B", "-c", FINGERPRINT],
        cwd=sources,
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def before(sources: Path) -> str:
    return fingerprint(sources)


@pytest.mark.parametrize(
    "changed",
    [
        "lambdas/sessions/handler.py",
        "lisa/domain/errors.py",
        "lisa/bootstrap/__init__.py",
        "requirements/door.txt",
    ],
)
def test_a_fingerprint_changes_with_each_part(before: str, sources: Path, changed: str) -> None:
    with one_more_line(sources / changed):
        assert fingerprint(sources) != before


def test_a_fingerprint_stays_when_other_files_change(before: str, sources: Path) -> None:
    authorizer = sources / "lambdas/authorizer/handler.py"
    unused = sources / "lisa/domain/not_imported.py"
    with one_more_line(authorizer), one_more_line(unused):
        assert fingerprint(sources) == before
