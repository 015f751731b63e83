"""Nonsense on every path: refused in the caller's SDK's shape, never a 500, and nothing breaks.

The gateway has no OpenAPI file; its table of endpoints stands in for one. `LISA_TEST_EXAMPLES`
asks for more examples than a few.
"""

import json
import os
from collections.abc import AsyncIterator
from itertools import product
from typing import Any, Final

import httpx
import pytest
from anthropic.types import ErrorResponse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from lisa.domain.model import Upstream
from lisa.gateway.surface import BY_PATH, Body, Dialect, dialect_of, find
from tests.gateway.running import Running, running_gateway, serving
from tests.standins.engine.server import Engine

EXAMPLES: Final = max(300, int(os.environ.get("LISA_TEST_EXAMPLES", "0")))
SOON: Final = 20  # seconds in which everything is answered
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PURGE")
WITH_BODIES: Final = sorted(path for path, found in BY_PATH.items() if found.body is Body.JSON)
FORMS: Final = sorted(path for path, found in BY_PATH.items() if found.body is Body.FORM)
ODD_PATHS: Final = (
    "/v1",
    "/v1/",
    "/v1//models",
    "/v1/models/",
    "/v1/models/%00",
    "/v1/models/%F0%9F%8C%8D/%2e%2e/x",
    "/v1/chat/completions/",
    "/v2/serve/key/generate",
    "/anthropic/nothing",
    "/" + "x" * 5000,
)
FIELDS: Final = (
    *("messages", "prompt", "input", "system", "tools", "documents", "query", "functions"),
    *("stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "best_of", "type"),
    *("response_format", "temperature", "content", "user", "metadata", "encoding_format"),
)
ENDLESS: Final = b'{"model":"tiny","messages":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
LONG: Final = 10 * 1024 * 1024

numbers = st.one_of(
    st.integers(), st.sampled_from([10**30, -(10**400), 2**63, 0]), st.floats(allow_nan=False)
)
texts = st.text(st.characters(exclude_categories=[]), max_size=20)  # lone surrogates as well
names = st.one_of(st.sampled_from(FIELDS), texts)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts, st.sampled_from(["image_url", "text"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
    max_leaves=12,
)
bodies = st.one_of(
    st.binary(max_size=200),
    values.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(names, values, max_size=6).map(
        lambda says: json.dumps(says | {"model": "tiny"}).encode()
    ),
    st.lists(st.tuples(names, values), max_size=5).map(
        lambda pairs: _written([*pairs, ("model", "tiny")])  # names may stand twice
    ),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(
            ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "\xff", ""]
        ),
        "content-encoding": st.sampled_from(["gzip", "identity", "br, gzip"]),
        "accept": st.sampled_from(["text/html", "\xe9", ""]),
        "anthropic-version": st.sampled_from(["2023-06-01", "\xff"]),
        "x-request-id": st.sampled_from(["", "a b", "x" * 4000, "../../etc", "\xff"]),
        "traceparent": st.sampled_from(["", "00-0-0-00", "\xff", "00-" + "f" * 5000]),
        "x-lisa-cache": st.sampled_from(["no", "\xff"]),
        "origin": st.sampled_from(["null", "http://evil.example", "\xff"]),
    },
)
quickly = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class OpenAiError(BaseModel):
    """What the `openai` package reads of an error."""

    model_config = ConfigDict(extra="forbid", strict=True)

    message: str
    type: str
    param: None
    code: str


def _written(pairs: list[tuple[str, Any]]) -> bytes:
    return b"{%b}" % b",".join(
        b"%b:%b" % (json.dumps(name).encode(), json.dumps(value).encode()) for name, value in pairs
    )


async def agreeable(scope: Any, receive: Any, send: Any) -> None:
    """Answer whatever is asked: what an engine makes of nonsense is another's matter."""
    message = await receive()
    if scope["type"] == "lifespan":
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    while message.get("more_body"):
        message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b'{"usage":{"prompt_tokens":-1}}'})


