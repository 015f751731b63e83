"""Which rows and keys every store accepts: what DynamoDB and Postgres can both keep, unchanged.

Postgres sets the limit on keys (an index entry fits a third of its page) and knows no NUL; DynamoDB
sets the others.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Context, Decimal
from typing import Final

from lisa.declared.tables import EXPIRES, PARTITION, SORT, Table
from lisa.domain.errors import Invalid, TooLarge
from lisa.ports.table import MAX_ROW_BYTES, Json, Key, Row

MAX_KEY_BYTES: Final = 1024
MAX_NAME_BYTES: Final = 255
MAX_DEPTH: Final = 32
MAX_DIGITS: Final = 38
SMALLEST_EXPONENT: Final = -130
LARGEST_EXPONENT: Final = 125
LATEST_SECOND: Final = 2**53

_EXACT: Final = Context(prec=LARGEST_EXPONENT + 1)


def accepted_row(table: Table, row: Row) -> Row:
    """Return the row as it will be read back, or refuse it."""
    key = key_of(row)
    attributes = {name: value for name, value in row.items() if name not in key._fields}
    accepted = {PARTITION: key.pk, SORT: key.sk} | accepted_attributes(table, attributes)
    refuse_if_too_large(accepted)
    return accepted


def key_of(row: Row) -> Key:
    """Return the row's key, or refuse it."""
    return accepted_key(Key(_string(row.get(PARTITION), PARTITION), _string(row.get(SORT), SORT)))


def accepted_key(key: Key) -> Key:
    """Return the key if a row can have it."""
    for name, value in key._asdict().items():
        accepted_key_part(value, name)
    return key


def accepted_key_part(value: Json, name: str) -> str:
    """Return the string if it can stand in a key of a table or an index."""
    text = accepted_text(_string(value, name), name)
    if not text or byte_length(text) > MAX_KEY_BYTES:
        raise Invalid(f"`{name}` must have 1 to {MAX_KEY_BYTES} bytes")
    return text


def accepted_text(text: str, name: str) -> str:
    """Return the text if every store can keep it."""
    if "\x00" in text:
        raise Invalid(f"`{name}` contains the character NUL", next_step="leave it out")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid(f"`{name}` is not valid unicode: it has half of a surrogate pair") from error
    return text


def accepted_attributes(table: Table, attributes: Mapping[str, Json]) -> Row:
    """Return the attributes other than the key as they will be read back, or refuse them."""
    accepted = {
        accepted_name(name): _accepted_value(value, name, MAX_DEPTH)
        for name, value in attributes.items()
    }
    for name in indexed_names(table) & accepted.keys():
        accepted_key_part(accepted[name], name)
    if EXPIRES in accepted:
        _refuse_wrong_expiry(table, accepted[EXPIRES])
    if "version" in accepted and not is_whole(accepted["version"]):
        raise Invalid("`version` must be a whole number")
    return accepted


def accepted_name(name: object) -> str:
    """Return the name if an attribute can have it."""
    if isinstance(name, str) and 0 < byte_length(accepted_text(name, name)) <= MAX_NAME_BYTES:
        return name
    raise Invalid(f"a name in a row must have 1 to {MAX_NAME_BYTES} bytes")


def indexed_names(table: Table) -> set[str]:
    """Return the attributes that some index orders by."""
    return {name for index in table.indexes for name in (index.partition, index.sort)}


def is_whole(value: Json) -> bool:
    """Tell whether this is a whole number, which a truth value isn't."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_live(table: Table, row: Row, now: datetime) -> bool:
    """Tell whether the row hasn't expired."""
    expires = row.get(EXPIRES)
    return not (table.expires and isinstance(expires, int) and expires <= whole_seconds(now))


def whole_seconds(time: datetime) -> int:
    """Return the whole seconds since 1970, as `expires_at` counts."""
    return int(time.timestamp())


def refuse_if_too_large(row: Row) -> None:
    """Refuse a row that a store could not keep whole."""
    if (size := size_of_row(row)) > MAX_ROW_BYTES:
        raise TooLarge(
            f"the row would have {size} bytes, {MAX_ROW_BYTES} are possible",
            next_step="store less in one piece",
        )


def size_of_row(row: Mapping[str, Json]) -> int:
    """Count bytes as DynamoDB does."""
    return sum(byte_length(name) + _size(value) for name, value in row.items())


def byte_length(text: str) -> int:
    """Count the bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode())


def plain_number(number: Decimal) -> int | float:
    """Return the number as rows write it: whole numbers without a fraction."""
    return int(number) if number == number.to_integral_value() else float(number)


def accepted_number(number: float) -> int | float:
    """Return the number in the one way it is written, or refuse it."""
    if isinstance(number, int) and abs(number) < 10**MAX_DIGITS:
        return number
    exact = exact_number(number)
    if not exact.is_finite() or len(exact.as_tuple().digits) > MAX_DIGITS:
        raise Invalid(f"a number must be finite and have at most {MAX_DIGITS} digits")
    if exact and not SMALLEST_EXPONENT <= exact.adjusted() <= LARGEST_EXPONENT:
        raise Invalid("a number is too large or too close to zero to be stored")
    return plain_number(exact)


def sum_of(number: float, amount: int) -> int | float:
    """Add without rounding, or refuse what can't be stored."""
    return accepted_number(plain_number(_EXACT.add(exact_number(number), amount)))


def exact_number(number: float) -> Decimal:
    """Return the number in decimal, without trailing zeros."""
    too_many_digits = isinstance(number, int) and abs(number) >= 10 ** (LARGEST_EXPONENT + 1)
    exact = Decimal("Infinity") if too_many_digits else Decimal(repr(number))
    return _EXACT.normalize(exact) if exact.is_finite() else exact


def _string(value: Json, name: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{name}` must be a string")
    return value


def _refuse_wrong_expiry(table: Table, expires: Json) -> None:
    if not table.expires:
        raise Invalid(f"rows of the table {table.name} don't expire")
    if not isinstance(expires, int) or not is_whole(expires) or not 0 <= expires <= LATEST_SECOND:
        raise Invalid(f"`{EXPIRES}` must be whole seconds since 1970")


def _accepted_value(value: Json, name: str, depth_left: int) -> Json:
    if depth_left == 0:
        raise Invalid(f"`{name}` is nested deeper than {MAX_DEPTH} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return accepted_text(value, name)
    if isinstance(value, int | float):
        return accepted_number(value)
    if isinstance(value, list):
        return [_accepted_value(each, name, depth_left - 1) for each in value]
    if isinstance(value, dict):
        return {
            accepted_name(inner): _accepted_value(each, inner, depth_left - 1)
            for inner, each in value.items()
        }
    raise Invalid(f"`{name}` is not JSON")


def _size(value: Json) -> int:
    if isinstance(value, str):
        return byte_length(value)
    if isinstance(value, list):
        return 3 + sum(1 + _size(each) for each in value)
    if isinstance(value, dict):
        return 3 + sum(1 + byte_length(name) + _size(each) for name, each in value.items())
    if value is None or isinstance(value, bool):
        return 1
    exact = exact_number(value)
    return 1 + (len(exact.as_tuple().digits) + 1) // 2 + (exact < 0)
