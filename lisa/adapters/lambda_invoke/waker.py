"""Waking models by a function of AWS Lambda, which may do what the gateway may not."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lisa.domain.errors import Unavailable
from lisa.domain.identity import Principal

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

THREADS: Final = 2
log = logging.getLogger("lisa.aws")  # callers aren't told why


def make_client() -> "LambdaClient":
    """Make a client that doesn't wait long. It may repeat a call: a model is woken once."""
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        max_pool_connections=THREADS,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return boto3.session.Session().client("lambda", config=config)


class LambdaWaker:
    """Hands each wish to the function, and doesn't wait for what comes of it."""

    def __init__(self, client: "LambdaClient", function: str) -> None:
        """Know the function by its name or its ARN."""
        self._client, self._function = client, function
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="wake")

    async def wake(self, caller: Principal, model_id: str) -> None:
        """Ask that the model is started."""
        wish = {"caller": caller.model_dump(mode="json"), "model": model_id}
        call = partial(
            self._client.invoke,
            FunctionName=self._function,
            InvocationType="Event",
            Payload=json.dumps(wish).encode(),
        )
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except (BotoCoreError, ClientError) as error:
            log.warning("the function that wakes models can't be called: %s", error)
            raise Unavailable(
                "nobody can be asked to start the model now", next_step="try again in a moment"
            ) from error
