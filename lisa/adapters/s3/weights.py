"""Weights put into a bucket: big files in parallel parts, each held against its hash by S3.

Every object carries its hash as metadata, so that what lies there already isn't sent again.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import boto3
from boto3.s3.transfer import ProgressCallbackInvoker, TransferConfig, create_transfer_manager
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lisa.adapters.s3.refusals import refusal
from lisa.domain.errors import Conflict, Invalid
from lisa.domain.weights_manifest import MANIFEST, WeightsFile, manifest_of
from lisa.domain.weights_parcel import Parcel

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MEBIBYTE: Final = 1024 * 1024
THREADS: Final = 16
HASH: Final = "sha256"
CHECKED_BY_S3: Final = "SHA256"


class Told(Protocol):
    """Hears how far it is; called from several threads."""

    def begins(self, name: str) -> None:
        """Hear which file is read now."""

    def passed(self, size: int) -> None:
        """Hear of bytes that lie there by now; less than none where a part begins again."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: all files, how many lay there already, and what else lies there."""

    files: Sequence[WeightsFile]
    there_already: int
    others: Sequence[str]


@dataclass(frozen=True)
class _Sending:
    """A file on its way, or nothing on its way where it lay there already."""

    file: WeightsFile
    path: Path
    read_as: tuple[int, int]
    under_way: Any = None

    def refuse_failure(self) -> None:
        if self.under_way and self.under_way.done():
            self.under_way.result()

    def finish(self) -> None:
        if self.under_way:
            self.under_way.result()
        if _state_of(self.path) != self.read_as:
            raise Conflict(
                f"{self.file.path} was changed while it was sent",
                next_step="send it again when nobody writes there",
                code="weights_changed",
            )


@dataclass(frozen=True)
class S3Weights:
    """One place in a bucket; everything here blocks. The prefix ends in no slash."""

    client: "S3Client"
    bucket: str
    prefix: str
    part_bytes: int = 64 * MEBIBYTE

    def send(self, parcels: Sequence[Parcel], told: Told) -> Outcome:
        """Bring all files there, and their list at the end."""
        with self._clear_refusals():
            there = self._lengths()
            sent = self._send_all(parcels, there, told)
            files = [each.file for each in sent]
            self.client.put_object(
                Bucket=self.bucket,
                Key=self._key(MANIFEST),
                Body=manifest_of(files),
                ContentType="application/json",
                ChecksumAlgorithm=CHECKED_BY_S3,
            )
        others = there.keys() - {MANIFEST, *(each.path for each in files)}
        return Outcome(files, sum(not each.under_way for each in sent), sorted(others))

    def _send_all(
        self, parcels: Sequence[Parcel], there: Mapping[str, int], told: Told
    ) -> list[_Sending]:
        """Read one file after the other while those before it are still being sent."""
        config = TransferConfig(
            multipart_threshold=self.part_bytes,
            multipart_chunksize=self.part_bytes,
            max_concurrency=THREADS,
            preferred_transfer_client="classic",
        )
        begun: list[_Sending] = []
        with create_transfer_manager(self.client, config) as manager:
            for parcel in parcels:
                for each in begun:
                    each.refuse_failure()
                told.begins(parcel.name)
                begun.append(self._begin(parcel, there, manager, told))
            for each in begun:
                each.finish()
        return begun

    def _begin(
        self, parcel: Parcel, there: Mapping[str, int], manager: Any, told: Told
    ) -> _Sending:
        read_as = _state_of(parcel.file)
        file = _hashed(parcel)
        if self._lies_there(file, there):
            told.passed(file.size)
            return _Sending(file, parcel.file, read_as)
        under_way = manager.upload(
            str(parcel.file),
            self.bucket,
            self._key(file.path),
            {"ChecksumAlgorithm": CHECKED_BY_S3, "Metadata": {HASH: file.sha256}},
            [ProgressCallbackInvoker(told.passed)],
        )
        return _Sending(file, parcel.file, read_as, under_way)

    def _lengths(self) -> dict[str, int]:
        """Return the lengths of all that lies there, by their names."""
        pages = self.client.get_paginator("list_objects_v2")
        objects = (
            each
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._key(""))
            for each in page.get("Contents", [])
            if not each["Key"].endswith("/")  # consoles make such objects for folders
        )
        start = len(self._key(""))
        return {each["Key"][start:]: each["Size"] for each in objects}

    def _lies_there(self, file: WeightsFile, there: Mapping[str, int]) -> bool:
        if there.get(file.path) != file.size:
            return False
        found = self.client.head_object(Bucket=self.bucket, Key=self._key(file.path))
        return found["Metadata"].get(HASH) == file.sha256

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    @contextmanager
    def _clear_refusals(self) -> Iterator[None]:
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise refusal(error, self.bucket, self._key("*")) from error
        except OSError as error:
            raise Invalid(
                f"{error.filename} can't be read: {error.strerror}",
                next_step="look at whom it belongs to, and whether it is still there",
                code="weights_unreadable",
            ) from error


def make_weights_client() -> "S3Client":
    """Make a client for few and long calls."""
    config = Config(
        connect_timeout=10,
        read_timeout=120,
        max_pool_connections=THREADS,
        retries={"mode": "standard", "total_max_attempts": 6},
    )
    try:
        return boto3.session.Session().client("s3", config=config)
    except BotoCoreError as error:
        raise refusal(error, "", "") from error


def _state_of(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _hashed(parcel: Parcel) -> WeightsFile:
    with parcel.file.open("rb") as file:
        digest = hashlib.file_digest(file, HASH)
        return WeightsFile(path=parcel.name, size=file.tell(), sha256=digest.hexdigest())
