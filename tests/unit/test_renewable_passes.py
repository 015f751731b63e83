"""Passes under a secret that is replaced while processes run."""

from datetime import UTC, datetime

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.domain.errors import Unauthenticated
from lisa.domain.model import Model, Upstream
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


async def test_a_replaced_secret_is_noticed_by_writers_and_readers_within_a_minute() -> None:
    clock, kept = ManualClock(), Kept()
    tables = MemoryTables(clock)
    upstream = Upstream(kind="openai", url="http://127.0.0.1:9/v1", target="words")
    now = datetime(2030, 1, 1, tzinfo=UTC)
    await ModelStore(tables).add(Model(id="words", upstreams=(upstream,), created=now, changed=now))
    writer, reader = Process(kept, tables, clock), Process(kept, tables, clock)

    former = await writer.passes.write(ALICE, "words")
    assert (await reader.passes.read(former)).subject == "alice"

    kept.value = "second"
    clock.advance(LONGEST_MEMORY.total_seconds())
    renewed = await writer.passes.write(ALICE, "words")
    assert (await reader.passes.read(renewed)).model == "words"
    with pytest.raises(Unauthenticated):
        await reader.passes.read(former)
