"""Ids of files and jobs: they sort as they were made, so that a store lists the newest first."""

import re
from hashlib import sha256
from typing import Final

from lisa.domain.errors import Invalid
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids

FILE: Final = "file"
JOB: Final = "job"
RUN: Final = "run"
FILE_ID: Final = re.compile(r"file_[0-9A-Za-z]{1,64}")
DIGITS: Final = 13  # hexadecimal, of microseconds: enough until the year 2112


def timed_id(ids: Ids, clock: Clock, prefix: str) -> str:
    """Return a name that nobody can guess and that sorts behind all made before."""
    moment = int(clock.now().timestamp() * 1_000_000)
    return f"{prefix}_{moment:0{DIGITS}x}{ids.new(prefix).partition('_')[2]}"


def id_of_source(uid: str, source: str) -> str:
    """Return the id of what comes from a source into this collection: always the same one."""
    return f"{FILE}_z{sha256(f'{uid} {source}'.encode()).hexdigest()[:40]}"


def accepted_file_id(file_id: str) -> str:
    """Return the id if it can be one."""
    if not FILE_ID.fullmatch(file_id):
        raise Invalid(f"{file_id[:80]!r} is no file id", code="unknown_file")
    return file_id
