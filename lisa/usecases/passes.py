"""Service passes: how our own processes call the gateway for somebody, for one model, for minutes.

A pass is `lisa_pass.<what it says>.<mac>`; whoever knows the secret can write one. What is done
with it counts to the person on whose behalf it is done, within the limits of that person and of
the groups of that person. It lends the right to its one model, whatever groups that is for: who
may use a collection may use its embedding model there.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from lisa.domain.claims import refused
from lisa.domain.errors import NotFound
from lisa.domain.identity import Limits, Principal
from lisa.domain.scopes import MODEL, Plane
from lisa.ports.clock import Clock
from lisa.ports.embedding import OnBehalf
from lisa.stores.models import ModelStore
from lisa.stores.people import PeopleStore
from lisa.usecases.recent import MOST_REMEMBERED

PASS_PREFIX: Final = "lisa_pass."  # noqa: S105 - public by design
LIFE: Final = timedelta(minutes=5)
WRITTEN_ANEW_AFTER: Final = timedelta(seconds=60)
PARTS: Final = 3


class Pass(BaseModel):
    """What a pass says: for whom, of which groups, for which model, until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    token_id: str | None = None
    model: str
    groups: frozenset[str] = frozenset()
    expires: datetime

    def principal(self, limits: Limits | None) -> Principal:
        """Return who calls with it: somebody who may use this one model, and nothing else."""
        return Principal(
            subject=self.subject,
            groups=self.groups,
            may_make_tokens=False,
            token_id=self.token_id,
            scopes=frozenset({Plane.INFERENCE, f"{MODEL}{self.model}"}),
            limits=limits,
            lent=self.model,
        )


@dataclass(frozen=True)
class PassReader:
    """Reads passes that were written with one of these secrets."""

    secrets: tuple[bytes, ...] = field(repr=False)
    clock: Clock

    async def read(self, credential: str) -> Pass:
        """Return what a pass says, or refuse it."""
        parts = credential.split(".")
        if len(parts) != PARTS or not self._wrote(parts[1], parts[2]):
            raise refused()
        try:
            said = Pass.model_validate_json(urlsafe_b64decode(parts[1]))
        except (BadBase64, ValueError, ValidationError) as error:
            raise refused() from error
        if said.expires <= self.clock.now():
            raise refused()
        return said

    def _wrote(self, told: str, mac: str) -> bool:
        given = mac.encode("utf-8", "replace")
        macs = [_mac(secret, told).encode() for secret in self.secrets]
        equal = [hmac.compare_digest(given, each) for each in macs]
        return any(equal)


@dataclass(frozen=True)
class PassWriter:
    """Writes passes for models that there are."""

    models: ModelStore
    secret: bytes = field(repr=False)
    clock: Clock
    _written: dict[tuple[OnBehalf, str], tuple[datetime, str]] = field(
        default_factory=dict, init=False, repr=False
    )

    async def write(self, whose: OnBehalf, model_id: str) -> str:
        """Return a pass that is good for minutes to come; raise `NotFound` without the model."""
        now, key = self.clock.now(), (whose, model_id)
        if key in self._written and now < self._written[key][0] + WRITTEN_ANEW_AFTER:
            return self._written[key][1]
        if await self.models.by_id(model_id) is None:
            raise NotFound(
                f"there is no model {model_id[:128]}",
                next_step="ask an administrator to add it, or choose another one",
                code="model_not_found",
            )
        said = Pass(
            subject=whose.subject,
            token_id=whose.token_id,
            model=model_id,
            groups=await self._groups(whose),
            expires=now + LIFE,
        )
        if len(self._written) >= MOST_REMEMBERED:
            self._written.clear()
        self._written[key] = (now, _signed(self.secret, said))
        return self._written[key][1]

    async def _groups(self, whose: OnBehalf) -> frozenset[str]:
        if whose.groups is not None:
            return whose.groups
        person = await PeopleStore(self.models.tables).by_subject(whose.subject)
        return frozenset(person.groups) if person else frozenset()


def _signed(secret: bytes, said: Pass) -> str:
    told = urlsafe_b64encode(said.model_dump_json().encode()).decode()
    return f"{PASS_PREFIX}{told}.{_mac(secret, told)}"


def _mac(secret: bytes, told: str) -> str:
    return hmac.new(secret, f"{PASS_PREFIX}{told}".encode("utf-8", "replace"), "sha256").hexdigest()
