"""Filters mean the same in every store, and never become part of a program."""

import uuid
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.filters import (
    MOST,
    Comparing,
    Comparison,
    Filter,
    Joined,
    Joining,
    read_filter,
)
from lisa.domain.knowledge.names import Fact
from lisa.ports.vectors import Contents, Space, Vectors
from tests.contract.vectors.passages import VECTOR, documents, fits, passage

TEXTS = ["", "2024", "10", "9", "a", "b", "ä", "Z", "a;", "a:", "\U0001f40d", "\uffff", "true"]
NUMBERS = [0, 1, -1, 2024, 2024.0, 0.1, -0.1, 1e-300, -2.5, MOST - 1, 1 - MOST, True, False]
KEYS = ["k", "k2", "a.b", "tags", "page", "name", "document_id", "none"]
KNOWN = [
    passage(
        f"d{n}",
        facts={"k": (TEXTS + NUMBERS)[n % 26], "a.b": NUMBERS[n % 13], "k2": TEXTS[n % 13]},
        tags=(("a",), (), ("a", "b"))[n % 3],
        page=(None, 1, 2)[n % 3],
        name=("", "a.pdf", "b'; --.pdf")[n % 3],
    )
    for n in range(26)
] + [passage("bare", page=None)]

facts = st.sampled_from([*TEXTS, *NUMBERS, 1, 2, "d3", "b'; --.pdf"]) | st.integers(-MOST, MOST)
one = st.sampled_from([Comparing.EQ, Comparing.NE, Comparing.GT, Comparing.GTE, Comparing.LT])
comparisons = st.builds(
    Comparison,
    one | st.just(Comparing.LTE),
    st.sampled_from(KEYS),
    st.tuples(facts),
) | st.builds(
    Comparison,
    st.sampled_from([Comparing.IN, Comparing.NIN]),
    st.sampled_from(KEYS),
    st.lists(facts, min_size=1, max_size=5).map(tuple),
)
conditions: st.SearchStrategy[Filter] = st.recursive(
    comparisons,
    lambda inner: st.builds(
        Joined, st.sampled_from(list(Joining)), st.lists(inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=5,
)


@pytest.fixture
async def filled(every_store: list[Vectors]) -> AsyncIterator[tuple[list[Vectors], Space]]:
    space = Space(f"t_{uuid.uuid4().hex[:12]}", 3)
    for store in every_store:
        await store.make(space)
        await store.put(space, KNOWN)
    yield every_store, space
    for store in every_store:
        await store.drop(space.uid)


@given(where=conditions)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_every_store_agrees_with_a_plain_evaluation(
    filled: tuple[list[Vectors], Space], where: Filter
) -> None:
    stores, space = filled
    wanted = {each.passage.document_id for each in KNOWN if fits(where, each.passage)}
    for store in stores:
        assert documents(await store.nearest(space, VECTOR, 100, where)) == wanted
        assert documents(await store.matching(space, "text", 100, where)) == wanted


HOSTILE = [
    "x' OR '1'='1",
    "x'); DROP SCHEMA knowledge CASCADE; --",
    '"}}, {"match_all": {}}',
    "%s %(a)s {} {0}",
    "$1 \\' \\\\ \"",
    "s:k:a",
    "*",
]


@pytest.mark.parametrize("value", HOSTILE)
async def test_a_value_is_a_value(vectors: Vectors, space: Space, value: str) -> None:
    await vectors.put(space, [passage("its", facts={"k": value}), passage("other")])
    for how, wanted in ((Comparing.EQ, {"its"}), (Comparing.NE, {"other"})):
        where = Comparison(how, "k", (value,))
        assert documents(await vectors.nearest(space, VECTOR, 5, where)) == wanted
    between = Comparison(Comparing.GTE, "k", (value,))
    assert documents(await vectors.matching(space, "text", 5, between)) == {"its"}
    assert await vectors.contents(space) == Contents(2, 2)


@pytest.mark.parametrize("key", ["k') OR true; --", "k'", "k:", "labels", "vector", "a.b", "%s"])
async def test_a_key_is_a_key(vectors: Vectors, space: Space, key: str) -> None:
    await vectors.put(space, [passage("its", facts={key: 5}), passage("other", facts={"k": 5})])
    where = Comparison(Comparing.LTE, key, (5,))
    assert documents(await vectors.nearest(space, VECTOR, 5, where)) == {"its"}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(1, {"number"}), (True, {"flag"}), ("1", {"text"}), (1.0, {"number"}), ("true", set())],
)
async def test_types_never_meet(
    vectors: Vectors, space: Space, value: Fact, wanted: set[str]
) -> None:
    known: dict[str, Fact] = {"number": 1, "flag": True, "text": "1"}
    await vectors.put(space, [passage(name, facts={"k": fact}) for name, fact in known.items()])
    where = Comparison(Comparing.EQ, "k", (value,))
    assert documents(await vectors.nearest(space, VECTOR, 5, where)) == wanted


@pytest.mark.parametrize("value", ["\x00", "\ud800", float("nan"), 2**60, None, [], {}])
def test_a_value_that_stores_cannot_compare_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match=r"filters\.value"):
        read_filter({"type": "eq", "key": "k", "value": value})
