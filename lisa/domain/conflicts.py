"""What is said to those whose change met somebody else's."""

from lisa.domain.errors import Conflict


def outdated(what: str, version: int) -> Conflict:
    """Say that the caller speaks of a version that is not the newest any more."""
    return Conflict(
        f"{what} is at version {version} by now",
        next_step="read it again and decide anew",
        code="version_differs",
    )


def overtaken(what: str) -> Conflict:
    """Say that others change the thing faster than this change gets through."""
    return Conflict(f"{what} changes too fast", next_step="send it again")
