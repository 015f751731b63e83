"""Facts and filters as commands are given them."""

import json
from collections.abc import Mapping
from typing import Any

from lisa.domain.errors import Invalid


def typed_facts(texts: Mapping[str, str]) -> dict[str, object]:
    """Make numbers and truth values of texts that look like some; all others stay texts."""
    return {name: _typed(text) for name, text in texts.items()}


def filter_in(text: str) -> dict[str, Any] | None:
    """Read a filter; nothing where none is given."""
    if not text:
        return None
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise Invalid(
            "--filter is no JSON object",
            next_step='write it like {"type": "eq", "key": "year", "value": 2024}',
            code="no_filter",
        )
    return read


def _typed(text: str) -> object:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, bool | int | float) else text
