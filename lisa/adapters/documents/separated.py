"""Tables as text files: values separated by commas, semicolons, tabs or bars."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Final

from lisa.adapters.documents import charset, faults
from lisa.adapters.documents.rows import groups
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

SEPARATORS: Final = ",;\t|"
SAMPLE: Final = 20_000  # characters
LINES_OF_SAMPLE: Final = 20
LONGEST: Final = 1024 * 1024  # characters of a cell, or of a line


def read(source: Source) -> Iterator[Section]:
    """Yield groups of rows, each below the header."""
    with charset.text_of(source) as text:
        separator = _separator(text.read(SAMPLE))
    csv.field_size_limit(LONGEST)
    with charset.text_of(source) as text:
        try:
            for group in groups(csv.reader(_lines(text), delimiter=separator)):
                yield Section(group, whole=True)
        except csv.Error as fault:
            raise faults.too_complex("has a cell of over 1 MB") from fault


def _lines(text: TextIOWrapper) -> Iterator[str]:
    try:
        while line := text.readline(LONGEST):
            yield line
    except UnicodeDecodeError as fault:
        raise faults.broken() from fault


def _separator(sample: str) -> str:
    """Return what stands in all lines, and in the first most often."""
    lines = [line for line in sample.splitlines() if line.strip()][:LINES_OF_SAMPLE]
    if not lines:
        return ","
    return max(
        SEPARATORS, key=lambda each: (all(each in line for line in lines), lines[0].count(each))
    )
