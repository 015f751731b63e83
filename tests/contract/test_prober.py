"""Trying upstreams over real HTTP: what works is known to, what doesn't says why."""

import json
import socket
import threading

import pytest

from lisa.adapters.memory.secrets import MemorySecrets
from lisa.adapters.probe.prober import HttpProber, LiteLlmService
from lisa.domain.model import ModelType, Upstream
from lisa.ports.prober import Probe
from tests.standins.model_server.server import Answer, Answering, Asked, error, model_server

KEY = "a-key-of-no-known-form"
PATIENTLY = 60.0  # on a busy machine a first call may take its seconds


async def tried(
    url: str,
    *,
    kind: ModelType = ModelType.TEXT,
    target: str = "llama",
    secrets: MemorySecrets | None = None,
    key: str | None = None,
) -> Probe:
    prober = HttpProber(secrets or MemorySecrets(), seconds=PATIENTLY)
    return await prober.probe("m", kind, Upstream(url=url, target=target, key=key))


async def answered(answering: Answering) -> Probe:
    with model_server(answering) as server:
        return await tried(server.url)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (ModelType.TEXT, "/v1/chat/completions"),
        (ModelType.EMBEDDING, "/v1/embeddings"),
        (ModelType.IMAGE, "/v1/models"),
    ],
)
async def test_a_model_that_answers_is_known_by_one_small_call(kind: ModelType, path: str) -> None:
    with model_server() as server:
        probe = await tried(server.url, kind=kind)
    assert (probe.ok, probe.cause, probe.upstream) == (True, "", "main")
    assert [each.path for each in server.asked] == [path]


async def test_without_a_target_the_server_is_asked_for_the_models_own_id() -> None:
    with model_server() as server:
        probe = await tried(server.url, target="")
    assert server.asked[0].body["model"] == "m"
    assert (probe.cause, "`m`" in probe.message) == ("model_not_found", True)


async def test_the_key_goes_along_and_is_in_no_message() -> None:
    secrets = MemorySecrets()
    reference = await secrets.put("k", KEY)
    refusing = error(401, f"Incorrect API key provided: {KEY}")
    with model_server(lambda _: refusing) as server:
        probe = await tried(server.url, secrets=secrets, key=reference)
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert probe.cause == "key"
    assert "Incorrect API key provided: ***" in probe.message


async def test_a_reference_that_leads_nowhere_is_told_and_nothing_is_called() -> None:
    with model_server() as server:
        probe = await tried(server.url, key="env:NOWHERE")
    assert (probe.cause, server.asked) == ("key_missing", [])


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (Answer(404, b"<html>"), "path_not_found"),
        (error(404, "no such model"), "model_not_found"),
        (error(403, "no"), "key"),
        (error(429, "slow down"), "limited"),
        (error(422, "what?"), "call_refused"),
        (error(500, "oh"), "server_failed"),
        (Answer(200, b"<html>Welcome</html>"), "not_a_model"),
        (Answer(200, b'{"choices": 5}'), "not_a_model"),
        (Answer(200, b" " * 2_000_000), "not_a_model"),
        (Answer(500, b"[" * 100_000), "server_failed"),
    ],
)
async def test_an_answer_that_is_no_models_says_why(answer: Answer, cause: str) -> None:
    assert (await answered(lambda _: answer)).cause == cause


async def test_a_model_that_takes_no_max_tokens_is_asked_in_the_newer_form() -> None:
    def newer(asked: Asked) -> Answer:
        if "max_tokens" in asked.body:
            return error(400, "Unsupported parameter: use 'max_completion_tokens' instead.")
        return Answer(body=b'{"choices": []}')

    assert (await answered(newer)).ok


async def test_a_redirect_is_told_and_never_followed() -> None:
    away = Answer(302, b"", {"location": "http://169.254.169.254/latest/meta-data/"})
    with model_server(lambda _: away) as server:
        probe = await tried(server.url)
    assert (probe.cause, len(server.asked)) == ("redirected", 1)


async def test_nothing_that_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    probe = await tried(f"http://127.0.0.1:{port}/v1")
    assert (probe.cause, f"127.0.0.1:{port}" in probe.message) == ("refused", True)


async def test_a_server_that_says_nothing_is_told() -> None:
    end = threading.Event()

    def silent(_: Asked) -> Answer:
        end.wait(20)
        return Answer()

    with model_server(silent) as server:
        prober = HttpProber(MemorySecrets(), seconds=0.2)
        probe = await prober.probe("m", ModelType.TEXT, Upstream(url=server.url))
        end.set()
    assert probe.cause == "timeout"


async def test_a_name_with_several_addresses_is_tried_at_each() -> None:
    with model_server() as server:
        assert (await tried(f"http://localhost:{server.port}/v1")).ok
    assert server.asked[0].headers["host"] == f"localhost:{server.port}"


async def test_a_name_without_an_address_is_told() -> None:
    assert (await tried("http://nowhere.invalid/v1")).cause == "name_not_resolved"


async def test_a_server_without_tls_behind_an_https_address_is_told() -> None:
    with model_server() as server:
        probe = await tried(f"https://127.0.0.1:{server.port}/v1")
    assert probe.cause == "tls"


@pytest.mark.parametrize("host", ["169.254.169.254", "169.254.170.2", "2852039166", "[fe80::1]"])
async def test_where_machines_get_their_credentials_nothing_is_called(host: str) -> None:
    assert (await tried(f"http://{host}/v1")).cause == "address_refused"


class TestThroughLiteLlm:
    UPSTREAM = Upstream(kind="litellm", target="bedrock/some-model", key="env:ELSEWHERE")

    async def test_the_service_is_told_target_and_reference_and_finds_the_key_itself(self) -> None:
        with model_server(lambda _: Answer(body=b'{"choices": []}')) as server:
            secrets = MemorySecrets()
            ours = await secrets.put("ours", KEY)
            service = LiteLlmService(server.url.removesuffix("/v1"), ours)
            prober = HttpProber(secrets, service, PATIENTLY)
            assert (await prober.probe("m", ModelType.TEXT, self.UPSTREAM)).ok
        [asked] = server.asked
        told = {"target": "bedrock/some-model", "url": "", "key": "env:ELSEWHERE"}
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert json.loads(asked.headers["x-lisa-upstream"]) == told
        assert asked.path == "/v1/chat/completions"

    async def test_without_a_service_it_says_so(self) -> None:
        probe = await HttpProber(MemorySecrets(), seconds=PATIENTLY).probe(
            "m", ModelType.TEXT, self.UPSTREAM
        )
        assert probe.cause == "no_service"

    async def test_what_costs_too_much_is_not_tried(self) -> None:
        with model_server() as server:
            prober = HttpProber(MemorySecrets(), LiteLlmService(server.url, "env:OURS"), PATIENTLY)
            probe = await prober.probe("m", ModelType.IMAGE, self.UPSTREAM)
        assert (probe.cause, server.asked) == ("not_testable", [])

    async def test_it_is_not_sent_where_machines_get_their_credentials(self) -> None:
        upstream = self.UPSTREAM.model_copy(update={"url": "http://169.254.169.254"})
        with model_server() as server:
            prober = HttpProber(MemorySecrets(), LiteLlmService(server.url, "env:OURS"), PATIENTLY)
            probe = await prober.probe("m", ModelType.TEXT, upstream)
        assert (probe.cause, server.asked) == ("address_refused", [])
