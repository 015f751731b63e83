"""Where calls to a model in service go, as its replicas come and go."""

from datetime import datetime
from itertools import count

from lisa.domain.lifecycle import ModelEvent, Phase
from lisa.domain.model import Model, Upstream
from lisa.ports.hosts import HostState, Observed
from lisa.usecases.lifecycle.ground import LOOK, upstreams_of


def readdressed(model: Model, seen: Observed) -> Model:
    """Return the model with the addresses at which it answers now.

    Addresses go away only where the host says so of each replica: behind a dead one, another
    program may listen soon.
    """
    found = upstreams_of(seen)
    if not model.in_service or _same_places(model.upstreams, found):
        return model
    if found:
        told = {} if model.upstreams else {"reason": "", "next_step": ""}
        kept = _kept(model.upstreams, found)
        return model.model_copy(update={"upstreams": kept, **told})
    if not seen.replicas or seen.state is HostState.ABSENT:
        return model
    why = seen.cause or next((each.error for each in seen.replicas if each.error), seen.words)
    helps = seen.next_step or LOOK
    return model.model_copy(update={"upstreams": (), "reason": why[:1000], "next_step": helps})


def move_of(new: Model, old: Model, at: datetime) -> ModelEvent:
    """Return what its timeline tells of other addresses."""
    number = len(new.upstreams)
    return ModelEvent(
        model_id=new.id,
        sequence=old.version + 1,
        at=at,
        run=new.run,
        step="look after",
        phase=Phase.DONE if number else Phase.FAILED,
        status=new.status,
        words=f"its replicas changed, {number} of them answer" if number else "nothing answers",
        cause="" if number else new.reason,
        next_step="" if number else new.next_step,
    )


def _same_places(former: tuple[Upstream, ...], found: tuple[Upstream, ...]) -> bool:
    return {each.url for each in former} == {each.url for each in found}


def _kept(former: tuple[Upstream, ...], found: tuple[Upstream, ...]) -> tuple[Upstream, ...]:
    """Keep names of those that stay; new ones get names that no former one had.

    Gateways remember by the names which are well.
    """
    urls = {each.url for each in found}
    stay = [each for each in former if each.url in urls]
    known = {each.url for each in stay}
    taken = {each.id for each in former}
    free = (name for number in count(1) if (name := f"replica-{number}") not in taken)
    new = [Upstream(id=next(free), url=each.url) for each in found if each.url not in known]
    return (*stay, *new)
