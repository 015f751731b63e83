"""What an issuer last said of a person counts for their tokens, and costs next to nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.domain.claims import RoleGroups
from lisa.domain.errors import NotAdmitted, Unauthenticated, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.people import Person
from lisa.ports.table import Tables
from lisa.stores.people import PeopleStore
from lisa.usecases.people import ASSERTED_EVERY, MOST_REMEMBERED, PAUSE, KnownPeople, LastSeen

ROLES = RoleGroups(admin="admins", rag_admin="librarians", user="staff", api="developers")
MINUTE = timedelta(minutes=1)
ALICE = Principal(subject="alice", groups=frozenset({"staff", "old"}), admin=True, rag_admin=True)


@dataclass
class Watched:
    """The table port, counting calls; it can be broken."""

    inner: Tables
    calls: Counter[str] = field(default_factory=Counter)
    is_broken: bool = False

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        if self.is_broken:
            raise Unavailable("the store is away")
        return getattr(self.inner, name)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tables(clock: ManualClock) -> Watched:
    return Watched(MemoryTables(clock))


@pytest.fixture
def store(tables: Watched) -> PeopleStore:
    return PeopleStore(tables)


@pytest.fixture
def known(store: PeopleStore, clock: ManualClock) -> KnownPeople:
    return KnownPeople(store, ROLES, clock, timedelta(days=90))


@pytest.fixture
def last_seen(store: PeopleStore, clock: ManualClock) -> LastSeen:
    return LastSeen(store, clock)


def said(*groups: str, after: timedelta = timedelta(), subject: str = "alice") -> Person:
    return Person(subject=subject, groups=frozenset(groups), seen=START + after)


async def test_of_whom_no_issuer_spoke_the_token_itself_tells(known: KnownPeople) -> None:
    assert await known.follow(ALICE) == ALICE


async def test_a_token_has_its_persons_groups_and_no_role_they_lost(
    known: KnownPeople, store: PeopleStore
) -> None:
    await store.write(said("staff", "new", "librarians"))
    today = await known.follow(ALICE)
    assert today.groups == {"staff", "new", "librarians"}
    assert (today.admin, today.rag_admin, today.may_make_tokens) == (False, True, False)


async def test_a_token_gains_no_role_that_it_was_made_without(
    known: KnownPeople, store: PeopleStore
) -> None:
    await store.write(said("admins", "librarians", "developers"))
    plain = Principal(subject="alice", may_make_tokens=False)
    today = await known.follow(plain)
    assert (today.admin, today.rag_admin, today.may_make_tokens) == (False, False, False)


async def test_an_administrators_token_for_repositories_stays_one(
    known: KnownPeople, store: PeopleStore
) -> None:
    await store.write(said("admins"))
    assert (await known.follow(ALICE)).rag_admin


async def test_a_lost_group_is_gone_within_a_second(
    known: KnownPeople, last_seen: LastSeen, clock: ManualClock
) -> None:
    await last_seen.note(said("staff", "research"))
    assert "research" in (await known.follow(ALICE)).groups
    await last_seen.note(said("staff", after=MINUTE))
    clock.advance(1)
    assert (await known.follow(ALICE)).groups == {"staff"}


async def test_who_left_the_app_wide_group_is_let_in_by_no_token(
    known: KnownPeople, store: PeopleStore
) -> None:
    await store.write(said("elsewhere"))
    with pytest.raises(NotAdmitted):
        await known.follow(ALICE)


@pytest.mark.parametrize(
    "state", [{"disabled": True}, {"since": START + MINUTE}], ids=["disabled", "another person"]
)
async def test_a_token_of_nobody_we_let_in_is_refused(
    known: KnownPeople, store: PeopleStore, state: dict[str, object]
) -> None:
    await store.write(said("staff").model_copy(update=state))
    with pytest.raises(Unauthenticated):
        await known.follow(ALICE, START)


async def test_whoever_has_not_signed_in_for_long_must_do_so_first(
    known: KnownPeople, last_seen: LastSeen, clock: ManualClock
) -> None:
    await last_seen.note(said("staff"))
    clock.advance(90 * 86_400)
    await known.follow(ALICE)
    clock.advance(1)
    with pytest.raises(Unauthenticated) as caught:
        await known.follow(ALICE)
    assert caught.value.precise_code == "owner_not_seen"
    await last_seen.note(said("staff", after=timedelta(days=90)))
    clock.advance(1)
    assert (await known.follow(ALICE)).groups == {"staff"}


async def test_nobody_is_forgotten_where_that_is_switched_off(
    store: PeopleStore, clock: ManualClock
) -> None:
    await store.write(said("staff"))
    clock.advance(10_000 * 86_400)
    assert (await KnownPeople(store, ROLES, clock).follow(ALICE)).groups == {"staff"}


async def test_a_burst_of_calls_is_one_read_of_people_and_of_strangers(
    known: KnownPeople, store: PeopleStore, tables: Watched
) -> None:
    await store.write(said("staff"))
    tables.calls.clear()
    for subject in ["alice", "nobody"] * 5:
        await known.follow(Principal(subject=subject))
    assert tables.calls == {"get": 2}


async def test_the_newest_word_counts_for_an_older_access_token(
    known: KnownPeople, store: PeopleStore
) -> None:
    await store.write(said("staff", after=MINUTE))
    assert (await known.newest(said("staff", "research"))).groups == {"staff"}
    newer = said("staff", "eval", after=2 * MINUTE)
    assert await known.newest(newer) == newer


async def test_a_sign_in_that_was_ended_is_over_and_one_of_the_same_second_is_not(
    known: KnownPeople, store: PeopleStore
) -> None:
    ended = START + timedelta(seconds=10, milliseconds=500)
    await store.write(said("staff").model_copy(update={"ended": ended}))
    await known.newest(said("staff", after=timedelta(seconds=10)))
    with pytest.raises(Unauthenticated):
        await known.newest(said("staff", after=timedelta(seconds=9)))


async def test_what_is_known_is_not_written_again(last_seen: LastSeen, tables: Watched) -> None:
    await last_seen.note(said("staff"))
    tables.calls.clear()
    for seconds in range(0, 600, 60):
        await last_seen.note(said("staff", after=timedelta(seconds=seconds)))
    await last_seen.note(said("other", after=-MINUTE))
    assert not tables.calls


async def test_another_process_does_not_write_what_is_known_either(
    last_seen: LastSeen, store: PeopleStore, clock: ManualClock, tables: Watched
) -> None:
    await last_seen.note(said("staff"))
    tables.calls.clear()
    await LastSeen(store, clock).note(said("staff", after=MINUTE))
    assert tables.calls == {"get": 1}


async def test_somebody_who_keeps_coming_is_seen_every_ten_minutes(
    last_seen: LastSeen, store: PeopleStore
) -> None:
    later = said("staff", after=ASSERTED_EVERY + MINUTE)
    await last_seen.note(said("staff"))
    await last_seen.note(later)
    found = await store.by_subject("alice")
    assert found
    assert found.seen == later.seen


async def test_an_older_token_does_not_undo_what_a_newer_one_said(
    store: PeopleStore, clock: ManualClock
) -> None:
    await LastSeen(store, clock).note(said("staff", after=MINUTE))
    await LastSeen(store, clock).note(said("staff", "lost"))
    found = await store.by_subject("alice")
    assert found
    assert found.groups == {"staff"}


async def test_no_token_undoes_that_an_account_is_disabled(
    last_seen: LastSeen, store: PeopleStore
) -> None:
    await store.write(said("staff").model_copy(update={"disabled": True}))
    await last_seen.note(said("staff", "more", after=MINUTE))
    found = await store.by_subject("alice")
    assert found
    assert found.disabled
    assert found.groups == {"staff", "more"}


async def test_an_issuer_that_names_no_time_is_not_written_down(
    last_seen: LastSeen, tables: Watched
) -> None:
    await last_seen.note(Person(subject="alice"))
    assert not tables.calls


async def test_a_store_that_is_away_fails_nothing_and_is_left_alone_for_a_while(
    last_seen: LastSeen, store: PeopleStore, clock: ManualClock, tables: Watched
) -> None:
    tables.is_broken = True
    for _ in range(10):
        await last_seen.note(said("staff"))
    assert tables.calls.total() == 1
    tables.is_broken = False
    clock.advance(PAUSE.total_seconds())
    await last_seen.note(said("staff"))
    assert await store.by_subject("alice")


async def test_what_is_remembered_of_people_has_a_bound(
    last_seen: LastSeen, tables: Watched
) -> None:
    for number in range(MOST_REMEMBERED + 1):
        await last_seen.note(said(subject=f"s{number}"))
    tables.calls.clear()
    await last_seen.note(said(subject="s1"))
    assert not tables.calls
    await last_seen.note(said(subject="s0"))
    assert tables.calls
