"""The functions that the workflows of models name."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeAlias

from lisa.domain.errors import LimitReached, LisaError, Unavailable
from lisa.domain.lifecycle import Phase
from lisa.usecases.lifecycle.failing import Failing
from lisa.usecases.lifecycle.ground import Ground
from lisa.usecases.lifecycle.removing import Removing
from lisa.usecases.lifecycle.resting import Resting
from lisa.usecases.lifecycle.serving import Serving
from lisa.usecases.lifecycle.telling import News, State, Telling

Function: TypeAlias = Callable[[State], Awaitable[State]]


def model_steps(ground: Ground) -> Mapping[str, Function]:
    """Return each function under its name."""
    serving, resting = Serving(ground), Resting(ground)
    removing, failing = Removing(ground), Failing(ground)
    functions: tuple[Function, ...] = (
        serving.check,
        serving.check_weights,
        serving.ensure_host,
        serving.wait_until_ready,
        serving.probe,
        serving.put_in_service,
        resting.take_the_route_out,
        resting.drain,
        resting.stop_the_host,
        resting.wait_until_it_stands_still,
        resting.put_to_rest,
        resting.stop_what_was_begun,
        removing.remove_host,
        removing.wait_until_nothing_is_left,
        removing.forget_it,
        removing.remove_what_was_begun,
        failing.bring_back_what_was,
        failing.say_why,
    )
    named = {getattr(each, "__name__", ""): each for each in functions}
    return {name: _told(ground.telling, name, each) for name, each in named.items()}


def _told(telling: Telling, name: str, function: Function) -> Function:
    """Let a step tell what keeps it from being done now: it is tried again."""

    async def told(state: State) -> State:
        try:
            return await function(state)
        except (LimitReached, Unavailable) as error:
            about = (error.message, Phase.GOING_ON, "", error.next_step)
            with suppress(LisaError):  # the table may be what can't be used
                await telling.tell(state, News(name.replace("_", " "), *about))
            raise

    return told
