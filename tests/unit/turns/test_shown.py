"""Turns and sessions in the shapes of the `openai` package."""

from datetime import timedelta

import pytest
from openai.types.conversations import (
    Conversation,
    ConversationDeletedResource,
    ConversationItemList,
)
from openai.types.responses import ResponseItemList
from pydantic import ValidationError

from lisa.domain.session import Session
from lisa.domain.turns.conversation import conversation, deleted_conversation, item_list
from lisa.domain.turns.items import to_wire
from lisa.domain.turns.response import shown
from lisa.domain.turns.turn import TurnStatus
from tests.unit.turns.made import NOW, item, turn
from tests.unit.turns.wire import assembler, numbered, read_event, read_response

MEASURES = {
    "first_token_ms": 200,
    "total_ms": 1200,
    "cost": 0.01,
    "price_source": "list",
    "served_by": "other",
}
USAGE = {
    "input_tokens": 1,
    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": 50,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 51,
}


@pytest.mark.parametrize("status", TurnStatus)
def test_a_turn_in_any_state_is_a_response(status: TurnStatus) -> None:
    told = shown(turn(status=status, completed=NOW + timedelta(seconds=1)), [])
    assert read_response(told).status == status.value
    assert (told["completed_at"] is None) == (status is not TurnStatus.COMPLETED)


def test_a_response_says_what_it_took() -> None:
    done = turn(status="completed", completed=NOW, usage=USAGE, measures=MEASURES)
    assert shown(done, [])["lisa"] == {"session_id": "s", "tokens_per_second": 50.0} | MEASURES
    assert set(shown(turn(), [])["lisa"].values()) == {"s", None}


def test_a_turn_that_is_not_kept_names_no_conversation() -> None:
    told = shown(turn(stored=False), [])
    assert (told["conversation"], told["store"], told["lisa"]["session_id"]) == (None, False, None)


@pytest.mark.parametrize(
    ("reason", "details"),
    [
        ("max_output_tokens", {"reason": "max_output_tokens"}),
        ("interrupted", {"reason": None, "lisa_reason": "interrupted"}),
        ("", {"reason": None, "lisa_reason": None}),
    ],
)
def test_why_it_is_incomplete_is_said(reason: str, details: dict[str, str | None]) -> None:
    told = shown(turn(status="incomplete", incomplete_reason=reason), [])
    read_response(told)
    assert told["incomplete_details"] == details


@pytest.mark.parametrize(
    ("ours", "kind", "theirs"),
    [
        ("limit_reached", "limit_reached", "rate_limit_exceeded"),
        ("insufficient_quota", "limit_reached", "rate_limit_exceeded"),
        ("refused_by_model", "invalid", "invalid_prompt"),
        ("model_not_found", "not_found", "invalid_prompt"),
        ("server_error", "error", "server_error"),
        ("upstream_silent", "unavailable", "server_error"),
    ],
)
def test_why_it_failed_is_said_in_their_words_and_in_ours(
    ours: str, kind: str, theirs: str
) -> None:
    error = {"code": ours, "kind": kind, "message": "no"}
    told = shown(turn(status="failed", error=error), [])
    read_response(told)
    assert told["error"] == {"code": theirs, "message": "no", "type": ours}
    made = assembler()
    for event in numbered(made.begin() + made.end("failed", error)):
        read_event(event)
    assert event["response"]["error"] == told["error"]


def test_the_last_event_may_say_more() -> None:
    made = assembler()
    (last,) = made.end("completed", also={"lisa": MEASURES, "completed_at": 1.5})
    assert last["response"]["lisa"] == MEASURES
    read_event({**last, "sequence_number": 0})


def test_what_the_package_does_not_know_is_not_valid() -> None:
    made = assembler()
    (event,) = made.end("completed")
    with pytest.raises(KeyError):
        read_event({**event, "type": "response.odd", "sequence_number": 0})
    odd_item = {"id": "i", "type": "odd"}
    odd_part = {"id": "i", "type": "message", "role": "assistant", "status": "completed"}
    for output in ([odd_item], [{**odd_part, "content": [{"type": "odd", "text": ""}]}]):
        with pytest.raises(ValidationError):
            read_response(shown(turn(), output))
    with pytest.raises(ValidationError):
        read_event(event)


def test_a_session_is_a_conversation() -> None:
    made = Session(id="s", uid="s_1", owner="alice", created=NOW, updated=NOW)
    assert Conversation.model_validate(conversation(made), strict=True).metadata == {}
    noted = made.model_copy(update={"configuration": {"metadata": {"a": "b"}}})
    assert conversation(noted)["metadata"] == {"a": "b"}
    assert ConversationDeletedResource.model_validate(deleted_conversation("s")).deleted


def test_items_come_in_pages() -> None:
    said = [{"type": "input_text", "text": "Hi"}]
    items = [to_wire(item(name, role="user", parts=said)) for name in ("a", "b")]
    page = ConversationItemList.model_validate(item_list(items, has_more=True))
    assert (page.first_id, page.last_id, page.has_more) == ("a", "b", True)
    assert ResponseItemList.model_validate(item_list(items)).data[0].id == "a"
    assert ConversationItemList.model_validate(item_list([])).data == []
