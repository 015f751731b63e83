"""Headers of weights, whole and damaged: a damaged one is refused by the file's name, always."""

import io
import json
import struct
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisa.domain.errors import Invalid
from lisa.domain.foreign_json import object_in
from lisa.domain.gguf import gguf_in
from lisa.domain.safetensors import Tensors, tensors_in
from tests.unit.engines.weights_files import TENSORS, gguf, safetensors

NAME = "model.safetensors"
MADE_UP = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def read(raw: bytes) -> Tensors:
    return tensors_in(raw, len(raw), NAME)


def read_gguf(raw: bytes) -> Tensors:
    return gguf_in(io.BytesIO(raw), "model.gguf").tensors


def test_a_whole_file_tells_its_elements_and_its_commonest_kind() -> None:
    assert read(safetensors()) == Tensors(44, "BF16")


def test_a_gguf_file_tells_its_metadata_and_passes_over_lists() -> None:
    found = gguf_in(io.BytesIO(gguf()), "model.gguf")
    assert found.tensors == Tensors(64, "Q8_0")
    assert found.number("context_length") == 8192
    assert found.metadata["tokenizer.ggml.tokens"] is None


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(safetensors()) - 1))
def test_a_torn_file_is_refused_wherever_it_ends(end: int) -> None:
    with pytest.raises(Invalid, match=NAME):
        read(safetensors()[:end])


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(gguf()) - 1))
def test_a_torn_gguf_file_is_refused_wherever_it_ends(end: int) -> None:
    with pytest.raises(Invalid, match=r"model\.gguf"):
        read_gguf(gguf()[:end])


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_a_header_that_lies_about_its_length_is_refused(length: int) -> None:
    honest = len(safetensors()) - 8 - 96
    if length != honest:
        with pytest.raises(Invalid, match=NAME):
            read(safetensors(length=length))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for reader in (read, read_gguf):
        with suppress(Invalid):
            reader(raw)


@settings(deadline=None)
@given(MADE_UP)
def test_any_json_in_a_header_is_read_or_refused(header: Any) -> None:
    with suppress(Invalid):
        read(safetensors(header))


@settings(deadline=None)
@given(
    st.sampled_from(["dtype", "shape", "data_offsets"]),
    MADE_UP.filter(lambda value: not isinstance(value, list | str)) | st.just("F33"),
)
def test_a_tensor_with_any_wrong_field_is_refused(field: str, value: Any) -> None:
    wrong = {**TENSORS, "norm": {**TENSORS["norm"], field: value}}
    with pytest.raises(Invalid, match=NAME):
        read(safetensors(wrong))


@settings(deadline=None)
@given(st.integers(min_value=8, max_value=len(gguf()) - 69), st.integers(0, 255))
def test_a_gguf_header_with_any_wrong_byte_is_read_or_refused(at: int, byte: int) -> None:
    raw = bytearray(gguf())
    raw[at] = byte
    with suppress(Invalid):
        read_gguf(bytes(raw))


@pytest.mark.parametrize(
    "numbers",
    [(2**63, 1), (1, 2**63), (2**64 - 1, 2**64 - 1)],
    ids=["tensors", "entries", "both"],
)
def test_huge_counts_are_refused_at_once(numbers: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="things follow"):
        read_gguf(b"GGUF" + struct.pack("<IQQ", 3, *numbers) + bytes(100))


def test_lists_nested_too_deep_are_refused() -> None:
    nested = struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 50
    key = struct.pack("<Q", 1) + b"k"
    with pytest.raises(Invalid, match="no known kind"):
        read_gguf(b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + key + nested)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 5_000,
        b'{"a":NaN}',
        b'{"a":1,"a":2}',
        b"\xff",
        b"[]",
    ],
    ids=["lists", "objects", "digits", "nan", "twins", "not text", "no object"],
)
def test_json_that_isnt_a_plain_object_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid, match=r"config\.json"):
        object_in(raw, "config.json")


def test_a_shape_of_huge_numbers_is_refused() -> None:
    huge = {"a": {"dtype": "F32", "shape": [2**40] * 16, "data_offsets": [0, 96]}}
    with pytest.raises(Invalid, match="proper shape"):
        read(safetensors(huge))


@pytest.mark.parametrize("offsets", [[[0, 80], [76, 92]], [[0, 80], [84, 100]]])
def test_tensors_that_overlap_or_leave_gaps_are_refused(offsets: list[list[int]]) -> None:
    header = {
        name: {**told, "data_offsets": place}
        for (name, told), place in zip(
            json.loads(json.dumps(TENSORS)).items(), offsets, strict=True
        )
    }
    with pytest.raises(Invalid, match="overlap or leave gaps"):
        read(safetensors(header))
