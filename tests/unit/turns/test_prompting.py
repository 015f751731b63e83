"""What a model is told of a conversation, and what it is asked."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisa.domain.turns.inputs import read_input
from lisa.domain.turns.messages import NO_RESULT, NOT_ALLOWED, NOT_FINISHED
from lisa.domain.turns.prompting import chat_body, chat_messages
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire

PLACE = {"server_label": "maps", "name": "find"}
NAMES = {"maps__find_1": ("maps", "find")}


def told(*items: Wire, instructions: str | None = None) -> list[Wire]:
    named = [{"id": f"i{place}", **each} for place, each in enumerate(read_input(items))]
    return chat_messages(instructions, named, NAMES)


def user(text: str) -> Wire:
    return {"role": "user", "content": text}


def assistant(text: str) -> Wire:
    return {"role": "assistant", "content": text}


def asks(call_id: str, arguments: str = "{}", **more: Any) -> Wire:
    own = {"type": "function_call", "call_id": call_id, "name": "look"}
    return {**own, "arguments": arguments, **more}


def returns(call_id: str, output: Any = "sea") -> Wire:
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def chat_call(call_id: str, name: str = "look", arguments: str = "{}") -> Wire:
    return {
        "id": call_id,
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def tool(call_id: str, content: str = "sea") -> Wire:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def test_a_conversation_is_told_in_its_order() -> None:
    said = told(user("Hi"), assistant("Yes?"), user("Sing."), instructions="Be kind.")
    assert said == [
        {"role": "system", "content": "Be kind."},
        user("Hi"),
        assistant("Yes?"),
        user("Sing."),
    ]


def test_instructions_come_first_and_in_one_message() -> None:
    said = told({"role": "developer", "content": "Rhyme."}, user("Hi"), instructions="Be kind.")
    assert said == [{"role": "system", "content": "Be kind.\n\nRhyme."}, user("Hi")]


def test_a_speaker_who_goes_on_speaks_in_one_message() -> None:
    assert told(user("Hi"), user("there"), assistant("a"), assistant("b")) == [
        user("Hi\n\nthere"),
        assistant("a\n\nb"),
    ]


def test_an_image_is_shown_beside_its_text() -> None:
    shows = {"type": "input_image", "image_url": "data:x"}
    content = [{"type": "input_text", "text": "Look"}, shows, shows | {"detail": "low"}]
    image = {"type": "image_url", "image_url": {"url": "data:x"}}
    low = {"type": "image_url", "image_url": {"url": "data:x", "detail": "low"}}
    expected = [{"type": "text", "text": "Look"}, image, low]
    assert told({"role": "user", "content": content}) == [{"role": "user", "content": expected}]


def test_reasoning_lists_of_tools_and_empty_messages_are_not_told() -> None:
    thought = {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "Hm"}]}
    listing = {"type": "mcp_list_tools", "server_label": "maps", "tools": []}
    assert told(user("Hi"), thought, listing, assistant(""), user("")) == [user("Hi")]


def test_calls_asked_for_at_once_stand_together_with_their_results() -> None:
    said = told(
        user("Go"), assistant("Sure."), asks("a"), asks("b"), returns("b", "2"), returns("a")
    )
    assert said[1:] == [
        assistant("Sure.") | {"tool_calls": [chat_call("a"), chat_call("b")]},
        tool("a"),
        tool("b", "2"),
    ]


def test_calls_asked_for_one_after_another_stand_alone() -> None:
    said = told(asks("a"), returns("a"), asks("b"), returns("b"))
    calls = [[chat_call("a")], [chat_call("b")]]
    assert [each.get("tool_calls") for each in said] == [calls[0], None, calls[1], None]
    assert said[0]["content"] is None


def test_a_result_follows_its_call_whatever_lies_between() -> None:
    said = told(asks("a"), user("Still there?"), returns("a"))
    assert [each["role"] for each in said] == ["assistant", "tool", "user"]


def test_a_call_without_a_result_is_answered_and_a_result_without_a_call_left_out() -> None:
    assert told(asks("a"), returns("b"))[1:] == [tool("a", NO_RESULT)]
    assert told(asks("a", status="incomplete"), user("Hi")) == [user("Hi")]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ("", "{}"),
        ("{'a'", '{"unreadable": "{\'a\'"}'),
        ("[1]", '{"unreadable": "[1]"}'),
    ],
)
def test_arguments_are_always_an_object_that_engines_can_read(written: str, sent: str) -> None:
    said = told(asks("a", written), returns("a"))
    assert said[0]["tool_calls"][0]["function"]["arguments"] == sent


def test_a_result_may_be_a_list_of_parts() -> None:
    parts = [{"type": "input_text", "text": "a"}, {"type": "input_image", "file_id": "f"}]
    assert told(asks("a"), returns("a", parts))[1]["content"] == "a"


@pytest.mark.parametrize(
    ("result", "content"),
    [
        ({"output": "here"}, "here"),
        ({"output": None}, ""),
        ({"status": "incomplete"}, NOT_FINISHED),
        ({"error": {"type": "http_error", "code": 502, "message": "is down"}}, "Error: is down"),
        ({"error": "no"}, 'Error: [{"type": "text", "text": "no"}]'),
    ],
)
def test_a_call_of_ours_is_told_with_its_result(result: Wire, content: str) -> None:
    made = {"type": "mcp_call", "id": "mcp_1", "arguments": "{}", **PLACE, **result}
    assert told(user("Go"), made)[1:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [chat_call("mcp_1", "maps__find_1")],
        },
        tool("mcp_1", content),
    ]


def test_a_tool_that_is_not_at_hand_any_more_keeps_a_name() -> None:
    made = {"type": "mcp_call", "id": "m", "server_label": "old maps", "name": "f/" + "x" * 99}
    said = told({**made, "arguments": "{}", "output": ""})
    name = said[0]["tool_calls"][0]["function"]["name"]
    assert name.startswith("old_maps__f_x")
    assert len(name) == 64


REQUEST = {"type": "mcp_approval_request", "id": "mcpr_1", "arguments": "{}", **PLACE}
ANSWER = {"type": "mcp_approval_response", "approval_request_id": "mcpr_1"}


@pytest.mark.parametrize(
    ("after", "result"),
    [
        ([], NOT_ALLOWED),
        ([ANSWER | {"approve": False}], NOT_ALLOWED),
        ([ANSWER | {"approve": False, "reason": "Too far."}], f"{NOT_ALLOWED} Too far."),
    ],
)
def test_a_call_that_nobody_allowed_is_told_as_such(after: list[Wire], result: str) -> None:
    assert told(REQUEST, *after) == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [chat_call("mcpr_1", "maps__find_1")],
        },
        tool("mcpr_1", result),
    ]


def test_a_call_that_was_allowed_tells_of_itself() -> None:
    made = {"type": "mcp_call", "id": "m", "approval_request_id": "mcpr_1", "arguments": "{}"}
    said = told(REQUEST, ANSWER | {"approve": True}, {**made, **PLACE, "output": "here"})
    assert [each.get("content") for each in said] == [None, "here"]


def test_an_image_that_was_made_is_mentioned() -> None:
    made = {"type": "image_generation_call", "status": "completed", "revised_prompt": "a cat"}
    assert told(user("Draw"), made)[1] == assistant("(An image: a cat)")
    assert told(user("Draw"), made | {"status": "failed"}) == [user("Draw")]


ITEMS = st.lists(
    st.sampled_from(
        [
            user("a"),
            assistant("b"),
            asks("x"),
            asks("y"),
            returns("x"),
            returns("y"),
            REQUEST,
            ANSWER | {"approve": True},
            {"type": "mcp_call", "id": "m", "arguments": "{}", "output": "o", **PLACE},
        ]
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None, database=None)
@given(ITEMS)
def test_every_call_is_answered_before_anybody_speaks(items: list[Wire]) -> None:
    open_calls: list[str] = []
    for message in told(*items):
        if message["role"] == "tool":
            open_calls.remove(message["tool_call_id"])
        else:
            assert open_calls == []
        open_calls += [call["id"] for call in message.get("tool_calls", ())]
    assert open_calls == []


LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}
FIND = {"type": "function", "function": {"name": "maps__find_1", "parameters": {}}}


def body(*, again: bool = False, tools: bool = True, **asked: Any) -> Wire:
    request = TurnRequest.read({"model": "demo", "input": "Hi", "tools": [LOOK], **asked})
    offered = [*(each.chat() for each in request.function_tools), FIND] if tools else []
    return chat_body(request, [user("Hi")], offered, NAMES, again=again)


def test_a_model_is_asked_for_a_stream_that_tells_what_it_took() -> None:
    assert body(tools=False) == {
        "model": "demo",
        "messages": [user("Hi")],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"temperature": 0, "top_p": 0.5}, {"temperature": 0, "top_p": 0.5}),
        ({"max_output_tokens": 9}, {"max_tokens": 9}),
        ({"reasoning": {"effort": "low"}}, {"reasoning_effort": "low"}),
        ({"text": {"verbosity": "low"}}, {"verbosity": "low"}),
        ({"text": {"format": {"type": "text"}}}, {}),
        (
            {"text": {"format": {"type": "json_object"}}},
            {"response_format": {"type": "json_object"}},
        ),
        (
            {
                "text": {
                    "format": {"type": "json_schema", "name": "n", "schema": {}, "strict": True}
                }
            },
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "n", "schema": {}, "strict": True},
                }
            },
        ),
        ({"top_logprobs": 2}, {"logprobs": True, "top_logprobs": 2}),
        ({"include": ["message.output_text.logprobs"]}, {"logprobs": True}),
        ({"lisa": {"chat": {"seed": 7, "stop": ["x"]}}}, {"seed": 7, "stop": ["x"]}),
    ],
)
def test_what_was_asked_is_said_in_words_of_chat(asked: Wire, sent: Wire) -> None:
    assert body(tools=False, **asked) == {**body(tools=False), **sent}


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ({"type": "function", "name": "look"}, {"type": "function", "function": {"name": "look"}}),
        (
            {"type": "mcp", "server_label": "maps", "name": "find"},
            {"type": "function", "function": {"name": "maps__find_1"}},
        ),
        ({"type": "mcp", "server_label": "maps"}, "required"),
    ],
)
def test_a_choice_of_tool_holds_for_the_first_call_only(choice: Any, sent: Any) -> None:
    assert body(tool_choice=choice)["tool_choice"] == sent
    assert body(tool_choice=choice, again=True)["tool_choice"] == (
        "none" if choice == "none" else "auto"
    )


def test_of_allowed_tools_the_others_are_not_offered() -> None:
    allowed = [{"type": "mcp", "server_label": "maps", "name": "find"}]
    sent = body(tool_choice={"type": "allowed_tools", "mode": "required", "tools": allowed})
    assert sent["tools"] == [FIND]
    assert sent["tool_choice"] == "required"


def test_whether_calls_may_be_parallel_is_said_only_if_asked() -> None:
    assert "parallel_tool_calls" not in body()
    assert body(parallel_tool_calls=False)["parallel_tool_calls"] is False
