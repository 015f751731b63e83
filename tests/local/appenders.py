"""Eight clients that append while LISA is killed: what was acknowledged must be there, once."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
import psutil

from lisa.declared.home import CLI_TOKEN, STATE

CLIENTS = 8
PAUSE = 0.05


@dataclass
class LocalLisa:
    """The local profile of one home, started and stopped by the `lisa` command."""

    home: Path
    env: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on this home."""
        command = [sys.executable, "-m", "cli.main", *arguments]
        environ = {**self.env, "LISA_HOME": str(self.home)}
        return subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=120, check=False
        )

    def up(self, port: int) -> None:
        """Start, and return when it answers."""
        done = self.run("up", "--port", str(port), "--no-browser", "--detach")
        assert done.returncode == 0, done.stdout + done.stderr

    def down(self) -> None:
        """Stop."""
        self.run("down")

    @property
    def state(self) -> dict[str, object]:
        """Return what the running LISA wrote of itself."""
        found: dict[str, object] = json.loads((self.home / STATE).read_text())
        return found

    def processes(self) -> list[psutil.Process]:
        """Return the supervisor and everything it started."""
        top = psutil.Process(int(str(self.state["pid"])))
        return [top, *top.children(recursive=True)]

    def kill(self, choose: Callable[[list[psutil.Process]], list[psutil.Process]]) -> None:
        """End the chosen processes as a power cut would."""
        for process in choose(self.processes()):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)


@dataclass
class Appenders:
    """Clients, and what was acknowledged to each."""

    url: str
    token: str
    session_id: str = "torn"
    acknowledged: dict[int, list[str]] = field(default_factory=dict)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self) -> httpx.AsyncClient:
        """Return a client that gives up on a silent server."""
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=10)

    async def run(self) -> None:
        """Append from all clients until told to stop."""
        await asyncio.gather(*(self._append(number) for number in range(CLIENTS)))

    async def go_on(self, load: asyncio.Task[None]) -> None:
        """Return once each got something more through, or when appending has failed."""
        before = {number: len(mine) for number, mine in self.acknowledged.items()}
        while not load.done():
            more = [len(mine) > before.get(each, 0) for each, mine in self.acknowledged.items()]
            if all(more) and len(more) == CLIENTS:
                return
            await asyncio.sleep(PAUSE)

    async def _append(self, number: int) -> None:
        mine = self.acknowledged.setdefault(number, [])
        async with self.client() as client:
            while not self.stop.is_set():
                item_id = f"c{number}-{len(mine):05d}"
                if await self._acknowledged(client, item_id):
                    mine.append(item_id)
                else:
                    await asyncio.sleep(PAUSE)

    async def _acknowledged(self, client: httpx.AsyncClient, item_id: str) -> bool:
        part = {"type": "input_text", "text": item_id}
        body = {"items": [{"id": item_id, "role": "user", "parts": [part]}]}
        try:
            answer = await client.post(f"/api/sessions/{self.session_id}/items", json=body)
        except httpx.TransportError:
            return False
        assert answer.status_code in {201, 503}, answer.text
        return answer.status_code == httpx.codes.CREATED

    async def found(self) -> list[str]:
        """Return the ids that are kept, in the session's order."""
        ids: list[str] = []
        cursor = ""
        async with self.client() as client:
            while True:
                query: dict[str, str | int] = {"limit": 1000, "cursor": cursor}
                path = f"/api/sessions/{self.session_id}/items"
                page = (await client.get(path, params=query)).json()
                ids += [item["id"] for item in page["items"]]
                cursor = page["next_cursor"]
                if not cursor:
                    return ids

    def refute(self, kept: list[str]) -> None:
        """Fail unless every acknowledged item is there, once, in its client's order."""
        assert len(kept) == len(set(kept)), "an item is there twice"
        for number, acknowledged in self.acknowledged.items():
            mine = [item_id for item_id in kept if item_id.startswith(f"c{number}-")]
            assert mine[: len(acknowledged)] == acknowledged, "an acknowledged item is lost"
            assert len(mine) <= len(acknowledged) + 1, "more is there than was ever sent"


async def survive(lisa: LocalLisa, rounds: int, seed: int) -> None:
    """Kill everything, or any part, again and again under load; then compare."""
    random = Random(seed)  # noqa: S311 - a choice that can be repeated
    await asyncio.to_thread(lisa.up, 0)
    port = int(str(lisa.state["port"]))
    made = lisa.run("token", "create", "--name", "appender", "--json")
    appenders = Appenders(f"http://127.0.0.1:{port}", json.loads(made.stdout)["token"])
    async with appenders.client() as client:
        created = await client.post("/api/sessions", json={"id": appenders.session_id})
        assert created.status_code == httpx.codes.CREATED, created.text
    load = asyncio.create_task(appenders.run())
    await appenders.go_on(load)
    for number in range(rounds):
        await asyncio.sleep(random.uniform(0.5, 2.0))
        everything = number % 2 == 0
        lisa.kill(lambda all_: all_ if everything else [random.choice(all_[1:])])  # noqa: B023 - called at once
        if everything:
            await asyncio.to_thread(lisa.up, port)
    await appenders.go_on(load)
    appenders.stop.set()
    await load
    assert all(appenders.acknowledged.values()), "some client got nothing through"
    appenders.refute(await appenders.found())
    assert (lisa.home / CLI_TOKEN).stat().st_mode & 0o777 == 0o600
