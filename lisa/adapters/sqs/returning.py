"""Messages that are handed back, which come again soon and not after all a call may take."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

SOON: Final = 60  # seconds
log = logging.getLogger("lisa.ingestion")


class Returning:
    """Tells the queue of messages when they shall come again."""

    def __init__(self, client: Any) -> None:
        """Know the queue's service."""
        self._client = client

    async def soon(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Let at most ten messages of one queue come again in a minute.

        Where that can't be said they come once the queue has waited for as long as it always does.
        """
        if not records:
            return
        try:
            await asyncio.to_thread(self._soon, records)
        except (BotoCoreError, ClientError) as error:
            log.warning("messages come again late: %s", error)

    def _soon(self, records: Sequence[Mapping[str, Any]]) -> None:
        name = records[0]["eventSourceARN"].rpartition(":")[2]
        queue = self._client.get_queue_url(QueueName=name)["QueueUrl"]
        entries = [
            {"Id": str(place), "ReceiptHandle": each["receiptHandle"], "VisibilityTimeout": SOON}
            for place, each in enumerate(records)
        ]
        self._client.change_message_visibility_batch(QueueUrl=queue, Entries=entries)
