"""What a zip that somebody sent may be: whole, of bounded size, and nothing beside what is ours."""

import io
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisa.domain.errors import Invalid, TooLarge
from lisa.usecases.unpacking import LARGEST_LIST, MOST_FILES, unpacked
from tests.zips import zipped

TEXT = b'{"a": "' + b"words " * 100 + b'"}'
WHOLE = zipped({"files/file_1.png": b"pixels" * 50, "session.json": TEXT, "session.md": "# a"})
PIXELS = "files/file_1.png"


def code_of(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        unpacked(content)
    assert refused.value.next_step
    return refused.value.precise_code


def patched(content: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    """Write something else at a place behind the last of these marks."""
    at = content.rindex(mark) + offset
    return content[:at] + value + content[at + len(value) :]


def test_a_whole_one_gives_its_text_and_files() -> None:
    found = unpacked(WHOLE)
    assert found.text == TEXT
    assert [*found.files] == ["file_1"]
    assert found.content("file_1") == b"pixels" * 50


@pytest.mark.parametrize(
    "name",
    [
        "files/../file_1.png",
        "../files/file_1.png",
        "/files/file_1.png",
        "files\\file_1.png",
        "files/a/file_1.png",
        "files/file_1.png/x",
        "files/file_1.png\n",
        "files/file_é.png",
        "files/file_1.p/g",
        "FILES/file_1.png",
        "files/d1-0.png",
        "__MACOSX/files/file_1.png",
    ],
)
def test_members_of_other_names_are_passed_over(name: str) -> None:
    assert unpacked(zipped({name: b"x", "session.json": TEXT})).files == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"no zip at all" * 10,
        WHOLE[:-1],
        WHOLE[: len(WHOLE) // 2],
        WHOLE[30:],
        WHOLE + b"\0",
        patched(WHOLE, b"files/file_1.png", -46 + 16, b"\0\0\0\0"),  # its checksum
    ],
)
def test_a_torn_one_is_refused(content: bytes) -> None:
    assert code_of(content) == "archive_broken"


@given(st.data())
def test_no_damage_does_more_than_be_refused(data: Any) -> None:
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    content = WHOLE[:at] + data.draw(st.binary(min_size=1, max_size=8)) + WHOLE[at + 4 :]
    try:
        found = unpacked(content)
    except Invalid:
        return
    assert len(found.text) <= 2 * len(TEXT)


def test_a_zip_of_something_else_is_refused() -> None:
    assert code_of(zipped({"readme.md": "hi"})) == "not_an_export"
    assert code_of(zipped({"export/session.json": TEXT})) == "not_an_export"


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_pack_that_cannot_be_bounded_are_refused(how: int) -> None:
    assert code_of(zipped({"session.json": TEXT}, how)) == "not_an_export"


def test_an_encrypted_one_is_refused() -> None:
    encrypted = patched(WHOLE, b"session.json", -46 + 8, b"\1")
    assert code_of(encrypted) == "not_an_export"


def saying(content: bytes, name: str, size: int) -> bytes:
    """Let the list of members say that one unpacks to so many bytes."""
    return patched(content, name.encode(), -46 + 24, struct.pack("<L", size))


def one_that_unpacks_to(**megabytes: int) -> bytes:
    names = {name: f"files/file_{name}" for name in megabytes}
    content = zipped({"session.json": TEXT, **{names[each]: b"x" for each in megabytes}})
    for each, size in megabytes.items():
        content = saying(content, names[each], size * 1024 * 1024)
    return content


@pytest.mark.parametrize(
    "bomb",
    [
        saying(WHOLE, "session.json", 33 * 1024 * 1024),
        one_that_unpacks_to(a=26),
        one_that_unpacks_to(**dict.fromkeys("abcdefg", 24)),
        zipped({"session.json": TEXT} | {f"files/file_{n}": b"" for n in range(MOST_FILES + 1)}),
    ],
)
def test_one_that_unpacks_to_very_much_is_refused_before_it_does(bomb: bytes) -> None:
    with pytest.raises(TooLarge) as refused:
        unpacked(bomb)
    assert refused.value.precise_code == "archive_too_large"


def test_one_that_lies_about_its_size_is_read_no_further() -> None:
    assert code_of(saying(zipped({"session.json": bytes(10**6)}), "session.json", 10)) == (
        "archive_broken"
    )


def test_a_list_of_members_that_is_a_burden_is_not_read() -> None:
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, LARGEST_LIST + 1, 0, 0)
    assert code_of(bytes(LARGEST_LIST + 1) + end) == "archive_too_large"
    huge = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    assert code_of(WHOLE[:-22] + huge + WHOLE[-22:]) == "archive_too_large"


def test_it_ends_as_ours_do() -> None:
    assert code_of(zipped({"session.json": TEXT}, comment=b"hello")) == "archive_broken"
    assert zipfile.ZipFile(io.BytesIO(WHOLE)).comment == b""
