"""A model's stream in pieces that break anywhere, and in the forms that servers give it."""

import pytest

from lisa.domain.errors import Unavailable
from lisa.gateway.turns.stream import EventReader, chunk_of, chunk_of_whole

STREAM = (
    b": comment\n\n"
    b'data: {"a":"\xc3\xa4\xf0\x9f\x8c\x8d"}\n\n'
    b'event: message\r\nid: 3\r\ndata: {"b":1}\r\n\r\n'
    b'data:{"c":\ndata:2}\n\n'
    b"data: [DONE]\n\n"
)
SAID = [{"a": "ä🌍"}, {"b": 1}, {"c": 2}, None]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_pieces_of_any_size_say_the_same(size: int) -> None:
    reader = EventReader()
    pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    found = [chunk_of(data) for piece in pieces for data in reader.take(piece)]
    assert found == SAID
    assert list(reader.rest()) == []


def test_a_last_event_counts_without_the_line_that_ends_it() -> None:
    reader = EventReader()
    assert list(reader.take(b'data: {"a":1}')) == []
    assert [chunk_of(data) for data in reader.rest()] == [{"a": 1}]


@pytest.mark.parametrize(
    "data", [b"{", b"[1]", b'{"error":{"message":"the end"}}', b'{"error":"x"}']
)
def test_what_says_that_something_broke_is_raised(data: bytes) -> None:
    with pytest.raises(Unavailable):
        chunk_of(data)


def test_a_whole_answer_is_one_chunk() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"role": "assistant", "content": "hi", "tool_calls": [call]}
    whole = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": {}}
    (choice,) = chunk_of_whole(whole)["choices"]
    assert choice["delta"]["content"] == "hi"
    assert choice["delta"]["tool_calls"] == [{"index": 0, **call}]
    assert choice["finish_reason"] == "stop"
