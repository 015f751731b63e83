"""Reads how long a token shall live: `12h`, `90d`, `8w`, `1y`."""

import re
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.errors import Invalid

UNITS: Final = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
FORM: Final = re.compile(r"([0-9]{1,6})([hdwy])")


def expiry(text: str, now: datetime) -> datetime:
    """Return the time that is so much later than now."""
    found = FORM.fullmatch(text.strip())
    try:
        return now + _length(found)
    except (OverflowError, LookupError):
        raise Invalid(
            f"{text!r} is not a length of time for --expires",
            next_step="give a number and one of h (hours), d (days), w (weeks), y (years): 90d",
        ) from None


def _length(found: re.Match[str] | None) -> timedelta:
    if found is None or int(found[1]) == 0:
        raise LookupError
    return int(found[1]) * UNITS[found[2]]
