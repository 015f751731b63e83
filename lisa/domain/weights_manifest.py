"""The list of a model's files that lies beside them: whoever loads them holds each against it.

It is written last, so a place that has one has all the files it names. As JSON:
`{"version": 1, "files": [{"path": "config.json", "size": 612, "sha256": "<64 hex digits>"}]}`,
where a path is that below the place the list itself lies in.
"""

import json
import re
from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from lisa.domain.frozen import Frozen

MANIFEST: Final = "lisa-weights.json"
MOST_FILES: Final = 10_000
STEP: Final = re.compile(r"[^\x00-\x1f\x7f/\\]{1,255}")


def _inside(path: str) -> str:
    steps = path.split("/")
    if not all(STEP.fullmatch(each) for each in steps) or {".", ".."} & {*steps}:
        raise ValueError("is no path below a folder")
    return path


class WeightsFile(Frozen):
    """One file: where it lies, how long it is and what its content's hash is."""

    path: Annotated[str, Field(min_length=1, max_length=900), AfterValidator(_inside)]
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Manifest(Frozen):
    """All files of a model, by their paths."""

    version: Literal[1] = 1
    files: Annotated[tuple[WeightsFile, ...], Field(min_length=1, max_length=MOST_FILES)]


def manifest_of(files: Iterable[WeightsFile]) -> bytes:
    """Write the list."""
    listed = Manifest(files=tuple(sorted(files, key=lambda each: each.path)))
    return f"{json.dumps(listed.model_dump(mode='json'), indent=1)}\n".encode()
