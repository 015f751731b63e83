"""What was promised of inference, through LISA's own routes: control API and two gateways.

`docs/promises/inference.md` says where each promise is proven; here are those that no narrower
test holds.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from tests.gateway.whole import Whole, until, whole_lisa
from tests.standins.engine.server import Engine

SAID: Final = "tell me a secret " * 20
MESSAGES: Final = [{"role": "user", "content": SAID}]
ASKED: Final[dict[str, Any]] = {
    "model": "tiny",
    "messages": MESSAGES,
    "prompt": SAID,
    "input": SAID,
    "query": SAID,
    "documents": ["a", "b"],
    "max_tokens": 20,
}
POSTED: Final = (
    *("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/images/generations"),
    *("/v1/rerank", "/v1/audio/speech", "/v1/tokenize", "/v1/messages"),
    *("/v1/messages/count_tokens", "/v2/serve/chat/completions", "/anthropic/v1/messages"),
)
READ: Final = ("/v1/models", "/v1/models/tiny", "/v2/serve/model/info", "/anthropic/v1/models")
PAID: Final = [
    *("chat/completions", "completions", "embeddings", "images/generations"),
    *("rerank", "audio/speech", "audio/transcriptions", "messages", "a stream"),
]
PRICES: Final = {"prompt": 1000, "completion": 2000, "image": 0.5, "source": "us"}
REMEMBERED: Final = 1  # seconds for which a gateway may go on without asking the store


@pytest.fixture
async def lisa(engine: Engine, tmp_path: Path) -> AsyncIterator[Whole]:
    tables = MemoryTables(SystemClock())
    beside = (engine.url.removesuffix("/v1"), "between-us")  # the engine plays LiteLLM, too
    async with whole_lisa(tables, tmp_path, litellm=beside) as lisa:
        await lisa.add("tiny", engine.url, prices=PRICES)
        yield lisa


async def ask(http: httpx.AsyncClient, path: str, **more: Any) -> httpx.Response:
    """Ask as the endpoint wants to be asked."""
    if path.endswith("transcriptions"):
        sound = {"file": ("a.wav", b"RIFF" * 100)}
        return await http.post(path, data={"model": "tiny"}, files=sound)
    return await http.post(path, json=ASKED | more)


async def answers_everywhere(lisa: Whole, token: str) -> set[int]:
    """Ask every endpoint of every gateway, and return which statuses came."""
    found: set[int] = set()
    for url in lisa.urls:
        async with lisa.caller(token, url) as http:
            answers = [await ask(http, path) for path in (*POSTED, "/v1/audio/transcriptions")]
            answers += [await http.get(path) for path in READ]
        found |= {answer.status_code for answer in answers}
    return found


@pytest.mark.parametrize("how", ["disabled", "revoked", "rotated", "expired"])
async def test_an_ended_token_is_refused_on_every_endpoint_of_every_gateway_after_a_second(
    lisa: Whole, how: str
) -> None:
    ends = datetime.now(UTC) + timedelta(seconds=3)
    wanted = {"expires": ends.isoformat()} if how == "expired" else {}
    made = (await lisa.admin.post("/tokens", json={"name": "ended", **wanted})).json()
    assert await answers_everywhere(lisa, made["token"]) == {200}
    path = f"/tokens/{made['id']}"
    if how == "disabled":
        await lisa.admin.patch(path, json={"disabled": True})
    elif how == "revoked":
        await lisa.admin.delete(path)
    elif how == "rotated":
        await lisa.admin.post(f"{path}/rotate", json={"overlap_seconds": 0})
    else:
        await asyncio.sleep((ends - datetime.now(UTC)).total_seconds())
    await asyncio.sleep(REMEMBERED)
    assert await answers_everywhere(lisa, made["token"]) == {401}


@pytest.mark.parametrize("admin", [False, True], ids=["a program", "an administrator"])
async def test_a_rate_given_with_a_token_is_the_fleets_also_for_administrators(
    lisa: Whole, *, admin: bool
) -> None:
    token = await lisa.token("limited", admin=admin, limits={"requests_per_minute": 30})
    async with lisa.callers(token) as https:
        answers = await asyncio.gather(*(ask(https[n % 2], POSTED[n % 4]) for n in range(80)))
    let_in = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 27 <= len(let_in) <= 30
    assert len(let_in) + len(refused) == 80
    assert {answer.json()["error"]["code"] for answer in refused} == {"rate_limit_exceeded"}
    waits = {int(answer.headers["retry-after"]) for answer in refused}
    assert 1 <= min(waits) <= max(waits) <= 66  # a minute, and a step of the clock that counts it
    assert all("x-ratelimit-remaining-requests" in answer.headers for answer in let_in)


async def cost_of_each(lisa: Whole, names: list[str]) -> dict[str, float]:
    """Call each once, without a limit, and return what that cost."""
    for name in names:
        async with lisa.caller(await lisa.token(f"first {name}")) as http:
            assert (await paid(http, name)).status_code == 200
    return {
        str(record["subject"]).removeprefix("first "): record["cost"]
        for record in await lisa.records(len(names))
    }


async def paid(http: httpx.AsyncClient, name: str) -> httpx.Response:
    if name == "a stream":
        return await ask(http, "/v1/chat/completions", stream=True)
    return await ask(http, f"/v1/{name}")


@pytest.mark.parametrize("admin", [False, True], ids=["a program", "an administrator"])
async def test_fifty_at_once_spend_no_more_than_their_budget_on_any_endpoint(
    lisa: Whole, *, admin: bool
) -> None:
    """Here each call uses less than was reserved for it."""
    cost = await cost_of_each(lisa, PAID)
    assert min(cost.values()) > 0
    let_in: dict[str, int] = {}
    for name in PAID:
        limits = {"budget_usd_per_day": 10.5 * cost[name]}
        token = await lisa.token(name, admin=admin, limits=limits)
        async with lisa.callers(token) as https:
            answers = await asyncio.gather(*(paid(https[n % 2], name) for n in range(50)))
        statuses = [answer.status_code for answer in answers]
        assert set(statuses) == {200, 429}, name
        let_in[name] = statuses.count(200)
    records = await lisa.records(51 * len(PAID))
    for name in PAID:
        spent = sum(record["cost"] for record in records if record["subject"] == name)
        assert spent == pytest.approx(let_in[name] * cost[name])
        assert spent <= 10.5 * cost[name]


async def test_an_added_model_is_called_with_its_own_key_and_gone_when_removed(
    lisa: Whole, engine: Engine
) -> None:
    """Adding one is a row in a table: nothing is deployed or started."""
    await lisa.add("org/hosted", engine.url, modelName="theirs", apiKey="key-of-theirs")
    async with lisa.caller(await lisa.token("reader"), lisa.urls[1]) as http:
        assert (await ask(http, POSTED[0], model="org/hosted")).status_code == 200
        assert engine.seen[-1].headers["authorization"] == "Bearer key-of-theirs"
        assert engine.seen[-1].says["model"] == "theirs"
        listed = (await http.get("/v1/models")).json()["data"]
        assert [model["id"] for model in listed] == ["org/hosted", "tiny"]
        await lisa.admin.put("/models/tiny", json={"enabled": False})
        await lisa.admin.delete("/models/org/hosted")
        await until(http, "/v1/models/org/hosted", 404)
        assert (await http.get("/v1/models")).json()["data"] == []
        assert (await ask(http, POSTED[0], model="org/hosted")).status_code == 404


async def test_every_call_has_one_record_of_one_shape_and_nothing_of_what_was_said(
    lisa: Whole, engine: Engine
) -> None:
    through_litellm = {"id": "main", "kind": "litellm", "target": "bedrock/x", "url": engine.url}
    await lisa.admin.post("/models", json={"modelId": "bedrock", "upstreams": [through_litellm]})
    await lisa.add("away", "http://127.0.0.1:9/v1")
    async with lisa.caller(await lisa.token("reader")) as http:
        await ask(http, "/v1/chat/completions")
        await ask(http, "/v1/chat/completions", stream=True)
        await ask(http, "/v1/chat/completions", model="bedrock")
        await ask(http, "/v1/messages", stream=True)
        await ask(http, "/v1/chat/completions", engine={"status": 500})
        await ask(http, "/v1/chat/completions", model="away")
        await ask(http, "/v1/chat/completions", stream=True, engine={"break_after": 2})
    records = sorted(await lisa.records(7), key=lambda record: str(record["at"]))
    told = [(each["model"], each["status"], each["ended"], each["streamed"]) for each in records]
    assert told == [
        ("tiny", 200, "done", False),
        ("tiny", 200, "done", True),
        ("bedrock", 200, "done", False),
        ("tiny", 200, "done", True),
        ("tiny", 500, "failed", False),
        ("away", 503, "failed", False),
        ("tiny", 200, "cut", True),
    ]
    assert len({tuple(sorted(record)) for record in records}) == 1
    assert all(record["completion_tokens"] == 5 for record in records[:4])
    assert all(record["total_ms"] > 0 for record in records)
    assert "secret" not in str(records)
