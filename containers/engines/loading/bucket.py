"""The bucket that weights lie in: what is there, and its content by ranges."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)
from urllib3.exceptions import HTTPError

from containers.engines.loading.failures import CannotStart, Exit
from containers.engines.loading.settings import Source

CHUNK: Final = 1024 * 1024
NO_CREDENTIALS: Final = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
FAULTS: Final = {
    "NoSuchBucket": (Exit.NO_WEIGHTS, "there is no such bucket: check LISA_WEIGHTS"),
    "NoSuchKey": (Exit.MISSING, "it is missing: upload the model again"),
    "404": (Exit.MISSING, "it is missing: upload the model again"),  # to HEAD, which has no words
    "PreconditionFailed": (Exit.TORN, "it was replaced while it was read: start again"),
    "InvalidRange": (Exit.TORN, "it is shorter than it is listed: upload the model again"),
}
FORBIDDEN: Final = (401, 403)


@dataclass(frozen=True)
class Listed:
    """An object, by its path below the prefix."""

    path: str
    key: str
    size: int
    etag: str


def make_client(connections: int) -> Any:
    """Make a client that repeats what fails in passing."""
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=connections,
        retries={"mode": "standard", "total_max_attempts": 5},
    )
    return boto3.session.Session().client("s3", config=config)


class Bucket:
    """What lies below a source."""

    def __init__(self, client: Any, source: Source) -> None:
        """Know where to look; nothing is asked yet."""
        self._client, self.source = client, source

    def listed(self) -> list[Listed]:
        """Return every object below the prefix."""
        told = {"Bucket": self.source.bucket, "Prefix": self.source.prefix}
        pages = self._client.get_paginator("list_objects_v2").paginate(**told)
        with _failures(str(self.source)):
            return [
                Listed(
                    each["Key"].removeprefix(self.source.prefix),
                    each["Key"],
                    each["Size"],
                    each["ETag"],
                )
                for page in pages
                for each in page.get("Contents", ())
                if not each["Key"].endswith("/")  # consoles make such objects for folders
            ]

    def document(self, file: Listed) -> bytes:
        """Return a small object whole."""
        return b"".join(self.content(file, 0, file.size)) if file.size else b""

    def content(self, file: Listed, start: int, end: int) -> Iterator[bytes]:
        """Return the bytes from start to before end, of exactly the object that was listed."""
        asked = {"Range": f"bytes={start}-{end - 1}", "IfMatch": file.etag}
        with _failures(self._name(file)):
            answer = self._client.get_object(Bucket=self.source.bucket, Key=file.key, **asked)
            yield from answer["Body"].iter_chunks(CHUNK)

    def md5(self, file: Listed) -> str:
        """Return the checksum that S3 itself computed; empty where it keeps another one."""
        etag = file.etag.strip('"')
        if "-" in etag:  # uploaded in parts
            return ""
        with _failures(self._name(file)):
            told = self._client.head_object(Bucket=self.source.bucket, Key=file.key)
        plain = told.get("ServerSideEncryption", "AES256") == "AES256"
        return etag if plain and "SSECustomerAlgorithm" not in told else ""

    def _name(self, file: Listed) -> str:
        return f"s3://{self.source.bucket}/{file.key}"


@contextmanager
def _failures(name: str) -> Iterator[None]:
    """Tell the SDK's failures in words of which something can be done."""
    try:
        yield
    except ClientError as error:
        code, words = _fault(error)
        raise CannotStart(code, f"{name}: {words}") from error
    except NO_CREDENTIALS as error:
        raise CannotStart(
            Exit.NO_ACCESS, f"{name}: there are no credentials: give the task a role"
        ) from error
    except (BotoCoreError, HTTPError) as error:
        words = " ".join(str(error).split())
        raise CannotStart(Exit.UNREACHABLE, f"{name}: S3 can't be reached: {words}") from error


def _fault(error: ClientError) -> tuple[Exit, str]:
    told = error.response.get("Error", {}).get("Code", "")
    if told in FAULTS:
        return FAULTS[told]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if status in FORBIDDEN:
        return Exit.NO_ACCESS, f"no access ({told}): the task's role must list and get it"
    return Exit.UNREACHABLE, f"S3 refused ({told or status}): try again, and look at its health"
