"""The header of a GGUF file: what it says of the model, and whether the file is whole."""

import struct
from collections import Counter
from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END
from math import prod
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from lisa.domain.foreign_json import torn
from lisa.domain.safetensors import MOST_ELEMENTS, Tensors

Value: TypeAlias = int | float | bool | str | None

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
MOST_HEADER: Final = 256_000_000
MOST_ENTRIES: Final = 1_000_000
MOST_ITEMS: Final = 16_000_000
MOST_DIMENSIONS: Final = 4
DEEPEST: Final = 4
KEPT_TEXT: Final = 1_000_000  # a longer string, such as a word list, is passed over
STRING, ARRAY = 8, 9
NUMBERS: Final = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
# The kinds of tensors by their number: name, elements of a block, bytes of a block.
KINDS: Final = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
}


@dataclass(frozen=True)
class Gguf:
    """What a file says of itself: its metadata without lists, and its tensors."""

    metadata: dict[str, Value]
    tensors: Tensors

    def text(self, key: str) -> str:
        """Return a string of the metadata, empty where there is none."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        """Return a number of the metadata under the architecture's name."""
        value = self.metadata.get(f"{self.text('general.architecture')}.{key}")
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def gguf_in(stream: BinaryIO, name: str) -> Gguf:
    """Read the header of a whole file; it blocks where the stream does."""
    header = _Header(stream, name)
    tensors, entries = header.beginning()
    metadata = {header.text(): header.value(header.number("<I")) for _ in range(entries)}
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 1:
        raise torn(name, "its tensors are aligned to nothing")
    return Gguf(metadata, _tensors(header, tensors, alignment))


def read_gguf(path: Path) -> Gguf:
    """Read a file's header from the disk; it blocks."""
    with path.open("rb") as file:
        return gguf_in(file, path.name)


def _tensors(header: "_Header", count: int, alignment: int) -> Tensors:
    """Read where the tensors lie and whether the file reaches as far."""
    kinds: Counter[str] = Counter()
    needed = 0
    for _ in range(count):
        kind, elements, size, offset = header.tensor()
        kinds[kind] += elements
        needed = max(needed, offset + size)
    begins = -(-header.at // alignment) * alignment
    if count and begins + needed > header.file_bytes:
        raise torn(header.name, f"{begins + needed - header.file_bytes} bytes of it are missing")
    commonest = kinds.most_common(1)
    return Tensors(kinds.total(), commonest[0][0] if commonest else "")


class _Header:
    """Reads a stream from its beginning and never past the most a header may have."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self.name = name
        self.file_bytes = stream.seek(0, SEEK_END)
        self.at = 0
        stream.seek(0)

    def beginning(self) -> tuple[int, int]:
        """Return how many tensors and how many entries of metadata follow."""
        if self._bytes(len(MAGIC)) != MAGIC:
            raise torn(self.name, "it doesn't begin as GGUF files do")
        version = self.number("<I")
        if version not in VERSIONS:
            raise torn(self.name, f"it is GGUF of version {version}, which isn't known here")
        return self._count(MOST_ENTRIES), self._count(MOST_ENTRIES)

    def number(self, form: str) -> int:
        """Read one number."""
        found: int = struct.unpack(form, self._bytes(struct.calcsize(form)))[0]
        return found

    def text(self) -> str:
        """Read a string; a very long one is passed over."""
        length = self.number("<Q")
        if length > KEPT_TEXT:
            self._skip(length)
            return ""
        return self._bytes(length).decode("utf-8", "replace")

    def value(self, kind: int, depth: int = 0) -> Value:
        """Read one value of the metadata; lists are passed over."""
        if kind == STRING:
            return self.text()
        if kind == ARRAY and depth < DEEPEST:
            self._pass_over_list(depth)
            return None
        if kind not in NUMBERS:
            raise torn(self.name, "a value in its header is of no known kind")
        return self.number(NUMBERS[kind])

    def tensor(self) -> tuple[str, int, int, int]:
        """Read a tensor's kind, how many elements and bytes it has, and where it lies."""
        self.text()
        dimensions = self.number("<I")
        if dimensions > MOST_DIMENSIONS:
            raise torn(self.name, "a tensor in its header has no proper shape")
        elements = prod(self.number("<Q") for _ in range(dimensions))
        kind, offset = self.number("<I"), self.number("<Q")
        if elements > MOST_ELEMENTS:
            raise torn(self.name, "a tensor in its header has no proper shape")
        name, block, size = KINDS.get(kind, ("", 1, 0))
        return name, elements, -(-elements // block) * size, offset

    def _pass_over_list(self, depth: int) -> None:
        kind = self.number("<I")
        items = self._count(MOST_ITEMS)
        if kind in NUMBERS:
            self._skip(items * struct.calcsize(NUMBERS[kind]))
            return
        for _ in range(items):
            self.value(kind, depth + 1)

    def _count(self, most: int) -> int:
        found = self.number("<Q")
        if found > most:
            raise torn(self.name, f"it says that {found} things follow in its header")
        return found

    def _bytes(self, length: int) -> bytes:
        self._go(length)
        found = self._stream.read(length)
        if len(found) < length:
            raise torn(self.name, "it ends inside its header")
        return found

    def _skip(self, length: int) -> None:
        self._go(length)
        self._stream.seek(length, SEEK_CUR)

    def _go(self, length: int) -> None:
        self.at += length
        if self.at > min(self.file_bytes, MOST_HEADER):
            raise torn(self.name, "it ends inside its header")
