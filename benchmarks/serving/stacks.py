"""Where a process's time goes: it looks at its own stack again and again while it works."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

EVERY_SECONDS: Final = 0.002  # of processor time
ELSEWHERE: Final = "event loop and sockets"
PARTS: Final = {  # what a file belongs to; the innermost frame that is named here counts
    "lisa/usecases/limits/": "limits",
    "lisa/stores/allowances": "limits",
    "lisa/usecases/metering": "metering",
    "lisa/adapters/files/journal": "metering",
    "lisa/stores/usage/": "metering",
    "lisa/usecases/authenticate": "authentication",
    "lisa/usecases/recent": "authentication",
    "lisa/usecases/token_uses": "authentication",
    "lisa/domain/identity": "authentication",
    "lisa/domain/policy": "policy",
    "lisa/domain/scopes": "policy",
    "lisa/gateway/json_body": "reading the request",
    "lisa/gateway/bodies": "reading the request",
    "lisa/gateway/asking": "reading the request",
    "lisa/gateway/estimate": "reading the request",
    "lisa/gateway/relay": "relaying the answer",
    "lisa/gateway/reply": "relaying the answer",
    "lisa/gateway/passing": "relaying the answer",
    "lisa/gateway/usage": "relaying the answer",
    "lisa/gateway/targets": "relaying the answer",
    "lisa/gateway/": "the call's other steps",
    "lisa/adapters/httptools/": "connection to the upstream",
    "lisa/adapters/postgres/": "tables",
    "/psycopg": "tables",
    "/uvicorn/": "uvicorn",
    "containers/serve/protocol": "uvicorn",
}


@contextmanager
def sampled(file: str | None) -> Iterator[None]:
    """Look while entered, and write down how often each part was seen; without a file, don't."""
    if file is None:
        yield
        return
    seen: Counter[str] = Counter()

    def look(number: int, frame: FrameType | None) -> None:
        del number
        seen[_part(frame)] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(file).write_text(json.dumps(seen))


def _part(frame: FrameType | None) -> str:
    while frame:
        for name, part in PARTS.items():
            if name in frame.f_code.co_filename:
                return part
        frame = frame.f_back
    return ELSEWHERE
