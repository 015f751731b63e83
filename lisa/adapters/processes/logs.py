"""What engines said, read by page from the files that their keepers write."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lisa.adapters.processes.places import REPLICA, ModelFolder
from lisa.domain.errors import Invalid, NotFound
from lisa.ports.hosts import LogPage

LONGEST_PAGE: Final = 1024 * 1024
KEPT: Final = 8
LAST_WORDS: Final = 2_000


async def read_page(
    folder: ModelFolder, replica: str, limit: int, cursor: str, *, backward: bool
) -> LogPage:
    """Read from where the cursor points; its number counts the bytes ever said."""
    if not REPLICA.fullmatch(replica) or not folder.log(replica).is_dir():
        raise NotFound(f"{folder.model_id} has no log of {replica}", code="replica_not_found")
    if cursor and not (cursor.isascii() and cursor.isdecimal()):
        raise Invalid("this is no cursor of a log", next_step="begin without one")
    log = folder.log(replica)
    if backward:
        return await asyncio.to_thread(_page_before, log, limit, int(cursor) if cursor else None)
    return await asyncio.to_thread(_page, log, limit, int(cursor or 0))


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
    return LogPage(_texts(lines), str(end))


def _page_before(log: Path, limit: int, end: int | None) -> LogPage:
    """Return the last lines before that byte, or before the one that isn't ended yet."""
    oldest, newest = _kept(log)
    end = newest if end is None else min(end, newest)
    begin, said = _said_from(log, max(oldest, end - LONGEST_PAGE))
    lines = said[: max(0, end - begin)].splitlines(keepends=True)
    if lines and not lines[-1].endswith((b"\n", b"\r")):
        end -= len(lines.pop())
    if begin > oldest and len(lines) > 1:
        lines.pop(0)  # of this one only the end was read
    lines = lines[-limit:]
    first = end - sum(map(len, lines))
    return LogPage(_texts(lines), str(end), str(first) if first > oldest else "")


def _kept(log: Path) -> tuple[int, int]:
    """Return where what is kept begins and ends."""
    segments = sorted(log.glob("*.log"))
    if not segments:
        return 0, 0
    return int(segments[0].stem), int(segments[-1].stem) + segments[-1].stat().st_size


def _texts(lines: Sequence[bytes]) -> list[str]:
    return [each.decode(errors="replace").rstrip("\r\n") for each in lines]


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
