"""Steps to nothing: what a model had is removed, and that it is gone is proven."""

from dataclasses import dataclass

from lisa.domain.errors import Unavailable
from lisa.domain.lifecycle import Phase
from lisa.ports.hosts import Host
from lisa.usecases.lifecycle.ground import Ground, hosting_of
from lisa.usecases.lifecycle.telling import News, State


@dataclass(frozen=True)
class Removing:
    """The steps, by their names."""

    ground: Ground

    async def remove_host(self, state: State) -> State:
        """Ask the host to remove everything."""
        model = await self.ground.telling.mine(state)
        await self.ground.host(hosting_of(model)).remove(model.id)
        await self.ground.telling.tell(state, News("remove host", "its host is asked to remove it"))
        return {}

    async def wait_until_nothing_is_left(self, state: State) -> State:
        """See whether the host finds nothing of it."""
        model, telling = await self.ground.telling.mine(state), self.ground.telling
        step = "wait until nothing is left"
        async with telling.waiting(state, step):
            await _removed(self.ground.host(hosting_of(model)), model.id)
        await telling.tell(state, News(step, "nothing is left at its host"))
        return {}

    async def forget_it(self, state: State) -> State:
        """Remove the last of it: what was reported of it, and its row."""
        if self.ground.reports:
            await self.ground.reports.forget(state["model"])
        await self.ground.telling.forget(state, News("forget it", "nothing of it is left"))
        return {}

    async def remove_what_was_begun(self, state: State) -> State:
        """Undo a creation."""
        model = await self.ground.telling.unfinished(state)
        if model is None:
            return {}
        host = self.ground.host(hosting_of(model))
        step = "remove what was begun"
        async with self.ground.telling.waiting(state, step):
            await _removed(host, model.id)
        news = News(step, "nothing is left at its host", Phase.UNDONE)
        await self.ground.telling.tell(state, news)
        return {}


async def _removed(host: Host, model_id: str) -> None:
    await host.remove(model_id)  # what could not go before may go now
    left = await host.leftovers(model_id)
    if left:
        raise Unavailable(
            f"still there: {', '.join(left)}", next_step="look at its host for what holds it"
        )
