"""Items go from the wire into a session and back, whoever saved them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisa.domain.errors import Invalid
from lisa.domain.session import Draft, Item
from lisa.domain.turns.inputs import read_input
from lisa.domain.turns.items import branch, to_draft, to_wire
from lisa.domain.turns.shapes import Wire
from tests.unit.turns.made import NOW, item
from tests.unit.turns.wire import read_conversation_item, read_input_item, read_response

CALL = {"server_label": "m", "name": "n", "arguments": "{}"}
ON_THE_WIRE: list[Wire] = [
    {"role": "user", "content": "Hi"},
    {"role": "developer", "content": "Be kind."},
    {"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,"}]},
    {"role": "user", "content": [{"type": "input_file", "file_id": "f", "filename": "a.pdf"}]},
    {"role": "assistant", "content": "Hi"},
    {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
    {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm"}]},
    {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm"}]},
    {"type": "function_call", "call_id": "c", "name": "look", "arguments": "{"},
    {"type": "function_call_output", "call_id": "c", "output": "sea"},
    {
        "type": "function_call_output",
        "call_id": "c",
        "output": [{"type": "input_text", "text": "sea"}],
    },
    {"type": "mcp_list_tools", "server_label": "m", "tools": [{"name": "n", "input_schema": {}}]},
    {"type": "mcp_list_tools", "server_label": "m", "tools": [], "error": "is down"},
    {"type": "mcp_call", **CALL, "output": "sea"},
    {"type": "mcp_call", **CALL, "error": "is down", "status": "failed"},
    {"type": "mcp_call", **CALL, "status": "in_progress"},
    {"type": "mcp_approval_request", **CALL},
    {"type": "mcp_approval_response", "approval_request_id": "r", "approve": True},
    {"type": "image_generation_call", "result": None, "lisa": {"file_id": "f"}, "status": "failed"},
]


def kept(draft: Draft) -> Item:
    return Item.model_validate({**draft.model_dump(), "sequence": 1, "created": NOW})


@pytest.mark.parametrize("wire", ON_THE_WIRE)
def test_an_item_comes_back_as_it_was_sent(wire: Wire) -> None:
    (sent,) = read_input([wire])
    draft = to_draft(sent, response_id="resp_1", new_id="i1", parent_id="i0")
    assert (draft.id, draft.response_id, draft.parent_id) == ("i1", "resp_1", "i0")
    shown = to_wire(kept(draft))
    read_input_item(shown)
    read_conversation_item(shown)
    assert {name: shown[name] for name in sent} == sent
    assert read_input([shown])[0] == sent | {
        name: shown[name] for name in ("id", "status") if name in shown
    }
    again = to_draft(shown, response_id="resp_1", new_id="other")
    assert again.digest() == draft.digest()


def test_an_item_keeps_the_id_it_came_with() -> None:
    (sent,) = read_input([{"role": "user", "content": "Hi", "id": "mine"}])
    assert to_draft(sent, response_id=None, new_id="new").id == "mine"


@pytest.mark.parametrize("wrong", [{"id": "no id"}, {"status": "odd"}, {"role": "odd"}])
def test_an_item_that_cannot_be_kept_is_refused(wrong: Wire) -> None:
    sent = {"role": "user", "content": [], **wrong}
    with pytest.raises(Invalid):
        to_draft(sent, response_id=None, new_id="new")


def message(role: str, *parts: Wire) -> Item:
    return item(type="message", role=role, parts=parts)


@pytest.mark.parametrize("kind", ["text", "input_text", "output_text", None])
@pytest.mark.parametrize(("role", "shown"), [("user", "input_text"), ("assistant", "output_text")])
def test_texts_of_old_clients_become_what_their_speaker_says(
    kind: str | None, role: str, shown: str
) -> None:
    part = {"text": "Hi"} | ({"type": kind} if kind else {})
    wire = to_wire(message(role, part))
    read_input_item(wire)
    assert (wire["content"][0]["type"], wire["content"][0]["text"]) == (shown, "Hi")


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "data:x"}},
        {"type": "image_url", "image_url": "data:x"},
        {"type": "image_url", "image_url": {"url": "data:x", "detail": "low", "s3_key": "k"}},
        {"type": "input_image", "image_url": "data:x"},
    ],
)
def test_images_of_old_clients_become_images(part: Wire) -> None:
    wire = to_wire(message("user", part))
    read_input_item(wire)
    assert wire["content"][0]["image_url"] == "data:x"
    assert wire["content"][0]["detail"] in {"auto", "low"}


def test_an_image_we_hold_keeps_its_id() -> None:
    wire = to_wire(message("assistant", {"type": "input_image", "file_id": "f"}))
    read_conversation_item(wire)
    assert wire["content"][0]["file_id"] == "f"


@pytest.mark.parametrize(
    "odd",
    [
        message("user", {}),
        message("user", {"type": "video", "url": "x"}),
        message("assistant", {"type": "input_text", "text": None}),
        message("user", {"type": "image_url", "image_url": {"detail": "huge"}}),
        message("tool", {"type": "text", "text": "42"}),
        item(type="message", parts=({"text": "nobody's"},)),
        item(type="function_call", parts=()),
        item(type="web_search_call", parts=({"query": "x"},), status="failed"),
        item(type="mcp_call", parts=(CALL,), status="failed"),
        item(type="message", role="user", status="failed"),
        item(type="image_generation_call", parts=({"quality": "hd", "size": 7},)),
    ],
)
def test_whatever_a_session_holds_can_be_shown(odd: Item) -> None:
    read_conversation_item(to_wire(odd))


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["type", "text", "url", "id"]), inner, max_size=3)
    ),
    max_leaves=4,
)
KINDS = [wire.get("type", "message") for wire in ON_THE_WIRE]
FIELDS = sorted({name for wire in ON_THE_WIRE for name in wire} | {"text", "image_url", "detail"})


@settings(max_examples=80, deadline=None, database=None)
@given(
    st.sampled_from(KINDS),
    st.sampled_from(["user", "assistant", "system", "developer", "tool", None]),
    st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), max_size=2),
    st.sampled_from(["completed", "in_progress", "incomplete", "failed"]),
)
def test_nothing_in_a_session_is_shown_as_what_nobody_can_read(
    kind: str, role: str | None, parts: list[Wire], status: str
) -> None:
    read_conversation_item(to_wire(item(type=kind, role=role, parts=parts, status=status)))


def test_a_response_shows_the_items_of_its_turn() -> None:
    made = [item for item in ON_THE_WIRE if item.get("role") not in {"user", "developer"}]
    drafts = [
        to_draft(sent, response_id="r", new_id=f"i{place}")
        for place, sent in enumerate(read_input(made))
    ]
    output = [to_wire(kept(draft)) for draft in drafts]
    response = {"id": "r", "object": "response", "created_at": 1, "model": "m", "tools": []}
    needed = {"tool_choice": "auto", "parallel_tool_calls": True}
    assert len(read_response({**response, **needed, "output": output}).output) == len(output)


def test_a_branch_is_the_path_to_its_leaf() -> None:
    tree = [
        item("a", 1),
        item("b", 2, parent_id="a"),
        item("c", 3, parent_id="b"),
        item("b2", 4, parent_id="a"),
        item("c2", 5, parent_id="b2", removed=True),
        item("d2", 6, parent_id="c2"),
        item("root2", 7),
    ]
    assert [each.id for each in branch(tree, "c")] == ["a", "b", "c"]
    assert [each.id for each in branch(tree, "d2")] == ["a", "b2", "d2"]
    assert [each.id for each in branch(tree, "root2")] == ["root2"]
    assert branch(tree, None) == []
    with pytest.raises(Invalid):
        branch(tree, "elsewhere")


def test_a_circle_of_parents_ends() -> None:
    circle = [item("a", 1, parent_id="b"), item("b", 2, parent_id="a")]
    assert [each.id for each in branch(circle, "b")] == ["a", "b"]
