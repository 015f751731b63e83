"""How we talk to DynamoDB: in threads, and again where that can't do a write twice."""

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

from lisa.adapters.dynamodb.client import THREADS
from lisa.domain.errors import Invalid, LisaError, TooLarge, Unavailable
from lisa.ports.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
NOT_DONE: Final = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
}
PERHAPS_DONE: Final = {"InternalServerError", "ServiceUnavailable"}
NEVER_SENT: Final = (ConnectTimeoutError, EndpointConnectionError)
log = logging.getLogger("lisa.aws")  # callers aren't told why


class Patience:
    """How often and how long one operation waits for better times."""

    def __init__(self, clock: Clock) -> None:
        """Begin with short pauses."""
        self._clock = clock
        self._pauses = iter(PAUSES)
        self._random = SystemRandom()

    async def wait(self, cause: Exception | None = None) -> None:
        """Wait a random while, longer each time; after the last time give up."""
        pause = next(self._pauses, None)
        if pause is None:
            raise _unavailable(cause) from cause
        await self._clock.sleep(self._random.uniform(0, pause))


class Calls:
    """Calls the SDK's client from a bounded number of threads."""

    def __init__(self, client: "DynamoDBClient", clock: Clock, threads: int = THREADS) -> None:
        """Start no thread yet."""
        self._client = client
        self._clock = clock
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="dynamodb")

    async def call(
        self, operation: str, arguments: Mapping[str, Any], *, repeatable: bool
    ) -> dict[str, Any]:
        """Call an operation; one that isn't repeatable is done at most once."""
        patience = Patience(self._clock)
        run = partial(getattr(self._client, operation), **arguments)
        while True:
            try:
                answer: dict[str, Any] = await asyncio.get_running_loop().run_in_executor(
                    self._threads, run
                )
            except ClientError as error:
                if not _may_repeat(error_code(error), repeatable=repeatable):
                    raise
                await patience.wait(error)
            except BotoCoreError as error:
                if not (repeatable or isinstance(error, NEVER_SENT)):
                    raise _unavailable(error) from error
                await patience.wait(error)
            else:
                return answer


def error_code(error: ClientError) -> str:
    """Return DynamoDB's name for what went wrong."""
    return error.response["Error"].get("Code", "")


def translated(error: ClientError) -> LisaError | ClientError:
    """Return the family's error for the SDK's; what only a bug can cause stays what it is."""
    if error_code(error) == "ValidationException":
        return refusal(str(error)) or error
    return _unavailable(error)


def refusal(message: str) -> Invalid | None:
    """Return what a row is refused for that only DynamoDB could judge."""
    text = message.lower()
    if "size" in text and ("exceed" in text or "larger" in text):
        return TooLarge("the row would be too large", next_step="store less in one piece")
    if "incorrect data type" in text or "type mismatch" in text:
        return Invalid("an attribute is not a number, nothing can be added to it")
    if "number" in text and ("overflow" in text or "significant digits" in text):
        return Invalid("a number is too large to be stored")
    return None


def _may_repeat(code: str, *, repeatable: bool) -> bool:
    return code in NOT_DONE or (repeatable and code in PERHAPS_DONE)


def _unavailable(cause: Exception | None) -> Unavailable:
    log.warning("DynamoDB can't be used: %s", cause)
    return Unavailable("the database can't answer now", next_step="try again in a moment")
