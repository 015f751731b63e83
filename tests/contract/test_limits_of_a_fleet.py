"""Limits hold for real processes over real Postgres: the sum of what each of them lets through."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

import pytest

from tests.contract.stores import empty_database

PATIENCE = "3"


async def admitted(conninfo: str, processes: int, **limit: float) -> int:
    """Run that many processes at once, and return how many calls they let through together."""
    command = [sys.executable, "-m", "tests.contract.limit_process", conninfo]
    rest = [json.dumps(limit), PATIENCE]
    running = [
        await asyncio.create_subprocess_exec(*command, f"process-{n}", *rest, stdout=PIPE)
        for n in range(processes)
    ]
    said = await asyncio.gather(*(each.communicate() for each in running))
    return sum(int(out) for out, _ in said)


@pytest.mark.parametrize("processes", [1, 8])
async def test_a_rate_is_one_rate_for_all_processes(postgres: str, processes: int) -> None:
    async with empty_database(postgres):
        got = await admitted(postgres, processes, requests_per_minute=300)
    assert 0.9 * 300 <= got <= 300


@pytest.mark.parametrize("processes", [1, 8])
async def test_a_budget_is_spent_once_by_all_processes(postgres: str, processes: int) -> None:
    async with empty_database(postgres):
        got = await admitted(postgres, processes, budget_usd_per_month=40)
    assert 0.9 * 40 <= got <= 40
