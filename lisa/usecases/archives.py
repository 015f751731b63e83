"""A session with its images and files as a zip, kept beside it until it is deleted."""

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from lisa.domain.session import Draft, Part, Session
from lisa.usecases.files import FILE_ID, LINK_LIFE, Files, Link
from lisa.usecases.sessions import ItemPage

MOST_BYTES: Final = 64 * 1024 * 1024  # what one zip takes; the next one goes on
DATA_URL: Final = re.compile(r"data:[\w.+-]{1,60}/[\w.+-]{1,60};base64,", re.ASCII)
ENDINGS: Final = (
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"%PDF", ".pdf"),
    (b"PK\x03\x04", ".zip"),
)
Names: TypeAlias = Mapping[str, str]
Render: TypeAlias = Callable[[ItemPage, Names], Mapping[str, str]]


@dataclass(frozen=True)
class Attached:
    """A file that an item shows: one that is kept, or one that the item holds itself."""

    name: str
    file_id: str = ""
    data_url: str = ""


@dataclass(frozen=True)
class Archives:
    """Makes zips; a former one of the same part of the session is replaced."""

    files: Files
    most_bytes: int = MOST_BYTES

    async def make(self, session: Session, page: ItemPage, render: Render) -> tuple[Link, ItemPage]:
        """Pack the page, or as many of its items as fit; return a link and what was packed."""
        packed = io.BytesIO()
        names: dict[str, str] = {}
        with zipfile.ZipFile(packed, "w") as archive:
            page = await self._add_files(session, page, archive, names)
            for name, text in render(page, names).items():
                content = text.encode("utf-8", "replace")
                archive.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
        first = page.items[0].sequence if page.items else 0
        return await self._kept(session, f"{first}.zip", packed.getvalue()), page

    async def _kept(self, session: Session, name: str, content: bytes) -> Link:
        key = f"{self.files.folder(session)}exports/{name}"
        await self.files.blobs.put(key, content, "application/zip")
        url = await self.files.blobs.read_link(key, int(LINK_LIFE.total_seconds()))
        return Link(name, url, self.files.clock.now() + LINK_LIFE)

    async def _add_files(
        self, session: Session, page: ItemPage, archive: zipfile.ZipFile, names: dict[str, str]
    ) -> ItemPage:
        size = 0
        for number, item in enumerate(page.items):
            if size >= self.most_bytes:
                return replace(
                    page, items=page.items[:number], after=page.items[number - 1].sequence
                )
            for each in attached(item):
                content = None if each.name in names else await self._content(session, each)
                if content is not None:
                    names[each.name] = f"files/{each.name}{_ending(content)}"
                    archive.writestr(names[each.name], content)
                    size += len(content)
        return page

    async def _content(self, session: Session, each: Attached) -> bytes | None:
        if each.file_id:
            return await self.files.blobs.get(self.files.key(session, each.file_id))
        try:
            return base64.b64decode(each.data_url.partition(",")[2], validate=True)
        except (binascii.Error, ValueError):
            return None


def attached(item: Draft) -> list[Attached]:
    """Return the files that an item shows, each under a name of its own."""
    found = []
    for number, part in enumerate(item.parts):
        file_id, data_url = _file_id(part), _data_url(part)
        if file_id:
            found.append(Attached(file_id, file_id=file_id))
        elif data_url:
            found.append(Attached(f"{_plain(item.id)}-{number}", data_url=data_url))
    return found


def _file_id(part: Part) -> str:
    own = part.get("lisa")
    named = part.get("file_id") or (own.get("file_id") if isinstance(own, dict) else None)
    return named if isinstance(named, str) and FILE_ID.fullmatch(named) else ""


def _data_url(part: Part) -> str:
    image = part.get("image_url") or part.get("file_data")
    url = image.get("url") if isinstance(image, dict) else image
    return url if isinstance(url, str) and DATA_URL.match(url) else ""


def _plain(item_id: str) -> str:
    """Return the id as it can stand in any file's name."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", item_id)


def _ending(content: bytes) -> str:
    if content[8:12] == b"WEBP":
        return ".webp"
    known = (ending for start, ending in ENDINGS if content.startswith(start))
    return next(known, ".txt" if _is_text(content[:4096]) else ".bin")


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content and bool(content.decode("utf-8", "ignore").strip())
