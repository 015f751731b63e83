"""Puts together the door that is fed with what happened to sources, and works on documents."""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from lisa.adapters.sqs.bell import make_client
from lisa.adapters.sqs.messages import Messages
from lisa.adapters.sqs.returning import Returning
from lisa.bootstrap.environment import read
from lisa.bootstrap.ingesting_on_aws import ingesting_on_aws
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.source_events import messages_of
from lisa.declared.knowledge_settings import IngestSettings
from lisa.domain.errors import LisaError
from lisa.ports.clock import Clock

COPIES: Final = "ingesting"  # a folder of the function's own
LAST_SECONDS: Final = 60.0  # of a call, kept for letting go of what is under way
READERS: Final = 1
log = logging.getLogger("lisa.ingestion")


@dataclass(frozen=True)
class IngestDoor:
    """Follows messages, then works until nothing is due or its time is nearly over."""

    messages: Messages
    clock: Clock
    returning: Returning

    async def handle(self, records: Sequence[Mapping[str, Any]], seconds: float) -> list[str]:
        """Return the ids of messages that come again in a minute; `seconds` remain of the call."""
        until = self.clock.now() + timedelta(seconds=seconds - LAST_SECONDS)
        try:
            again = await self.messages.handle(records, until)
        except LisaError as error:
            log.warning("put off: %s", error.message)
            again = [each["messageId"] for each in records]
        await self.returning.soon([each for each in records if each["messageId"] in again])
        return again


def build(environ: Mapping[str, str]) -> IngestDoor:
    """Return what messages are handed to."""
    settings = read(IngestSettings, environ)
    show_logs(settings.log_level)
    own = ingesting_on_aws(settings, environ, Path(tempfile.gettempdir(), COPIES), READERS)
    messages = messages_of(own.ports, own.sources, own.ingestion)
    return IngestDoor(messages, own.ports.clock, Returning(make_client()))
