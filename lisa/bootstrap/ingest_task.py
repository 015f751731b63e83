"""Puts together the task that reads documents on AWS for as long as it is let."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from lisa.bootstrap.environment import read
from lisa.bootstrap.ingesting_on_aws import ingesting_on_aws
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.repeating import again_and_again
from lisa.declared.knowledge_settings import IngestSettings

LOOK_EVERY_SECONDS: Final = 2
CLEAR_EVERY_SECONDS: Final = 10
BEAT_EVERY_SECONDS: Final = 10
READERS: Final = 2


async def run(
    environ: Mapping[str, str],
    folder: Path,
    stop: asyncio.Event,
    beat: Callable[[], Awaitable[None]],
) -> None:
    """Work until told to stop; `beat` is called while our loop turns, `folder` is ours alone."""
    settings = read(IngestSettings, environ)
    show_logs(settings.log_level)
    ingestion = ingesting_on_aws(settings, environ, folder, READERS).ingestion
    await asyncio.gather(
        again_and_again(lambda: ingestion.work(stop), LOOK_EVERY_SECONDS, stop),
        again_and_again(ingestion.clear, CLEAR_EVERY_SECONDS, stop),
        again_and_again(beat, BEAT_EVERY_SECONDS, stop),
    )
