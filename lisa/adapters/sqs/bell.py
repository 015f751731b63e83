"""The bell as a message in a queue of SQS, which feeds the function that works on documents."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

THREADS: Final = 4
WORK: Final = json.dumps({"work": True})
log = logging.getLogger("lisa.ingestion")


def make_client() -> Any:
    """Make a client that doesn't wait long: somebody's request waits with it."""
    config = Config(
        connect_timeout=2,
        read_timeout=5,
        max_pool_connections=THREADS,
        retries={"mode": "standard", "total_max_attempts": 2},
    )
    return boto3.session.Session().client("sqs", config=config)


class SqsBell:
    """Sends a message for each ring."""

    def __init__(self, client: Any, queue_url: str) -> None:
        """Start no thread yet."""
        self._client, self._queue_url = client, queue_url
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="bell")

    async def ring(self) -> None:
        """Tell of work; that nobody could be told is only logged."""
        send = partial(self._client.send_message, QueueUrl=self._queue_url, MessageBody=WORK)
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, send)
        except (BotoCoreError, ClientError) as error:
            log.warning("nobody could be told of work, it waits a minute: %s", error)
