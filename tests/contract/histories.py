"""What happens in the random histories: few keys, so that writes meet, and awkward ones."""

from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st

from lisa.adapters.memory.clock import ManualClock
from lisa.declared.tables import EXPIRES
from lisa.ports.rows import whole_seconds
from lisa.ports.table import (
    ABSENT,
    ALWAYS,
    PRESENT,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Update,
    at_version,
)
from tests.contract.records import RECORDS

PARTITIONS: Final = ("a", "\U0001f600")
GROUPS: Final = ("g", "\u00e9")
# \uffff and \U00010000 change places where text is ordered by its UTF-16 units, case and accents
# where it is ordered as in a dictionary.
SORTS: Final = (
    *("!", "A", "a", "a\u0301", "\u00e1", "b", "b/", "b/1", "b/2", "b0", "z"),
    *("\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff", "\U0010ffff\U0010ffff"),
)
PREFIXES: Final = ("a", "b", "b/", "\ud7ff", "\U0010ffff")

characters = st.characters(codec="utf-8", exclude_characters="\0")
any_sort = st.text(characters, min_size=1, max_size=3)
sorts = st.integers(0, 9).flatmap(lambda n: st.sampled_from(SORTS) if n else any_sort)
keys = st.builds(Key, st.sampled_from(PARTITIONS), sorts)
texts = st.text(characters, max_size=5) | st.just("")
numbers = st.sampled_from([0, 1, -1, 2.0, 0.5, -1.25, 10**30])
documents = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab. #:", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
# `expires_at` is drawn as seconds from now on; see `at`.
attributes = st.fixed_dictionaries(
    {},
    optional={
        "n": numbers,
        "text": texts,
        "doc": documents,
        "version": st.integers(0, 2),
        EXPIRES: st.integers(0, 5),
        "group": st.sampled_from(GROUPS),
        "rank": sorts,
        "label": st.sampled_from(["x", "y", ""]),
    },
)
conditions = st.sampled_from([ALWAYS, ALWAYS, ABSENT, PRESENT, at_version(0), at_version(1)])

puts = st.builds(
    lambda key, rest, when: Put(RECORDS, {**key._asdict(), **rest}, when),
    keys,
    attributes,
    conditions,
)
updates = st.builds(
    lambda key, values, add, remove, when: Update(
        RECORDS,
        key,
        values,
        {name: by for name, by in add.items() if name not in values},
        remove,
        when,
    ),
    keys,
    attributes,
    st.dictionaries(st.sampled_from(["n", "version", "counter"]), st.integers(-2, 2), max_size=2),
    st.lists(st.sampled_from(["doc", "unknown", "rank", EXPIRES]), max_size=2),
    conditions,
)
deletes = st.builds(Delete, st.just(RECORDS), keys, conditions)
checks = st.builds(Check, st.just(RECORDS), keys, conditions)
writes = puts | updates | deletes
beginnings = st.lists(puts, min_size=8, max_size=30)
transactions = st.lists(writes | checks, max_size=5)


def _queries(partitions: st.SearchStrategy[str], index: str) -> st.SearchStrategy[Query]:
    stretches: st.SearchStrategy[dict[str, str]] = (
        st.just({})
        | st.fixed_dictionaries({}, optional={"first": sorts, "last": sorts})
        | st.fixed_dictionaries({"prefix": st.sampled_from(PREFIXES)})
    )
    return st.builds(
        lambda partition, stretch, newest_first, limit: Query(
            RECORDS, partition, index, newest_first=newest_first, limit=limit, **stretch
        ),
        partitions,
        stretches,
        st.booleans(),
        st.integers(1, 3),
    )


queries = _queries(st.sampled_from(PARTITIONS), "")
index_queries = _queries(st.sampled_from(GROUPS), "by_group") | _queries(sorts, "by_rank")


def at(clock: ManualClock, step: Step) -> Any:
    """Return the step with its time of expiry counted from now."""
    if isinstance(step, Put):
        return replace(step, row=_timely(clock, step.row))
    if isinstance(step, Update):
        return replace(step, values=_timely(clock, dict(step.values)))
    return step


def _timely(clock: ManualClock, row: Row) -> Row:
    seconds = row.get(EXPIRES)
    return (
        row | {EXPIRES: whole_seconds(clock.now()) + seconds} if isinstance(seconds, int) else row
    )
