"""Steps into service: from what is wanted to a model that answers."""

from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import Conflict, NotFound
from lisa.domain.hosting import HostKind
from lisa.domain.model import ModelStatus, Upstream
from lisa.usecases.lifecycle.ground import Ground, hosting_of, upstreams_of
from lisa.usecases.lifecycle.telling import News, State
from lisa.usecases.lifecycle.weighing import weighed, written

ASKED: Final = {
    HostKind.PROCESSES: "this machine",
    HostKind.CLOUDFORMATION: "CloudFormation",
    HostKind.SCRIPTED: "the script",
}


@dataclass(frozen=True)
class Serving:
    """The steps, by their names."""

    ground: Ground

    async def check(self, state: State) -> State:
        """See that nothing of a former model is in the way, and what its weights say."""
        model = await self.ground.telling.mine(state)
        left = await self.ground.host(hosting_of(model)).leftovers(model.id)
        if left:
            raise Conflict(
                f"something of a former model {model.id} is still there: {', '.join(left)}",
                next_step="delete the model, which removes it, and create it again",
                code="leftovers",
            )
        found = await weighed(model, self.ground.weights)
        news = News("check", f"nothing is in its way; {found.told(model)}")
        await self.ground.telling.tell(state, news, **written(model, found.state()))
        return found.state()

    async def check_weights(self, state: State) -> State:
        """See what its weights say; it is written when they serve."""
        model = await self.ground.telling.mine(state)
        found = await weighed(model, self.ground.weights)
        await self.ground.telling.tell(state, News("check weights", found.told(model)))
        return found.state()

    async def ensure_host(self, state: State) -> State:
        """Ask the host for what is wanted; where that came too late, take it back."""
        model = await self.ground.telling.mine(state)
        hosting = hosting_of(model)
        replicas = await self.ground.run(model.id, hosting)
        try:
            words = f"{ASKED[hosting.kind]} is asked for {replicas} of {hosting.engine}"
            await self.ground.telling.tell(state, News("ensure host", words))
        except (Conflict, NotFound):  # only deleting takes a model over
            await self.ground.host(hosting).remove(model.id)
            raise
        return {}

    async def wait_until_ready(self, state: State) -> State:
        """See whether all replicas are there."""
        model, telling = await self.ground.telling.mine(state), self.ground.telling
        host = self.ground.host(hosting_of(model))
        async with telling.waiting(state, "wait until ready"):
            seen = await self.ground.ready(model.id, host)
        await telling.tell(state, News("wait until ready", seen.words or "it is ready"))
        return {}

    async def probe(self, state: State) -> State:
        """Call it where its host says it is."""
        model, telling = await self.ground.telling.mine(state), self.ground.telling
        host = self.ground.host(hosting_of(model))
        async with telling.waiting(state, "probe"):
            seen = await self.ground.ready(model.id, host)
            answering = await self.ground.answering(model, seen)
        await telling.tell(state, News("probe", "it answers"))
        return {"answering": [each.model_dump(mode="json") for each in answering]}

    async def put_in_service(self, state: State) -> State:
        """Let calls in, to the addresses that answered; to others not before they have, too."""
        model = await self.ground.telling.mine(state)
        if model.in_service:
            return {}  # told already; since then its replicas may have moved
        seen = await self.ground.ready(model.id, self.ground.host(hosting_of(model)))
        upstreams = tuple(Upstream.model_validate(each) for each in state["answering"])
        if upstreams != upstreams_of(seen):
            upstreams = await self.ground.answering(model, seen)
        await self.ground.telling.tell(
            state,
            News("put in service", "it is in service"),
            status=ModelStatus.IN_SERVICE,
            upstreams=upstreams,
            **written(model, state),
        )
        return {}
