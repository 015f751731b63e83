"""Meters calls until it is killed, and says of each what it has noted.

Started by `test_metering_kill` with a database and a folder for journals.
"""

import asyncio
import os
import sys
from pathlib import Path

from lisa.adapters.files.journal import FileJournal
from lisa.adapters.memory.clock import START
from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.usage import Call, Counts
from lisa.ports.calls import Ask
from lisa.stores.usage.batches import UsageBatches
from lisa.usecases.metering import BatchingMeter

MODEL = Model(id="m", created=START, changed=START)
ALICE = Principal(subject="alice")
STAYS_OPEN = 5


def say(word: str, name: str) -> None:
    os.write(1, f"{word} {name}\n".encode())


async def serve(conninfo: str, folder: Path) -> None:
    clock = SystemClock()
    async with open_pool(conninfo) as pool:
        store = UsageBatches(PostgresTables(pool, clock))
        meter = BatchingMeter(store, FileJournal(folder, 5000), clock, RandomIds())
        async with meter.running():
            number = 0
            while True:
                await asyncio.sleep(0.002)
                one_call(meter, f"{os.getpid()}-{number}", leave_open=number % 20 == STAYS_OPEN)
                number += 1


def one_call(meter: BatchingMeter, name: str, *, leave_open: bool) -> None:
    meter.begin(Ask(name, ALICE, MODEL, "chat", prompt_estimate=1000, most_completion=1))
    say("began", name)
    if leave_open:
        return
    counts = Counts(prompt=3, completion=4)
    at = SystemClock().now()
    say("ends", name)
    meter.note(
        Call(id=name, at=at, subject="alice", model="m", endpoint="chat", status=200, counts=counts)
    )
    say("ended", name)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
