"""How little a turn writes, and what an administrator's switch and the log say of it."""

import json
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from openai import NotFoundError, PermissionDeniedError
from pydantic import JsonValue

from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.bootstrap.administration_routes import configuration_services
from lisa.bootstrap.every_door import switches_of
from lisa.domain.identity import Principal
from lisa.ports.steps import place_of
from lisa.ports.table import Check, Step
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, content_ports, registered, turning_gateway
from tests.standins.engine.server import Engine

HI: dict[str, Any] = {"model": "tiny", "input": "Hi"}
ROOT = Principal(subject="root", admin=True)


class Counted(MemoryTables):
    """Tables that remember what was written together."""

    def __init__(self) -> None:
        super().__init__(SystemClock())
        self.written: list[set[str]] = []

    async def transact(self, steps: Sequence[Step]) -> None:
        await super().transact(steps)
        changing = [place_of(step)[1].sk for step in steps if not isinstance(step, Check)]
        self.written.append({sk.partition("#")[0] for sk in changing})


async def test_a_turn_begins_in_one_transaction_and_ends_in_one(engine: Engine) -> None:
    tables = Counted()
    async with turning_gateway(content_ports(tables)) as running:
        await running.add("tiny", to(engine, key="env:ENGINE_KEY"))
        client = await running.client()
        tables.written.clear()
        first = await client.responses.create(**HI)
        await client.responses.create(**HI, previous_response_id=first.id)

    turns = [rows for rows in tables.written if rows != {"log"}]
    both = [{"session", "item", "mark", "turn", "asked"}, {"session", "item", "mark", "turn"}]
    assert [rows - {"log"} for rows in turns] == [*both, *both]


async def test_more_items_than_fit_are_kept_with_their_turn(turning: Turning) -> None:
    client = await turning.client()
    many = [{"role": "user", "content": f"Word {n}"} for n in range(35)]
    answer = await client.responses.create(model="tiny", input=many)
    listed = await client.responses.input_items.list(answer.id, limit=100, order="asc")
    assert [item.content[0].text for item in listed.data] == [f"Word {n}" for n in range(35)]


async def test_an_administrator_can_switch_tool_servers_off_for_turns(turning: Turning) -> None:
    client = await turning.client()
    ports = content_ports(turning.models.tables)
    documents = configuration_services(ports, switches_of(ports)).configurations
    async with registered(turning) as tool:
        tool |= {"require_approval": "never"}
        off: JsonValue = {"enabledComponents": {"mcpConnections": False}}
        await documents.change(ROOT, version=0, document=off, reason="a test")
        with pytest.raises(PermissionDeniedError) as refused:
            await client.responses.create(**HI, tools=[tool])
    assert refused.value.code == "switched_off"
    assert (await client.responses.create(**HI)).status == "completed"


async def test_the_log_names_the_routes_of_turns(
    turning: Turning, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lisa.gateway")
    client = await turning.client()
    with pytest.raises(NotFoundError):
        await client.responses.retrieve("resp_no_no")
    with pytest.raises(NotFoundError):
        await client.conversations.retrieve("nobodys")
    lines = [each.message for each in caplog.records if each.name == "lisa.gateway"]
    assert [json.loads(line)["endpoint"] for line in lines] == ["responses", "conversations"]
