"""What is left out of a conversation that is longer than its model reads."""

import json
from collections.abc import Sequence
from typing import Final

from lisa.domain.document import TOKENS_OF_AN_IMAGE, tokens
from lisa.domain.turns.shapes import Wire

TRUSTED: Final = 0.85  # of a window, as tokens are only estimated
USUAL_ANSWER: Final = 0.15  # of a window, where nobody says how long it may get


def without_the_oldest(context: Sequence[Wire], window: int, answer: int | None) -> list[Wire]:
    """Return the latest items that leave room for an answer, and all that instructs the model.

    The last item is kept whatever its length: of that the model itself has to judge.
    """
    spare = int(window * TRUSTED) - (answer or int(window * USUAL_ANSWER))
    spare -= sum(_weight(item) for item in context if _instructs(item))
    first = len(context)
    for place in reversed(range(len(context))):
        spare -= 0 if _instructs(context[place]) else _weight(context[place])
        if spare < 0 and first < len(context):
            break
        first = place
    return [item for place, item in enumerate(context) if place >= first or _instructs(item)]


def _instructs(item: Wire) -> bool:
    return item.get("role") in {"system", "developer"}


def _weight(item: Wire) -> int:
    """Estimate an item's tokens; an image counts as one, however many bytes it has."""
    parts = item.get("content")
    if not isinstance(parts, list):
        return tokens(json.dumps(item))
    images = [part for part in parts if part.get("type") == "input_image"]
    others = [part for part in parts if part.get("type") != "input_image"]
    return tokens(json.dumps(others)) + TOKENS_OF_AN_IMAGE * len(images)
