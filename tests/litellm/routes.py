"""The ways to a model that the tests try, and what each provider is asked through them."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.litellm.service import Service
from tests.standins.providers.server import Provider

TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
HELLO: list[Any] = [{"role": "user", "content": "Hallo, wer da?"}]


@dataclass(frozen=True)
class Route:
    """A provider that runs, and how LiteLLM is told to reach it."""

    target: str
    provider: Provider
    url: str
    key: str | None

    def headers(self) -> dict[str, str]:
        return Service.headers(self.target, self.url, self.key)


@dataclass(frozen=True)
class Way:
    """A route whose provider has yet to run."""

    name: str
    target: str
    provider: str  # the fixture
    key: str | None = None
    path: str = ""


WAYS = (
    Way("converse", "bedrock/amazon.nova-pro-v1:0", "bedrock"),
    Way("claude-on-bedrock", "bedrock/eu.anthropic.claude-3-5-sonnet-20240620-v1:0", "bedrock"),
    Way("sagemaker", "sagemaker_chat/my-endpoint", "sagemaker"),
    Way("anthropic", "anthropic/claude-sonnet-4-5", "anthropic", "env:KEY_OF_ANTHROPIC"),
    Way("openai", "openai/some-model", "vllm", None, "/v1"),
    Way("vllm", "hosted_vllm/some-model", "vllm", "env:KEY_OF_VLLM", "/v1"),
    Way("gemini", "gemini/gemini-2.5-flash", "gemini", "env:KEY_OF_GEMINI", "/v1beta"),
)


def named(*names: str) -> pytest.MarkDecorator:
    """Run a test on these ways only."""
    ways = [way for way in WAYS if way.name in names]
    return pytest.mark.parametrize("way", ways, ids=lambda way: way.name)


each_way = named(*(way.name for way in WAYS))


def resolved(way: Way, request: pytest.FixtureRequest) -> Route:
    """Start the way's provider."""
    provider: Provider = request.getfixturevalue(way.provider)
    return Route(way.target, provider, provider.url + way.path, way.key)
