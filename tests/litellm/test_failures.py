"""What goes wrong is told truly, in the caller's shape, and without a secret."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from tests.litellm.routes import HELLO, WAYS, Route, each_way, named
from tests.litellm.service import KEYS, SECRET, Service
from tests.standins.providers.aws_wire import ACCESS_KEY, SECRET_KEY
from tests.standins.providers.bedrock import StandInBedrock
from tests.standins.providers.openai_like import StandInOpenAI
from tests.standins.providers.sagemaker import StandInSageMaker
from tests.standins.providers.server import Reply, as_json

CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
SECRETS = (SECRET, ACCESS_KEY, SECRET_KEY, *KEYS.values())
STATUSES = {
    "converse": (400, 403, 404, 408, 424, 429, 500, 503),
    "anthropic": (400, 404, 429, 529),
    "vllm": (400, 403, 404, 413, 422, 429, 500, 503),
    "gemini": (400, 403, 404, 429),
}


def ask(service: Service, route: Route, path: str, **more: object) -> httpx.Response:
    body = {"model": "ours", "max_tokens": 5, "messages": HELLO, **more}
    return service.call(path, route.target, route.url, body, route.key)


@pytest.mark.parametrize(
    ("way", "status"),
    [
        pytest.param(way, status, id=f"{way.name}-{status}")
        for way in WAYS
        for status in STATUSES.get(way.name, ())
    ],
)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_providers_status_words_and_patience_reach_the_caller(
    service: Service, route: Route, status: int, *, stream: bool
) -> None:
    reply = route.provider.error(status, "the moon is wrong")
    reply.headers["retry-after"] = "17"
    route.provider.instead = reply
    answer = ask(service, route, CHAT, stream=stream)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert "the moon is wrong" in error["message"]
    assert set(error) == {"message", "type", "param", "code"}
    assert answer.headers["retry-after"] == "17"


@named("anthropic", "vllm", "converse")
def test_anthropics_shape_is_kept_for_its_callers(service: Service, route: Route) -> None:
    route.provider.instead = route.provider.error(429, "slow down")
    answer = ask(service, route, MESSAGES)
    assert answer.status_code == 429
    error = {"type": "rate_limit_error", "message": "slow down"}
    assert answer.json() == {"type": "error", "error": error}


@named("anthropic", "vllm", "gemini")
def test_a_secret_that_a_provider_repeats_is_not_passed_on(service: Service, route: Route) -> None:
    key = KEYS[(route.key or "").removeprefix("env:")]
    words = f"bad key {key} sk-proj-abcd Bearer {key}, asked {route.url}"
    for status in (400, 404, 429):
        route.provider.instead = route.provider.error(status, words)
        answer = ask(service, route, CHAT)
        assert answer.status_code == status
        assert [each for each in (key, "sk-proj", route.url) if each in answer.text] == []
    assert [each for each in SECRETS if each in service.output.read_text()] == []


@named("anthropic", "vllm")
def test_a_refused_key_is_told_in_our_words(service: Service, route: Route) -> None:
    route.provider.instead = as_json({"error": {"message": "bad key sk-****1234"}}, 401)
    answer = ask(service, route, CHAT)
    assert answer.status_code == 401
    words = "the provider refuses the key that LISA has for it"
    assert answer.json()["error"]["message"] == words


def test_a_provider_that_is_gone_is_told_as_bad_gateway(service: Service) -> None:
    provider = StandInOpenAI()
    provider.stop()
    for path in (CHAT, MESSAGES):
        body = {"model": "ours", "max_tokens": 5, "messages": HELLO}
        answer = service.call(path, "hosted_vllm/m", f"{provider.url}/v1", body)
        assert answer.status_code in {500, 502}
        assert provider.url not in answer.text


@named("converse", "sagemaker")
def test_a_stream_that_breaks_ends_with_an_error_event(service: Service, route: Route) -> None:
    if isinstance(route.provider, StandInBedrock):
        route.provider.broken_by = "throttlingException"
    if isinstance(route.provider, StandInSageMaker):
        route.provider.broken = True
    answer = ask(service, route, CHAT, stream=True)
    assert answer.status_code == 200
    last = answer.text.strip().split("\n\n")[-1]
    assert last.startswith('data: {"error": {')
    assert "it broke" in last
    assert "[DONE]" not in answer.text


@each_way
@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_the_provider_is_left_when_the_caller_leaves(
    service: Service, route: Route, path: str
) -> None:
    route.provider.endless = True
    body = {"model": "ours", "max_tokens": 5, "messages": HELLO, "stream": True}
    with service.client.stream("POST", path, json=body, headers=route.headers()) as answer:
        assert answer.status_code == 200
        _read_to_the_middle(answer)
        assert not route.provider.left.is_set()
    assert route.provider.left.wait(5)


def _read_to_the_middle(answer: httpx.Response) -> None:
    for line in answer.iter_lines():
        if "\\u00dfe" in line or "ße" in line:
            return


async def test_silent_calls_hold_up_nobody_else(service: Service, vllm: StandInOpenAI) -> None:
    def silent() -> Iterator[bytes]:
        vllm.left.wait(20)
        yield b"{}"

    vllm.instead = Reply(200, silent())
    other = StandInOpenAI()
    body = {"model": "ours", "messages": HELLO}
    async with httpx.AsyncClient(base_url=service.url, timeout=30, limits=httpx.Limits()) as client:
        headers = service.headers("hosted_vllm/m", f"{vllm.url}/v1")
        silences = [
            asyncio.ensure_future(client.post(CHAT, json=body, headers=headers)) for _ in range(40)
        ]
        await asyncio.to_thread(vllm.wait_for, len(silences))
        headers = service.headers("hosted_vllm/m", f"{other.url}/v1")
        answer = await client.post(CHAT, json=body, headers=headers)
        assert answer.status_code == 200
        vllm.left.set()
        await asyncio.gather(*silences)
    other.stop()


@pytest.mark.parametrize("shown", [None, "Bearer", "Bearer wrong", f"Basic {SECRET}", "Bearer ü"])
@pytest.mark.parametrize("path", [CHAT, MESSAGES, "/prices"])
def test_nobody_is_answered_without_the_secret(
    service: Service, vllm: StandInOpenAI, path: str, shown: str | None
) -> None:
    headers = service.headers("openai/m", f"{vllm.url}/v1")
    del headers["authorization"]
    given = {} if shown is None else {"authorization": shown.encode()}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    raw += [(name.encode(), value) for name, value in given.items()]
    method = "GET" if path == "/prices" else "POST"
    answer = service.client.request(method, path, headers=raw, json={"messages": HELLO})
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication_error"
    assert vllm.asked == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"messages": 1}',
        b'{"messages": ["x"]}',
        b'{"messages":[],"stream":"x"}',
        b"[" * 100_000,
    ],
)
def test_a_malformed_body_is_the_callers_fault(
    service: Service, vllm: StandInOpenAI, raw: bytes
) -> None:
    headers = service.headers("openai/m", f"{vllm.url}/v1")
    answer = service.client.post(CHAT, content=raw, headers=headers)
    assert answer.status_code == 400
    assert vllm.asked == []


def test_a_request_keeps_its_id(service: Service) -> None:
    answer = service.client.get("/health", headers={"x-request-id": "abcdefgh-1"})
    assert answer.headers["x-request-id"] == "abcdefgh-1"
    answer = service.client.get("/health", headers={"x-request-id": "<script>"})
    assert len(answer.headers["x-request-id"]) == 32


def test_a_key_that_is_not_there_is_told_without_calling(
    service: Service, vllm: StandInOpenAI
) -> None:
    body = {"model": "ours", "messages": HELLO}
    answer = service.call(CHAT, "openai/m", f"{vllm.url}/v1", body, "env:NO_SUCH_KEY")
    assert answer.status_code == 503
    assert vllm.asked == []
