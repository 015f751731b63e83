"""A local LISA whose app is killed in the middle of turns."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import httpx

from lisa.declared.home import CLI_TOKEN
from tests.local.supervised import Local, known_to_gateway
from tests.local.talkers import Talkers
from tests.standins.engine.server import Engine

MODEL = "talking"


def lasting_token(lisa: Local) -> str:
    """Make a token that, unlike the command line's, stays the same when the app starts anew."""
    owner = {"authorization": f"Bearer {(lisa.home / CLI_TOKEN).read_text().strip()}"}
    wanted = {"name": "talker", "admin": True}
    made = httpx.post(f"{lisa.url}/api/tokens", json=wanted, headers=owner, timeout=60)
    return str(made.json()["token"])


@asynccontextmanager
async def talking_lisa(
    home: Path, environ: dict[str, str]
) -> AsyncIterator[tuple[Local, httpx.AsyncClient]]:
    """Run LISA with one model, and a client that may do everything."""
    engine = Engine(remembers=False)
    await engine.come()
    lisa = Local(home, environ | {"LISA_BUILT_IN": "off"})
    try:
        await asyncio.to_thread(lisa.up)
        headers = {"authorization": f"Bearer {lasting_token(lisa)}"}
        async with httpx.AsyncClient(base_url=lisa.url, headers=headers, timeout=60) as http:
            model = {"modelId": MODEL, "modelName": "tiny", "modelUrl": engine.url}
            assert (await http.post("/api/models", json=model)).status_code == httpx.codes.OK
            await known_to_gateway(http, MODEL)
            yield lisa, http
    finally:
        await asyncio.to_thread(lisa.end)
        await engine.go()


async def survive_turns(
    home: Path, environ: dict[str, str], kills: int, seed: int = 1
) -> Counter[str]:
    """Kill the app under load again and again; then compare. Return how the turns ended."""
    random = Random(seed)  # noqa: S311 - a choice that can be repeated
    async with talking_lisa(home, environ) as (lisa, http):
        talkers = Talkers(http, MODEL)
        load = asyncio.create_task(talkers.run())
        await talkers.go_on(load)
        for _ in range(kills):
            await asyncio.sleep(random.uniform(1.5, 4))
            await talkers.speak(load)
            if app := lisa.child("local.app"):
                app.kill()
        await talkers.go_on(load)  # once the leases of what was interrupted have ended
        talkers.stop.set()
        await load
        return await talkers.refute()
