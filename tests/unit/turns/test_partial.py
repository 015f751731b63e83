"""Whatever a log holds when it breaks off, there are items to keep in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lisa.domain.turns.items import to_draft
from lisa.domain.turns.partial import partial
from lisa.domain.turns.shapes import Wire
from tests.unit.turns.made import call, calls, chunk, says
from tests.unit.turns.wire import assembler, deltas, read_response

CITED = {"start_index": 0, "end_index": 1, "url": "https://a.example", "title": "A"}
LOGPROBS = {"content": [{"token": "a", "logprob": -1, "bytes": [97], "top_logprobs": []}]}


def log() -> list[Wire]:
    """Return the events of a response that has something of everything."""
    made = assembler({"maps__find": ("maps", "find")})
    tools = [{"name": "find", "input_schema": {}}]
    events = made.begin()
    events += made.add_item({"type": "mcp_list_tools", "server_label": "maps", "tools": tools})
    first = [
        chunk(reasoning="Hm, "),
        chunk(reasoning="yes"),
        chunk(content="a", logprobs=LOGPROBS),
        chunk(content="b", logprobs=LOGPROBS),
        chunk(annotations=[{"type": "url_citation", "url_citation": CITED}]),
        chunk(refusal="no"),
        calls(call(0, "c1", "maps__find", "{"), call(1, "c2", "look", "[")),
        calls(call(0, args="}"), call(1, args="]")),
    ]
    for one in first:
        events += made.take(one)
    events += made.finish_call()
    asked = made.tool_calls[0]
    found = {"type": "mcp_call", "server_label": "maps", "name": "find", "output": "here"}
    events += made.add_item({**found, "id": asked.item_id, "arguments": asked.arguments})
    events += made.add_item({"type": "image_generation_call", "lisa": {"file_id": "f"}})
    for one in says("Done", "."):
        events += made.take(one)
    return events + made.finish_call() + made.end("completed")


EVENTS = log()


@settings(max_examples=len(EVENTS), deadline=None, database=None)
@given(st.integers(min_value=0, max_value=len(EVENTS)))
def test_a_log_that_breaks_off_anywhere_gives_items_that_are_valid(length: int) -> None:
    seen = EVENTS[:length]
    items = partial(seen)
    read_response({**EVENTS[0]["response"], "status": "incomplete", "output": items})
    done = {e["item"]["id"] for e in seen if e["type"] == "response.output_item.done"}
    begun = [e["item"]["id"] for e in seen if e["type"] == "response.output_item.added"]
    assert [item["id"] for item in items] == begun
    for item in items:
        open_still = item["id"] not in done and "status" in item
        assert (item["status"] in {"incomplete", "failed"}) if open_still else True
        assert to_draft(item, response_id="resp_1", new_id="unused").id == item["id"]


def test_an_unfinished_item_holds_all_that_was_said() -> None:
    for length in range(len(EVENTS)):
        for index, item in enumerate(partial(EVENTS[:length])):
            said = [e for e in EVENTS[:length] if e.get("output_index") == index]
            parts = item.get("content") or []
            texts = [part.get("text", part.get("refusal", "")) for part in parts]
            if any(event["type"].endswith(".delta") for event in said):
                assert deltas(said) == "".join(texts) + item.get("arguments", "")


def test_a_whole_log_gives_the_output_of_the_response() -> None:
    assert partial(EVENTS) == EVENTS[-1]["response"]["output"]
    assert partial([]) == []


def test_reading_a_log_leaves_it_as_it_is() -> None:
    before = repr(EVENTS)
    partial(EVENTS[:-1])
    assert repr(EVENTS) == before
