"""Golden sets and runs, on every store of rows."""

from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.domain.errors import ConditionFailed
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.evaluation import AskedPlace, Method, Outcome, Run, SetHead
from lisa.domain.knowledge.golden import GoldenQuestion, Relevant
from lisa.domain.knowledge.measures import Tried, figures_of
from lisa.ports.table import Tables
from lisa.stores.knowledge.evaluations import EvaluationStore

HERE = AskedPlace(
    repository_id="local", collection_id="default", embedding_model="m", chunking=Chunking()
)


def a_set(clock: ManualClock, set_id: str, total: int = 1) -> SetHead:
    return SetHead(
        id=set_id,
        owner="ann",
        groups=frozenset({"b", "a"}),
        name="n",
        digest="d",
        total=total,
        created=clock.now(),
    )


def a_run(clock: ManualClock, total: int) -> Run:
    return Run(
        id="run_1",
        owner="ann",
        name="n",
        set_id="s",
        set_name="n",
        places=(HERE,),
        methods=(Method.DENSE,),
        candidates=50,
        total=total,
        created=clock.now(),
        updated=clock.now(),
    )


def questions(count: int) -> list[GoldenQuestion]:
    place = Relevant(document="d" * 255, page=3, quote="\u20ac" * 300)
    text = "\u20ac" * 990
    return [
        GoldenQuestion(question=f"{text}{number}", relevant=(place,) * 10)
        for number in range(count)
    ]


def outcome(number: int) -> Outcome:
    tried = Tried(ranks=(1, 4), relevant=3, seconds=0.0123)
    return Outcome(
        number=number,
        question="q",
        relevant=(Relevant(document="d"),),
        tried={Method.DENSE: tried},
    )


async def test_the_longest_questions_are_kept_in_their_order(
    tables: Tables, clock: ManualClock
) -> None:
    store, asked = EvaluationStore(tables), questions(33)
    head = a_set(clock, "s", 33)
    await store.add_set(head, asked)
    assert await store.set_by_id("s") == head
    assert await store.questions("s") == asked
    assert await store.questions("s", 17) == asked[17:]
    assert await store.questions("s", 33) == []


async def test_sets_are_listed_newest_first_to_their_owner_and_forgotten_whole(
    tables: Tables, clock: ManualClock
) -> None:
    store = EvaluationStore(tables)
    for name in ("c", "a", "b"):
        await store.add_set(a_set(clock, name), questions(1))
        clock.advance(timedelta(hours=1).total_seconds())
    first, cursor = await store.sets("ann", 2, "")
    rest, end = await store.sets("ann", 2, cursor)
    assert [each.id for each in (*first, *rest)] == ["b", "a", "c"]
    assert end == ""
    assert (await store.sets("bob", 2, ""))[0] == []
    await store.remove(first[0])
    assert await store.set_by_id("b") is None
    assert await store.questions("b") == []
    assert [each.id for each in (await store.sets("ann", 9, ""))[0]] == ["a", "c"]


async def test_a_run_goes_on_only_from_where_it_was_read(
    tables: Tables, clock: ManualClock
) -> None:
    store, run = EvaluationStore(tables), a_run(clock, 60)
    await store.add_run(run)
    first = [outcome(number) for number in range(50)]
    further = await store.go_on(run, run.model_copy(update={"done": 50}), first)
    with pytest.raises(ConditionFailed):
        await store.go_on(run, run.model_copy(update={"done": 1}), [outcome(0)])
    last = [outcome(number) for number in range(50, 60)]
    figures = {Method.DENSE: figures_of([each.tried[Method.DENSE] for each in first])}
    ended = further.model_copy(update={"done": 60, "figures": figures})
    ended = await store.go_on(further, ended, last)
    assert await store.run_by_id("run_1") == ended
    assert await store.outcomes("run_1") == [*first, *last]
    with pytest.raises(ConditionFailed):
        await store.remove(further)
    await store.remove(ended)
    assert await store.run_by_id("run_1") is None
    assert (await store.runs("ann", 9, ""))[0] == []
