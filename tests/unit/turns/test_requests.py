"""A request is read once, and what is wrong with it is said by name."""

from typing import Any

import pytest

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.filters import Comparing, Comparison
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.response import shown
from lisa.domain.turns.shapes import Wire
from tests.unit.turns.made import turn
from tests.unit.turns.wire import read_response

LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}
MAPS = {"type": "mcp", "server_label": "maps"}
FULL: Wire = {
    "model": "demo",
    "input": "Hi",
    "instructions": "Be kind.",
    "previous_response_id": "resp_0",
    "stream": True,
    "stream_options": {"include_obfuscation": False},
    "tools": [
        LOOK | {"description": "Looks.", "strict": True},
        MAPS
        | {
            "server_url": "https://maps.example/mcp",
            "allowed_tools": {"tool_names": ["find"], "read_only": True},
            "require_approval": {"never": {"tool_names": ["find"]}},
            "headers": None,
        },
        MAPS | {"server_label": "more", "allowed_tools": ["a"], "require_approval": "never"},
    ],
    "tool_choice": {"type": "function", "name": "look"},
    "parallel_tool_calls": False,
    "max_tool_calls": 3,
    "max_output_tokens": 99,
    "temperature": 0.5,
    "top_p": 1,
    "top_logprobs": 2,
    "include": ["message.output_text.logprobs"],
    "reasoning": {"effort": "low", "summary": "auto"},
    "text": {
        "format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}},
        "verbosity": "low",
    },
    "truncation": "auto",
    "metadata": {"a": "b"},
    "user": "u",
    "prompt_cache_key": "k",
    "lisa": {"parent_id": None, "chat": {"seed": 7}, "approval": "session"},
    "something_new": 1,
}


def read(**more: Any) -> TurnRequest:
    return TurnRequest.read({"model": "demo", "input": "Hi", **more})


