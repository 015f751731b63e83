"""What engines said, read by page from the files that their keepers write."""

import asyncio
import shutil
from pathlib import Path
from typing import Final

from lisa.adapters.processes.places import REPLICA, ModelFolder
from lisa.domain.errors import Invalid, NotFound
from lisa.ports.hosts import LogPage

LONGEST_PAGE: Final = 1024 * 1024
KEPT: Final = 8
LAST_WORDS: Final = 2_000


async def read_page(folder: ModelFolder, replica: str, limit: int, cursor: str) -> LogPage:
    """Read from where the cursor points; its number counts the bytes ever said."""
    if not REPLICA.fullmatch(replica) or not folder.log(replica).is_dir():
        raise NotFound(f"{folder.model_id} has no log of {replica}", code="replica_not_found")
    if cursor and not (cursor.isascii() and cursor.isdecimal()):
        raise Invalid("this is no cursor of a log", next_step="begin without one")
    return await asyncio.to_thread(_page, folder.log(replica), limit, int(cursor or 0))


def last_words(log: Path) -> str:
    """Return the end of what was said."""
    segments = sorted(log.glob("*.log"))[-2:]
    said = b"".join(each.read_bytes()[-LAST_WORDS:] for each in segments)
    lines = said[-LAST_WORDS:].decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-3:])


def forget_old(folder: ModelFolder, alive: set[str]) -> None:
    """Keep the logs of replicas that run, and of the last that don't."""
    gone = [each for each in folder.logs() if each.name not in alive]
    for log in gone[:-KEPT]:
        shutil.rmtree(log)


def _page(log: Path, limit: int, begin: int) -> LogPage:
    begin, said = _said_from(log, begin)
    lines = said.splitlines(keepends=True)[:limit]
    if lines and not lines[-1].endswith((b"\n", b"\r")) and len(said) < LONGEST_PAGE:
        lines.pop()  # the engine hasn't ended this one yet
    end = begin + sum(map(len, lines))
    return LogPage([each.decode(errors="replace").rstrip("\r\n") for each in lines], str(end))


def _said_from(log: Path, begin: int) -> tuple[int, bytes]:
    """Return what was said from there, or since the oldest that is kept."""
    said = bytearray()
    for segment in sorted(log.glob("*.log")):
        start = int(segment.stem)
        try:
            with segment.open("rb") as opened:
                if not said:
                    begin = max(begin, start)
                    opened.seek(begin - start)
                said += opened.read(LONGEST_PAGE - len(said))
        except FileNotFoundError:  # rotated away meanwhile
            continue
    return begin, bytes(said)
