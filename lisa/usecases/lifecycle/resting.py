"""Steps out of service: no new call, none under way, nothing that runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.domain.errors import Unavailable
from lisa.domain.lifecycle import Phase
from lisa.domain.model import Model, ModelStatus
from lisa.ports.hosts import Host, HostState
from lisa.usecases.lifecycle.ground import Ground, host_failed, hosting_of
from lisa.usecases.lifecycle.telling import News, State

ALL_KNOW_AFTER: Final = 3  # seconds: a gateway is at most one behind the table
UNCOUNTED: Final = 30  # seconds for calls that nobody counts
PATIENCE: Final = 600


@dataclass(frozen=True)
class Resting:
    """The steps, by their names."""

    ground: Ground

    async def take_the_route_out(self, state: State) -> State:
        """Let no new call in."""
        news = News("take the route out", "no new call gets to it")
        await self.ground.telling.tell(state, news, upstreams=())
        return {"out_since": self.ground.clock.now().isoformat()}

    async def drain(self, state: State) -> State:
        """See whether its last calls have ended; there is an end to our patience."""
        model, telling = await self.ground.telling.mine(state), self.ground.telling
        since = datetime.fromisoformat(state["out_since"])
        seconds = (self.ground.clock.now() - since).total_seconds()
        under_way = state["routed"] and await self._under_way(model, seconds)
        async with telling.waiting(state, "drain"):
            if under_way and seconds < patience(model):
                raise Unavailable("calls may still be under way")
        words = "what is still under way ends now" if under_way else "no call is under way"
        await telling.tell(state, News("drain", words))
        return {}

    async def stop_the_host(self, state: State) -> State:
        """Ask the host for no replica."""
        model = await self.ground.telling.mine(state)
        hosting = hosting_of(model)
        await self.ground.host(hosting).ensure(model.id, hosting, 0)
        await self.ground.telling.tell(state, News("stop the host", "its host is asked to stop"))
        return {}

    async def wait_until_it_stands_still(self, state: State) -> State:
        """See whether nothing runs any more."""
        model, telling = await self.ground.telling.mine(state), self.ground.telling
        step = "wait until it stands still"
        async with telling.waiting(state, step):
            await _refuse_running(model, self.ground.host(hosting_of(model)))
        await telling.tell(state, News(step, "nothing runs"))
        return {}

    async def put_to_rest(self, state: State) -> State:
        """Say that it is stopped."""
        news = News("put to rest", "it is stopped")
        await self.ground.telling.tell(state, news, status=ModelStatus.STOPPED)
        return {}

    async def stop_what_was_begun(self, state: State) -> State:
        """Undo a start."""
        model = await self.ground.telling.unfinished(state)
        if model is None:
            return {}
        hosting = hosting_of(model)
        host, step = self.ground.host(hosting), "stop what was begun"
        await host.ensure(model.id, hosting, 0)
        async with self.ground.telling.waiting(state, step):
            await _refuse_running(model, host)
        news = News(step, "nothing of it runs", Phase.UNDONE)
        await self.ground.telling.tell(state, news)
        return {}

    async def _under_way(self, model: Model, seconds: float) -> bool:
        if self.ground.traffic is None:
            return seconds < UNCOUNTED
        counted = await self.ground.traffic.under_way(model.id)
        return counted > 0 or seconds < ALL_KNOW_AFTER


def patience(model: Model) -> float:
    """Return how many seconds a model's last calls have at most."""
    return min(model.timeouts.total, PATIENCE)


async def _refuse_running(model: Model, host: Host) -> None:
    seen = await host.observe(model.id)
    if seen.state is HostState.FAILED:
        raise host_failed(seen)
    if seen.replicas or seen.state is HostState.WORKING:
        words = seen.words or f"{len(seen.replicas)} replicas still run"
        raise Unavailable(words, next_step=seen.next_step)
