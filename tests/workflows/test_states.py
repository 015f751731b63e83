"""The machine of Step Functions: everything in it ends, is tried again by name, and is caught."""

from typing import Any

import pytest

from lisa.domain.errors import Invalid
from lisa.workflows.definition import GRACE_SECONDS, Choose, Retry, Step, WaitUntil, Workflow
from stacks.constructs.states import machine_of
from tests.workflows.example import EXAMPLE
from tests.workflows.machine import FUNCTION

STATES: dict[str, dict[str, Any]] = machine_of(EXAMPLE, FUNCTION)["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}


def followers(state: dict[str, Any]) -> set[str]:
    """List where a state may lead."""
    found = {state[key] for key in ("Next", "Default") if key in state}
    return found | {each["Next"] for key in ("Choices", "Catch") for each in state.get(key, ())}


def test_every_task_calls_the_one_function_with_its_name_and_ends_in_time() -> None:
    assert sorted(TASKS) == sorted(task.name for task in EXAMPLE.tasks())
    for task in EXAMPLE.tasks():
        state = TASKS[task.name]
        assert state["Resource"] == FUNCTION
        assert state["Parameters"]["task"] == task.name
        assert state["Parameters"]["run"] == task.run
        rounded_up = task.timeout_seconds + 1
        assert task.timeout_seconds < state["TimeoutSeconds"] <= rounded_up + GRACE_SECONDS


def test_every_task_is_tried_again_for_what_passes_and_caught_for_all_else() -> None:
    for state in TASKS.values():
        (retrier,), (catcher,) = state["Retry"], state["Catch"]
        assert {"Unavailable", "LimitReached", "States.Timeout"} < set(retrier["ErrorEquals"])
        assert not {"States.ALL", "Invalid", "Bug"} & set(retrier["ErrorEquals"])
        assert catcher["ErrorEquals"] == ["States.ALL"]


def test_a_step_backs_off_with_jitter_and_waiting_asks_evenly() -> None:
    workflow = Workflow(
        "two", (Step("make", "make", Retry(4, 3, 2.5, 40)), WaitUntil("stands", "look", 15, 60))
    )
    states = machine_of(workflow, FUNCTION)["States"]
    backing_off, waiting = (states[name]["Retry"][0] for name in ("make", "stands"))
    del backing_off["ErrorEquals"], waiting["ErrorEquals"]
    assert backing_off == {
        "MaxAttempts": 4,
        "IntervalSeconds": 3,
        "BackoffRate": 2.5,
        "MaxDelaySeconds": 40,
        "JitterStrategy": "FULL",
    }
    assert waiting == {
        "MaxAttempts": 4,
        "IntervalSeconds": 15,
        "BackoffRate": 1,
        "JitterStrategy": "NONE",
    }


def test_the_whole_ends_too_but_never_before_its_steps_have() -> None:
    tasks = TASKS.values()
    longest = sum((1 + each["Retry"][0]["MaxAttempts"]) * each["TimeoutSeconds"] for each in tasks)
    assert longest <= machine_of(EXAMPLE, FUNCTION)["TimeoutSeconds"]


def test_every_state_is_reached_and_every_way_ends() -> None:
    reached, ahead = set[str](), {machine_of(EXAMPLE, FUNCTION)["StartAt"]}
    while ahead - reached:
        name = (ahead - reached).pop()
        reached.add(name)
        ahead |= followers(STATES[name])
    assert reached == set(STATES)
    ends = {name for name, state in STATES.items() if not followers(state)}
    assert {STATES[name]["Type"] for name in ends} == {"Succeed", "Fail"}


def test_names_are_as_short_as_step_functions_wants_them() -> None:
    assert max(map(len, STATES)) <= 80


def test_two_states_of_one_name_are_refused() -> None:
    with pytest.raises(Invalid, match="two states"):
        machine_of(Workflow("one", (Choose("done", on="kind", cases={"a": ()}),)), FUNCTION)
