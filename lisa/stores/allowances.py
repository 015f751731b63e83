"""Where the state of limits lies: one row per allowance, changed by whoever read it last."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from lisa.declared.tables import ALLOWANCES
from lisa.domain.allowances import Pot, Window
from lisa.domain.errors import ConditionFailed, Unavailable
from lisa.ports.clock import Clock
from lisa.ports.table import ABSENT, Key, Put, Row, Tables, at_version

MOST_TRIES: Final = 60
PAUSE_SECONDS: Final = 0.004
State = TypeVar("State", Window, Pot)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Place:
    """One allowance: whose, and for which time."""

    key: str
    period: str
    kept_for: timedelta


@dataclass(frozen=True)
class AllowanceStore:
    """Changes a state by a function of what it is now; of many at once, each sees the others."""

    tables: Tables
    clock: Clock

    async def change(
        self,
        place: Place,
        kind: type[State],
        change: Callable[[State], tuple[State, Answer]],
    ) -> Answer:
        """Apply the change and return its answer; a state that stays as it was isn't written."""
        for attempt in range(MOST_TRIES):
            row = await self.tables.get(ALLOWANCES, Key(place.key, place.period))
            before = kind.model_validate_json(str(row["state"])) if row else kind()
            after, answer = change(before)
            if after == before:
                return answer
            try:
                await self.tables.apply(self._put(place, row, after))
            except ConditionFailed:
                await self.clock.sleep(random.random() * PAUSE_SECONDS * (attempt + 1))  # noqa: S311 - jitter
                continue
            return answer
        raise Unavailable("limits are asked for too often at once", next_step="try again")

    def _put(self, place: Place, row: Row | None, state: Window | Pot) -> Put:
        version = int(str(row["version"])) if row else 0
        expires = int((self.clock.now() + place.kept_for).timestamp())
        document = json.dumps(state.model_dump(mode="json"))
        return Put(
            ALLOWANCES,
            {
                "pk": place.key,
                "sk": place.period,
                "version": version + 1,
                "state": document,
                "expires_at": expires,
            },
            at_version(version) if row else ABSENT,
        )
