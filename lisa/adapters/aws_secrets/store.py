"""Secrets given to a LISA on AWS: in Secrets Manager, below this deployment's prefix."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lisa.domain.errors import Unavailable

PREFIX: Final = "secret:"
DESCRIPTION: Final = "A key that LISA calls a model's provider with"
GONE: Final = "ResourceNotFoundException"
log = logging.getLogger("lisa.aws")  # callers aren't told why


def make_client() -> Any:
    """Make a client; it repeats a call only under the same token, so nothing is made twice."""
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return boto3.session.Session().client("secretsmanager", config=config)


class SecretsManagerStore:
    """Keeps secrets; removing one is for good."""

    def __init__(self, client: Any, prefix: str, key: str = "") -> None:
        """Begin every name with the prefix; without a key AWS chooses the account's own."""
        self._client = client
        self._prefix = prefix
        self._encrypted = {"KmsKeyId": key} if key else {}

    async def put(self, name: str, value: str) -> str:
        """Keep a new secret; return its reference."""
        whole = f"{self._prefix}{name}"

        def create() -> None:
            self._client.create_secret(
                Name=whole, SecretString=value, Description=DESCRIPTION, **self._encrypted
            )

        await _in_thread(create)
        return f"{PREFIX}{whole}"

    async def remove(self, reference: str) -> None:
        """Forget a secret, if it is one of this deployment's."""
        name = reference.removeprefix(PREFIX)
        if not reference.startswith(f"{PREFIX}{self._prefix}"):
            return

        def delete() -> None:
            self._client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)

        await _in_thread(delete)


async def _in_thread(call: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(call)
    except ClientError as error:
        if error.response["Error"].get("Code") != GONE:
            raise _unavailable(error) from error
    except BotoCoreError as error:
        raise _unavailable(error) from error


def _unavailable(cause: Exception) -> Unavailable:
    log.warning("Secrets Manager can't be used: %s", cause)
    return Unavailable(
        "Secrets Manager can't keep or remove a key now",
        next_step="try again in a moment",
        code="keys_unavailable",
    )
