"""Looking into a zip that somebody sent, within bounds; nothing of it is written anywhere."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from lisa.domain.document import LARGEST_DOCUMENT
from lisa.domain.errors import Invalid, TooLarge

TEXT: Final = "session.json"
FILE: Final = re.compile(r"files/(file_[0-9A-Za-z]{1,64})(?:\.[a-z]{1,5})?", re.ASCII)
LARGEST_TEXT: Final = 32 * 1024 * 1024
MOST_FILES: Final = 1000
MOST_BYTES: Final = 160 * 1024 * 1024
PIECE: Final = 1024 * 1024
LARGEST_LIST: Final = 2 * 1024 * 1024  # bytes that name the members
END: Final = struct.Struct("<4s4H2LH")  # how a zip ends that bears no comment
END_MARK: Final = b"PK\x05\x06"
END_MARK_OF_HUGE_ONES: Final = b"PK\x06\x07"
LENGTH_OF_THAT: Final = 20
WAYS_TO_PACK: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED: Final = 1
MB: Final = 1024 * 1024


@dataclass(frozen=True)
class Unpacked:
    """What an export's zip holds: its text, and files by their ids."""

    archive: zipfile.ZipFile
    text: bytes
    files: Mapping[str, zipfile.ZipInfo]

    def content(self, file_id: str) -> bytes:
        """Return one of the files."""
        with _torn_is_refused():
            return self.archive.read(self.files[file_id])


def unpacked(content: bytes) -> Unpacked:
    """Look into a zip: only at an export's text and files, whatever else is in it.

    Raises `Invalid` for one that is torn or no export, `TooLarge` for one that unpacks to too much.
    """
    _refuse_long_lists(content)
    with _torn_is_refused():
        archive = zipfile.ZipFile(io.BytesIO(content))
        text, files = _members(archive)
        _refuse_too_much([text, *files.values()])
        for member in files.values():
            _read_through(archive, member)  # so that nothing is kept of one that is torn
        return Unpacked(archive, archive.read(text), files)


def _members(archive: zipfile.ZipFile) -> tuple[zipfile.ZipInfo, dict[str, zipfile.ZipInfo]]:
    text: zipfile.ZipInfo | None = None
    files: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        if member.filename == TEXT:
            text = member
        elif found := FILE.fullmatch(member.filename):
            files[found.group(1)] = member
    if text is None:
        raise Invalid(
            f"there is no {TEXT} in this zip",
            next_step="send a zip as LISA exported it",
            code="not_an_export",
        )
    return text, files


def _refuse_long_lists(content: bytes) -> None:
    """Refuse what doesn't end as a zip does, and a list of members that is a burden in itself."""
    if content[-END.size : 4 - END.size] != END_MARK:
        raise _torn()
    length_of_list = END.unpack(content[-END.size :])[5]
    before = content[-END.size - LENGTH_OF_THAT : -END.size]
    if length_of_list > LARGEST_LIST or before.startswith(END_MARK_OF_HUGE_ONES):
        raise _too_large("it has too many members")


def _refuse_too_much(members: list[zipfile.ZipInfo]) -> None:
    """Refuse by what the members say of themselves: no more than that is read of them."""
    text, *files = members
    for member in members:
        if member.compress_type not in WAYS_TO_PACK or member.flag_bits & ENCRYPTED:
            raise Invalid(
                "the zip is encrypted, or packed in a way of its own",
                next_step="send a zip as LISA exported it",
                code="not_an_export",
            )
    if text.file_size > LARGEST_TEXT:
        raise _too_large(f"{TEXT} may have {LARGEST_TEXT // MB} MB")
    if len(files) > MOST_FILES:
        raise _too_large(f"it may have {MOST_FILES} files")
    if any(member.file_size > LARGEST_DOCUMENT for member in files):
        raise _too_large(f"a file may have {LARGEST_DOCUMENT // MB} MB")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise _too_large(f"it may unpack to {MOST_BYTES // MB} MB")


def _read_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    with archive.open(member) as file:
        while file.read(PIECE):
            pass


@contextmanager
def _torn_is_refused() -> Iterator[None]:
    try:
        yield
    except Invalid:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        ValueError,
    ) as fault:
        raise _torn() from fault


def _torn() -> Invalid:
    return Invalid(
        "this is no zip, or a part of it is missing or damaged",
        next_step="download the export again, and send all of it",
        code="archive_broken",
    )


def _too_large(why: str) -> TooLarge:
    return TooLarge(
        f"the zip is too large: {why}",
        next_step="export the session anew; LISA makes several zips of a large one",
        code="archive_too_large",
    )