@pytest.fixture
async def gateway(engine: Engine) -> AsyncIterator[Running]:
    async with serving(agreeable) as url, running_gateway(engine, models=()) as gateway:
        await gateway.add("tiny", Upstream(url=f"{url}/v1"))
        yield gateway


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client; when the test is over, the gateway has to work as before."""
    bearer = {"authorization": f"Bearer {await gateway.token()}"}
    async with httpx.AsyncClient(base_url=gateway.url, headers=bearer, timeout=SOON) as http:
        yield http
        after = await http.post("/v1/chat/completions", json={"model": "tiny", "messages": []})
        assert after.status_code == 200
        assert await gateway.quiet()
        assert all(len(permit.settled) == 1 for permit in gateway.books.permits)


def hold(answer: httpx.Response, path: str) -> None:
    """Hold an answer against what the caller's SDK can read."""
    sent = dict(answer.request.headers)
    assert answer.status_code != 500, answer.text
    assert answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"
    if answer.status_code < 400 or answer.request.method == "HEAD":
        return
    endpoint, _ = find(path)
    if dialect_of(path, endpoint, sent) is Dialect.ANTHROPIC:
        ErrorResponse.model_validate(answer.json(), strict=True)
    else:
        assert answer.json().keys() == {"error"}
        OpenAiError.model_validate(answer.json()["error"])


async def ask(
    http: httpx.AsyncClient, method: str, path: str, body: bytes, more: dict[str, str]
) -> httpx.Response:
    request = http.build_request(method, path, content=body)
    request.headers.update(httpx.Headers(more, encoding="latin-1"))
    request.headers.encoding = "latin-1"
    return await http.send(request)


@quickly
@given(st.sampled_from(sorted(BY_PATH)), st.sampled_from(METHODS), bodies, headers)
async def test_every_path_answers_every_method_with_any_body_and_headers(
    http: httpx.AsyncClient, path: str, method: str, body: bytes, more: dict[str, str]
) -> None:
    hold(await ask(http, method, path, body, more), path)


@quickly
@given(st.sampled_from(WITH_BODIES), bodies)
@example("/v1/chat/completions", b'{"model":"tiny","messages":[{"type":[]}]}')
@example("/v1/chat/completions", b'{"model":"tiny","max_tokens":1' + b"0" * 5000 + b"}")
@example("/v1/chat/completions", b'{"model":"tiny","user":"\\ud800","stream":true}')
@example("/v1/chat/completions", b'{"model":"tiny","stream":true,"stream_options":{"a":1e999}}')
@example("/v1/messages", ENDLESS)
@example("/v1/embeddings", b'{"model":"tiny","input":[1,"a",[2,null]]}')
@example("/v1/images/generations", b'{"model":"tiny","n":99999999999999999999}')
async def test_every_endpoint_takes_or_refuses_any_json(
    http: httpx.AsyncClient, path: str, body: bytes
) -> None:
    hold(await ask(http, "POST", path, body, {"content-type": "application/json"}), path)


@quickly
@given(
    st.sampled_from(FORMS),
    st.lists(
        st.sampled_from(
            [
                b"--x\r\n",
                b"--x--\r\n",
                b'content-disposition: form-data; name="model"\r\n\r\n',
                b"content-disposition: form-data; name=stream\r\n\r\n",
                b"tiny\r\n",
                b"\r\n",
                b"\xff" * 600,
            ]
        ),
        max_size=8,
    ),
)
async def test_a_form_of_any_pieces_is_taken_or_refused(
    http: httpx.AsyncClient, path: str, pieces: list[bytes]
) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    hold(await ask(http, "POST", path, b"".join(pieces), kind), path)


async def test_a_path_that_is_none_is_told_so(http: httpx.AsyncClient) -> None:
    for path, method in product(ODD_PATHS, METHODS):
        answer = await ask(http, method, path, b"", {})
        hold(answer, path)
        assert answer.status_code in ({204} if method == "OPTIONS" else {404, 405})


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"tiny","input":"%b"}' % (b"x" * LONG),
        b"\xfe" * LONG,
        b'"%b' % (b"\\u0041" * (LONG // 6)),
    ],
    ids=["valid", "garbage", "one string"],
)
async def test_ten_megabytes_are_taken_or_refused(http: httpx.AsyncClient, body: bytes) -> None:
    for path, found in BY_PATH.items():
        if path.startswith("/v1/"):
            hold(await ask(http, found.method, path, body, {}), path)


@pytest.mark.parametrize("credential", ["", "Bearer", "Bearer \xff", "Basic YTpi", "x" * 9000])
async def test_a_credential_that_is_none_is_refused_everywhere(
    http: httpx.AsyncClient, credential: str
) -> None:
    for path, endpoint in sorted(BY_PATH.items()):
        if endpoint.public:
            continue
        answer = await ask(http, endpoint.method, path, b"{}", {"authorization": credential})
        hold(answer, path)
        assert answer.status_code == 401
