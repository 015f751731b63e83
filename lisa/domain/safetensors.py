"""The header of a safetensors file: which tensors it holds, checked against the file's length."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO, Final

from lisa.domain.foreign_json import Json, object_in, torn, whole

LENGTH_BYTES: Final = 8
MOST_HEADER: Final = 100_000_000  # what the format's own reader accepts
MOST_DIMENSIONS: Final = 16
MOST_ELEMENTS: Final = 1 << 48
BITS: Final = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"), 8),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 16),
    **dict.fromkeys(("U32", "I32", "F32"), 32),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 64),
}


@dataclass(frozen=True)
class Tensors:
    """What a file of weights holds: how many numbers, and of which kind most of them are."""

    elements: int
    kind: str


@dataclass(frozen=True)
class _Tensor:
    kind: str
    elements: int
    begin: int
    end: int


def header_bytes(start: bytes, name: str) -> int:
    """Return how long the part is that `tensors_in` needs, from a file's first eight bytes."""
    if len(start) < LENGTH_BYTES:
        raise torn(name, "it ends before its header begins")
    length = int.from_bytes(start[:LENGTH_BYTES], "little")
    if length > MOST_HEADER:
        raise torn(name, f"it says that its header has {length} bytes")
    return LENGTH_BYTES + length


def tensors_in(head: bytes, file_bytes: int, name: str) -> Tensors:
    """Read a header and hold it against the length of the whole file."""
    end = header_bytes(head, name)
    if len(head) < end or file_bytes < end:
        raise torn(name, "it ends inside its header")
    found = sorted(
        _tensors(object_in(head[LENGTH_BYTES:end], name), name), key=lambda each: each.begin
    )
    _refuse_gaps(found, file_bytes - end, name)
    kinds: Counter[str] = Counter()
    for each in found:
        kinds[each.kind] += each.elements
    commonest = kinds.most_common(1)
    return Tensors(kinds.total(), commonest[0][0] if commonest else "")


def safetensors_in(stream: BinaryIO, file_bytes: int, name: str) -> Tensors:
    """Read a file's header from its beginning; it blocks where the stream does."""
    start = stream.read(LENGTH_BYTES)
    rest = stream.read(header_bytes(start, name) - LENGTH_BYTES)
    return tensors_in(start + rest, file_bytes, name)


def read_safetensors(path: Path) -> Tensors:
    """Read a file's header from the disk; it blocks."""
    with path.open("rb") as file:
        return safetensors_in(file, path.stat().st_size, path.name)


def _tensors(header: Json, name: str) -> Iterator[_Tensor]:
    for key, told in header.items():
        if key != "__metadata__":
            yield _tensor(told, name)


def _tensor(told: object, name: str) -> _Tensor:
    fields = told if isinstance(told, dict) else {}
    kind = fields.get("dtype")
    shape, offsets = _numbers(fields.get("shape")), _numbers(fields.get("data_offsets"))
    if not isinstance(kind, str) or kind not in BITS:
        raise torn(name, "a tensor in its header is of no known kind")
    if shape is None or offsets is None or len(shape) > MOST_DIMENSIONS:
        raise torn(name, "a tensor in its header has no proper shape or place")
    elements = prod(shape)
    if len(offsets) != len(("begin", "end")) or elements > MOST_ELEMENTS:
        raise torn(name, "a tensor in its header has no proper shape or place")
    begin, end = offsets
    if (end - begin) * 8 != elements * BITS[kind]:
        raise torn(name, "a tensor's place in its header doesn't fit the tensor's size")
    return _Tensor(kind, elements, begin, end)


def _numbers(value: object) -> list[int] | None:
    if not isinstance(value, list):
        return None
    found = [number for each in value if (number := whole(each, MOST_ELEMENTS)) is not None]
    return found if len(found) == len(value) else None


def _refuse_gaps(tensors: list[_Tensor], data_bytes: int, name: str) -> None:
    """Tensors lie one after the other and fill the file, or something is missing."""
    at = 0
    for each in tensors:
        if each.begin != at:
            raise torn(name, "its tensors overlap or leave gaps")
        at = each.end
    if at != data_bytes:
        raise torn(name, f"it should hold {at} bytes of weights and holds {data_bytes}")
