"""What a call used, read from the answer as it passes: OpenAI's and Anthropic's words for it."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from lisa.domain.usage import Counts

NAME: Final = b'"usage"'  # inside a text its quotes would be escaped
_OPENS: Final = re.compile(rb'"usage"\s*:\s*(?=\{)')
_DECODER: Final = json.JSONDecoder()
LONGEST: Final = 8192
CHARACTERS_PER_TOKEN: Final = 4


def find_usage(text: bytes) -> dict[str, Any] | None:
    """Return the last usage object in a piece of JSON, without parsing the rest."""
    at = text.rfind(NAME)
    while at >= 0:
        opens = _OPENS.match(text, at)
        if opens:
            return _object(text[opens.end() : opens.end() + LONGEST])
        at = text.rfind(NAME, 0, at)
    return None


def counts_from(usage: Mapping[str, Any]) -> Counts:
    """Translate what an upstream reports."""
    if "prompt_tokens" in usage:
        read, made = usage.get("prompt_tokens_details"), usage.get("completion_tokens_details")
        return Counts(
            prompt=_count(usage, "prompt_tokens"),
            completion=_count(usage, "completion_tokens"),
            cached=_count(read, "cached_tokens"),
            reasoning=_count(made, "reasoning_tokens"),
        )
    read, made = usage.get("input_tokens_details"), usage.get("output_tokens_details")
    completion = _count(usage, "output_tokens")
    prompt = _count(usage, "input_tokens") or max(_count(usage, "total_tokens") - completion, 0)
    cached = _count(usage, "cache_read_input_tokens")  # Anthropic counts these beside the input
    return Counts(
        prompt=prompt + cached + _count(usage, "cache_creation_input_tokens"),
        completion=completion,
        cached=cached or _count(read, "cached_tokens"),
        reasoning=_count(made, "reasoning_tokens"),
    )


def _object(text: bytes) -> dict[str, Any] | None:
    try:
        found, _ = _DECODER.raw_decode(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _count(usage: object, name: str) -> int:
    """Return a number of tokens; whatever else stands there counts for nothing."""
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and value > 0 else 0
