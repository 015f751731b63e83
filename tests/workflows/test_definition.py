"""What a workflow may be, and what it says of itself."""

import pytest

from lisa.domain.errors import Invalid
from lisa.workflows.definition import GRACE_SECONDS, Choose, Node, Retry, Step, WaitUntil, Workflow
from tests.workflows.example import EXAMPLE, FUNCTIONS

ONCE = Retry(attempts=0)


def test_pauses_grow_up_to_the_longest() -> None:
    retry = Retry(attempts=5, first_seconds=2, growth=3, longest_seconds=20)
    assert list(retry.pauses()) == [2, 6, 18, 20, 20]


def test_waiting_asks_at_even_intervals_until_the_time_is_over() -> None:
    waiting = WaitUntil("it stands", "look", every_seconds=10, at_most_seconds=35)
    assert list(waiting.retry.pauses()) == [10, 10, 10]
    assert not waiting.retry.jitter


def test_a_workflow_knows_all_it_may_call() -> None:
    assert {task.run for task in EXAMPLE.tasks()} == set(FUNCTIONS)


def test_a_workflow_knows_how_long_it_can_take() -> None:
    workflow = Workflow(
        "create",
        (Step("make", "make", Retry(2, 3, 2, 60), 10, undo=Step("remove", "remove", ONCE, 20)),),
        on_failure=WaitUntil(
            "told", "tell", every_seconds=5, at_most_seconds=10, timeout_seconds=1
        ),
    )
    make = 3 * (10 + GRACE_SECONDS) + 3 + 6
    assert workflow.longest_seconds == make + 20 + GRACE_SECONDS + 3 * (1 + GRACE_SECONDS) + 10


def in_a_case(*nodes: Node) -> Choose:
    return Choose("which", on="kind", cases={"one": nodes})


@pytest.mark.parametrize(
    ("nodes", "named"),
    [
        ((Step("make", "make"), in_a_case(Step("make", "again"))), "make"),
        ((Step("make", "make", undo=Step("make", "remove")),), "make"),
        ((Step("create", "make"),), "create"),
        ((Step("", "make"),), ""),
        ((Step("x" * 61, "make"),), "xxx"),
        ((Step("a/b", "make"),), "a/b"),
        ((Step("slow", "make", timeout_seconds=841),), "slow"),
        ((Step("quick", "make", timeout_seconds=0),), "quick"),
        ((Step("never", "make", Retry(attempts=-1)),), "never"),
        ((Step("shrinking", "make", Retry(growth=0.5)),), "shrinking"),
        ((Step("capped", "make", Retry(first_seconds=5, longest_seconds=4)),), "capped"),
        ((WaitUntil("late", "look", every_seconds=10, at_most_seconds=5),), "late"),
        ((WaitUntil("always", "look", every_seconds=0, at_most_seconds=5),), "always"),
        ((Choose("which", on="kind", cases={}),), "which"),
        ((Choose("which", on="a.b", cases={"one": ()}),), "which"),
    ],
)
def test_what_a_reader_could_not_do_is_refused_by_its_name(
    nodes: tuple[Node, ...], named: str
) -> None:
    with pytest.raises(Invalid, match=f"in the workflow create: .*{named}"):
        Workflow("create", nodes)
