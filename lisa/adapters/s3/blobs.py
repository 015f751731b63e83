"""Content as objects in a bucket of S3."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from lisa.adapters.s3.client import THREADS
from lisa.domain.errors import Unavailable
from lisa.ports.blob_keys import accepted_blob_key, accepted_blob_prefix, accepted_content_type

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef, ObjectIdentifierTypeDef

T = TypeVar("T")


class S3Blobs:
    """Keeps content in one bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        """Start no thread yet."""
        self._client = client
        self._bucket = bucket
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="s3")

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store the content, durably, before returning; a key written again holds the newest."""
        accepted_blob_key(key)
        accepted_content_type(content_type)
        await self._in_thread(
            lambda: self._client.put_object(
                Bucket=self._bucket, Key=key, Body=content, ContentType=content_type
            )
        )

    async def get(self, key: str) -> bytes | None:
        """Return the content, or nothing."""
        accepted_blob_key(key)
        return await self._in_thread(lambda: self._read(key))

    async def delete_under(self, prefix: str) -> None:
        """Remove everything whose key begins with this prefix, which ends in `/`."""
        accepted_blob_prefix(prefix)
        await self._in_thread(lambda: self._delete_all(prefix))

    async def read_link(self, key: str, seconds: int) -> str:
        """Return a URL that anyone holding it can read the content from, for that long."""
        what = {"Bucket": self._bucket, "Key": accepted_blob_key(key)}
        return await self._link("get_object", what, seconds)

    async def write_link(self, key: str, content_type: str, size: int, seconds: int) -> str:
        """Return a URL that takes exactly that many bytes of that type by PUT, for that long."""
        what: dict[str, str | int] = {
            "Bucket": self._bucket,
            "Key": accepted_blob_key(key),
            "ContentType": accepted_content_type(content_type),
            "ContentLength": size,
        }
        return await self._link("put_object", what, seconds)

    async def _link(self, operation: str, what: Mapping[str, str | int], seconds: int) -> str:
        return await self._in_thread(
            lambda: self._client.generate_presigned_url(operation, dict(what), ExpiresIn=seconds)
        )

    def _read(self, key: str) -> bytes | None:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None

    def _delete_all(self, prefix: str) -> None:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
            self._delete_page(page)

    def _delete_page(self, page: "ListObjectsV2OutputTypeDef") -> None:
        objects: list[ObjectIdentifierTypeDef] = [
            {"Key": each["Key"]} for each in page.get("Contents", [])
        ]
        if not objects:
            return
        answer = self._client.delete_objects(
            Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True}
        )
        if answer.get("Errors"):
            raise _unavailable()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except (ClientError, BotoCoreError) as error:
            raise _unavailable() from error


def _unavailable() -> Unavailable:
    return Unavailable("the stored content can't be reached", next_step="try again in a moment")