NULLS: Wire = {"text": {"format": None}, "reasoning": {"effort": None}}
SEARCH: Wire = {"type": "file_search", "vector_store_ids": ["local.default"]}
SEARCHED: Wire = {
    "tools": [
        SEARCH
        | {
            "filters": {"type": "eq", "key": "year", "value": 2024},
            "ranking_options": {"ranker": "auto", "score_threshold": 0.5},
            "max_num_results": 5,
            "mode": "dense",
            "rerank": "better",
        }
    ],
    "tool_choice": {"type": "file_search"},
    "include": ["file_search_call.results"],
}
CHOSEN: Wire = {"tool_choice": {"type": "mcp", "server_label": "maps"}}
ALLOWED: Wire = {"tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [LOOK]}}


@pytest.mark.parametrize("more", [NULLS, CHOSEN, ALLOWED, SEARCHED])
def test_what_else_may_be_asked_is_repeated_too(more: Wire) -> None:
    read_response(shown(turn(request=read(**more).echo()), []))


@pytest.mark.parametrize("body", [{"model": "demo"}, FULL, dict.fromkeys(FULL) | {"model": "m"}])
def test_a_response_repeats_its_request(body: Wire) -> None:
    request = TurnRequest.read(body)
    told = shown(turn(model=request.model, request=request.echo()), [])
    read_response(told)
    repeated = {name: told[name] for name in FULL.keys() & request.echo().keys()}
    assert repeated.keys() >= {"instructions", "temperature", "tools", "tool_choice", "text"}


def test_what_was_asked_is_repeated_as_it_was_asked() -> None:
    told = TurnRequest.read(FULL).echo()
    same = {"temperature", "top_p", "instructions", "tool_choice", "metadata", "text", "user"}
    assert {name: told[name] for name in same} == {name: FULL[name] for name in same}
    assert told["tools"][1]["allowed_tools"] == {"tool_names": ["find"], "read_only": True}
    assert told["tools"][1]["require_approval"] == {"never": {"tool_names": ["find"]}}
    assert told["tools"][2]["allowed_tools"] == ["a"]


def test_the_tools_are_told_apart() -> None:
    request = TurnRequest.read(FULL)
    assert [tool.name for tool in request.function_tools] == ["look"]
    assert [tool.server_label for tool in request.mcp_tools] == ["maps", "more"]
    assert read(tools=[MAPS]).mcp_tools[0].require_approval == "always"
    assert read(tools=[MAPS]).mcp_tools[0].allowed_tools is None


def test_a_search_of_files_is_read_whole() -> None:
    asked = read(**SEARCHED)
    assert asked.file_search is not None
    assert asked.file_search.vector_store_ids == ("local.default",)
    assert asked.file_search.threshold == 0.5
    assert asked.file_search.where == Comparison(Comparing.EQ, "year", (2024,))
    assert asked.shows_results
    assert asked.echo()["tools"] == SEARCHED["tools"]
    assert not read(tools=[SEARCH]).shows_results


def test_a_conversation_is_named_by_its_id_or_an_object() -> None:
    assert read(conversation="s").conversation_id == "s"
    assert read(conversation={"id": "s"}).conversation_id == "s"
    assert read(conversation=None).conversation_id is None


def test_where_a_branch_begins_may_be_said_and_may_be_the_root() -> None:
    assert not read().lisa.branches
    assert not read(lisa={"chat": {}}).lisa.branches
    assert read(lisa={"parent_id": None}).lisa.branches
    assert read(lisa={"parent_id": "i1"}).lisa.parent_id == "i1"


def test_a_summary_may_be_asked_for() -> None:
    asked = read(lisa={"summarise": {"file_id": "f", "style": "own", "prompt": "Rhyme."}})
    assert asked.lisa.summarise is not None
    assert asked.lisa.summarise.style == "own"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"model": ""}, "model", "invalid_value"),
        ({"model": None}, "model", "invalid_value"),
        ({"temperature": 3}, "temperature", "invalid_value"),
        ({"max_output_tokens": 0}, "max_output_tokens", "invalid_value"),
        ({"metadata": {"a": 1}}, "metadata.a", "invalid_value"),
        ({"reasoning": {"effort": "huge"}}, "reasoning.effort", "invalid_value"),
        ({"text": {"format": {"type": "xml"}}}, "text.format.type", "invalid_value"),
        ({"conversation": 7}, "conversation", "invalid_value"),
        ({"conversation": "s", "previous_response_id": "r"}, "conversation", "invalid_value"),
        ({"background": True, "store": False}, "background", "invalid_value"),
        ({"prompt": {"id": "p"}}, "prompt", "unsupported_prompt"),
        ({"lisa": {"chat": {"messages": []}}}, "lisa.chat.messages", "invalid_value"),
        ({"lisa": {"parent_id": "no id"}}, "lisa.parent_id", "invalid_value"),
        ({"lisa": 7}, "lisa", "invalid_value"),
        ({"tool_choice": "look"}, "tool_choice", "invalid_value"),
        ({"tool_choice": {"type": "custom", "name": "x"}}, "tool_choice", "invalid_value"),
        ({"tool_choice": {"type": "function"}}, "tool_choice.name", "invalid_value"),
        ({"text": {"format": {"type": "json_schema"}}}, "text.format", "invalid_value"),
        ({"tools": "all"}, "tools", "invalid_value"),
        ({"tools": [7]}, "tools.0", "invalid_value"),
        ({"tools": [LOOK, {"type": "function"}]}, "tools.1.name", "invalid_value"),
        ({"tools": [{"type": "file_search"}]}, "tools.0.vector_store_ids", "invalid_value"),
        ({"tools": [SEARCH | {"vector_store_ids": []}]}, "tools.0.vector_store_ids", None),
        (
            {"tools": [SEARCH | {"vector_store_ids": ["a.b"] * 11}]},
            "tools.0.vector_store_ids",
            None,
        ),
        ({"tools": [SEARCH | {"max_num_results": 51}]}, "tools.0.max_num_results", None),
        (
            {"tools": [SEARCH | {"ranking_options": {"score_threshold": 2}}]},
            "tools.0.ranking",
            None,
        ),
        ({"tools": [SEARCH | {"mode": "x"}]}, "tools.0.mode", None),
        ({"tools": [SEARCH | {"filters": {"type": "x"}}]}, "tools.0.filters", "invalid_filter"),
        ({"tools": [SEARCH, SEARCH]}, "tools", "file_search_twice"),
        ({"tools": [SEARCH, LOOK | {"name": "file_search"}]}, "tools", "file_search_twice"),
        ({"tools": [{"type": "web_search"}]}, "tools.0", "unsupported_tool"),
        ({"tools": [{}]}, "tools.0", "unsupported_tool"),
        ({"tools": [MAPS | {"connector_id": "c"}]}, "tools.0.connector_id", "unsupported_tool"),
        (
            {"tools": [MAPS | {"headers": {"a": "b"}}]},
            "tools.0.headers",
            "credentials_by_reference",
        ),
        (
            {"tools": [MAPS | {"authorization": "x"}]},
            "tools.0.authorization",
            "credentials_by_reference",
        ),
        ({"tools": [MAPS | {"require_approval": "often"}]}, "tools.0.require_approval", None),
        ({"input": 7}, "input", "invalid_value"),
        ({"input": [7]}, "input.0", "invalid_value"),
        ({"input": [{"role": "user"}]}, "input.0.content", "invalid_value"),
        ({"input": [{"role": "tool", "content": "x"}]}, "input.0", "invalid_value"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_image"}]}]},
            "input.0.content.0.input_image: Value error, needs",
            "invalid_value",
        ),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "input.0", "unsupported_item"),
        ({"input": [{"type": ["x"]}]}, "input.0", "unsupported_item"),
        (
            {"input": [{"role": "user", "content": "x", "id": "no id"}]},
            "input.0.id",
            "invalid_value",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
            "input.0.content.0.input_text.text",
            "invalid_value",
        ),
        (
            {"input": [{"type": "function_call_output", "output": ""}]},
            "input.0.call_id",
            "invalid_value",
        ),
        (
            {
                "input": [
                    {
                        "role": "user",
                        "content": [{"type": "input_file", "file_url": "https://a.example"}],
                    }
                ]
            },
            "input.0.content.0",
            "invalid_value",
        ),
    ],
)
def test_what_is_wrong_is_said_by_name(given: Wire, field: str, code: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        read(**given)
    assert refused.value.message.startswith(f"{field}"), refused.value.message
    assert refused.value.precise_code == (code or "invalid_value")


def test_input_is_read_into_items() -> None:
    text = {"type": "input_text", "text": "Hi"}
    assert read().items == ({"type": "message", "role": "user", "content": [text]},)
    said = [
        {"role": "developer", "content": "Be kind."},
        {"role": "assistant", "content": "Yes?", "id": "msg_1", "status": "completed"},
        {"id": "mine", "role": "user", "content": [text, {"type": "input_image", "file_id": "f"}]},
        {"type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "sea", "status": None},
        {"type": "mcp_approval_response", "approval_request_id": "r", "approve": False},
    ]
    items = read(input=said).items
    assert [item.get("id") for item in items] == [None, "msg_1", "mine", None, None, None]
    assert items[1]["content"][0]["type"] == "output_text"
    assert items[2]["content"][1]["detail"] == "auto"
    assert items[5]["approve"] is False
