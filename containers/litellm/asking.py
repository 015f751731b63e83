"""Turns a request into one call of the SDK."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from containers.litellm import upstream as upstreams
from containers.litellm.endpoints import Endpoint, arguments
from containers.litellm.multipart import read_form
from lisa.domain.errors import Invalid
from lisa.domain.model import Upstream

SECONDS: Final = 3600.0  # the gateway knows the model's own patience and leaves sooner
COUNTING: Final = "acount_tokens"  # knows the simplest arguments only
FORM: Final = "multipart/form-data"


@dataclass(frozen=True)
class Call:
    """One call that is ready to be made."""

    function: str
    arguments: Mapping[str, Any]
    body: Mapping[str, Any]
    provider: str

    @property
    def streams(self) -> bool:
        """Tell whether the answer was asked for in pieces."""
        return self.body.get("stream") is True


def read_body(headers: Mapping[str, str], raw: bytes) -> dict[str, Any]:
    """Return the fields of a JSON document or a form."""
    content_type = headers.get("content-type", "")
    if content_type.lower().startswith(FORM):
        return read_form(content_type, raw)
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Invalid("the body is not JSON") from error
    if not isinstance(body, dict):
        raise Invalid("the body is not a JSON object")
    return body


def make_call(
    litellm: Any, endpoint: Endpoint, upstream: Upstream, key: str | None, body: dict[str, Any]
) -> Call:
    """Put together what is the caller's and what is ours; ours is put last."""
    provider = upstreams.provider_of(litellm, upstream)
    speaks_openai = endpoint.extras and upstreams.speaks_openai(litellm, provider)
    controls = frozenset(litellm.types.utils.all_litellm_params)
    given = arguments(endpoint, body, controls, speaks_openai=speaks_openai)
    streams = given.get("stream") is True
    where = upstreams.address(provider, upstream, key, stream=streams)
    if endpoint.function == COUNTING:
        where = upstreams.plain_address(provider, upstream, key)
    return Call(endpoint.function, {**given, **_ours(endpoint), **where}, body, provider)


def _ours(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.function == COUNTING:
        return {}
    ours: dict[str, Any] = {"timeout": SECONDS, "max_retries": 0}
    if endpoint.function == "aembedding":
        ours["encoding_format"] = "float"
    return ours
