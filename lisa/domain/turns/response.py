"""A turn, shown as OpenAI's Response object."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Turn, TurnStatus

NEEDED: Final[Wire] = {"tools": [], "tool_choice": "auto", "parallel_tool_calls": True}
REASONS: Final = frozenset({"max_output_tokens", "content_filter"})
CODES: Final = frozenset({"server_error", "rate_limit_exceeded", "invalid_prompt"})
# By the kind of failure: OpenAI has no words for more of what is the caller's to change.
OWN_KINDS: Final = {
    "limit_reached": "rate_limit_exceeded",
    "invalid": "invalid_prompt",
    "too_large": "invalid_prompt",
    "forbidden": "invalid_prompt",
    "not_found": "invalid_prompt",
    "conflict": "invalid_prompt",
}
ENDS_AS: Final = {"completed": "response.completed", "failed": "response.failed"}


def shown(turn: Turn, output: Sequence[Wire]) -> Wire:
    """Show a turn with its output items; `turn.request` is what the request's `echo` gave."""
    done = turn.completed.timestamp() if turn.completed else None
    return {
        **NEEDED,
        **turn.request,
        "id": turn.id,
        "object": "response",
        "created_at": turn.created.timestamp(),
        "completed_at": done if turn.status is TurnStatus.COMPLETED else None,
        "status": turn.status.value,
        "background": turn.background,
        "error": error_shown(turn.error),
        "incomplete_details": incomplete_details(turn.status, turn.incomplete_reason),
        "model": turn.model,
        "output": [*output],
        "usage": turn.usage,
        "previous_response_id": turn.previous_id,
        "conversation": {"id": turn.session_id} if turn.stored else None,
        "store": turn.stored,
        "lisa": measures(turn),
    }


def measures(turn: Turn) -> Wire:
    """Return what a turn took; null where nobody knows."""
    took = turn.measures
    return {
        "session_id": turn.session_id if turn.stored else None,
        "first_token_ms": took.first_token_ms,
        "total_ms": took.total_ms,
        "tokens_per_second": _speed(turn),
        "cost": took.cost,
        "price_source": took.price_source or None,
        "served_by": took.served_by or None,
    }


def _speed(turn: Turn) -> float | None:
    """Return how fast the answer came once it had begun."""
    first, total = turn.measures.first_token_ms, turn.measures.total_ms
    tokens = (turn.usage or {}).get("output_tokens")
    if first is None or total is None or total <= first or not isinstance(tokens, int):
        return None
    return round(tokens * 1000 / (total - first), 2)


def error_shown(error: Mapping[str, Any] | None) -> Wire | None:
    """Show why a turn failed: one of OpenAI's codes, and our own code as the error's type."""
    if error is None:
        return None
    ours = str(error.get("code") or "server_error")
    code = ours if ours in CODES else OWN_KINDS.get(str(error.get("kind")), "server_error")
    told = {"code": code, "message": str(error.get("message") or ""), "type": ours}
    return told if "retry_after" not in error else told | {"retry_after": error["retry_after"]}


def incomplete_details(status: str, reason: str) -> Wire | None:
    """Show why a turn is incomplete; `lisa_reason` holds what OpenAI has no word for."""
    if status != TurnStatus.INCOMPLETE:
        return None
    if reason in REASONS:
        return {"reason": reason}
    return {"reason": None, "lisa_reason": reason or None}


def on_its_way(response: Wire) -> Wire:
    """Return a response that has begun."""
    return {**NEEDED, **response, "object": "response", "status": "in_progress", "output": []}


def ended(response: Wire, status: str, error: Mapping[str, Any] | None, reason: str) -> Wire:
    """Return the event that ends a response; OpenAI has none for a cancelled one."""
    told: Wire = {
        **NEEDED,
        **response,
        "object": "response",
        "status": status,
        "error": error_shown(error),
        "incomplete_details": incomplete_details(status, reason),
    }
    return {"type": ENDS_AS.get(status, "response.incomplete"), "response": told}
