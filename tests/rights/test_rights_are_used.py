"""No role may do what nobody needs: journeys on the emulator used it, or its reason is written.

It reads what the tests of tests/deploy left, so they have to run first, all of them.
"""

from collections.abc import Iterator

import pytest

from stacks.constructs.grants import TABLE_ACTIONS
from tests.deploy.rights import RECORDS, Record, Right, recorded
from tests.rights.unshown import Unshown, never_shown, unshown

# A table's adapter chooses between these by how many rows it is asked for, so they go together.
READING = frozenset({"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"})
WRITING = frozenset(
    f"dynamodb:{action}" for actions in TABLE_ACTIONS.values() for action in actions
).difference(READING)


@pytest.fixture(scope="module")
def record() -> Record:
    """Return what the deploy tests saw."""
    found = recorded()
    assert found.used, f"nothing was recorded in {RECORDS}: run tests/deploy first"
    return found


# A function reads small documents, a task the others: one program with the same rights.
ONE_PROGRAM = {"ingest/ServiceingestRole": "ingest/DooringestRole"}


def kind_of(right: Right) -> Right:
    """Name what goes together by one name."""
    right = right._replace(role=ONE_PROGRAM.get(right.role, right.role))
    if right.action in READING:
        return right._replace(action="dynamodb:reading")
    if right.action in WRITING:
        return right._replace(action="dynamodb:writing")
    return right


def never_used(record: Record) -> Iterator[Right]:
    """Yield what no journey made use of."""
    used = {kind_of(each) for each in record.used}
    yield from sorted({kind_of(each) for each in record.granted} - used)


def reasons_for(right: Right) -> list[Unshown]:
    return [each for each in unshown() if each.is_about(right)]


def test_every_right_is_used_in_a_journey_or_says_why_none_shows_it(record: Record) -> None:
    superfluous = [right for right in never_used(record) if not reasons_for(right)]

    assert superfluous == [], "take it away, make a journey that needs it, or say why none can"


def test_no_reason_is_given_for_what_journeys_show(record: Record) -> None:
    used = {kind_of(each) for each in record.used}
    told = [(each, right) for each in never_shown() for right in used if each.is_about(right)]

    assert told == [], "it is used: its reason in tests/rights/unshown.py isn't needed any more"


def test_no_reason_is_left_over(record: Record) -> None:
    granted = {kind_of(each) for each in record.granted}
    left = [each for each in unshown() if not any(each.is_about(right) for right in granted)]

    assert left == [], "nothing has these any more: take them out of tests/rights/unshown.py"


def test_each_way_to_a_table_is_used_by_somebody(record: Record) -> None:
    assert {each.action for each in record.used} >= READING | WRITING


def test_what_journeys_used_is_what_the_templates_say(record: Record) -> None:
    strange = sorted(set(record.used) - set(record.granted))

    assert strange == [], "roles have been changed, or two statements of a role share their id"
