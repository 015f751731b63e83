"""What weights in a bucket say of their model: only the first bytes of large files are fetched."""

import asyncio
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from botocore.exceptions import BotoCoreError, ClientError

from lisa.adapters.s3.refusals import DENIED, refusal
from lisa.domain.errors import Forbidden
from lisa.domain.hosting import Weights
from lisa.domain.weights import DOCUMENTS, ModelFacts, Origin, origin_of
from lisa.domain.weights_place import facts_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from mypy_boto3_s3 import S3Client

FETCHED_AT_ONCE: Final = 256 * 1024  # holds most headers, so that one call does for a file
MOST_LISTED: Final = 10_000
GONE: Final = "NoSuchKey"


@dataclass(frozen=True)
class S3WeightsReader:
    """Reads weights in buckets, with the rights of the process it runs in."""

    client: "S3Client"

    async def facts(self, weights: Weights) -> ModelFacts | None:
        """Tell what is below a prefix, or what a GGUF file says of itself."""
        if origin_of(weights.source) is not Origin.S3:
            return None
        return await asyncio.to_thread(self._read, weights.source)

    def _read(self, source: str) -> ModelFacts:
        bucket, _, key = source.removeprefix("s3://").strip("/").partition("/")
        folder, _, name = key.rpartition("/")
        if not name.endswith(".gguf"):
            return facts_of(_Prefix(self.client, bucket, key))
        return facts_of(_Prefix(self.client, bucket, folder), name)


@dataclass(frozen=True)
class _Prefix:
    """A prefix of a bucket as a place of weights."""

    client: "S3Client"
    bucket: str
    prefix: str

    @cached_property
    def lengths(self) -> Mapping[str, int]:
        """Return the lengths of its objects, and of documents one level below."""
        folders = sorted({f"{name.partition('/')[0]}/" for name in DOCUMENTS if "/" in name})
        with _plain_words(self.bucket, self._key("*")):
            return {
                name: size
                for folder in ("", *folders)
                for name, size in self._listed(folder)
                if not name.endswith("/")  # consoles make such objects for folders
            }

    def opened(self, name: str) -> BinaryIO:
        """Open one; nothing is fetched before it is read."""
        raw = _Object(self.client, self.bucket, self._key(name), self.lengths[name])
        return cast("BinaryIO", io.BufferedReader(raw, FETCHED_AT_ONCE))

    def _listed(self, folder: str) -> Iterator[tuple[str, int]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket,
            Prefix=self._key(folder),
            Delimiter="/",
            PaginationConfig={"MaxItems": MOST_LISTED},
        )
        start = len(self._key(""))
        for page in pages:
            for each in page.get("Contents", []):
                yield each["Key"][start:], each["Size"]

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name


class _Object(io.RawIOBase):
    """An object of a bucket as a file, of which only what is read is fetched."""

    def __init__(self, client: "S3Client", bucket: str, key: str, length: int) -> None:
        self._client, self._bucket, self._key = client, bucket, key
        self._length, self._at = length, 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read at any position."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position without fetching anything."""
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}
        self._at = begins[whence] + offset
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fetch as much as fits."""
        view = memoryview(buffer)
        end = min(self._at + len(view), self._length)
        if self._at >= end:
            return 0
        found = self._fetched(end)
        view[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _fetched(self, end: int) -> bytes:
        with _plain_words(self._bucket, self._key):
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._key, Range=f"bytes={self._at}-{end - 1}"
            )
            return answer["Body"].read()


@contextmanager
def _plain_words(bucket: str, keys: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code == GONE:
            raise FileNotFoundError(keys) from error
        if code in DENIED:
            raise Forbidden(
                f"LISA may not read {keys} in the bucket {bucket}",
                next_step="allow it s3:ListBucket and s3:GetObject there",
                code="weights_denied",
            ) from error
        raise refusal(error, bucket, keys) from error
    except BotoCoreError as error:
        raise refusal(error, bucket, keys) from error
