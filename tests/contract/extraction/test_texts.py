"""What is read of text of any sort, and how its sorts are told apart."""

import pytest

from lisa.domain.errors import Invalid
from tests.contract.extraction.reading import Desk
from tests.documents import pdf, word

MARKDOWN = b"Intro\n=====\nwords\n\n## Part ##\nx\n```\n# no heading\n```\n"
CODE = (
    b"import os\n\n# What F does.\n@cached\ndef F():\n    return 1\n\nclass Big(Base):\n    pass\n"
)
YAML = b"version: 1\nservices:\n  web: a\nvolumes:\n  data: b\n"
XML = b"<?xml version='1.0'?><d id='7'><p>one <b>two</b> three</p><l><i>1</i><i>2</i></l></d>"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.MD", MARKDOWN, "markdown"),
        ("a.Py", CODE, "code"),
        ("a.YML", YAML, "yaml"),
        ("a.TSV", b"a\tb\n", "csv"),
        ("a.txt", XML, "xml"),
        ("a.txt", b'[{"a": 1}]', "json"),
        ("a.txt", b"From: a\nTo: b\nSubject: c\n\nHello", "email"),
        ("a.json", b"<!DOCTYPE html><p>x", "html"),
        ("a.htm", b"<p>x", "html"),
        ("a.pdf", b"Only words.", "text"),
        ("a.txt", pdf("x"), "pdf"),
        ("a.md", word(), "docx"),
        ("", b"Just: words", "text"),
    ],
)
async def test_a_file_is_what_it_contains_whatever_its_name_says(
    desk: Desk, name: str, content: bytes, kind: str
) -> None:
    assert (await desk.read(content, name)).nature.kind == kind


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("schön".encode("utf-16"), "schön"),
        ("schön".encode("utf-8-sig"), "schön"),
        ("grüßt 10 €".encode("cp1252"), "grüßt 10 €"),
        ("<html><meta charset=koi8-r>мир".encode("koi8-r"), "мир\n\n"),
        (b"one\r\ntwo\r\n", "one\ntwo\n"),
    ],
)
async def test_text_is_read_in_any_common_encoding(desk: Desk, content: bytes, text: str) -> None:
    assert (await desk.read(content)).text == text


async def test_a_long_text_comes_in_stretches_that_put_together_are_the_text(desk: Desk) -> None:
    text = "".join(f"line {number} says ü\n" for number in range(20_000))
    read = await desk.read(text.encode(), "a.log")
    assert len(read.sections) > 5
    assert read.text == text


async def test_markdown_stays_as_it_is_below_its_headings(desk: Desk) -> None:
    read = await desk.read(MARKDOWN, "a.md")
    assert [section.headings for section in read.sections] == [("Intro",), ("Intro", "Part")]
    assert read.text == MARKDOWN.decode()


async def test_code_is_cut_at_its_definitions_with_what_stands_above_them(desk: Desk) -> None:
    read = await desk.read(CODE, "a.py")
    assert read.told == [
        ((), "import os\n\n"),
        (("F",), "# What F does.\n@cached\ndef F():\n    return 1\n\n"),
        (("Big",), "class Big(Base):\n    pass\n"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "export default async function load(a) {",
        "public static class load {",
        "func (s *Server) load() error {",
        "pub(crate) fn load<T>() {",
        "export const load = async (a) => {",
        "interface load {",
    ],
)
async def test_definitions_of_many_languages_are_known(desk: Desk, line: str) -> None:
    read = await desk.read(f"x\n{line}\n".encode(), "a.ts")
    assert read.sections[-1].headings == ("load",)


async def test_yaml_is_cut_at_its_blocks(desk: Desk) -> None:
    assert (await desk.read(YAML, "a.yaml")).told == [
        ((), "version: 1\n"),
        (("services",), "services:\n  web: a\n"),
        (("volumes",), "volumes:\n  data: b\n"),
    ]


async def test_xml_is_told_by_names_and_text(desk: Desk) -> None:
    read = await desk.read(XML, "a.xml")
    assert read.text == "d (id=7):\n  p: one two three\n  l:\n    i: 1\n    i: 2\n"


async def test_xml_that_is_none_is_read_as_plain_text(desk: Desk) -> None:
    read = await desk.read(b"<a><b></a>", "a.xml")
    assert read.text == "<a><b></a>"
    assert read.warnings


async def test_an_object_is_told_part_by_part(desk: Desk) -> None:
    read = await desk.read(b'{"name": "x", "places": {"home": "y", "sizes": [1, 2]}}', "a.json")
    assert read.told == [
        ((), "name: x\n"),
        (("places",), "places:\n  home: y\n  sizes: [1, 2]\n"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'[{"a": "x", "b": ["y", {"c": 1}]}, {"a": 2}]'),
        ("a.jsonl", b'{"a": "x", "b": ["y", {"c": 1}]}\n{"a": 2}\n'),
    ],
)
async def test_records_keep_their_keys(desk: Desk, name: str, content: bytes) -> None:
    read = await desk.read(content, name)
    assert read.text == "a: x\nb:\n  - y\n  - c: 1\n\na: 2\n\n"
    assert read.sections[0].whole


async def test_many_records_come_in_groups(desk: Desk) -> None:
    lines = "".join(f'{{"number": {n}, "text": "some words of {n}"}}\n' for n in range(5000))
    read = await desk.read(lines.encode(), "a.jsonl")
    assert len(read.sections) > 100
    assert read.text.count("number: ") == 5000


async def test_what_is_no_json_is_told_as_it_stands(desk: Desk) -> None:
    read = await desk.read(b'{"a": 1}\nwords\n', "a.jsonl")
    assert read.text == "a: 1\nwords\n"
    assert read.warnings


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a;b\n1;2,5\n", "| a | b |\n| 1 | 2,5 |\n\n"),
        (b'a,b\n"1\n2",3\n\n', "| a | b |\n| 1 2 | 3 |\n\n"),
        (b"a\tb, c\n1\t2\n", "| a | b, c |\n| 1 | 2 |\n\n"),
        (b"a\nb\n", "| a |\n| b |\n\n"),
    ],
)
async def test_separated_values_are_told_apart(desk: Desk, content: bytes, text: str) -> None:
    assert (await desk.read(content, "a.CSV")).text == text


async def test_a_program_is_no_text_whatever_its_name_says(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.read(b"\x7fELF\x02\x01\x01\0\0", "a.txt")
    assert refused.value.precise_code == "file_type_unknown"
    assert ".pptx" in refused.value.next_step
