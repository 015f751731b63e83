"""Many callers over few connections to the database: none waits in vain or becomes a stranger."""

import asyncio
from pathlib import Path

from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.schema import create_tables, table_name
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.declared.tables import LOCAL_TABLES
from tests.gateway.whole import whole_lisa
from tests.standins.engine.server import Engine

CALLERS = 200
CONNECTIONS = 5
ASKED = {
    "model": "tiny",
    "messages": [{"role": "user", "content": "hi"}],
    "engine": {"delay": 0.1},
}


async def test_two_hundred_callers_share_five_connections(postgres: str, tmp_path: Path) -> None:
    """Each has a limit, and a token that no gateway has seen yet: each needs the database."""
    engine = Engine()
    await engine.come()
    async with open_pool(postgres, size=CONNECTIONS) as pool:
        async with pool.connection() as connection:
            await create_tables(connection, LOCAL_TABLES)
            for table in LOCAL_TABLES:
                await connection.execute(b"DELETE FROM " + table_name(table).as_bytes(None))
        async with whole_lisa(PostgresTables(pool, SystemClock()), tmp_path) as lisa:
            await lisa.add("tiny", engine.url)
            limits = {"requests_per_minute": 10, "budget_usd_per_day": 1}
            tokens = [await lisa.token(f"caller{n}", limits=limits) for n in range(CALLERS)]
            clients = [lisa.caller(token, lisa.urls[n % 2]) for n, token in enumerate(tokens)]
            answers = await asyncio.gather(
                *(client.post("/v1/chat/completions", json=ASKED) for client in clients)
            )
            await asyncio.gather(*(client.aclose() for client in clients))
            records = await lisa.records(CALLERS)
    await engine.go()
    assert {answer.status_code for answer in answers} == {200}
    assert len({record["subject"] for record in records}) == CALLERS
