"""How many tokens a request may take, before any upstream has counted them."""

from typing import Any, Final

CHARACTERS_PER_TOKEN: Final = 4
TOKENS_OF_A_MEDIUM: Final = 1000  # an image, a recording, a document
MEDIA: Final = frozenset(
    {"image", "image_url", "input_image", "input_audio", "document", "file", "input_file"}
)
PROMPTS: Final = (
    "messages",
    "prompt",
    "input",
    "system",
    "tools",
    "functions",
    "response_format",
    "query",
    "documents",
    "suffix",
)
MOST: Final = 10**9


def prompt_tokens(says: dict[str, Any]) -> int:
    """Estimate the prompt: a quarter of its characters, its numbers as they are."""
    characters = sum(_weight(says[name]) for name in PROMPTS if name in says)
    return characters // CHARACTERS_PER_TOKEN + 1


def most_completion(says: dict[str, Any], otherwise: int) -> int:
    """Return the most tokens that all answers to this request may have."""
    asked = _number(says, "max_completion_tokens") or _number(says, "max_tokens") or otherwise
    answers = max(_number(says, "n"), _number(says, "best_of"), 1)
    return min(asked * answers, MOST)


def image_count(says: dict[str, Any]) -> int:
    """Return how many images are asked for."""
    return max(_number(says, "n"), 1)


def _weight(value: Any) -> int:
    """Count characters, however deep they lie."""
    characters, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            characters += len(each)
        elif isinstance(each, list):
            if each and isinstance(each[0], int):  # a text as numbers of tokens
                characters += len(each) * CHARACTERS_PER_TOKEN
            else:
                waiting.extend(each)
        elif isinstance(each, dict):
            kind = each.get("type")
            if isinstance(kind, str) and kind in MEDIA:
                characters += TOKENS_OF_A_MEDIUM * CHARACTERS_PER_TOKEN
            else:
                waiting.extend(each.values())
        else:
            characters += CHARACTERS_PER_TOKEN
    return characters


def _number(says: dict[str, Any], name: str) -> int:
    value = says.get(name)
    return min(value, MOST) if isinstance(value, int) and value > 0 else 0
