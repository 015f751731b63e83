"""What the function of all tasks makes of what a machine hands it."""

import json

import pytest

from lisa.adapters.stepfunctions.tasks import Tasks, failure_in
from lisa.domain.errors import LimitReached
from lisa.workflows.definition import State
from lisa.workflows.running import Attempts, Failure


def asked(failure: State) -> State:
    return {
        "task": "tell why",
        "run": "tell",
        "timeout_seconds": 1,
        "state": {"host": "this"},
        "failure": failure,
    }


def caught(step: str, error: str, cause: str | None, before: State) -> State:
    told = {"Error": error} if cause is None else {"Error": error, "Cause": cause}
    return {"step": step, "caught": told, "before": before}


def by_us(kind: str, cause: str) -> str:
    message = json.dumps({"cause": cause, "next_step": "wait"})
    return json.dumps({"errorType": kind, "errorMessage": message, "stackTrace": []})


async def test_an_error_keeps_its_class_and_its_words() -> None:
    async def tell(_: State) -> State:
        raise LimitReached("too many machines", next_step="ask for more")

    with pytest.raises(LimitReached) as raised:
        await Tasks(Attempts({"tell": tell})).do(asked({}))
    assert json.loads(str(raised.value)) == {
        "cause": "too many machines",
        "next_step": "ask for more",
    }


async def test_a_task_that_undoes_finds_what_failed_in_the_state() -> None:
    async def tell(state: State) -> State:
        return {"told": state["failure"]["cause"]}

    failure = caught("make it", "Invalid", by_us("Invalid", "no such type"), {})
    state = await Tasks(Attempts({"tell": tell})).do(asked(failure))
    assert state["told"] == "no such type"
    assert state["host"] == "this"


def test_the_first_failure_is_the_reason_and_later_ones_are_named() -> None:
    first = caught("make it", "Conflict", by_us("Conflict", "taken"), {})
    second = caught("close the door", "Bug", by_us("Bug", "broke"), first)
    third = caught("remove it", "States.Timeout", None, second)
    assert failure_in(third) == Failure(
        "make it", "Conflict", "taken", "wait", ("close the door", "remove it")
    )


@pytest.mark.parametrize("error", ["States.Timeout", "Sandbox.Timedout"])
def test_what_aws_gave_up_is_told_like_what_we_gave_up(error: str) -> None:
    told = failure_in(caught("make it", error, None, {}))
    assert told == Failure("make it", "Unavailable", "the step did not end in time", told.next_step)
    assert told.next_step


def test_what_aws_could_not_do_is_told_in_its_words() -> None:
    told = failure_in(caught("make it", "Lambda.TooManyRequestsException", "Rate exceeded", {}))
    assert "Lambda.TooManyRequestsException Rate exceeded" in told.cause


async def test_a_function_that_nobody_knows_is_a_failure_too() -> None:
    with pytest.raises(Exception, match="the step broke") as raised:
        await Tasks(Attempts({})).do(asked({}))
    assert type(raised.value).__name__ == "Bug"
