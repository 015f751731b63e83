"""Content as objects in a bucket of S3."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError

from lisa.adapters.s3.client import THREADS
from lisa.domain.errors import Unavailable
from lisa.ports.blob_keys import accepted_blob_key, accepted_blob_prefix, accepted_content_type
from lisa.ports.blobs import Form

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef, ObjectIdentifierTypeDef

T = TypeVar("T")
PIECE: Final = 1024 * 1024
log = logging.getLogger("lisa.aws")  # callers aren't told why
TRANSFER: Final = TransferConfig(max_concurrency=4, preferred_transfer_client="classic")


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

    async def write(self, key: str, chunks: AsyncIterator[bytes], content_type: str) -> int:
        """Store content of any size as it comes, whole or not at all; return its size."""
        accepted_blob_key(key)
        accepted_content_type(content_type)
        with tempfile.TemporaryFile() as draft:
            async for chunk in chunks:
                await self._in_thread(partial(draft.write, chunk))
            return await self._in_thread(lambda: self._upload(draft, key, content_type))

    async def size(self, key: str) -> int | None:
        """Return how many bytes the content has, or nothing."""
        accepted_blob_key(key)
        return await self._in_thread(lambda: self._length(key))

    async def fetch(self, key: str, to: Path) -> int | None:
        """Write content of any size to a file of ours and return its size, or nothing."""
        accepted_blob_key(key)
        return await self._in_thread(lambda: self._download(key, to))

    async def delete(self, key: str) -> None:
        """Remove the content; what isn't there is removed already."""
        accepted_blob_key(key)
        await self._in_thread(lambda: self._client.delete_object(Bucket=self._bucket, Key=key))

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

    async def form_link(self, key: str, most: int, seconds: int) -> Form:
        """Return a form that takes 1 to so many bytes of any type, for that long."""
        accepted_blob_key(key)
        signed = await self._in_thread(
            lambda: self._client.generate_presigned_post(
                self._bucket,
                key,
                Conditions=[["content-length-range", 1, most]],
                ExpiresIn=seconds,
            )
        )
        return Form(signed["url"], signed["fields"])

    async def _link(self, operation: str, what: Mapping[str, str | int], seconds: int) -> str:
        return await self._in_thread(
            lambda: self._client.generate_presigned_url(operation, dict(what), ExpiresIn=seconds)
        )

    def _read(self, key: str) -> bytes | None:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None

    def _upload(self, draft: BinaryIO, key: str, content_type: str) -> int:
        size = draft.tell()
        draft.seek(0)
        self._client.upload_fileobj(
            draft, self._bucket, key, ExtraArgs={"ContentType": content_type}, Config=TRANSFER
        )
        return size

    def _length(self, key: str) -> int | None:
        try:
            return self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"]
        except ClientError as error:
            if error.response["Error"]["Code"] == str(HTTPStatus.NOT_FOUND.value):
                return None
            raise

    def _download(self, key: str, to: Path) -> int | None:
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        except self._client.exceptions.NoSuchKey:
            return None
        with to.open("wb") as file:
            for chunk in body.iter_chunks(PIECE):
                file.write(chunk)
            return file.tell()

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
            raise _unavailable(answer["Errors"][0])

    async def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except (ClientError, BotoCoreError, S3UploadFailedError) as error:
            raise _unavailable(error) from error


def _unavailable(cause: object) -> Unavailable:
    log.warning("the bucket of contents can't be used: %s", cause)
    return Unavailable("the stored content can't be reached", next_step="try again in a moment")
