"""Chunks of all kinds of engines become events that the `openai` package reads."""

from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import omit
from openai.lib.streaming.responses._responses import ResponseStreamState
from openai.types.responses import ResponseStreamEvent

from lisa.domain.turns.events import Assembler
from lisa.domain.turns.shapes import Wire
from tests.unit.turns.made import USAGE, call, calls, chunk, counts, says
from tests.unit.turns.wire import assembler, checked, read_event


def replay(*model_calls: Sequence[Wire], by: Assembler | None = None) -> Wire:
    """Replay streams, one for each call of a model; return the response at the end."""
    made = by or assembler()
    events = made.begin()
    for chunks in model_calls:
        for one in chunks:
            events += made.take(one)
        events += made.finish_call()
    events += made.end("incomplete" if made.cut_short else "completed", reason=made.cut_short)
    response: Wire = checked(events)[-1]["response"]
    return response


def text_of(response: Wire) -> list[tuple[str, str]]:
    """Return all texts, each with the type of its part."""
    parts = [part for item in response["output"] for part in item.get("content", ())]
    return [(part["type"], part.get("text", part.get("refusal"))) for part in parts]


def test_an_answer_comes_piece_by_piece() -> None:
    response = replay([*says("Hello", ", ", "wörld 🌍"), counts()])
    assert text_of(response) == [("output_text", "Hello, wörld 🌍")]
    assert response["status"] == "completed"
    assert response["output"][0] == {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [
            {
                "type": "output_text",
                "text": "Hello, wörld 🌍",
                "annotations": [],
                "logprobs": [],
            }
        ],
    }


def test_an_answer_begins_with_these_events() -> None:
    made = assembler()
    kinds = [event["type"] for one in says("Hi") for event in made.take(one)]
    assert kinds == [
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
    ]


@pytest.mark.parametrize(
    "nothing",
    [
        chunk(role="assistant"),
        chunk(content=None),
        chunk(content=""),
        chunk(content=None, tool_calls=None, refusal=None, annotations=None),
        chunk(tool_calls=[{}]),
        {"choices": []},
        {"choices": None},
        {"choices": [{}]},
        {"choices": [{"index": 0, "delta": None}]},
        {"choices": "nonsense"},
        {},
        chunk(content=42, tool_calls=[None, 7], logprobs=[1]),
    ],
)
def test_a_chunk_that_says_nothing_makes_no_item(nothing: Wire) -> None:
    assert replay([nothing])["output"] == []
    assert text_of(replay([nothing, *says("a"), nothing])) == [("output_text", "a")]


def test_of_several_choices_the_first_counts() -> None:
    other = {"index": 1, "delta": {"content": "no"}}
    both = {"choices": [other, {"index": 0, "delta": {"content": "yes"}}]}
    assert text_of(replay([both, {"choices": [other]}, both])) == [("output_text", "yesyes")]


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_comes_before_the_answer(field: str) -> None:
    deltas = [{field: "Let me "}, {field: "think.", "content": ""}]
    thinking = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    response = replay([*thinking, *says("Yes")])
    assert text_of(response) == [("reasoning_text", "Let me think."), ("output_text", "Yes")]
    assert [item["type"] for item in response["output"]] == ["reasoning", "message"]


def test_reasoning_in_both_spellings_is_told_once() -> None:
    response = replay([chunk(reasoning="So", reasoning_content="So"), *says("Yes")])
    assert text_of(response)[0] == ("reasoning_text", "So")


def test_content_may_be_a_list_of_parts() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}
    response = replay([chunk(content=[thinking]), chunk(content=[{"type": "text", "text": "Yes"}])])
    assert text_of(response) == [("reasoning_text", "Hm"), ("output_text", "Yes")]


def test_a_refusal_is_a_part_of_its_own() -> None:
    response = replay([chunk(content="Well"), chunk(refusal="I "), chunk(refusal="won't")])
    assert text_of(response) == [("output_text", "Well"), ("refusal", "I won't")]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["a\ud83d", "\ude00b"], "a😀b"),
        (["a\ud83d", "b"], "a\ufffdb"),
        (["\ude00"], "\ufffd"),
        (["a", "\ud83d"], "a\ufffd"),
    ],
)
def test_a_character_cut_in_two_is_joined_and_half_a_one_replaced(
    pieces: list[str], text: str
) -> None:
    assert text_of(replay([chunk(content=piece) for piece in pieces])) == [("output_text", text)]
    asked = [calls(call(name="f")), *(calls(call(args=piece)) for piece in pieces)]
    assert replay(asked)["output"][0]["arguments"] == text


@pytest.mark.parametrize(
    ("finish", "status", "reason"),
    [
        ("stop", "completed", None),
        ("tool_calls", "completed", None),
        ("eos_token", "completed", None),
        (None, "completed", None),
        ("length", "incomplete", {"reason": "max_output_tokens"}),
        ("content_filter", "incomplete", {"reason": "content_filter"}),
    ],
)
def test_how_a_model_stops_is_how_the_response_ends(
    finish: str | None, status: str, reason: Wire | None
) -> None:
    response = replay(says("a", finish=finish))
    assert (response["status"], response["output"][0]["status"]) == (status, status)
    assert response["incomplete_details"] == reason


