"""Cursors of lists that are put together of several sources: which of them, and where in it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64

from lisa.domain.errors import Invalid


def write_cursor(source: str, inner: str) -> str:
    """Return a cursor that goes on in this source, at the cursor within it."""
    return urlsafe_b64encode(json.dumps([source, inner]).encode()).decode()


def read_cursor(cursor: str) -> tuple[str, str]:
    """Return the source to go on in, and the cursor within it; raises `Invalid`."""
    try:
        source, inner = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, TypeError, RecursionError, BadBase64) as error:
        raise wrong_cursor() from error
    if not isinstance(source, str) or not isinstance(inner, str):
        raise wrong_cursor()
    return source, inner


def wrong_cursor() -> Invalid:
    """Say that a cursor is of no use here."""
    return Invalid(
        "the cursor does not belong to this list",
        next_step="begin again without a cursor",
        code="wrong_cursor",
    )
