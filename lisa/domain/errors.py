"""Every failure a caller may expect. Whatever is not in this tree is our own bug.

LisaError
├── Invalid              the request itself is wrong
│   └── TooLarge         ... because it is too big
├── Forbidden            the caller may not do this
│   ├── NotAdmitted      ... because their login isn't in the group that may use LISA
│   └── Unauthenticated  ... because we don't know who is calling
├── NotFound             there is no such thing, or it isn't the caller's to see
├── Conflict             somebody else changed it, or it exists already
│   └── ConditionFailed  ... a condition on a stored row did not hold
├── LimitReached         too much, too often
└── Unavailable          a part we rely on can't answer now; trying again may help

Each carries a stable code for programs, a message for the person, and the next step to take.
"""

from collections.abc import Sequence
from typing import ClassVar


class LisaError(Exception):
    """The root of the family; only its kinds are raised."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, next_step: str = "", code: str = "") -> None:
        """`code` makes the kind more precise, e.g. `session_not_found`."""
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.precise_code = code or self.code


class Invalid(LisaError):
    """The request itself is wrong; sending it again changes nothing."""

    code = "invalid"


class TooLarge(Invalid):
    """The request, or what it would store, is too big."""

    code = "too_large"


class Forbidden(LisaError):
    """The caller is known and may not do this."""

    code = "forbidden"


class NotAdmitted(Forbidden):
    """A valid login that is let in nowhere; `subject` is whose."""

    code = "not_in_group"

    def __init__(self, subject: str = "") -> None:
        """Remember who it was, for the audit."""
        super().__init__(
            "your login is valid, but it is not in the group that may use LISA",
            next_step="ask an administrator to add you to the group",
        )
        self.subject = subject


class Unauthenticated(Forbidden):
    """No credential, or one that is unknown, expired or revoked."""

    code = "unauthenticated"


class NotFound(LisaError):
    """There is no such thing, or it belongs to somebody else."""

    code = "not_found"


class Conflict(LisaError):
    """The thing changed meanwhile, or exists already."""

    code = "conflict"


class ConditionFailed(Conflict):
    """A write's condition did not hold; `failed` holds the positions of those steps."""

    code = "condition_failed"

    def __init__(self, failed: Sequence[int] = (0,)) -> None:
        """Remember which steps of a transaction failed."""
        super().__init__("the stored row is not in the expected state", next_step="read it again")
        self.failed = tuple(failed)


class LimitReached(LisaError):
    """Too much or too often; waiting `retry_after` seconds helps, where we know how long."""

    code = "limit_reached"

    def __init__(
        self, message: str, *, next_step: str = "", code: str = "", retry_after: float = 0
    ) -> None:
        super().__init__(message, next_step=next_step, code=code)
        self.retry_after = retry_after


class Unavailable(LisaError):
    """A part we rely on can't answer now; trying again may help, after `retry_after` seconds."""

    code = "unavailable"

    def __init__(
        self, message: str, *, next_step: str = "", code: str = "", retry_after: float = 1
    ) -> None:
        super().__init__(message, next_step=next_step, code=code)
        self.retry_after = retry_after
