"""Reading weights wherever they lie: whether they are whole, and what they say; it blocks."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Protocol, TypeVar

from lisa.domain.errors import Invalid
from lisa.domain.foreign_json import torn
from lisa.domain.gguf import Gguf, gguf_in
from lisa.domain.safetensors import safetensors_in
from lisa.domain.weights import (
    DOCUMENTS,
    INDEX,
    ModelFacts,
    facts_of_documents,
    facts_of_gguf,
    refuse_torn_document,
    shards_in,
    what_lacks,
)

Read = TypeVar("Read")

MOST_DOCUMENT: Final = 20_000_000
MOST_NAMED: Final = 8
MOST_PARTS: Final = 1_000
PART: Final = re.compile(r"^(?P<stem>.+)-\d{5}-of-(?P<of>\d{5})\.gguf$")


class Place(Protocol):
    """Where files of one model lie side by side."""

    @property
    def lengths(self) -> Mapping[str, int]:
        """Return the files' lengths by their names; one in a folder is called `folder/file`."""

    def opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open one of them for reading at any position."""


def facts_of(place: Place, only: str = "") -> ModelFacts:
    """Tell what all files say, or the model that this one GGUF file begins.

    All torn and missing files are named in one `Invalid`.
    """
    reading = _Reading(place)
    models = [only] if only else sorted(filter(_is_gguf_model, place.lengths))
    return _gguf(reading, models[0]) if models else _safetensors(reading)


def refused(found: Sequence[str]) -> Invalid:
    """Name what is wrong with weights."""
    faults = list(dict.fromkeys(found))
    more = f"; and {len(faults) - MOST_NAMED} more" if len(faults) > MOST_NAMED else ""
    return Invalid(
        f"the weights aren't whole: {'; '.join(faults[:MOST_NAMED])}{more}",
        next_step="fetch these files again from where the model comes from",
        code="weights_torn",
    )


@dataclass
class _Reading:
    """Reads one file after the other, and notes what is wrong with them."""

    place: Place
    faults: list[str] = field(default_factory=list)

    def each(
        self, reader: Callable[[BinaryIO, int, str], Read], names: Sequence[str]
    ) -> dict[str, Read]:
        """Return what the reader makes of those that can be read, by their names."""
        found = {}
        for name in names:
            try:
                found[name] = self._read(reader, name)
            except Invalid as fault:
                self.faults.append(fault.message)
            except FileNotFoundError:
                self.faults.append(f"{name}: it is missing")
            except OSError as fault:
                self.faults.append(f"{name}: it can't be read ({fault.strerror})")
        return found

    def _read(self, reader: Callable[[BinaryIO, int, str], Read], name: str) -> Read:
        if name not in self.place.lengths:
            raise FileNotFoundError(name)
        with self.place.opened(name) as stream:
            return reader(stream, self.place.lengths[name], name)

    def lengths(self, files: Sequence[str]) -> dict[str, int]:
        """Return the lengths of these files."""
        return {name: self.place.lengths.get(name, 0) for name in files}

    def refuse_faults(self) -> None:
        """Raise `Invalid` where anything was noted."""
        if self.faults:
            raise refused(self.faults)


def _safetensors(reading: _Reading) -> ModelFacts:
    names = sorted(reading.place.lengths)
    reading.faults += what_lacks(names)
    documents = reading.each(_document, [name for name in DOCUMENTS if name in names])
    files = [name for name in names if name.endswith(".safetensors")]
    if INDEX in names:
        files = [each for shards in reading.each(_shards, [INDEX]).values() for each in shards]
    tensors = reading.each(safetensors_in, files)
    reading.refuse_faults()
    return facts_of_documents(documents, reading.lengths(files), [*tensors.values()])


def _gguf(reading: _Reading, name: str) -> ModelFacts:
    """Read a model of one file, or of several where its name says of how many."""
    part = PART.match(name)
    files = [name]
    if part:
        count = min(int(part["of"]), MOST_PARTS)
        files = [f"{part['stem']}-{at:05}-of-{part['of']}.gguf" for at in range(1, count + 1)]
    parts = reading.each(_header, files)
    reading.refuse_faults()
    return facts_of_gguf([*parts.values()], reading.lengths(files))


def _is_gguf_model(name: str) -> bool:
    return name.endswith(".gguf") and not name.startswith("mmproj")


def _document(stream: BinaryIO, length: int, name: str) -> bytes:
    if length > MOST_DOCUMENT:
        raise torn(name, f"it is longer than {MOST_DOCUMENT} bytes")
    raw = stream.read(length)
    refuse_torn_document(name, raw)
    return raw


def _shards(stream: BinaryIO, length: int, name: str) -> list[str]:
    return shards_in(_document(stream, length, name))


def _header(stream: BinaryIO, _length: int, name: str) -> Gguf:
    return gguf_in(stream, name)
