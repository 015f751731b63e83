"""The commands `lisa models ...` against the real API, and models that are near by."""

import io
import json
from collections.abc import Mapping

import pytest

from cli.detection import Found, Server, known_places, offers, servers_here
from tests.local import test_cli
from tests.local.test_cli import Lisa
from tests.standins.model_server.server import Answer, Asked, as_a_model, error, model_server

lisa, api, here = test_cli.lisa, test_cli.api, test_cli.here
KEY = "made-up-and-long-enough"


@pytest.mark.usefixtures("here")
class TestModels:
    def test_a_model_that_answers_is_added_listed_shown_tried_and_removed(self, lisa: Lisa) -> None:
        with model_server() as server:
            options = ("--url", server.url, "--upstream-model", "llama", "--group", "research")
            added = lisa("models", "add", "team/llama", *options)
            assert (added.code, added.out) == (0, "added team/llama\n")
            listed = lisa("models", "list").out
            assert "team/llama" in listed
            assert max(map(len, listed.splitlines())) <= 80
            assert f"llama {server.url}" in lisa("models", "show", "team/llama").out
            assert "main answers, after" in lisa("models", "test", "team/llama").out
        assert lisa("models", "remove", "team/llama").code == 0
        assert lisa("models", "list", "--json").document == {"models": []}
        assert lisa("models", "show", "team/llama").code == 1

    def test_one_that_does_not_answer_is_not_added_unless_that_is_wanted(self, lisa: Lisa) -> None:
        with model_server(lambda _: error(401, "no")) as server:
            refused = lisa("models", "add", "llama", "--url", server.url)
            assert refused.code == 3
            assert "refuses our key" in refused.err
            assert "--no-test" in refused.err
            assert lisa("models", "list", "--json").document == {"models": []}
            assert len(server.asked) == 1
            assert lisa("models", "add", "llama", "--url", server.url, "--no-test").code == 0
            assert len(server.asked) == 1
            assert lisa("models", "test", "llama").code == 1

    def test_a_key_is_read_and_never_shown(
        self, lisa: Lisa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
        with model_server() as server:
            added = lisa("models", "add", "llama", "--url", server.url, "--key-stdin", "--json")
        assert added.code == 0, added.err
        assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
        assert KEY not in added.out + lisa("models", "list", "--json").out
        [upstream] = json.loads(added.out)["upstreams"]
        assert upstream["key"]

    def test_a_provider_is_called_through_litellm(self, lisa: Lisa) -> None:
        options = ("--provider", "bedrock/some-model", "--key-ref", "env:NOWHERE", "--no-test")
        assert lisa("models", "add", "claude", *options).code == 0
        shown = lisa("models", "show", "claude", "--json").document
        assert isinstance(shown["upstreams"], list)
        kinds = [(each["kind"], each["target"], each["key"]) for each in shown["upstreams"]]
        assert kinds == [("litellm", "bedrock/some-model", "env:NOWHERE")]

    def test_an_embedding_model_does_not_stream(self, lisa: Lisa) -> None:
        with model_server() as server:
            lisa("models", "add", "llama", "--url", server.url, "--type", "embedding")
        shown = lisa("models", "show", "llama", "--json").document
        assert (shown["modelType"], shown["streaming"]) == ("embedding", False)
        assert [each.path for each in server.asked] == ["/v1/embeddings"]

    def test_a_server_is_tried_without_adding_anything(self, lisa: Lisa) -> None:
        with model_server() as server:
            tried = lisa("models", "test", "--url", server.url, "--upstream-model", "llama")
        assert tried.code == 0
        assert lisa("models", "list", "--json").document == {"models": []}

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (("add", "llama"), "--url"),
            (("test",), "--url"),
            (("test", "--url", "http://127.0.0.1:9/v1"), "--upstream-model"),
            (("add", "m", "--url", "http://h", "--key-ref", "env:A", "--key-stdin"), "one of them"),
        ],
    )
    def test_what_is_missing_is_named(
        self, lisa: Lisa, arguments: tuple[str, ...], named: str
    ) -> None:
        told = lisa("models", *arguments)
        assert told.code == 1
        assert named in told.err


class TestNearBy:
    def test_a_server_is_known_by_what_only_it_answers(self) -> None:
        def like_ollama(asked: Asked) -> Answer:
            if asked.path == "/api/tags":
                return Answer(body=b'{"models": [{"name": "llama"}]}')
            return as_a_model(asked)

        with model_server(like_ollama) as ollama, model_server() as another:
            ports = (ollama.port, another.port)
            servers = [Server("Ollama", ports, "/api/tags", lambda told: "models" in told)]
            assert servers_here(0, servers) == [Found("Ollama", ollama.url, ("llama",))]
            assert servers_here(ollama.port, servers) == []

    @pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"models": 5}', b"[" * 100_000])
    def test_whatever_else_listens_is_passed_over(self, body: bytes) -> None:
        with model_server(lambda _: Answer(body=body)) as server:
            servers = [Server("Ollama", (server.port,), "/", lambda told: "version" in told)]
            assert servers_here(0, servers) == []

    def test_each_is_offered_as_a_whole_command(self) -> None:
        found = [Found("Ollama", "http://127.0.0.1:11434/v1", ("llama3.2", "a b", "nomic-embed"))]
        environ = {"OPENAI_API_KEY": KEY, "AWS_PROFILE": "work", "XAI_API_KEY": ""}
        assert offers(found, environ, frozenset(), "lisa") == [
            "Ollama answers at http://127.0.0.1:11434/v1:",
            "  lisa models add llama3.2 --url http://127.0.0.1:11434/v1",
            "  lisa models add NAME --url http://127.0.0.1:11434/v1 --upstream-model 'a b'",
            "  lisa models add nomic-embed --url http://127.0.0.1:11434/v1 --type embedding",
            "OPENAI_API_KEY is set:",
            "  lisa models add NAME --provider openai/MODEL --key-ref env:OPENAI_API_KEY",
            "AWS_PROFILE is set:",
            "  lisa models add NAME --provider bedrock/MODEL",
        ]

    def test_what_lisa_has_already_is_not_offered_again(self) -> None:
        models: list[Mapping[str, object]] = [
            {"upstreams": [{"kind": "openai", "target": "llama", "url": "http://127.0.0.1:1/v1"}]},
            {"upstreams": [{"kind": "litellm", "target": "openai/gpt", "url": ""}]},
        ]
        known = known_places(models)
        found = [Found("vLLM", "http://127.0.0.1:1/v1", ("llama",))]
        assert offers(found, {"OPENAI_API_KEY": KEY}, known, "lisa") == []
