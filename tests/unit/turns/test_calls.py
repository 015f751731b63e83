"""Tool calls, however engines cut them, and the items that we add ourselves."""

from collections.abc import Sequence

import pytest

from lisa.domain.turns.events import Assembler
from lisa.domain.turns.shapes import Wire
from tests.unit.turns.made import call, calls, chunk, says
from tests.unit.turns.wire import assembler, checked

NAMES = {"maps__find": ("maps", "find"), "maps__walk": ("maps", "walk")}


def asked_for(*chunks: Wire) -> list[tuple[str, str, str]]:
    """Return id, name and arguments of the calls that a stream asks for."""
    made = assembler()
    events = made.begin()
    for one in chunks:
        events += made.take(one)
    events += made.finish_call()
    found = [(each.call_id, each.chat_name, each.arguments) for each in made.tool_calls]
    response = checked(events + made.end("completed"))[-1]["response"]
    shown = [(item["call_id"], item["name"], item["arguments"]) for item in response["output"]]
    assert shown == found
    return found


def test_a_call_comes_in_pieces() -> None:
    pieces = [call(0, "c1", "look", ""), call(args='{"at":'), call(args=' "sea"}')]
    found = asked_for(*(calls(piece) for piece in pieces), chunk("tool_calls"))
    assert found == [("c1", "look", '{"at": "sea"}')]


def test_calls_may_come_interleaved() -> None:
    begin = calls(call(0, "c1", "look", "{"), call(1, "c2", "hear", "["))
    found = asked_for(begin, calls(call(1, args="1]")), calls(call(0, args="}")))
    assert found == [("c1", "look", "{}"), ("c2", "hear", "[1]")]


@pytest.mark.parametrize(
    "chunks",
    [
        [calls(call(None, "c1", "look", "{}"), call(None, "c2", "hear", "{}"))],
        [calls(call(0, "c1", "look", "{}")), calls(call(0, "c2", "hear", "{}"))],
        [
            calls(call(0, "c1", "look", "{}")),
            calls(
                call(
                    0,
                    None,
                    "hear",
                    "{}",
                )
            ),
        ],
        [calls(call(None, None, "look", "{}")), calls(call(None, None, "hear", "{}"))],
        [
            calls(call(None, "c1", "look", "{"), call(None, "c2", "hear", "{")),
            calls(call(None, "c1", args="}"), call(None, "c2", args="}")),
        ],
    ],
)
def test_two_calls_are_told_apart(chunks: list[Wire]) -> None:
    assert [(name, said) for _, name, said in asked_for(*chunks)] == [
        ("look", "{}"),
        ("hear", "{}"),
    ]


@pytest.mark.parametrize(
    "chunks",
    [
        [calls(call(0, "c1")), calls(call(0, name="look")), calls(call(0, args="{}"))],
        [calls(call(0, "c1", args="{")), calls(call(0, name="look", args="}"))],
        [calls(call(0, "c1", "look", "{")), calls(call(0, "c1", "look", "}"))],
        [calls(call(0, "c1", "look", "{")), calls(call(0, "fresh", args="}"))],
        [calls(call(None, "c1", "look", "{")), calls(call(None, args="}"))],
        [calls(call(0, "c1", "look", {}))],
    ],
)
def test_one_call_stays_one(chunks: list[Wire]) -> None:
    assert asked_for(*chunks) == [("c1", "look", "{}")]


def test_a_call_without_an_id_is_given_one_and_one_without_a_name_is_no_call() -> None:
    nameless = calls(call(1, "c2", args="{}"))
    assert asked_for(calls(call(0, name="look")), nameless) == [("call_2", "look", "")]


def test_arguments_that_never_become_json_are_kept_as_written() -> None:
    assert asked_for(calls(call(0, "c", "look", "{'at': sea")))[0][2] == "{'at': sea"


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_calls_that_were_cut_short_are_shown_and_not_made(finish: str) -> None:
    made = assembler(NAMES)
    events = made.begin()
    events += made.take(calls(call(0, "c1", "look", "{"), call(1, "c2", "maps__find", "{")))
    events += made.take(chunk(finish)) + made.finish_call()
    response = checked(events + made.end("incomplete", reason=made.cut_short))[-1]["response"]
    assert made.tool_calls == []
    assert [item["status"] for item in response["output"]] == ["incomplete", "incomplete"]


def asks_maps(by: Assembler) -> list[Wire]:
    """Let a model talk, and ask for both tools of the map server."""
    events = by.begin()
    pieces = calls(call(0, "c1", "maps__find", '{"a":'), call(1, "c2", "maps__walk", "{}"))
    for one in [*says("Let me look.", finish=None), pieces, calls(call(0, args=" 1}"))]:
        events += by.take(one)
    return events + by.finish_call()


