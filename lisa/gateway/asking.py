"""One call to a model as it was asked for, and what became of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.usage import Counts
from lisa.gateway.estimate import image_count, most_completion, prompt_tokens
from lisa.gateway.form_body import FormBody, read_form
from lisa.gateway.json_body import JsonBody, read_json
from lisa.gateway.surface import Body, Dialect, Endpoint
from lisa.ports.calls import Ask

LONG: Final = 256 * 1024  # bytes that take too long to parse between two other calls' steps
OTHERWISE_COMPLETED: Final = 4096  # tokens, where neither request nor model say how many at most


@dataclass(slots=True)
class Asked:
    """A call by somebody who may make it, read and understood."""

    id: str
    request_id: str
    endpoint: Endpoint
    dialect: Dialect
    caller: Principal
    headers: Mapping[str, str]
    body: JsonBody | FormBody
    prompt_estimate: int
    started: float

    @property
    def streams(self) -> bool:
        """Tell whether the answer is wanted as a stream."""
        return self.body.says.get("stream") is True

    @property
    def asks_for_usage(self) -> bool:
        """Tell whether the caller wants to be told the usage in a stream."""
        options = self.body.says.get("stream_options")
        return isinstance(options, dict) and options.get("include_usage") is True

    @property
    def images(self) -> int:
        """How many images are asked for."""
        return image_count(self.body.says) if self.endpoint.images else 0

    @property
    def usage_is_unasked(self) -> bool:
        """Tell whether we have to ask for the usage, and then keep it for ourselves."""
        return self.endpoint.reports_usage and self.streams and not self.asks_for_usage

    def of(self, model: Model) -> Ask:
        """Return the call as limits see it."""
        endpoint, says = self.endpoint, self.body.says
        otherwise = model.max_tokens or OTHERWISE_COMPLETED
        return Ask(
            id=self.id,
            caller=self.caller,
            model=model,
            endpoint=endpoint.name,
            prompt_estimate=self.prompt_estimate if endpoint.counted else 0,
            most_completion=most_completion(says, otherwise) if endpoint.completes else 0,
            images=self.images,
        )


@dataclass(slots=True)
class Outcome:
    """What became of a call so far."""

    model: str = ""  # the one that answered
    upstream: str = ""
    tries: int = 0
    status: int = 500
    ended: str = "failed"
    streamed: bool = False
    counts: Counts | None = None
    cost: float = 0.0
    price_source: str = ""
    first_byte_ms: float | None = None
    reached: bool = False  # an upstream may have begun to work
    cache_hit: bool = False


async def read_body(
    endpoint: Endpoint, body: bytes, headers: Mapping[str, str]
) -> tuple[JsonBody | FormBody, int]:
    """Parse a body and weigh its prompt; a long one beside the event loop."""
    if endpoint.body is Body.FORM:
        return read_form(body, headers.get("content-type", "")), len(body) // LONG + 1
    if len(body) < LONG:
        return _read(body)
    return await asyncio.to_thread(_read, body)


def _read(body: bytes) -> tuple[JsonBody, int]:
    try:
        read = read_json(body)
        return read, prompt_tokens(read.says)
    except RecursionError as error:
        raise Invalid("the body is nested too deep", code="malformed_json") from error
