"""Brings the weights, then becomes the engine, so that every signal reaches it."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from containers.engines.loading.bucket import Bucket, make_client
from containers.engines.loading.download import THREADS, Download
from containers.engines.loading.failures import CannotStart, Exit
from containers.engines.loading.manifest import wanted_in
from containers.engines.loading.settings import Settings, settings_of
from containers.engines.loading.waiting_calls import tell_from_beside


def run(command: Sequence[str]) -> NoReturn:
    """Do everything that comes before the engine; it takes this process, or nothing does."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    try:
        settings = settings_of(os.environ)
        _refuse_nothing(command)
        _bring(settings)
        tell_from_beside(settings, say)
        _become(command)
    except CannotStart as failure:
        say(str(failure))
        sys.exit(failure.code)


def say(line: str) -> None:
    """Write a line to the log."""
    sys.stderr.write(f"lisa: {line}\n")
    sys.stderr.flush()


def _refuse_nothing(command: Sequence[str]) -> None:
    if not command:
        raise CannotStart(Exit.SETTINGS, "there is no command: name the engine's program")


def _bring(settings: Settings) -> None:
    """See that the weights are complete, and bring them unless the engine reads them itself."""
    if settings.source is None:
        return
    bucket = Bucket(make_client(THREADS), settings.source)
    files = wanted_in(bucket)
    if settings.streams:
        say(f"{settings.source}: {len(files)} files, the engine reads them itself")
    else:
        Download(bucket, settings.folder, say).bring(files)


def _become(command: Sequence[str]) -> NoReturn:
    try:
        os.execvp(command[0], list(command))  # noqa: S606 - the engine, without a shell between
    except OSError as error:
        raise CannotStart(
            Exit.NO_PROGRAM, f"{command[0]} can't be started: {error.strerror}"
        ) from error


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End at once: the next start goes on from what has come."""
    os._exit(128 + number)
