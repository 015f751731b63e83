"""What a model costs and how much it takes, by the price map in the package."""

from importlib.metadata import version
from typing import Any, Final

MILLION: Final = 1_000_000
ASKS_A_SERVER: Final = ("ollama/", "ollama_chat/")  # for these the SDK would call somebody


def price_of(litellm: Any, target: str) -> dict[str, Any] | None:
    """Return prices in US dollars per million tokens, or nothing if the package has none."""
    if target.startswith(ASKS_A_SERVER):
        return None
    known = _entry(litellm, target)
    if known is None or known.get("input_cost_per_token") is None:
        return None
    return {
        "prompt": _per_million(known["input_cost_per_token"]),
        "completion": _per_million(known.get("output_cost_per_token") or 0),
        "cached_prompt": _per_million(known.get("cache_read_input_token_cost")),
        "source": f"litellm {version('litellm')}",
        "context_window": known.get("max_input_tokens"),
        "max_tokens": known.get("max_output_tokens"),
    }


def _entry(litellm: Any, target: str) -> dict[str, Any] | None:
    """Find the model, which the map names with its provider or without."""
    provider, _, name = target.partition("/")
    for key in (target, name, name.rpartition("/")[2]):
        entry: dict[str, Any] = litellm.model_cost.get(key, {})
        if str(entry.get("litellm_provider", "")).startswith(provider):
            return entry
    return None


def _per_million(dollars: float | None) -> float | None:
    return None if dollars is None else round(dollars * MILLION, 6)
