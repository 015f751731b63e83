"""Refusals in the shape in which OpenSearch sends them."""

from collections.abc import Collection, Mapping
from typing import Any

Json = Mapping[str, Any]


class Refused(Exception):
    """What was asked is wrong, or more than this stand-in knows."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.error = {"type": kind, "reason": reason}

    def body(self) -> Json:
        """Return the answer's body."""
        return {"error": {"root_cause": [self.error], **self.error}, "status": self.status}


def only(given: Json, known: Collection[str], place: str) -> None:
    """Refuse what we don't know: a stand-in that passes things over proves nothing."""
    if unknown := set(given) - set(known):
        raise Refused(400, "parsing_exception", f"unknown field {sorted(unknown)} in [{place}]")


def the_one(given: Json, place: str) -> tuple[str, Any]:
    """Return the only field there is, and its value."""
    if len(given) != 1:
        raise Refused(400, "parsing_exception", f"[{place}] should have exactly one field")
    return next(iter(given.items()))