def test_what_comes_after_the_finish_still_counts() -> None:
    response = replay([*says("a"), chunk(content="b"), counts(), chunk()])
    assert text_of(response) == [("output_text", "ab")]
    assert response["usage"]["total_tokens"] == 16


def test_nothing_comes_after_the_end() -> None:
    made = assembler()
    assert made.end("completed")
    assert made.take(chunk(content="late")) == made.end("failed") == []


@pytest.mark.parametrize("usage", [[], [{"choices": [], "usage": None}]])
def test_nobody_guesses_what_an_answer_took(usage: list[Wire]) -> None:
    assert replay([*says("a"), *usage])["usage"] is None


def test_usage_is_the_last_that_a_call_tells_and_the_sum_over_calls() -> None:
    early = chunk(content="a") | {"usage": {"prompt_tokens": 11, "completion_tokens": 1}}
    detailed = counts(
        prompt_tokens_details={"cached_tokens": 3},
        completion_tokens_details={"reasoning_tokens": 2, "audio_tokens": None},
    )
    assert replay([early, detailed], says("b"), [counts()])["usage"] == {
        "input_tokens": 2 * USAGE["prompt_tokens"],
        "input_tokens_details": {"cached_tokens": 3, "cache_write_tokens": 0},
        "output_tokens": 2 * USAGE["completion_tokens"],
        "output_tokens_details": {"reasoning_tokens": 2},
        "total_tokens": 2 * USAGE["total_tokens"],
    }


def test_probabilities_of_tokens_are_kept() -> None:
    told = {"token": "é", "logprob": -1, "bytes": None, "top_logprobs": [{"token": "e"}, 7]}
    response = replay([chunk(content="é", logprobs={"content": [told, {"token": 3}, None]})])
    assert response["output"][0]["content"][0]["logprobs"] == [
        {"token": "é", "logprob": -1, "bytes": [195, 169], "top_logprobs": []}
    ]


def test_citations_are_kept_in_the_shape_of_responses() -> None:
    cited = {"start_index": 0, "end_index": 1, "url": "https://a.example", "title": "A"}
    found = [{"type": "url_citation", "url_citation": cited}, {"type": "odd"}, None]
    response = replay([chunk(content="a"), chunk(annotations=found)])
    kept = response["output"][0]["content"][0]["annotations"]
    assert kept == [{"type": "url_citation", **cited}]


def test_the_package_assembles_the_same_response() -> None:
    made = assembler({"m__find": ("m", "find")})
    events = made.begin()
    asked = calls(call(0, "a", "look", "{}"), call(1, "b", "m__find", "{}"))
    for one in [chunk(reasoning="Hm"), *says("Yes", "!"), asked, counts()]:
        events += made.take(one)
    events += made.finish_call()
    found = {"type": "mcp_call", "server_label": "m", "name": "find", "output": "here"}
    events += made.add_item({**found, "id": made.tool_calls[1].item_id, "arguments": "{}"})
    told = checked(events + made.end("completed"))
    state: ResponseStreamState[None] = ResponseStreamState(text_format=omit, input_tools=[])
    for event in told:
        seen = state.handle_event(cast("ResponseStreamEvent", read_event(event)))
    assert seen[-1].type == "response.completed"
    assert seen[-1].response.output_text == "Yes!"


PIECES = st.one_of(
    st.builds(lambda text: chunk(content=text), st.text(max_size=3)),
    st.builds(lambda text: chunk(reasoning=text), st.text(max_size=3)),
    st.builds(lambda text: chunk(refusal=text), st.text(max_size=3)),
    st.builds(
        lambda *said: calls(call(*said)),
        st.sampled_from([0, 1, None]),
        st.sampled_from(["a", "b", None]),
        st.sampled_from(["look", "mcp__find", None]),
        st.text(max_size=3),
    ),
    st.sampled_from([counts(), chunk("stop"), chunk("length"), chunk("tool_calls")]),
)


@settings(max_examples=25, deadline=None, database=None)
@given(st.lists(st.lists(PIECES, max_size=8), max_size=3))
def test_any_stream_becomes_a_well_formed_response(model_calls: list[list[Wire]]) -> None:
    made = assembler({"mcp__find": ("mcp", "find")})
    said = [one["choices"][0]["delta"] for each in model_calls for one in each if one["choices"]]
    response = replay(*model_calls, by=made)
    written = "".join(text for kind, text in text_of(response) if kind == "output_text")
    assert written == "".join(delta.get("content") or "" for delta in said)


@settings(max_examples=40, deadline=None, database=None)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=3), max_size=5))
def test_any_text_of_code_points_is_told_as_characters(pieces: list[str]) -> None:
    response = replay([chunk(content=piece) for piece in pieces])
    joined = "".join(pieces).encode("utf-16-le", "surrogatepass")
    assert "".join(text for _, text in text_of(response)) == joined.decode("utf-16-le", "replace")
