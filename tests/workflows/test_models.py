"""What becomes of models that we run, when all goes well and when each step of each way fails."""

from itertools import pairwise

import pytest

from lisa.adapters.memory.secrets import MemorySecrets
from lisa.adapters.scripted.host import Script
from lisa.adapters.system.ids import RandomIds
from lisa.domain.errors import Conflict, Forbidden, Invalid, NotFound
from lisa.domain.hosting import HostKind
from lisa.domain.identity import Principal
from lisa.domain.lifecycle import LEGAL, ON_ITS_WAY, Phase
from lisa.domain.model import ModelStatus
from lisa.stores.audit import Search
from lisa.usecases.lifecycle.beginning import Asked
from lisa.usecases.models import Changes, Models, Wanted
from lisa.workflows.definition import Choose, Step, Workflow
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.running import Failure
from tests.workflows.hosted import HOSTING, OTHER, ROOT, House, house_before

VERBS = ("create", "update", "delete", "start", "stop")
FORWARD = [
    (verb, node.run)
    for verb in VERBS
    for node in MODEL_WORKFLOWS[f"{verb}_model"].nodes
    if not isinstance(node, Choose)
]
ENDS = {
    "create": ModelStatus.IN_SERVICE,
    "update": ModelStatus.IN_SERVICE,
    "start": ModelStatus.IN_SERVICE,
    "stop": ModelStatus.STOPPED,
}


async def refuse_untrue_timeline(house: House) -> None:
    """Refuse an event that doesn't follow the one before it by a legal way, or tells it again."""
    events = await house.timeline()
    assert [each.sequence for each in events] == sorted({each.sequence for each in events})
    for before, after in pairwise(events):
        assert after.at >= before.at
        assert after.status is before.status or after.status in LEGAL[before.status]
        assert (after.run, after.step, after.phase, after.words, after.status) != (
            before.run,
            before.step,
            before.phase,
            before.words,
            before.status,
        )


async def refuse_wrong_end(house: House, verb: str) -> None:
    """Refuse anything but what was asked for."""
    await refuse_untrue_timeline(house)
    if verb == "delete":
        assert await house.models.by_id("m") is None
        assert await house.left() == []
        return
    model = await house.model()
    assert (model.status, model.reason) == (ENDS[verb], "")
    assert bool(model.upstreams) == model.in_service == (await house.running() == 1)


@pytest.mark.parametrize("workflow", MODEL_WORKFLOWS.values(), ids=MODEL_WORKFLOWS)
def test_every_step_is_called_as_its_function(workflow: Workflow) -> None:
    tasks = workflow.tasks()
    assert all(task.name == task.run.replace("_", " ") for task in tasks)
    assert {task.run for task in tasks} <= House().bench.steps.keys()


@pytest.mark.parametrize("verb", VERBS)
async def test_what_is_asked_for_is_done(verb: str) -> None:
    house = await house_before(verb)
    assert not isinstance(await house.does(verb), Failure)
    await refuse_wrong_end(house, verb)
    done = [each.step for each in await house.timeline() if each.workflow == f"{verb}_model"]
    steps = [node.name for node in MODEL_WORKFLOWS[f"{verb}_model"].nodes]
    assert [each for each in dict.fromkeys(done) if each in steps] == steps


@pytest.mark.parametrize("happens", ["busy", "lost", "hangs"])
@pytest.mark.parametrize(("verb", "step"), FORWARD)
async def test_a_step_that_fails_once_changes_nothing(verb: str, step: str, happens: str) -> None:
    house = await house_before(verb)
    outcome = await house.does(verb, {step: (happens, "ok")})
    assert not isinstance(outcome, Failure)
    await refuse_wrong_end(house, verb)


@pytest.mark.parametrize("happens", ["busy", "wrong", "hangs"])
@pytest.mark.parametrize(("verb", "step"), FORWARD)
async def test_a_step_that_always_fails_leaves_a_true_status(
    verb: str, step: str, happens: str
) -> None:
    house = await house_before(verb)
    outcome = await house.does(verb, {step: (happens,)})
    assert isinstance(outcome, Failure)
    assert outcome.also_failed == ()
    await refuse_untrue_timeline(house)
    model = await house.model()
    assert step.replace("_", " ") in model.reason
    assert outcome.cause in model.reason
    assert model.next_step
    assert (await house.timeline())[-1].phase is Phase.FAILED
    expected = ModelStatus.IN_SERVICE if verb == "update" else ModelStatus.FAILED
    assert model.status is expected
    if verb == "update":
        assert (model.hosting, await house.running()) == (HOSTING, 1)
    if verb == "create":
        assert await house.left() == []
    if verb == "start":
        assert await house.running() == 0


