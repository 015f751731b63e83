"""Looks for models near by: servers on their usual loopback ports, keys in the environment.

Nothing is added: what is found is offered as a command.
"""

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import httpx

from lisa.domain.model import ID_PATTERN, ModelType

SECONDS: Final = 0.5
MOST_OFFERED: Final = 5
HOST: Final = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """A program that serves models: where it usually listens, and what only it answers."""

    name: str
    ports: tuple[int, ...]
    path: str
    is_it: Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Found:
    """A server that answered, and the names of its models."""

    name: str
    url: str
    models: tuple[str, ...]


SERVERS: Final = (
    Server("Ollama", (11434,), "/api/tags", lambda told: isinstance(told.get("models"), list)),
    Server("LM Studio", (1234,), "/api/v0/models", lambda told: isinstance(told.get("data"), list)),
    Server("llama.cpp", (8080, 8081), "/props", lambda told: "default_generation_settings" in told),
    Server("vLLM", (8000,), "/version", lambda told: isinstance(told.get("version"), str)),
)
# What stands before the model in LiteLLM's names, by the variable its key usually lies in.
PROVIDERS: Final = {
    "ANTHROPIC_API_KEY": "anthropic",
    "COHERE_API_KEY": "cohere",
    "DEEPSEEK_API_KEY": "deepseek",
    "GEMINI_API_KEY": "gemini",
    "GROQ_API_KEY": "groq",
    "MISTRAL_API_KEY": "mistral",
    "OPENAI_API_KEY": "openai",
    "OPENROUTER_API_KEY": "openrouter",
    "TOGETHERAI_API_KEY": "together_ai",
    "XAI_API_KEY": "xai",
}
AWS: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
)


def servers_here(own_port: int, servers: Sequence[Server] = SERVERS) -> list[Found]:
    """Ask at every usual port at once; LISA's own is left alone."""
    places = [(each, port) for each in servers for port in each.ports if port != own_port]
    with ThreadPoolExecutor(max_workers=max(len(places), 1)) as threads:
        answers = threads.map(lambda place: _look(*place), places)
        return [found for found in answers if found]


def offers(
    found: Iterable[Found], environ: Mapping[str, str], known: frozenset[str], program: str
) -> list[str]:
    """Write the command that adds each; `known` are addresses and providers LISA has already."""
    lines: list[str] = []
    for server in found:
        if server.url not in known:
            lines.append(f"{server.name} answers at {server.url}:")
            lines += [f"  {program} {_adding(server.url, each)}" for each in server.models]
    for variable, provider in PROVIDERS.items():
        if environ.get(variable) and provider not in known:
            lines.append(f"{variable} is set:")
            options = f"--provider {provider}/MODEL --key-ref env:{variable}"
            lines.append(f"  {program} models add NAME {options}")
    if "bedrock" not in known and (set_here := next(filter(environ.get, AWS), "")):
        lines.append(f"{set_here} is set:")
        lines.append(f"  {program} models add NAME --provider bedrock/MODEL")
    return lines


def known_places(models: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the addresses and the providers that LISA has models of."""
    upstreams = [upstream for model in models for upstream in model["upstreams"]]
    providers = (each["target"].partition("/")[0] for each in upstreams if each["kind"] != "openai")
    return frozenset([*(each["url"] for each in upstreams), *providers])


def _look(server: Server, port: int) -> Found | None:
    origin = f"http://{HOST}:{port}"
    told = _json(f"{origin}{server.path}")
    if told is None or not server.is_it(told):
        return None
    listed = _json(f"{origin}/v1/models") or {}
    data = listed.get("data")
    names = [each.get("id") for each in data if isinstance(each, dict)] if data else []
    models = [each for each in names if isinstance(each, str) and each.isprintable()]
    return Found(server.name, f"{origin}/v1", tuple(models[:MOST_OFFERED]))


def _json(url: str) -> Mapping[str, Any] | None:
    """Return the object that is answered; nothing where none is."""
    try:
        told = httpx.get(url, timeout=SECONDS, trust_env=False).json()
    except (httpx.HTTPError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _adding(url: str, model: str) -> str:
    name = model if re.fullmatch(ID_PATTERN, model) else "NAME"
    target = "" if name == model else f" --upstream-model {shlex.quote(model)}"
    kind = f" --type {ModelType.EMBEDDING}" if "embed" in model.lower() else ""
    return f"models add {name} --url {url}{target}{kind}"
