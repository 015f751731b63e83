"""What a model's weights say is written into it, unless an administrator said it."""

from dataclasses import dataclass
from typing import Any

import pytest

from lisa.domain.errors import Forbidden, Invalid
from lisa.domain.hosting import EngineName, Hosting, HostKind, Weights
from lisa.domain.model import Feature, Model, ModelStatus
from lisa.domain.weights import ModelFacts
from lisa.usecases.lifecycle.beginning import Asked
from lisa.usecases.lifecycle.ground import Ground
from lisa.usecases.lifecycle.steps import model_steps
from lisa.usecases.models import Wanted
from lisa.workflows.running import Failure
from tests.workflows.hosted import ROOT, House

SMALL, LARGE = Weights(source="/weights/small"), Weights(source="/weights/large")
TORN, HUB = Weights(source="/weights/torn"), Weights(source="Qwen/Qwen3-8B")
PRIVATE, UNKNOWN = Weights(source="s3://private/model"), Weights(source="own/model")
ABLE = ("chat", "tools", "reasoning", "vision")


@dataclass(frozen=True)
class Read:
    """Knows two models."""

    async def facts(self, weights: Weights) -> ModelFacts | None:
        if weights == TORN:
            raise Invalid("model.safetensors: it is missing", next_step="fetch it again")
        if weights == PRIVATE:
            raise Forbidden("LISA may not read there")
        known = {
            SMALL: ModelFacts(context_window=2048, features=("chat",)),
            LARGE: ModelFacts(context_window=8192, features=ABLE),
        }
        return known.get(weights)


def hosting(weights: Weights, **options: Any) -> Hosting:
    return Hosting(
        kind=HostKind.PROCESSES, engine=EngineName.VLLM, weights=weights, options=options
    )


class Reading(House):
    """A house whose models have weights that can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.hosts[HostKind.PROCESSES] = self.host
        ground = Ground(self.telling, self.hosts, self.prober, self.clock, weights=Read())
        self.bench.steps = model_steps(ground)

    async def makes(self, hosting: Hosting, **fields: object) -> Model:
        made = await self.uses.create(Asked(ROOT), Wanted("m", fields), hosting)
        await self.bench.go(made.run, {})
        return await self.model()

    async def changes(self, hosting: Hosting) -> Failure | object:
        changed = await self.uses.update(Asked(ROOT), "m", lambda _: hosting)
        return await self.bench.go(changed.run, {})


def said(model: Model) -> tuple[int | None, list[str]]:
    return model.context_window, [each.name for each in model.features]


@pytest.mark.parametrize(
    ("wanted", "window", "features"),
    [
        (hosting(SMALL), 2048, []),
        (hosting(LARGE), 8192, ["reasoning", "imageInput"]),
        (
            hosting(LARGE, max_model_len=4096, tool_call_parser="hermes"),
            4096,
            ["toolCalls", "reasoning", "imageInput"],
        ),
        (hosting(HUB), 40_960, []),
        (hosting(UNKNOWN), None, []),
        (hosting(UNKNOWN, max_model_len=4096), 4096, []),
        (hosting(PRIVATE), None, []),
    ],
)
async def test_a_new_model_says_what_its_weights_say(
    wanted: Hosting, window: int | None, features: list[str]
) -> None:
    house = Reading()
    model = await house.makes(wanted)
    assert model.in_service
    assert said(model) == (window, features)


async def test_the_timeline_tells_what_was_read() -> None:
    house = Reading()
    await house.makes(hosting(LARGE))
    [told] = [each for each in await house.timeline() if each.step == "check"]
    assert told.words == (
        "nothing is in its way; context window 8,192; features: reasoning, imageInput"
    )


async def test_weights_that_we_may_not_read_are_told_of_and_no_hindrance() -> None:
    house = Reading()
    await house.makes(hosting(PRIVATE))
    [told] = [each for each in await house.timeline() if each.step == "check"]
    assert "were not looked into: LISA may not read there" in told.words


async def test_what_an_administrator_gave_stays_through_all_changes() -> None:
    house, own = Reading(), (Feature(name="own"),)
    model = await house.makes(hosting(LARGE), context_window=1000, features=own)
    assert said(model) == (1000, ["own"])
    await house.changes(hosting(SMALL))
    assert said(await house.model()) == (1000, ["own"])


async def test_other_weights_say_something_else() -> None:
    house = Reading()
    await house.makes(hosting(LARGE))
    await house.changes(hosting(SMALL))
    assert said(await house.model()) == (2048, [])
    await house.changes(hosting(UNKNOWN))
    assert said(await house.model()) == (None, [])


async def test_weights_changed_at_rest_are_read_at_the_next_start() -> None:
    house = Reading()
    await house.makes(hosting(SMALL))
    await house.does("stop")
    await house.uses.update(Asked(ROOT), "m", lambda _: hosting(LARGE))
    await house.does("start")
    assert said(await house.model()) == (8192, ["reasoning", "imageInput"])


async def test_a_model_of_torn_weights_fails_before_anything_is_begun() -> None:
    house = Reading()
    model = await house.makes(hosting(TORN))
    assert model.status is ModelStatus.FAILED
    assert model.reason == "check: model.safetensors: it is missing"
    assert model.next_step == "fetch it again"
    assert await house.left() == []


async def test_what_weights_can_not_do_fails_before_anything_is_begun() -> None:
    house = Reading()
    model = await house.makes(hosting(SMALL, max_model_len=4096))
    assert model.reason == "check: the model takes 2048 tokens, 4096 were asked for"
    assert model.next_step == "ask for 2048 at most"
    assert await house.left() == []


async def test_an_update_to_torn_weights_interrupts_nobody() -> None:
    house = Reading()
    before = await house.makes(hosting(SMALL))
    assert isinstance(await house.changes(hosting(TORN)), Failure)
    model = await house.model()
    assert model.in_service
    assert (model.hosting, model.upstreams) == (before.hosting, before.upstreams)
    assert said(model) == (2048, [])
    assert "take the route out" not in [each.step for each in await house.timeline()]


async def test_an_update_that_fails_late_leaves_what_the_former_weights_said() -> None:
    house = Reading()
    await house.makes(hosting(SMALL))
    changed = await house.uses.update(Asked(ROOT), "m", lambda _: hosting(LARGE))
    await house.bench.go(changed.run, {"probe": ("wrong",)})
    model = await house.model()
    assert model.in_service
    assert said(model) == (2048, [])


async def test_a_scripted_host_loads_nothing_so_nothing_is_read() -> None:
    house = Reading()
    wanted = hosting(TORN).model_copy(update={"kind": HostKind.SCRIPTED})
    assert (await house.makes(wanted)).in_service
