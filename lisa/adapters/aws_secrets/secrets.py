"""Secrets that AWS keeps: in Secrets Manager, or as a parameter of Systems Manager."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lisa.domain.errors import Unavailable

THREADS: Final = 4
CONFIG: Final = Config(
    connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
log = logging.getLogger("lisa.aws")  # callers aren't told why
HOW_TO_MEND: Final = "check that it exists and that this service's role may read it"


class AwsSecrets:
    """Finds `secret:NAME-OR-ARN` and `parameter:NAME`; asks for a client at the first of each."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="secrets")

    async def resolve(self, reference: str) -> str:
        """Return a secret's text or a parameter's decrypted value."""
        kind, _, name = reference.partition(":")
        read = self._secret if kind == "secret" else self._parameter
        try:
            value = await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(read, name)
            )
        except (ClientError, BotoCoreError) as error:
            log.warning("%s can't be read: %s", reference, error)
            raise _unavailable(reference) from error
        if not value:
            raise _unavailable(reference)
        return value

    @cached_property
    def _session(self) -> boto3.session.Session:
        return boto3.session.Session()

    @cached_property
    def _secrets_manager(self) -> Any:
        return self._session.client("secretsmanager", config=CONFIG)

    @cached_property
    def _parameters(self) -> Any:
        return self._session.client("ssm", config=CONFIG)

    def _secret(self, name: str) -> str:
        answer = self._secrets_manager.get_secret_value(SecretId=name)
        return str(answer.get("SecretString", "")).strip()

    def _parameter(self, name: str) -> str:
        answer = self._parameters.get_parameter(Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"]).strip()


def _unavailable(reference: str) -> Unavailable:
    return Unavailable(
        f"there is no secret at {reference}", next_step=HOW_TO_MEND, code="no_secret"
    )
