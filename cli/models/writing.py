"""Asking a LISA to change a model: once, also where its answer is lost on the way."""

import time
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from cli.client import NO_ANSWER, Lisa
from cli.output import note
from lisa.domain.errors import Unavailable

TRIES: Final = 3
PAUSE_SECONDS: Final = 1.0


def write(lisa: Lisa, method: str, path: str, body: object = None) -> Any:
    """Ask with a key of its own, so that asking again where no answer came does nothing twice."""
    once = replace(lisa, idempotency_key=uuid4().hex)
    for _ in range(TRIES - 1):
        try:
            return once.ask(method, path, body)
        except Unavailable as error:
            if error.precise_code != NO_ANSWER:
                raise
            note(f"{error.message}; asking again")
            time.sleep(PAUSE_SECONDS)
    return once.ask(method, path, body)
