"""What a sign-in leads to: a session of the browser, a code, a family of refresh tokens.

Everything a browser or page holds is random; only its hash is here. None of it outlives an account
that is disabled or whose sign-ins were ended.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from lisa.domain.accounts import Account

SESSION_LIFE: Final = timedelta(hours=12)
CODE_LIFE: Final = timedelta(seconds=60)
REPLAY_REMEMBERED: Final = timedelta(minutes=10)
ACCESS_LIFE: Final = timedelta(minutes=10)
IDLE_LIFE: Final = timedelta(hours=12)
LONGEST_LIFE: Final = timedelta(days=7)
ANSWER_MAY_BE_LOST_FOR: Final = timedelta(seconds=10)
MOST_LOST_ANSWERS: Final = 5
VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class SignedIn(BaseModel):
    """Who signed in and when, and by the hash of which cookie."""

    model_config = ConfigDict(frozen=True)

    account: str
    at: datetime
    session: str

    def holds_for(self, account: Account | None) -> bool:
        """Tell whether this sign-in still counts for the account as it is now."""
        return account is not None and not account.disabled and account.sessions_from <= self.at


class Grant(BaseModel):
    """What was granted to whom."""

    model_config = ConfigDict(frozen=True)

    signed_in: SignedIn
    client_id: str
    scopes: tuple[str, ...]

    @property
    def lasts(self) -> bool:
        """Tell whether refresh tokens belong to it."""
        return "offline_access" in self.scopes


class Code(BaseModel):
    """A grant on its way to the page that asked; `family` is what will be made from it."""

    model_config = ConfigDict(frozen=True)

    grant: Grant
    redirect_uri: str
    challenge: str
    nonce: str
    family: str
    expires: datetime

    def suits(self, redirect_uri: str, verifier: str, now: datetime) -> bool:
        """Tell whether whoever shows it is the page that asked for it, in time."""
        return (
            now < self.expires
            and redirect_uri == self.redirect_uri
            and bool(VERIFIER.fullmatch(verifier))
            and hmac.compare_digest(_challenge_of(verifier), self.challenge)
        )


class Family(BaseModel):
    """The refresh tokens that follow one another from one grant.

    `live` tokens may be used; more than one is live only where an answer was lost and `former`,
    which it answered, was shown again. `version` counts changes.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    grant: Grant
    live: tuple[str, ...]
    former: str = ""
    former_until: datetime
    idle_until: datetime
    ends: datetime
    version: int = 1

    @classmethod
    def begun(cls, family: str, grant: Grant, first: str, now: datetime) -> "Family":
        """Return one whose first token has this hash."""
        return cls(
            id=family,
            grant=grant,
            live=(first,),
            former_until=now,
            idle_until=now + IDLE_LIFE,
            ends=now + LONGEST_LIFE,
        )

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time has passed, used or not."""
        return now >= min(self.idle_until, self.ends)

    def followed_by(self, shown: str, fresh: str, now: datetime) -> "Family | None":
        """Return the family after a token was shown; nothing if that one had been used before."""
        idle_until = now + IDLE_LIFE
        if shown in self.live:
            changed = {
                "live": (fresh,),
                "former": shown,
                "former_until": now + ANSWER_MAY_BE_LOST_FOR,
                "idle_until": idle_until,
            }
            return self.model_copy(update=changed)
        lost = shown == self.former and now < self.former_until
        if lost and len(self.live) <= MOST_LOST_ANSWERS:
            return self.model_copy(update={"live": (*self.live, fresh), "idle_until": idle_until})
        return None


def _challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
