"""Which files make up a model: what its manifest names, or without one all that lies there."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from containers.engines.loading.bucket import Bucket, Listed
from containers.engines.loading.failures import CannotStart, Exit

NAME: Final = "lisa-weights.json"
VERSION: Final = 1
SHA256: Final = re.compile(r"[0-9a-f]{64}")
SHARD: Final = re.compile(r"-\d{5}-of-\d{5}\.gguf$")
OURS: Final = ".lisa"
AGAIN: Final = "upload the model again"


@dataclass(frozen=True)
class Wanted:
    """A file that must be there; the checksum is empty where no manifest tells it."""

    listed: Listed
    sha256: str = ""

    @property
    def path(self) -> str:
        """Return its path below the prefix, and below the folder."""
        return self.listed.path

    @property
    def size(self) -> int:
        """Return its length."""
        return self.listed.size


def wanted_in(bucket: Bucket) -> list[Wanted]:
    """List a model's files; what is missing or of another length than promised is told."""
    listed = {each.path: each for each in bucket.listed()}
    manifest = listed.pop(NAME, None)
    if not listed and manifest is None:
        raise CannotStart(
            Exit.NO_WEIGHTS, f"{bucket.source}: nothing lies there: check LISA_WEIGHTS"
        )
    if manifest is None:
        files = [Wanted(each) for each in listed.values()]
    else:
        told = _entries(bucket.document(manifest), bucket)
        files = [_promised(entry, listed, bucket) for entry in told]
    for each in files:
        _refuse_path(each.path, bucket)
    return _of_one_model(files, bucket)


def _entries(raw: bytes, bucket: Bucket) -> Sequence[Mapping[str, Any]]:
    torn = CannotStart(Exit.TORN, f"{bucket.source}: {NAME} is torn: {AGAIN}")
    try:
        told = json.loads(raw)
    except ValueError as error:
        raise torn from error
    if isinstance(told, dict) and told.get("version", VERSION) != VERSION:
        raise CannotStart(
            Exit.SETTINGS, f"{bucket.source}: {NAME} is of a newer LISA: build the image anew"
        )
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, list) or not files or not all(map(_is_entry, files)):
        raise torn
    return files


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    path, size, digest = (entry.get(each) for each in ("path", "size", "sha256"))
    return (
        isinstance(path, str)
        and isinstance(size, int)
        and isinstance(digest, str)
        and SHA256.fullmatch(digest) is not None
    )


def _promised(entry: Mapping[str, Any], listed: Mapping[str, Listed], bucket: Bucket) -> Wanted:
    path, size = entry["path"], entry["size"]
    found = listed.get(path)
    if found is None:
        raise CannotStart(Exit.MISSING, f"{bucket.source}: {path} is missing: {AGAIN}")
    if found.size != size:
        raise CannotStart(
            Exit.TORN,
            f"{bucket.source}: {path} is torn, with {found.size} of {size} bytes: {AGAIN}",
        )
    return Wanted(found, entry["sha256"])


def _refuse_path(path: str, bucket: Bucket) -> None:
    """Raise where a file would be written outside of the folder, or over our own notes."""
    parts = path.split("/")
    if parts[0] == OURS or any(each in {"", ".", ".."} for each in parts) or "\0" in path:
        raise CannotStart(Exit.TORN, f"{bucket.source}: {path!r} is no name of a file: rename it")


def _of_one_model(files: list[Wanted], bucket: Bucket) -> list[Wanted]:
    """Return the named model alone, with all of its shards; without a name, everything."""
    name = bucket.source.name
    if not name:
        return files
    family = SHARD.sub("", name)
    chosen = [each for each in files if each.path == name or _belongs(each.path, family, name)]
    if not any(each.path == name for each in chosen):
        raise CannotStart(Exit.NO_WEIGHTS, f"{bucket.source}: it isn't there: check LISA_WEIGHTS")
    return chosen


def _belongs(path: str, family: str, name: str) -> bool:
    return SHARD.search(name) is not None and SHARD.sub("", path) == family