@pytest.mark.parametrize(("verb", "step"), FORWARD)
async def test_a_step_whose_answer_is_always_lost_does_no_harm(verb: str, step: str) -> None:
    house = await house_before(verb)
    outcome = await house.does(verb, {step: ("lost",)})
    assert isinstance(outcome, Failure)
    await refuse_untrue_timeline(house)
    model = await house.models.by_id("m")
    if model is None:
        assert (verb, await house.left()) == ("delete", [])
        return
    assert model.status not in ON_ITS_WAY
    assert model.in_service == bool(model.upstreams)
    if model.in_service:
        assert await house.running() == 1
    elif verb == "create":
        assert await house.left() == []


@pytest.mark.parametrize("verb", VERBS)
async def test_a_model_that_failed_can_be_deleted(verb: str) -> None:
    house = await house_before(verb)
    first = MODEL_WORKFLOWS[f"{verb}_model"].nodes[0]
    assert isinstance(first, Step)
    await house.does(verb, {first.run: ("wrong",)})
    await house.does("delete")
    await refuse_wrong_end(house, "delete")


async def test_a_created_model_that_failed_can_be_mended_and_started() -> None:
    house = House()
    await house.does("create", {"probe": ("wrong",)})
    await house.order("update")
    assert (await house.model()).status is ModelStatus.FAILED
    await house.does("start")
    model = await house.model()
    assert (model.status, model.hosting) == (ModelStatus.IN_SERVICE, OTHER)


async def test_nothing_comes_into_service_that_does_not_answer() -> None:
    house = House()
    house.prober.message = "the server failed"
    await house.does("create")
    model = await house.model()
    assert model.status is ModelStatus.FAILED
    assert model.reason == "probe: it doesn't answer: the server failed"
    assert await house.left() == []


async def test_a_host_that_gives_up_is_believed_at_once() -> None:
    house = House(Script(cause="no machine of this type is free"))
    outcome = await house.does("create")
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.step) == ("Conflict", "wait until ready")
    assert "no machine of this type is free" in (await house.model()).reason
    assert await house.left() == []


async def test_what_can_not_be_removed_is_named_and_removed_by_deleting() -> None:
    house = House()
    await house.does("create", {"probe": ("wrong",), "remove_what_was_begun": ("wrong",)})
    model = await house.model()
    assert "remove what was begun" in model.reason
    assert "delete the model" in model.next_step
    assert await house.left() != []
    await house.does("delete")
    await refuse_wrong_end(house, "delete")


async def test_the_route_is_out_as_soon_as_it_is_asked_for_and_the_host_is_touched_last() -> None:
    house = await house_before("stop")
    assert not (await house.order("stop")).in_service
    await house.bench.go((await house.model()).run, {})
    events = [each for each in await house.timeline() if each.workflow == "stop_model"]
    at = {each.step: each.at for each in events}
    assert (at["stop the host"] - at["take the route out"]).total_seconds() >= 30


async def test_a_new_model_of_the_same_id_goes_on_with_the_timeline() -> None:
    house = await house_before("delete")
    await house.does("delete")
    await house.does("create")
    events = await house.timeline()
    assert [each.sequence for each in events] == sorted({each.sequence for each in events})
    assert (await house.model()).in_service


async def test_deleting_takes_over_what_is_under_way() -> None:
    house = House()
    creating = await house.order("create")
    deleting = await house.order("delete")
    assert house.bench.stopped == [creating.run]
    late = await house.bench.go(creating.run, {})
    assert isinstance(late, Failure)
    assert (await house.model()).status is ModelStatus.DELETING
    await house.bench.go(deleting.run, {})
    await refuse_wrong_end(house, "delete")


async def test_what_a_step_did_too_late_is_taken_back() -> None:
    house = House()
    creating = await house.order("create")
    house.host.meanwhile = lambda: house.does("delete")
    with pytest.raises(NotFound):
        await house.bench.steps["ensure_host"](
            {"model": "m", "run": creating.run, "workflow": "create_model"}
        )
    house.clock.advance(10)
    assert await house.left() == []


@pytest.mark.parametrize("verb", VERBS)
async def test_asking_again_with_the_same_key_does_it_once(verb: str) -> None:
    house = await house_before(verb)
    runs = len(house.bench.begun)
    first = await house.order(verb, "key")
    again = await house.order(verb, "key")
    assert (first.run, first.version) == (again.run, again.version)
    assert len(house.bench.begun) == runs + 1


async def test_a_key_that_was_used_before_does_not_do_it_a_second_time() -> None:
    house = await house_before("stop")
    stopping = await house.order("stop", "key")
    await house.bench.go(stopping.run, {})
    await house.does("start")
    assert (await house.order("stop", "key")).in_service


