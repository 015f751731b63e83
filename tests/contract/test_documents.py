"""What is read of real files, and what people are told about those that can't be read."""

import asyncio
import zipfile
from io import BytesIO

import psutil
import pytest

from lisa.adapters.documents import worker
from lisa.adapters.documents.reader import ProcessReader
from lisa.domain.document import LARGEST_DOCUMENT, MOST_CHARACTERS, Document, Passage
from lisa.domain.errors import Invalid, TooLarge
from tests.documents import PNG, encrypted_pdf, pdf, word

PAGE = b"""<!DOCTYPE html><html><head><title>Home</title><style>p {}</style></head><body>
<h1>Bread &amp; butter</h1><p>Mix <b>flour</b> and
water.</p><script>alert("no")</script><table><tr><td>1</td><td>2</td></tr></table>
<h2>Oven</h2><pre>a
  b</pre></body></html>"""


@pytest.fixture
def reader() -> ProcessReader:
    return ProcessReader()


def archive(**parts: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def word_with(name: str, content: bytes) -> bytes:
    written = BytesIO(word())
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return written.getvalue()


def broken_word() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(word())) as whole, zipfile.ZipFile(written, "w") as packed:
        for name in whole.namelist():
            content = whole.read(name)
            packed.writestr(name, content[:50] if name == "word/document.xml" else content)
    return written.getvalue()


async def test_a_pdf_is_read_page_by_page(reader: ProcessReader) -> None:
    document = await reader.read(pdf("First page", "", "Third page"))
    assert [(each.page, each.text) for each in document.passages] == [
        (1, "First page"),
        (3, "Third page"),
    ]
    assert (document.kind, document.pages, document.truncated) == ("pdf", 3, False)


async def test_a_word_document_is_read_in_order_under_its_headings(reader: ProcessReader) -> None:
    document = await reader.read(word())
    assert document.kind == "docx"
    assert [(each.headings, each.text) for each in document.passages] == [
        (("Report",), "# Report\nIt begins."),
        (("Costs",), "# Costs\n- rent\n\n| what | how much |\n| nothing |"),
        (("Costs", "Detail"), "## Detail\nAfter the table."),
    ]


async def test_a_page_is_read_as_a_person_sees_it(reader: ProcessReader) -> None:
    document = await reader.read(PAGE)
    assert document.kind == "html"
    assert [each.headings for each in document.passages] == [
        (),
        ("Bread & butter",),
        ("Bread & butter", "Oven"),
    ]
    assert "Mix flour and water." in document.text
    assert "1 | 2" in document.text
    assert "a\n  b" in document.text
    assert "alert" not in document.text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"def f():\n\treturn 1\n", "def f():\n\treturn 1\n"),
        (b"a;b\n1;2\n", "a;b\n1;2\n"),
        ('{"ü": 1}'.encode(), '{"ü": 1}'),
        (b'<?xml version="1.0"?><a>1</a>', '<?xml version="1.0"?><a>1</a>'),
        (b"\xef\xbb\xbf# Title\n", "# Title\n"),
        ("grüßt 10 €".encode("cp1252"), "grüßt 10 €"),
        ("schön".encode("utf-16"), "schön"),
    ],
)
async def test_text_of_any_sort_stays_as_it_is(
    reader: ProcessReader, content: bytes, text: str
) -> None:
    assert await reader.read(content) == Document("text", (Passage(text),))


@pytest.mark.parametrize(
    ("content", "image"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
async def test_an_image_is_known_by_its_first_bytes(
    reader: ProcessReader, content: bytes, image: str
) -> None:
    assert await reader.read(content) == Document("image", image_type=image)


REFUSED = {
    "nothing at all": (b"", "file_empty"),
    "white space": (b" \n ", "file_without_text"),
    "a PDF without words": (pdf("", ""), "file_without_text"),
    "an encrypted PDF": (encrypted_pdf(), "file_encrypted"),
    "the beginning of a PDF": (pdf("x")[:60], "file_broken"),
    "half a Word document": (word()[:3000], "file_broken"),
    "a Word document with half a part": (broken_word(), "file_broken"),
    "an encrypted Word document": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "file_encrypted",
    ),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument", "file_type_unknown"),
    "an archive": (archive(a__b=b"text"), "file_type_unknown"),
    "a spreadsheet": (
        archive(**{"[Content_Types].xml": b"spreadsheetml.sheet.main+xml"}),
        "file_type_unknown",
    ),
    "a program": (b"\x7fELF\x02\x01\x01\0\0", "file_type_unknown"),
    "rich text": (b"{\\rtf1 hello}", "file_type_unknown"),
    "a bomb of XML": (word_with("word/x.xml", b" " * 31 * 1024 * 1024), "file_too_complex"),
    "a bomb": (word_with("word/x.bin", bytes(151 * 1024 * 1024)), "file_too_complex"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_file_that_cannot_be_read_is_refused_with_its_cause(
    reader: ProcessReader, name: str
) -> None:
    content, code = REFUSED[name]
    with pytest.raises(Invalid) as refused:
        await reader.read(content)
    assert refused.value.precise_code == code
    assert refused.value.next_step


async def test_a_file_over_the_limit_is_refused_unread(reader: ProcessReader) -> None:
    with pytest.raises(TooLarge, match="25 MB"):
        await reader.read(bytes(LARGEST_DOCUMENT + 1))


async def test_a_very_long_text_is_cut_and_says_so(reader: ProcessReader) -> None:
    document = await reader.read(b"x" * (MOST_CHARACTERS + 1))
    assert (len(document.text), document.truncated) == (MOST_CHARACTERS, True)


async def test_a_file_that_takes_too_long_is_given_up_and_its_process_is_gone() -> None:
    before = children()
    endless = b"<!DOCTYPE html>" + b"<a " * 8_000_000
    with pytest.raises(Invalid) as refused:
        await ProcessReader(seconds=1).read(endless)
    assert refused.value.precise_code == "file_too_complex"
    assert children() == before


async def test_a_file_that_needs_too_much_memory_is_given_up() -> None:
    with pytest.raises(Invalid) as refused:
        await ProcessReader(megabytes=40).read(b"x" * 20 * 1024 * 1024)
    assert refused.value.precise_code == "file_too_complex"


async def test_a_caller_who_leaves_ends_the_reading() -> None:
    before = children()
    reading = asyncio.create_task(ProcessReader().read(b"<!DOCTYPE html>" + b"<a " * 8_000_000))
    await first_child(before)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert children() == before


async def test_the_reading_process_knows_none_of_our_variables(
    reader: ProcessReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISA_SECRET", "s")
    reading = asyncio.create_task(reader.read(b"<!DOCTYPE html>" + b"<p>x" * 100_000))
    process = await first_child(set())
    environment = process.environ()
    await reading
    assert environment
    assert "LISA_SECRET" not in environment


def children() -> set[psutil.Process]:
    return set(psutil.Process().children())


async def first_child(before: set[psutil.Process]) -> psutil.Process:
    """Wait until a process was started and has its own environment."""
    while True:
        for process in children() - before:
            if worker.__name__ in process.cmdline():
                return process
        await asyncio.sleep(0.01)
