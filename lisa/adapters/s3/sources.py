"""Buckets of S3 as sources of documents: only those an administrator named."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody

from lisa.adapters.s3.client import THREADS
from lisa.adapters.s3.reading_refusals import reading_refusal
from lisa.domain.errors import Invalid, TooLarge, Unavailable
from lisa.ports.sources import SourceFile, folder_of, lies_below

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

SCHEME: Final = "s3://"
PIECE: Final = 1024 * 1024
T = TypeVar("T")


class S3Sources:
    """Reads from these buckets; a source is `s3://BUCKET/KEY`, whatever the key has in it."""

    def __init__(self, client: "S3Client", buckets: Collection[str]) -> None:
        """Start no thread yet."""
        self._client = client
        self._buckets = frozenset(buckets)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sources")

    def check(self, source: str) -> None:
        """Return if files below this may be loaded, else raise `Invalid`."""
        self._place(source)

    async def files(self, source: str) -> AsyncIterator[SourceFile]:
        """Yield each file below; no more than a page of them is in memory."""
        bucket, prefix = self._place(folder_of(source))
        listing = self._client.get_paginator("list_objects_v2")
        pages = iter(listing.paginate(Bucket=bucket, Prefix=prefix))
        while page := await self._in_thread(bucket, lambda: next(pages, None)):
            for each in page.get("Contents", []):
                file = _file(bucket, each)
                if lies_below(source, file.source):
                    yield file

    async def look(self, source: str) -> SourceFile | None:
        """Return the file that lies exactly there, or nothing.

        A list of one tells the same as a longer one does, and whether the bucket is there.
        """
        bucket, key = self._place(source)
        page = await self._in_thread(
            bucket, lambda: self._client.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
        )
        found = page.get("Contents", [])
        return _file(bucket, found[0]) if found and found[0]["Key"] == key else None

    async def fetch(self, source: str, to: Path, most: int) -> int | None:
        """Write a file's content to a path and return its size; nothing if it isn't there."""
        bucket, key = self._place(source)
        return await self._in_thread(bucket, lambda: self._download(bucket, key, to, most))

    def _place(self, source: str) -> tuple[str, str]:
        """Return bucket and key of a source, if LISA may read there."""
        if not source.startswith(SCHEME):
            raise Invalid(
                f"{source[:80]} is no place in S3",
                next_step="name one as s3://BUCKET/FOLDER",
                code="unknown_source",
            )
        bucket, _, key = source.removeprefix(SCHEME).partition("/")
        if bucket not in self._buckets:
            raise Invalid(
                f"LISA may not load {source[:200]}",
                next_step="choose a bucket that source_buckets names, or add it there and deploy",
                code="source_not_allowed",
            )
        return bucket, key

    def _download(self, bucket: str, key: str, to: Path, most: int) -> int | None:
        try:
            answer = self._client.get_object(Bucket=bucket, Key=key)
        except self._client.exceptions.NoSuchKey:
            return None
        with closing(answer["Body"]) as body:
            if answer["ContentLength"] > most:
                raise TooLarge(
                    f"a file may have {most // 1024 // 1024} MB",
                    next_step="divide it into smaller ones",
                    code="file_too_large",
                )
            return _write(body, to)

    async def _in_thread(self, bucket: str, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except (ClientError, BotoCoreError) as error:
            raise reading_refusal(error, bucket) from error
        except OSError as error:
            raise Unavailable(
                f"a copy of the file can't be written: {error.strerror}",
                next_step="look whether the disk is full, then try again",
                code="copy_failed",
            ) from error


def _write(body: StreamingBody, to: Path) -> int:
    with to.open("wb") as copy:
        for piece in body.iter_chunks(PIECE):
            copy.write(piece)
        return copy.tell()


def _file(bucket: str, found: "ObjectTypeDef") -> SourceFile:
    key, size = found["Key"], found["Size"]
    mark = f"{found['ETag']}-{size}".replace('"', "")
    return SourceFile(f"{SCHEME}{bucket}/{key}", key.rpartition("/")[2], size, mark)