async def test_only_the_version_that_was_meant_is_changed() -> None:
    house = await house_before("stop")
    version = (await house.model()).version
    with pytest.raises(Conflict, match=f"at version {version}"):
        await house.uses.stop(Asked(ROOT, version=version - 1), "m")
    await house.uses.stop(Asked(ROOT, version=version), "m")


async def test_ways_that_are_not_in_the_table_are_refused() -> None:
    house = await house_before("start")
    with pytest.raises(Conflict, match="is Stopped and can't become Stopping"):
        await house.order("stop")
    await house.order("start")
    with pytest.raises(Conflict, match="is Starting and can't become Starting"):
        await house.order("start")


async def test_what_changes_while_it_is_stopped_applies_at_the_next_start() -> None:
    house = await house_before("start")
    await house.order("update")
    assert (await house.model()).status is ModelStatus.STOPPED
    assert await house.running() == 0
    await house.does("start")
    assert (await house.model()).hosting == OTHER


async def test_many_callers_wake_a_model_once() -> None:
    house = await house_before("start")
    runs = len(house.bench.begun)
    anybody = Principal(subject="anybody")
    woken = [await house.uses.wake(anybody, "m") for _ in range(3)]
    assert {each.status for each in woken} == {ModelStatus.STARTING}
    assert len(house.bench.begun) == runs + 1


async def test_only_administrators_may_and_each_order_is_on_record() -> None:
    house = await house_before("stop")
    bob = Principal(subject="bob")
    for refused in (house.uses.stop, house.uses.start, house.uses.delete):
        with pytest.raises(Forbidden):
            await refused(Asked(bob), "m")
    with pytest.raises(Forbidden):
        await house.uses.create(Asked(bob), Wanted("n", {}), HOSTING)
    with pytest.raises(Forbidden):
        await house.uses.timeline(bob, "m", -1)
    await house.order("stop")
    entries, _ = await house.audits.page(Search(kind="model"))
    assert [each.verb for each in entries] in (["stop", "create"], ["create", "stop"])


async def test_a_host_that_is_not_there_is_refused_before_anything_is_written() -> None:
    house = House()
    elsewhere = HOSTING.model_copy(update={"kind": HostKind.PROCESSES})
    with pytest.raises(Invalid, match="can't run models by processes"):
        await house.uses.create(Asked(ROOT), Wanted("m", {}), elsewhere)
    assert await house.models.by_id("m") is None


async def test_a_run_that_could_not_be_begun_is_begun_later() -> None:
    house = House()
    house.bench.away = True
    model = await house.order("create")
    house.bench.away = False
    await house.recovery.look_after(await house.model())
    assert not isinstance(await house.bench.go(model.run, {}), Failure)
    await refuse_wrong_end(house, "create")


@pytest.mark.parametrize("verb", VERBS)
async def test_a_model_whose_run_ended_without_a_word_does_not_stay_on_its_way(verb: str) -> None:
    house = await house_before(verb)
    first = MODEL_WORKFLOWS[f"{verb}_model"].nodes[0]
    assert isinstance(first, Step)
    silenced = {"say_why": ("wrong",), "bring_back_what_was": ("wrong",)}
    await house.does(verb, {first.run: ("wrong",), **silenced})
    assert (await house.model()).status in ON_ITS_WAY
    await house.recovery.look_after(await house.model())
    model = await house.model()
    assert (model.status, bool(model.reason)) == (ModelStatus.FAILED, True)
    await refuse_untrue_timeline(house)


async def test_whoever_watches_gets_what_is_new_or_nothing_in_the_end() -> None:
    house = await house_before("stop")
    events = await house.timeline()
    newest = events[-1].sequence
    begun = house.clock.now()
    assert await house.uses.timeline(ROOT, "m", newest, wait=20) == []
    assert (house.clock.now() - begun).total_seconds() == 20
    await house.order("stop")
    [event] = await house.uses.timeline(ROOT, "m", newest, wait=20)
    assert (event.step, event.phase, event.status) == ("stop", Phase.BEGUN, ModelStatus.STOPPING)


async def test_the_way_of_models_that_others_run_does_not_leave_a_host_behind() -> None:
    house = await house_before("delete")
    audit = house.uses.beginning.audit
    secrets, ids = MemorySecrets(), RandomIds()
    others = Models(house.models, secrets, house.prober, house.clock, ids, audit)
    with pytest.raises(Conflict, match="isn't removed without its host"):
        await others.remove(ROOT, "m")
    for changes in (Changes(enabled=False), Changes({"upstreams": []})):
        with pytest.raises(Conflict, match="without its host"):
            await others.update(ROOT, "m", changes)
    described = await others.update(ROOT, "m", Changes({"description": "small"}))
    assert (described.hosting, described.in_service) == (HOSTING, True)
