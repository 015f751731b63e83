"""What a write means: whether its condition holds, and the row it leaves behind."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lisa.declared.tables import EXPIRES, PARTITION, SORT, Table
from lisa.domain.errors import ConditionFailed, Invalid, TooLarge
from lisa.ports.rows import (
    accepted_attributes,
    accepted_key,
    accepted_name,
    accepted_number,
    accepted_row,
    indexed_names,
    is_whole,
    key_of,
    refuse_if_too_large,
    size_of_row,
    sum_of,
)
from lisa.ports.table import (
    ALWAYS,
    MAX_STEPS,
    MAX_TRANSACTION_BYTES,
    Check,
    Delete,
    Key,
    Put,
    Row,
    Step,
    Update,
    When,
)


def accepted_steps(steps: Sequence[Step]) -> list[Step]:
    """Return the steps of a transaction as they will be done, or refuse them."""
    if not 1 <= len(steps) <= MAX_STEPS:
        raise Invalid(f"a transaction has 1 to {MAX_STEPS} steps")
    accepted = [accepted_step(step) for step in steps]
    if len({place_of(step) for step in accepted}) < len(accepted):
        raise Invalid("a transaction changes each row only once")
    if sum(_size(step) for step in accepted) > MAX_TRANSACTION_BYTES:
        raise TooLarge(
            f"a transaction holds at most {MAX_TRANSACTION_BYTES} bytes",
            next_step="store less at once",
        )
    return accepted


def accepted_step(step: Step) -> Step:
    """Return the step as it will be done, or refuse it."""
    _refuse_wrong_condition(step.when)
    if isinstance(step, Put):
        return replace(step, row=accepted_row(step.table, step.row))
    accepted_key(step.key)
    if isinstance(step, Update):
        return _accepted_update(step)
    if isinstance(step, Check) and step.when == ALWAYS:
        raise Invalid("a check needs a condition")
    return step


def place_of(step: Step) -> tuple[Table, Key]:
    """Return where the step's row lies."""
    return step.table, key_of(step.row) if isinstance(step, Put) else step.key


def refuse_where_a_condition_fails(steps: Sequence[Step], rows: Sequence[Row | None]) -> None:
    """Compare each step's condition with the row that is there now."""
    failed = [
        position
        for position, (step, row) in enumerate(zip(steps, rows, strict=True))
        if not _holds(step.when, row)
    ]
    if failed:
        raise ConditionFailed(failed)


def row_after(step: Step, row: Row | None) -> Row | None:
    """Return what stands after the step where this row stood before."""
    if isinstance(step, Put):
        return step.row
    if isinstance(step, Update):
        return _updated(step, row)
    return None if isinstance(step, Delete) else row


def _holds(when: When, row: Row | None) -> bool:
    if when.version is not None:
        return row is not None and row.get("version") == when.version
    return when.present is None or when.present == (row is not None)


def _refuse_wrong_condition(when: When) -> None:
    if when.version is None:
        return
    if when.present is False or not is_whole(when.version):
        raise Invalid("a version is a whole number, and only a row that is there has one")


def _accepted_update(update: Update) -> Update:
    names = [*update.values, *update.add, *update.remove]
    if not names or len(set(names)) < len(names):
        raise Invalid("an update changes at least one attribute, and each only once")
    if {PARTITION, SORT} & set(names):
        raise Invalid("a row's key can't be updated")
    if (indexed_names(update.table) | {EXPIRES}) & update.add.keys():
        raise Invalid("nothing can be added to a time of expiry or to an index's attribute")
    if not all(is_whole(amount) for amount in update.add.values()):
        raise Invalid("only whole numbers can be added")
    return replace(
        update,
        values=accepted_attributes(update.table, update.values),
        add={accepted_name(name): int(accepted_number(by)) for name, by in update.add.items()},
        remove=[accepted_name(name) for name in update.remove],
    )


def _updated(update: Update, row: Row | None) -> Row:
    start = row or {PARTITION: update.key.pk, SORT: update.key.sk}
    kept = {name: value for name, value in start.items() if name not in update.remove}
    updated = kept | dict(update.values) | _sums(update.add, start)
    refuse_if_too_large(updated)
    return updated


def _sums(add: Mapping[str, int], row: Row) -> Row:
    sums: Row = {}
    for name, amount in add.items():
        before = row.get(name, 0)
        if isinstance(before, bool) or not isinstance(before, int | float):
            raise Invalid(f"`{name}` is not a number, nothing can be added to it")
        sums[name] = sum_of(before, amount)
    return sums


def _size(step: Step) -> int:
    if isinstance(step, Put):
        return size_of_row(step.row)
    key = size_of_row(step.key._asdict())
    return key + size_of_row({**step.values, **step.add}) if isinstance(step, Update) else key
