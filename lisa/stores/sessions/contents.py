"""The parts of items: small ones lie in the row, large ones in the blob port."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from lisa.domain.errors import Unavailable
from lisa.domain.session import Part
from lisa.ports.blobs import Blobs
from lisa.ports.ids import Ids
from lisa.ports.table import Json

LARGE_PART: Final = 64 * 1024
ROW_BUDGET: Final = 256 * 1024
LONGEST_SEGMENT: Final = 120


def owner_prefix(owner: str) -> str:
    """Return the first segment of every key of this owner's content."""
    quoted = quote(owner, safe="@")
    if len(quoted) > LONGEST_SEGMENT:
        return f"sha256-{hashlib.sha256(owner.encode()).hexdigest()}"
    return f"u-{quoted}"


def session_prefix(owner: str, uid: str) -> str:
    """Return what the keys of everything in this session begin with."""
    return f"{owner_prefix(owner)}/sessions/{uid}/"


@dataclass(frozen=True)
class Stowed:
    """Parts as they lie in a row, and how many bytes they are when read."""

    parts: list[Json]
    size: int


@dataclass(frozen=True)
class Contents:
    """Stows and fetches parts."""

    blobs: Blobs
    ids: Ids

    async def stow(self, prefix: str, parts: Sequence[Part]) -> Stowed:
        """Write what is too large for a row as blobs; return what the row keeps."""
        written = [json.dumps(part).encode() for part in parts]
        large = _to_offload([len(text) for text in written])
        kept: list[Json] = []
        for place, text in enumerate(written):
            if place in large:
                key = prefix + self.ids.new("part")
                await self.blobs.put(key, text, "application/json")
                kept.append({"blob": key})
            else:
                kept.append({"part": text.decode()})
        return Stowed(kept, sum(len(text) for text in written))

    async def fetch(self, stowed: Json) -> tuple[Part, ...]:
        """Return the parts as they were written."""
        entries = stowed if isinstance(stowed, list) else []
        return tuple(await asyncio.gather(*(self._fetch_one(entry) for entry in entries)))

    async def _fetch_one(self, entry: Json) -> Part:
        kept = entry if isinstance(entry, dict) else {}
        text: str | bytes | None = str(kept["part"]) if "part" in kept else None
        if text is None:
            text = await self.blobs.get(str(kept["blob"]))
        if text is None:
            raise Unavailable(
                "a part of this item can't be read now",
                next_step="try again; if it stays so, an administrator should look at the store",
                code="content_missing",
            )
        part: Part = json.loads(text)
        return part

    async def discard(self, prefix: str) -> None:
        """Remove every blob under the prefix."""
        await self.blobs.delete_under(prefix)


def _to_offload(sizes: Sequence[int]) -> set[int]:
    """Choose the parts that go to the blob port: all large ones, then the largest until it fits."""
    chosen = {place for place, size in enumerate(sizes) if size > LARGE_PART}
    left = sum(size for place, size in enumerate(sizes) if place not in chosen)
    for place in sorted(range(len(sizes)), key=lambda place: sizes[place], reverse=True):
        if left <= ROW_BUDGET:
            break
        if place not in chosen:
            chosen.add(place)
            left -= sizes[place]
    return chosen
