"""Turns whose process is gone: closed by whoever looks, with what their log has, and only once."""

import json
from datetime import timedelta

from lisa.domain.session import Session
from lisa.domain.turns.events import Assembler
from lisa.domain.turns.response import shown
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Turn, TurnStatus
from lisa.stores.turns.log import Batch
from lisa.stores.turns.places import turn_id
from lisa.usecases.turns.closing import Lost
from lisa.usecases.turns.leases import LEASE, Leases
from lisa.usecases.turns.live import LiveTurn
from lisa.usecases.turns.watching import Watching
from tests.unit.conftest import ALICE, House


async def begun(house: House, *, listed: bool = True) -> Turn:
    """Begin a turn, and let it say something."""
    session = await house.sessions.create(ALICE, listed=listed)
    turn = a_turn(house, session)
    await house.closing.heads.begin(turn)
    assembler = Assembler(turn.id, shown(turn, []), house.ids.new)
    events = assembler.begin()
    for word in ("It ", "says"):
        events += assembler.take({"choices": [{"index": 0, "delta": {"content": word}}]})
    await house.closing.log.write([Batch(turn.id, 0, numbered(events))], house.clock.now())
    return turn


def a_turn(house: House, session: Session) -> Turn:
    now = house.clock.now()
    return Turn(
        id=turn_id(session.uid, house.ids.new("turn")),
        owner=session.owner,
        session_id=session.id,
        session_uid=session.uid,
        model="tiny",
        lease="lease_1",
        lease_until=now + LEASE,
        created=now,
    )


def numbered(events: list[Wire]) -> list[str]:
    return [json.dumps(event | {"sequence_number": n}) for n, event in enumerate(events)]


async def test_a_turn_that_was_given_up_is_closed_with_what_was_said(house: House) -> None:
    turn = await begun(house)
    assert await house.closing.close_expired(turn) == turn
    house.clock.advance(LEASE.total_seconds() + 1)
    await house.sweep.run()

    closed = await house.closing.heads.get(turn.id)
    assert closed
    assert closed.status is TurnStatus.INCOMPLETE
    assert closed.incomplete_reason == "interrupted"
    (item,) = await house.closing.output_of(closed)
    assert item["content"][0]["text"] == "It says"
    assert item["status"] == "incomplete"
    assert await house.closing.heads.expired(house.clock.now()) == []


async def test_a_turn_of_which_nothing_was_logged_is_told_from_its_beginning(house: House) -> None:
    turn = a_turn(house, await house.sessions.create(ALICE))
    await house.closing.heads.begin(turn)
    house.clock.advance(LEASE.total_seconds() + 1)
    closed = await house.closing.close_expired(turn)
    assert closed
    watching = Watching(house.closing.heads, house.closing.log, house.closing, house.clock)

    async def told(number: int) -> list[str]:
        return [
            each.name async for several in watching.elsewhere(closed, number) for each in several
        ]

    whole = ["response.created", "response.in_progress", "response.incomplete"]
    assert [await told(number) for number in range(3)] == [whole, whole[2:], whole[2:]]


async def test_a_turn_whose_caller_had_cancelled_it_is_closed_as_cancelled(house: House) -> None:
    turn = await begun(house)
    await house.closing.heads.request_cancel(turn)
    house.clock.advance(LEASE.total_seconds() + 1)

    closed = await house.closing.close_expired(turn)
    assert closed
    assert closed.status is TurnStatus.CANCELLED


async def test_an_owner_who_wakes_up_too_late_changes_nothing(house: House) -> None:
    turn = await begun(house)
    house.clock.advance(LEASE.total_seconds() + 1)
    closed = await house.closing.close_expired(turn)
    assert closed
    (item,) = await house.closing.output_of(closed)
    whole = item | {"status": "completed", "content": [text("It says more")]}

    try:
        await house.closing.close(turn, [whole], {"status": TurnStatus.COMPLETED}, turn.version)
    except Lost:
        pass
    else:
        raise AssertionError("a turn was closed twice")
    assert await house.closing.heads.get(turn.id) == closed
    assert await house.closing.output_of(closed) == [item]


async def test_an_owner_who_is_only_slow_is_faster_than_who_closes(house: House) -> None:
    turn = await begun(house)
    await house.closing.heads.renew([turn], house.clock.now() + 2 * LEASE)
    house.clock.advance(LEASE.total_seconds() + 1)

    still = await house.closing.close_expired(turn)
    assert still
    assert still.is_open


async def test_a_deleted_sessions_turn_leaves_nothing(house: House) -> None:
    turn = await begun(house)
    await house.sessions.delete(ALICE, turn.session_id)
    assert await house.closing.heads.get(turn.id) is None
    assert await house.closing.log.all(turn.id) == []
    house.clock.advance(LEASE.total_seconds() + 1)
    assert await house.closing.close_expired(turn) is None


async def test_a_turn_that_another_closed_is_given_up(house: House) -> None:
    turn = await begun(house)
    live = LiveTurn(turn, lambda _: None)
    leases = Leases(house.closing.heads, house.clock, "lease_1", house.closing.close_expired)
    leases.held[turn.id] = live
    await leases.look()
    assert not live.lost

    house.clock.advance(LEASE.total_seconds() + 1)
    await house.closing.close_expired(turn)
    await leases.look()
    assert live.lost


async def test_leases_are_renewed_before_they_end(house: House) -> None:
    turn = await begun(house)
    live = LiveTurn(turn, lambda _: None)
    leases = Leases(house.closing.heads, house.clock, "lease_1", house.closing.close_expired)
    leases.held[turn.id] = live
    for _ in range(12):
        house.clock.advance(3.5)
        await leases.look()
        await leases.close_expired()

    kept = await house.closing.heads.get(turn.id)
    assert kept
    assert kept.is_open
    assert kept.version == live.version == 13


async def test_sessions_made_for_one_response_are_forgotten_after_a_month(house: House) -> None:
    turn = await begun(house, listed=False)
    chat = await house.sessions.create(ALICE)
    assert [each.id for each in (await house.sessions.page(ALICE, limit=9, cursor=""))[0]] == [
        chat.id
    ]
    house.clock.advance(timedelta(days=29).total_seconds())
    await house.sweep.run()
    assert await house.heads.get("alice", turn.session_id)
    house.clock.advance(timedelta(days=1, minutes=1).total_seconds())
    await house.sweep.run()

    assert await house.heads.get("alice", turn.session_id) is None
    assert await house.closing.heads.get(turn.id) is None
    assert await house.heads.get("alice", chat.id)


def text(said: str) -> Wire:
    return {"type": "output_text", "text": said, "annotations": []}
