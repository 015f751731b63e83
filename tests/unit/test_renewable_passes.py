"""Passes under a secret that is replaced while processes run."""

from datetime import UTC, datetime

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.domain.errors import Unauthenticated
from lisa.domain.model import Model, Upstream
from lisa.domain.rotating import read_rotating
from lisa.ports.embedding import OnBehalf
from lisa.stores.models import ModelStore
from lisa.usecases.remembered_secrets import LONGEST_MEMORY, RememberedSecrets
from lisa.usecases.renewable_passes import RenewablePasses

ALICE = OnBehalf("alice")
WHERE = "secret:passes"


class Kept:
    """A place of secrets that tells whatever lies there now."""

    def __init__(self) -> None:
        self.value = "first"

    async def resolve(self, reference: str) -> str:
        assert reference == WHERE
        return self.value


class Process:
    """One that writes or reads passes; all look at the same place."""

    def __init__(self, kept: Kept, tables: MemoryTables, clock: ManualClock) -> None:
        self.secrets = RememberedSecrets({"secret": kept}, clock)
        self.passes = RenewablePasses(ModelStore(tables), self.secrets, WHERE, clock)


async def pair_of(kept: Kept, clock: ManualClock) -> tuple[Process, Process]:
    tables = MemoryTables(clock)
    upstream = Upstream(kind="openai", url="http://127.0.0.1:9/v1", target="words")
    now = datetime(2030, 1, 1, tzinfo=UTC)
    await ModelStore(tables).add(Model(id="words", upstreams=(upstream,), created=now, changed=now))
    return Process(kept, tables, clock), Process(kept, tables, clock)


async def test_across_rotations_every_pass_is_read_whoever_noticed_the_new_secret_first() -> None:
    clock, kept = ManualClock(), Kept()
    early, late = await pair_of(kept, clock)

    for number in range(4):
        await late.passes.write(ALICE, "words")  # remembers the secret as it is now
        kept.value = read_rotating(kept.value).rotated(f"new-{number}").text
        early.secrets.forget(WHERE)
        clock.advance(1)
        first = await early.passes.write(ALICE, "words")
        second = await late.passes.write(ALICE, "words")
        assert (await late.passes.read(first)).subject == "alice"
        assert (await early.passes.read(second)).subject == "alice"
        clock.advance(LONGEST_MEMORY.total_seconds())


async def test_what_leaked_opens_nothing_once_its_word_is_gone() -> None:
    clock, kept = ManualClock(), Kept()
    writer, reader = await pair_of(kept, clock)
    leaked = await writer.passes.write(ALICE, "words")

    for number in range(3):
        assert (await reader.passes.read(leaked)).subject == "alice"
        kept.value = read_rotating(kept.value).rotated(f"new-{number}").text
        clock.advance(LONGEST_MEMORY.total_seconds())
    with pytest.raises(Unauthenticated):
        await reader.passes.read(leaked)


async def test_a_replaced_secret_is_noticed_by_writers_and_readers_within_a_minute() -> None:
    clock, kept = ManualClock(), Kept()
    writer, reader = await pair_of(kept, clock)

    former = await writer.passes.write(ALICE, "words")
    assert (await reader.passes.read(former)).subject == "alice"

    kept.value = "second"
    clock.advance(LONGEST_MEMORY.total_seconds())
    renewed = await writer.passes.write(ALICE, "words")
    assert (await reader.passes.read(renewed)).model == "words"
    with pytest.raises(Unauthenticated):
        await reader.passes.read(former)
