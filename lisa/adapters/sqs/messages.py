"""What a function does with the messages of the queue of work: bells, and events of S3."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from lisa.usecases.knowledge.ingestion import Ingestion
from lisa.usecases.knowledge.source_events import SourceEvents

log = logging.getLogger("lisa.ingestion")


class _Ring(BaseModel):
    work: Literal[True]


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str


class _Detail(BaseModel):
    bucket: _Bucket
    object: _Object


class _Event(BaseModel):
    source: Literal["aws.s3"]
    kind: Literal["Object Created", "Object Deleted"] = Field(alias="detail-type")
    detail: _Detail


MESSAGE: Final[TypeAdapter[_Ring | _Event]] = TypeAdapter(_Ring | _Event)


@dataclass(frozen=True)
class Messages:
    """Follows the events among them, then works."""

    events: SourceEvents
    ingestion: Ingestion

    async def handle(self, records: Sequence[Mapping[str, Any]], until: datetime) -> list[str]:
        """Work until nothing is due, or until then; return the ids of messages to be sent again.

        A file may have come back while its document is still being removed: that is over when the
        work is done, so it is followed once more.
        """
        files = {each["messageId"]: _changed(each) for each in records}
        again = await self.events.take({each for each in files.values() if each})
        await self.ingestion.drain(until)
        if again:
            again = await self.events.take(again)
            await self.ingestion.drain(until)
        return [message_id for message_id, file in files.items() if file in again]


def _changed(record: Mapping[str, Any]) -> str:
    """Return the source of the file that a message tells of, if it does."""
    try:
        message = MESSAGE.validate_json(record["body"])
    except ValidationError:
        log.warning("the message %s is of no kind that is known", record["messageId"])
        return ""
    if isinstance(message, _Ring):
        return ""
    return f"s3://{message.detail.bucket.name}/{message.detail.object.key}"
