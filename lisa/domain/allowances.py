"""The arithmetic of limits that hold for a whole fleet: what was granted, and what is left.

Processes don't ask for each call. They take a share of an allowance, spend it from memory and
report later. An allowance counts what was granted, so its cap holds whatever becomes of a process.
"""

from typing import Final

from pydantic import BaseModel, ConfigDict

WINDOW_SECONDS: Final = 60
SHARE_SECONDS: Final = 2  # how long a share of a window may be used
HORIZON: Final = WINDOW_SECONDS + SHARE_SECONDS + 1  # a share is used up to this late
LEASE_SECONDS: Final = 30.0
SLICES: Final = 16  # the share of what is left that one process takes beyond its need


class Frozen(BaseModel):
    """A state; changing it makes another."""

    model_config = ConfigDict(frozen=True)


class Window(Frozen):
    """What was granted, by the second: in any minute no more than the cap is used."""

    granted: dict[int, int] = {}

    def recent(self, now: float) -> dict[int, int]:
        """Return what still counts."""
        return {second: n for second, n in self.granted.items() if second >= int(now) - HORIZON}

    def room(self, now: float, cap: int) -> int:
        """Return how much may still be granted."""
        return cap - sum(self.recent(now).values())

    def grant(self, now: float, amount: int) -> "Window":
        """Count a share as granted now."""
        recent = self.recent(now)
        return Window(granted=recent | {int(now): recent.get(int(now), 0) + amount})

    def take_back(self, now: float, returned: dict[int, int]) -> "Window":
        """Count less where shares were not used, more where a call used more than it reserved."""
        recent = self.recent(now)
        changed = {
            second: max(0, recent[second] - amount)
            for second, amount in returned.items()
            if second in recent
        }
        return Window(granted=recent | changed)

    def seconds_until(self, now: float, amount: int, cap: int) -> float:
        """Return how long to wait until that much may be granted, if nobody else takes it."""
        missing = amount - self.room(now, cap)
        wait = 0.0
        for second, granted in sorted(self.recent(now).items()):
            if missing <= 0:
                break
            missing -= granted
            wait = second + HORIZON + 1 - now
        return max(0.0, wait)


class Lease(Frozen):
    """What one process holds of a pot, and until when it is believed to live."""

    amount: int
    until: float


class Pot(Frozen):
    """An amount that is there once (a budget), or comes back after use (slots)."""

    granted: int = 0
    leases: dict[str, Lease] = {}

    def room(self, cap: int) -> int:
        """Return how much may still be granted."""
        return cap - self.granted

    def top_up(self, holder: str, now: float, amount: int) -> "Pot":
        """Give a process more, and believe that it lives."""
        held = self.leases.get(holder)
        lease = Lease(amount=(held.amount if held else 0) + amount, until=now + LEASE_SECONDS)
        return Pot(granted=self.granted + amount, leases=self.leases | {holder: lease})

    def settle(self, holder: str, now: float, *, spent: int, returned: int) -> "Pot":
        """Take note of what a process has spent for good and what it gives back.

        A process that was thought dead has nothing left to give back: it was counted as spent.
        """
        held = self.leases.get(holder)
        if held is None:
            return self
        left = held.amount - spent - returned
        others = {name: lease for name, lease in self.leases.items() if name != holder}
        # What a call used beyond its reservation was never granted: count it, cap or no cap.
        granted = self.granted - returned - min(0, left)
        mine = {holder: Lease(amount=left, until=now + LEASE_SECONDS)} if left > 0 else {}
        return Pot(granted=granted, leases=others | mine)

    def without_dead(self, now: float, *, gives_back: bool) -> tuple["Pot", int]:
        """Close the leases of processes that died; return what they had held."""
        dead = {name: lease for name, lease in self.leases.items() if lease.until < now}
        amount = sum(lease.amount for lease in dead.values())
        living = {name: lease for name, lease in self.leases.items() if name not in dead}
        granted = self.granted - amount if gives_back else self.granted
        return Pot(granted=granted, leases=living), amount


def share_of(room: int, need: int, recent_use: int) -> int:
    """Return how much to take: the need, and ahead as much as was used lately, if there is plenty.

    Near the cap only the need is taken, so that no process sits on what another could use.
    """
    if room < need:
        return 0
    return need + max(0, min(recent_use, room // SLICES - need))
