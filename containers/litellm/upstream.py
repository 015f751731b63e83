"""Where a call goes: only what the gateway says in its own header, never a word of the body."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.model import Upstream

HEADER: Final = "x-lisa-upstream"
NO_KEY: Final = "none"  # or the SDK would send a key from our environment to this address
OF_AWS: Final = ("bedrock", "sagemaker")
OPENAI_ITSELF: Final = ("openai", "azure", "text-completion-openai")


def named_in(headers: Mapping[str, str]) -> Upstream:
    """Read the gateway's header."""
    try:
        given = json.loads(headers.get(HEADER, ""))
        return Upstream(
            kind="litellm", target=given["target"], url=given.get("url", ""), key=given.get("key")
        )
    except (ValueError, ValidationError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"the header {HEADER} names no upstream") from error


def provider_of(litellm: Any, upstream: Upstream) -> str:
    """Return LiteLLM's name for who answers."""
    return str(litellm.get_llm_provider(model=upstream.target)[1])


def speaks_openai(litellm: Any, provider: str) -> bool:
    """Tell whether LiteLLM hands unknown fields on to this provider as they are."""
    return provider in OPENAI_ITSELF or provider in litellm.openai_compatible_providers


def address(provider: str, upstream: Upstream, key: str | None, *, stream: bool) -> dict[str, str]:
    """Return the SDK's arguments that say where to and with which key."""
    found = plain_address(provider, upstream, key)
    url = found.get("api_base")
    if not url or not provider.startswith(OF_AWS):
        return found
    signed = {"model": upstream.target, **({"api_key": key} if key else {})}
    if provider.startswith("bedrock"):
        return signed | {"aws_bedrock_runtime_endpoint": url}
    operation = "invocations-response-stream" if stream else "invocations"
    name = upstream.target.partition("/")[2]
    return signed | {"sagemaker_base_url": f"{url}/endpoints/{name}/{operation}"}


def plain_address(provider: str, upstream: Upstream, key: str | None) -> dict[str, str]:
    """Return where to and with which key, as most providers take it."""
    url = upstream.url.rstrip("/")
    if url and not key and not provider.startswith(OF_AWS):
        key = NO_KEY
    found = {"model": upstream.target, "api_base": url, "api_key": key}
    return {name: value for name, value in found.items() if value}
