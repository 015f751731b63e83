"""The replicas of one model: as many as are wanted, of the hosting that is wanted."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from lisa.adapters.processes.logs import forget_old
from lisa.adapters.processes.places import ModelFolder
from lisa.adapters.processes.replica import LOOK, ReplicaLife, Surroundings
from lisa.adapters.processes.wishes import Wish
from lisa.ports.hosts import HostState, Observed

LOG: Final = logging.getLogger(__name__)


@dataclass
class Fleet:
    """Replicas that run and those that are on their way out."""

    around: Surroundings
    wish: Wish
    _lives: dict[str, ReplicaLife] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _ending: set[asyncio.Task[None]] = field(default_factory=set)

    def want(self, wish: Wish) -> None:
        """Begin to become what is wanted; what fits already is left alone."""
        self.wish = wish
        fitting = [each for each in self._lives.values() if each.fits(wish)]
        kept = sorted(fitting, key=lambda each: not each.healthy)[: wish.replicas]
        for life in [*self._lives.values()]:
            if life in kept:
                life.wish = wish
            else:
                self._end(life.id)
        for _ in range(wish.replicas - len(kept)):
            self._begin()

    def observed(self) -> Observed:
        """Tell how far it has come."""
        lives, wanted = self._lives.values(), self.wish.replicas
        healthy = sum(each.healthy for each in lives)
        words = f"{healthy} of {wanted} replicas answer" if wanted else "nothing is to run"
        seen = Observed(HostState.READY, words, replicas=[each.told() for each in lives])
        failed = next((each for each in lives if each.hopeless), None)
        if failed:
            helps = failed.next_step
            return replace(seen, state=HostState.FAILED, cause=failed.error, next_step=helps)
        if self._ending:
            words = f"{words}, {len(self._ending)} are ending"
        if self._ending or healthy < wanted:
            why = next((f" ({each.error})" for each in lives if each.error), "")
            return replace(seen, state=HostState.WORKING, words=words + why, next_step=LOOK)
        return seen

    async def end(self) -> None:
        """End all, and return when nothing runs."""
        for each in [*self._lives]:
            self._end(each)
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _begin(self) -> None:
        life = ReplicaLife(f"replica-{secrets.token_hex(4)}", self.wish, self.around)
        folder = ModelFolder(self.around.home, self.wish.model_id)
        forget_old(folder, {*self._lives, life.id})
        self._lives[life.id] = life
        task = asyncio.create_task(life.live(), name=life.id)
        task.add_done_callback(lambda ended: _note_our_fault(life, ended))
        self._tasks[life.id] = task

    def _end(self, replica: str) -> None:
        del self._lives[replica]
        task = self._tasks.pop(replica)
        task.cancel()
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def _note_our_fault(life: ReplicaLife, task: asyncio.Task[None]) -> None:
    """Say so where it was no failure that anybody expected; nothing would start it again."""
    fault = None if task.cancelled() else task.exception()
    if fault:
        LOG.error("the life of %s ended", life.id, exc_info=fault)
        life.hopeless, life.error = True, f"LISA failed to run it ({type(fault).__name__})"
