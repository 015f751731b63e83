"""What a workflow means: what is called, in which order, and what is told in the end."""

import pytest

from lisa.workflows.definition import State
from lisa.workflows.interpreting import Run
from lisa.workflows.running import MAX_STATE_BYTES, Attempts, Failure, first_state
from tests.workflows.example import EXAMPLE, Script, World, Worlds

FORWARD = ["note", "make", "answering", "route", "announce"]


async def ends(
    script: Script, host: str = "machines"
) -> tuple[State | Failure, World, list[float]]:
    """Run the example; return how it ended, its world and its pauses."""
    worlds, pauses = Worlds(), list[float]()
    worlds.of["one"] = world = World(script)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    state = first_state("example", "one", {"host": host})
    outcome = await Run(Attempts(worlds.steps()).attempt, pause, state).go(EXAMPLE)
    return outcome, world, pauses


async def test_all_is_done_in_its_order_and_what_a_step_answers_is_in_the_state() -> None:
    outcome, world, pauses = await ends({})
    assert world.calls() == FORWARD
    assert outcome == {
        "host": "machines",
        "workflow": "example",
        "run": "one",
        "last": "announce",
    }
    assert pauses == []


async def test_a_case_without_nodes_is_passed_by() -> None:
    _, world, _ = await ends({}, host="elsewhere")
    assert world.calls() == ["note", "route", "announce"]


async def test_where_no_case_fits_the_other_nodes_are_done() -> None:
    outcome, world, _ = await ends({}, host="nowhere")
    assert world.calls() == ["note", "refuse", "tell"]
    assert outcome == Failure("refuse", "Invalid", "refuse is wrong", "change it")


async def test_what_fails_once_passingly_is_tried_again_after_a_random_pause() -> None:
    outcome, world, pauses = await ends({"make": ("busy", "ok")})
    assert world.calls() == ["note", "make", "make", "answering", "route", "announce"]
    assert not isinstance(outcome, Failure)
    assert len(pauses) == 1
    assert 0 <= pauses[0] <= 2


async def test_waiting_goes_on_as_long_as_it_may_and_tells_what_it_heard_last() -> None:
    outcome, world, pauses = await ends({"answering": ("busy",)})
    assert world.calls().count("answering") == 4
    assert pauses == [10, 10, 10]
    assert outcome == Failure("machines answer", "Unavailable", "answering is busy", "wait")


async def test_what_was_begun_is_undone_backwards_and_the_reason_is_told() -> None:
    outcome, world, _ = await ends({"announce": ("wrong",)})
    assert world.calls() == [*FORWARD, "unroute", "remove", "tell"]
    assert outcome == Failure("announce it", "Invalid", "announce is wrong", "change it")
    assert [state.get("failure", {}).get("step") for _, _, state in world.trace] == (
        [None] * 5 + ["announce it"] * 3
    )


async def test_the_step_that_failed_is_undone_too() -> None:
    _, world, _ = await ends({"make": ("wrong",)})
    assert world.calls() == ["note", "make", "remove", "tell"]


async def test_an_undo_that_fails_keeps_no_other_from_being_done_and_is_named() -> None:
    outcome, world, _ = await ends(
        {"announce": ("wrong",), "unroute": ("busy",), "remove": ("wrong",)}
    )
    assert world.calls() == [*FORWARD, *["unroute"] * 3, "remove", "tell"]
    assert isinstance(outcome, Failure)
    assert outcome.step == "announce it"
    assert outcome.also_failed == ("let no calls in", "no machine is left")
    assert world.trace[-1][2]["failure"]["also_failed"] == [*outcome.also_failed]


async def test_a_run_whose_reason_could_not_be_told_keeps_it() -> None:
    outcome, world, _ = await ends({"note": ("wrong",), "tell": ("wrong",)})
    assert world.calls() == ["note", "tell"]
    assert outcome == Failure("note it", "Invalid", "note is wrong", "change it", ("tell why",))


async def test_what_hangs_is_given_up_and_tried_again() -> None:
    outcome, world, _ = await ends({"route": ("hangs",)})
    assert world.calls() == [
        "note",
        "make",
        "answering",
        *["route"] * 3,
        "unroute",
        "remove",
        "tell",
    ]
    assert isinstance(outcome, Failure)
    assert outcome.cause == "the step did not end in time"


async def test_our_own_mistake_is_final_and_told() -> None:
    outcome, world, _ = await ends({"route": ("broken",)})
    assert world.calls() == ["note", "make", "answering", "route", "unroute", "remove", "tell"]
    assert isinstance(outcome, Failure)
    assert outcome.kind == "Bug"
    assert "route broke" in outcome.cause


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (object(), "not JSON serializable"),
        (float("nan"), "JSON"),
        ("x" * MAX_STATE_BYTES, "at most"),
    ],
)
async def test_what_a_run_could_not_remember_is_a_failure(value: object, told: str) -> None:
    async def answer(_: State) -> State:
        return {"value": value}

    outcome = await Attempts({"note": answer}).attempt(EXAMPLE.tasks()[0], {})
    assert isinstance(outcome, Failure)
    assert told in outcome.cause


async def test_a_step_changes_nothing_of_the_state_but_by_its_answer() -> None:
    async def answer(state: State) -> State:
        state["things"].append("more")
        return {}

    state: State = {"things": []}
    assert await Attempts({"note": answer}).attempt(EXAMPLE.tasks()[0], state) == {"things": []}
    assert state == {"things": []}
