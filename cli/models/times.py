"""Times of the API as the clocks on this machine show them."""

from datetime import datetime


def to_the_second(told: str) -> str:
    """Write a time as a line of a log begins."""
    return f"{datetime.fromisoformat(told).astimezone():%Y-%m-%d %H:%M:%S}"


def to_the_minute(told: str | None) -> str:
    """Write a time for a person; there may be none."""
    return f"{datetime.fromisoformat(told).astimezone():%Y-%m-%d %H:%M}" if told else "never"
