"""Where litellm 1.106.2 isn't an SDK by itself, or reads on for callers who have left.

Each mend has a test in tests/litellm that fails without it; read them again with each new version.
"""

import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from containers.litellm import sagemaker

PASSING: Final = "litellm.proxy.pass_through_endpoints"
STREAMS: Final = "litellm.llms.anthropic.pass_through.messages.streaming_iterator"
TOOL_SERVERS: Final = "litellm.responses.mcp"


def stand_in_for_the_proxy() -> None:
    """Give the SDK what it imports from the proxy, whose packages we don't want.

    Any request with tools imports its gateway to tool servers, which would call addresses that
    stand in a body; Anthropic's streams import its bookkeeping.
    """
    _module(f"{PASSING}.success_handler", PassThroughEndpointLogging=_Bookkeeping)
    _module(f"{PASSING}.streaming_handler", PassThroughStreamingHandler=_Relay)
    _module(f"{TOOL_SERVERS}.chat_completions_handler", acompletion_with_mcp=None)
    _module(f"{TOOL_SERVERS}.litellm_proxy_mcp_handler", LiteLLM_Proxy_MCP_Handler=_NoToolServers)


def mend(litellm: Any) -> None:
    """Change what can only be changed once the SDK is loaded."""
    streams = import_module(STREAMS).BaseAnthropicMessagesStreamingIterator
    streams.async_sse_wrapper = _as_events
    sagemaker.mend(litellm)


class _Bookkeeping:
    """Keeps no books."""


class _Relay:
    """Passes Anthropic's own stream on as it is."""

    @staticmethod
    async def chunk_processor(response: Any, **_: object) -> AsyncGenerator[bytes, None]:
        """Yield it; the connection ends with the caller."""
        try:
            async for piece in response.aiter_bytes():
                yield piece
        finally:
            await response.aclose()


class _NoToolServers:
    """Says that no tool is to be run here."""

    @staticmethod
    def should_use_litellm_mcp_gateway(**_: object) -> bool:
        """Answer for any list of tools."""
        return False


async def _as_events(
    self: Any, completion_stream: AsyncIterator[Any]
) -> AsyncGenerator[bytes, None]:
    """Write events as they come; the SDK's own goes on reading when its caller has left."""
    del self
    try:
        async for event in completion_stream:
            if isinstance(event, Mapping):
                yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
            else:
                yield event
    finally:
        if close := getattr(completion_stream, "aclose", None):
            await close()


def _module(name: str, **contents: object) -> None:
    module = ModuleType(name)
    vars(module).update(contents)
    sys.modules[name] = module
