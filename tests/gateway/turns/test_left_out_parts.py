"""A gateway without chat and knowledge: models answer, and what isn't there says so."""

from collections.abc import AsyncIterator, Sequence

import pytest
from openai import NotFoundError

from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.declared.tables import Table
from lisa.gateway.knowledge.routes import KNOWLEDGE
from lisa.gateway.turns.routes import TURNS
from lisa.ports.table import Delete, Key, Page, Put, Query, Row, Step, Update
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, content_ports, turning_gateway
from tests.standins.engine.server import Engine


class TablesOfAll:
    """The tables that are of every deployment; asking for another fails, as it does on AWS."""

    def __init__(self) -> None:
        self._kept = MemoryTables(SystemClock())

    async def get(self, table: Table, key: Key) -> Row | None:
        """Return a row."""
        return await self._kept.get(_there(table), key)

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Row]:
        """Return rows."""
        return await self._kept.get_many(_there(table), keys)

    async def query(self, query: Query) -> Page:
        """Return a page."""
        _there(query.table)
        return await self._kept.query(query)

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        """Do a write."""
        _there(step.table)
        return await self._kept.apply(step)

    async def transact(self, steps: Sequence[Step]) -> None:
        """Do writes."""
        for step in steps:
            _there(step.table)
        await self._kept.transact(steps)

    async def delete_many(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove rows."""
        await self._kept.delete_many(_there(table), keys)


def _there(table: Table) -> Table:
    if table.of:
        raise KeyError(table.name)
    return table


@pytest.fixture
async def alone(engine: Engine) -> AsyncIterator[Turning]:
    async with turning_gateway(content_ports(TablesOfAll()), chat=False) as running:
        await running.add("tiny", to(engine, key="env:ENGINE_KEY"))
        yield running


async def test_models_answer_without_chat_and_knowledge(alone: Turning) -> None:
    client = await alone.client()

    answer = await client.chat.completions.create(
        model="tiny", messages=[{"role": "user", "content": "hi"}]
    )

    assert answer.choices[0].message.content


@pytest.mark.parametrize(
    ("path", "part"),
    [
        *((f"/{noun}", "chat") for noun in TURNS),
        *((f"/{noun}", "knowledge") for noun in KNOWLEDGE),
        ("/responses/resp_1", "chat"),
        ("/vector_stores/vs_1/search", "knowledge"),
    ],
)
async def test_what_is_left_out_says_so(alone: Turning, path: str, part: str) -> None:
    client = await alone.client()

    with pytest.raises(NotFoundError, match=f"was made without {part}") as failure:
        await client.post(path, body={}, cast_to=object)

    assert failure.value.code == "not_deployed"


async def test_what_is_nowhere_is_not_said_to_be_left_out(alone: Turning) -> None:
    client = await alone.client()

    with pytest.raises(NotFoundError) as failure:
        await client.get("/elsewhere", cast_to=object)

    assert failure.value.code == "unknown_url"
