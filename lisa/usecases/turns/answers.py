"""What a model says in the chunks of a streamed chat completion."""

from collections.abc import AsyncIterable

from pydantic import JsonValue


async def said(chunks: AsyncIterable[dict[str, JsonValue]]) -> str:
    """Return the whole text of an answer, without its reasoning."""
    return "".join([added(chunk) async for chunk in chunks])


def added(chunk: dict[str, JsonValue]) -> str:
    """Return the text that a chunk adds."""
    choices = chunk.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    delta = choice.get("delta") if isinstance(choice, dict) else None
    content = delta.get("content") if isinstance(delta, dict) else None
    return content if isinstance(content, str) else ""
