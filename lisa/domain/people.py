"""What is known of a person beyond one call of theirs: user tokens follow it."""

from datetime import UTC, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from lisa.domain.identity import SUBJECT_PATTERN

NEVER: Final = datetime.fromtimestamp(0, UTC)


class Person(BaseModel):
    """Somebody as their issuer spoke of them at the moment `seen`.

    The rest is known where LISA itself keeps the account: sign-ins from before `ended` are over,
    and tokens from before `since` belong to somebody who had the name earlier. `version` counts
    changes; 0 was not stored yet.
    """

    model_config = ConfigDict(frozen=True)

    subject: str = Field(pattern=SUBJECT_PATTERN)
    groups: frozenset[str] = frozenset()
    seen: datetime = NEVER
    disabled: bool = False
    ended: datetime | None = None
    since: datetime | None = None
    version: int = 0

    def has_ended(self, signed_in: datetime) -> bool:
        """Tell whether a sign-in of that moment is over; access tokens know whole seconds only."""
        return self.disabled or (
            self.ended is not None and signed_in < self.ended.replace(microsecond=0)
        )

    def had_the_name(self, made: datetime) -> bool:
        """Tell whether a token of that moment is this person's."""
        return self.since is None or made >= self.since