def made_call(item_id: str, tool: str, arguments: str, **result: object) -> Wire:
    own = {"id": item_id, "type": "mcp_call", "server_label": "maps", "name": tool}
    return {**own, "arguments": arguments, "approval_request_id": None, **result}


def test_a_servers_tool_is_announced_as_such_and_completed_with_its_result() -> None:
    made = assembler(NAMES)
    events = asks_maps(made)
    first, second = made.tool_calls
    assert (first.server_label, first.tool, first.arguments) == ("maps", "find", '{"a": 1}')
    failed = [{"type": "text", "text": "too far"}]
    error = {"type": "mcp_tool_execution_error", "content": failed}
    walked = made_call(second.item_id, "walk", "{}", output=None, error=error)
    events += made.add_item(walked)
    found = made_call(first.item_id, "find", first.arguments, output="here", error=None)
    events += made.add_item(found)
    for one in says("Here."):
        events += made.take(one)
    response = checked(events + made.finish_call() + made.end("completed"))[-1]["response"]
    assert [item["type"] for item in response["output"]] == [
        "message",
        "mcp_call",
        "mcp_call",
        "message",
    ]
    assert response["output"][1] == {**found, "status": "completed"}
    assert response["output"][2]["status"] == "failed"
    assert [event["type"] for event in events if "mcp_call." in event["type"]] == [
        "response.mcp_call.in_progress",
        "response.mcp_call.in_progress",
        "response.mcp_call.failed",
        "response.mcp_call.completed",
    ]


def test_a_call_that_waits_for_a_person_is_not_announced() -> None:
    made = assembler(NAMES, guarded={"maps__find"})
    events = asks_maps(made)
    asking, free = made.tool_calls
    assert [event["item"]["name"] for event in events if "mcp" in str(event.get("item"))] == [
        "walk"
    ]
    events += made.add_item(made_call(free.item_id, "walk", "{}", output="ok", error=None))
    request = {"type": "mcp_approval_request", "server_label": "maps", "name": "find"}
    events += made.add_item({**request, "id": asking.item_id, "arguments": asking.arguments})
    response = checked(events + made.end("completed"))[-1]["response"]
    assert response["output"][-1] == {**request, "id": "mcpr_2", "arguments": '{"a": 1}'}


def test_what_may_be_called_can_change_between_two_calls_of_a_model() -> None:
    names: dict[str, tuple[str, str]] = {}
    made = assembler(names)
    names |= NAMES
    asks_maps(made)
    assert [each.tool for each in made.tool_calls] == ["find", "walk"]


def test_a_model_call_that_says_nothing_asks_for_nothing() -> None:
    made = assembler(NAMES)
    asks_maps(made)
    assert made.finish_call() == []
    assert made.tool_calls == []


def test_a_response_that_is_cancelled_in_the_middle_of_a_call_says_so() -> None:
    made = assembler(NAMES)
    events = asks_maps(made)
    response = checked(events + made.end("cancelled"))[-1]["response"]
    assert response["status"] == "cancelled"
    assert [item["status"] for item in response["output"]] == [
        "completed",
        "incomplete",
        "incomplete",
    ]


TOOLS = [{"name": "find", "description": "", "input_schema": {"type": "object"}}]
IMAGE = {"type": "image_generation_call", "revised_prompt": "a cat", "lisa": {"file_id": "f"}}


@pytest.mark.parametrize(
    ("item", "steps"),
    [
        ({"type": "mcp_list_tools", "server_label": "m", "tools": TOOLS}, 2),
        ({"type": "mcp_list_tools", "server_label": "m", "tools": [], "error": "is down"}, 2),
        (made_call("mcp_x", "find", "{}", output="ok"), 3),
        (made_call("mcp_x", "find", "{}", error="is down"), 3),
        (
            made_call(
                "mcp_x", "find", "{}", error={"type": "http_error", "code": 1, "message": ""}
            ),
            3,
        ),
        ({**IMAGE, "status": "completed", "result": None}, 2),
        ({**IMAGE, "status": "failed"}, 1),
        ({"type": "mcp_approval_request", "server_label": "m", "name": "n", "arguments": ""}, 0),
        ({"type": "message", "role": "assistant", "content": []}, 0),
    ],
)
def test_items_of_ours_are_told_from_beginning_to_end(item: Wire, steps: int) -> None:
    made = assembler()
    told: Sequence[Wire] = made.add_item(item)
    assert len(told) == steps + 2
    response = checked([*made.begin(), *told, *made.end("completed")])[-1]["response"]
    assert response["output"][0]["type"] == item["type"]
