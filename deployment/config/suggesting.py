"""Finds the keys that somebody may have meant."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from deployment.config.shapes import every_key, whole

MOST: Final = 3
ALIKE: Final = 0.6
MUCH_ALIKE: Final = 0.8


def nearest(key: str) -> Sequence[str]:
    """Return the keys most like one that there isn't: beside it, of its name, or anywhere."""
    asked = re.sub(r"\[\d+\]", "[]", key.lower()).replace("-", "_")
    part, _, name = asked.rpartition(".")
    beside = {each.rpartition(".")[2]: each for each in every_key() if _part(each) == part}
    found = [beside[each] for each in get_close_matches(name, beside, MOST, ALIKE)]
    elsewhere = [each for each in every_key() if each.rpartition(".")[2] == name][:MOST]
    alike = get_close_matches(asked, every_key(), MOST, MUCH_ALIKE)
    return found or ((elsewhere or alike) if beside else (alike or elsewhere))


def looks_like_ours(word: str) -> bool:
    """Tell whether a word is a part of the configuration, or one with a slip of the pen."""
    return word in whole().children or bool(
        get_close_matches(word, whole().children, 1, MUCH_ALIKE)
    )


def did_you_mean(names: Sequence[str], otherwise: str) -> str:
    """Ask for one of these names, or say what else mends it."""
    *most, last = names or [""]
    if not last:
        return otherwise
    return f"did you mean {', '.join(most)} or {last}?" if most else f"did you mean {last}?"


def _part(key: str) -> str:
    return key.rpartition(".")[0]
