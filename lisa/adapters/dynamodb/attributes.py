"""Rows in DynamoDB's notation, and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from lisa.ports.rows import exact_number, plain_number
from lisa.ports.table import Json, Row

Attribute: TypeAlias = dict[str, Any]


def write_row(row: Mapping[str, Json]) -> dict[str, Attribute]:
    """Write every attribute of a row."""
    return {name: write_value(value) for name, value in row.items()}


def read_row(item: Mapping[str, Any]) -> Row:
    """Read every attribute of a row."""
    return {name: _read_value(attribute) for name, attribute in item.items()}


def write_value(value: Json) -> Attribute:
    """Write one value with its type."""
    if isinstance(value, str):
        return {"S": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, list):
        return {"L": [write_value(each) for each in value]}
    if isinstance(value, dict):
        return {"M": write_row(value)}
    return {"N": str(exact_number(value)) if isinstance(value, float) else str(value)}


def _read_value(attribute: Attribute) -> Json:
    ((kind, value),) = attribute.items()
    if kind == "N":
        return plain_number(Decimal(value))
    if kind == "L":
        return [_read_value(each) for each in value]
    if kind == "M":
        return read_row(value)
    return None if kind == "NULL" else value
