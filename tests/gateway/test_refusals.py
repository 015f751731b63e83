"""What the gateway refuses, and how it says so."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lisa.bootstrap.gateway import Bounds
from lisa.domain.model import ModelStatus
from tests.gateway.running import Running, running_gateway, to
from tests.standins.engine.server import Engine

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}
CHAT = "/v1/chat/completions"
MODEL_PATHS = ["/v1", "/v2/serve", "/v2/serve/v1"]
JSON_ENDPOINTS = [
    "chat/completions",
    "completions",
    "embeddings",
    "images/generations",
    "rerank",
    "audio/speech",
    "tokenize",
    "messages",
    "messages/count_tokens",
]


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway, await gateway.token()) as client:
        yield client


def client_of(gateway: Running, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=gateway.url, headers={"authorization": f"Bearer {token}"})


def code_of(answer: httpx.Response) -> Any:
    return answer.json()["error"]["code"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"[1]", "malformed_json"),
        (b"\xff\xfe", "malformed_json"),
        (b'{"model":"tiny","x":NaN}', "malformed_json"),
        (b'{"model":"tiny","temperature":1e400}', "malformed_json"),
        (b'{"model":"tiny","model":"other"}', "malformed_json"),
        (b'{"mod\\u0065l":"other","model":"tiny"}', "malformed_json"),
        (b'{"model":"tiny","a":{"model":1},"a":2}', "malformed_json"),
        (b'{"model":"tiny","stream_options":7}', "malformed_json"),
        (b'{"model":"tiny","a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", "malformed_json"),
        (b'{"messages":[]}', "missing_model"),
        (b'{"model":""}', "missing_model"),
        (b'{"model":["tiny"]}', "missing_model"),
    ],
)
async def test_a_body_that_can_be_misunderstood_is_refused(
    http: httpx.AsyncClient, engine: Engine, body: bytes, code: str
) -> None:
    answer = await http.post(CHAT, content=body)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert engine.seen == []


async def test_a_model_that_also_stands_elsewhere_is_found(
    http: httpx.AsyncClient, engine: Engine
) -> None:
    body = b'{"a":[{"model":"x"}],"b":"\\"model\\":\\"y\\"","model":"tiny"}'
    assert (await http.post(CHAT, content=body)).status_code == 200
    assert engine.seen[-1].body == body


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_bound_is_refused_and_the_connection_stays_usable(
    engine: Engine, *, announced: bool
) -> None:
    async with (
        running_gateway(engine, Bounds(largest_body=100_000)) as gateway,
        client_of(gateway, await gateway.token()) as http,
    ):
        long = b"x" * 3_000_000

        async def piecemeal() -> AsyncIterator[bytes]:
            for start in range(0, len(long), 50_000):
                yield long[start : start + 50_000]

        answer = await http.post(CHAT, content=long if announced else piecemeal())
        assert (answer.status_code, code_of(answer)) == (413, "request_too_large")
        assert (await http.post(CHAT, json=ASKED)).status_code == 200


async def test_a_large_body_without_a_credential_is_answered_as_well(gateway: Running) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as stranger:
        answer = await stranger.post(CHAT, content=b"x" * 5_000_000)
    assert (answer.status_code, code_of(answer)) == (401, "invalid_api_key")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("prefix", MODEL_PATHS)
@pytest.mark.parametrize("path", JSON_ENDPOINTS)
async def test_every_endpoint_asks_who_calls_and_hides_what_isn_t_theirs(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, prefix: str, path: str
) -> None:
    await gateway.add("hidden", to(engine), groups=frozenset({"elite"}))
    body = {"model": "hidden", "messages": [], "input": "x", "documents": [], "max_tokens": 5}
    async with httpx.AsyncClient(base_url=gateway.url) as stranger:
        assert (await stranger.post(f"{prefix}/{path}", json=body)).status_code == 401
    hidden = await http.post(f"{prefix}/{path}", json=body)
    unknown = await http.post(f"{prefix}/{path}", json=body | {"model": "nothing"})
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert (
        hidden.text.replace("hidden", "nothing").partition("request_id")[0]
        == (unknown.text.partition("request_id")[0])
    )
    assert engine.seen == []
    async with client_of(
        gateway, await gateway.token("eve", groups=frozenset({"elite"}))
    ) as member:
        assert (await member.post(f"{prefix}/{path}", json=body)).status_code == 200


async def test_a_token_s_scopes_hold_for_calls_and_lists(gateway: Running, engine: Engine) -> None:
    await gateway.add("other", to(engine))
    narrow = await gateway.token("bob", scopes=frozenset({"inference", "model:other"}))
    async with client_of(gateway, narrow) as http:
        assert (await http.post(CHAT, json=ASKED)).status_code == 404
        assert (await http.post(CHAT, json=ASKED | {"model": "other"})).status_code == 200
        listed = (await http.get("/v1/models")).json()["data"]
    assert [model["id"] for model in listed] == ["other"]
    async with client_of(
        gateway, await gateway.token("carl", scopes=frozenset({"control"}))
    ) as http:
        for answer in (await http.post(CHAT, json=ASKED), await http.get("/v1/models")):
            assert (answer.status_code, code_of(answer)) == (403, "out_of_scope")


async def test_lists_show_what_one_can_use_and_no_secrets(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await gateway.add("hidden", to(engine), groups=frozenset({"elite"}))
    await gateway.add("off", to(engine), status=ModelStatus.STOPPED)
    info = await http.get("/v2/serve/model/info")
    assert [each["model_name"] for each in info.json()["data"]] == ["tiny"]
    assert info.json()["data"][0]["model_info"]["mode"] == "chat"
    assert "ENGINE_KEY" not in info.text
    assert str(engine.port) not in info.text
    assert (await http.get("/v1/models/hidden")).status_code == 404


@pytest.mark.parametrize("style", ["authorization", "api-key", "x-api-key", "bare"])
async def test_a_credential_is_taken_in_every_style(gateway: Running, style: str) -> None:
    token = await gateway.token()
    name, value = {
        "authorization": ("authorization", f"Bearer {token}"),
        "bare": ("authorization", token),
    }.get(style, (style, token))
    async with httpx.AsyncClient(base_url=gateway.url, headers={name: value}) as http:
        assert (await http.post(CHAT, json=ASKED)).status_code == 200


async def test_health_needs_no_credential(gateway: Running) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as stranger:
        for path in ("/health", "/v1/health/readiness", "/v2/serve/health/liveliness"):
            assert (await stranger.get(path)).json() == {"status": "OK"}


async def test_what_is_not_offered_is_not_found(http: httpx.AsyncClient) -> None:
    assert code_of(await http.post("/v1/key/generate", json={})) == "unknown_url"
    wrong = await http.get(CHAT)
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


async def test_a_denied_call_is_noted_and_reserves_nothing(
    http: httpx.AsyncClient, gateway: Running, engine: Engine
) -> None:
    gateway.books.denied.add("alice")
    assert (await http.post(CHAT, json=ASKED)).status_code == 429
    call = await gateway.books.last_call()
    assert (call.status, call.ended, call.tries) == (429, "failed", 0)
    assert gateway.books.permits == []
    assert engine.seen == []


async def test_a_form_names_its_model_once(http: httpx.AsyncClient, engine: Engine) -> None:
    path, sound = "/v1/audio/transcriptions", {"file": ("a.wav", b"RIFF\r\n--x" * 100)}
    once = await http.post(path, data={"model": "tiny", "language": "de"}, files=sound)
    twice = await http.post(path, data={"model": ["tiny", "other"]}, files=sound)
    never = await http.post(path, data={"language": "de"}, files=sound)
    assert [each.status_code for each in (once, twice, never)] == [200, 400, 400]
    assert len(engine.seen) == 1
