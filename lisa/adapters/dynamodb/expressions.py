"""Writes and queries of the table port, as arguments of DynamoDB's operations."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from lisa.adapters.dynamodb.attributes import write_row
from lisa.declared.tables import EXPIRES, PARTITION
from lisa.ports.queries import order_names, partition_name, start_of
from lisa.ports.steps import place_of
from lisa.ports.table import Json, Put, Query, Step, Update

Arguments: TypeAlias = dict[str, Any]

VERSION: Final = "version"


class Placeholders:
    """Stands in for names and values, since any name may be one of DynamoDB's reserved words."""

    def __init__(self) -> None:
        """Begin with none."""
        self._names: dict[str, str] = {}
        self._values: dict[str, Json] = {}

    def name(self, attribute: str) -> str:
        """Return what stands for the attribute."""
        return self._names.setdefault(attribute, f"#n{len(self._names)}")

    def value(self, value: Json) -> str:
        """Return what stands for the value."""
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = value
        return placeholder

    def arguments(self) -> Arguments:
        """Return the arguments that explain the placeholders; DynamoDB takes no empty ones."""
        names = {placeholder: name for name, placeholder in self._names.items()}
        explained = {
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": write_row(self._values),
        }
        return {argument: content for argument, content in explained.items() if content}


def write_arguments(step: Step, table_name: str, now: int) -> Arguments:
    """Return the arguments of a write, alone or as a part of a transaction."""
    placeholders = Placeholders()
    arguments: Arguments = {"TableName": table_name}
    if isinstance(step, Put):
        arguments["Item"] = write_row(step.row)
    else:
        arguments["Key"] = write_row(step.key._asdict())
    if isinstance(step, Update):
        arguments["UpdateExpression"] = " ".join(_changes(step, placeholders))
    if condition := _condition(step, placeholders, now):
        arguments["ConditionExpression"] = condition
        arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return arguments | placeholders.arguments()


def purge_arguments(step: Step, table_name: str, now: int) -> Arguments:
    """Return the arguments that delete the step's row if it has expired."""
    placeholders = Placeholders()
    expired = f"{placeholders.name(EXPIRES)} <= {placeholders.value(now)}"
    key = write_row(place_of(step)[1]._asdict())
    arguments = {"TableName": table_name, "Key": key, "ConditionExpression": expired}
    return arguments | placeholders.arguments()


def query_arguments(query: Query, table_name: str) -> Arguments:
    """Return the arguments of a query for a page and one row more."""
    placeholders = Placeholders()
    arguments: Arguments = {
        "TableName": table_name,
        "KeyConditionExpression": _stretch(query, placeholders),
        "ScanIndexForward": not query.newest_first,
        "Limit": query.limit + 1,
    }
    arguments |= {"IndexName": query.index} if query.index else {"ConsistentRead": True}
    if start := start_of(query):
        place = dict(zip(order_names(query), start, strict=True))
        arguments["ExclusiveStartKey"] = write_row({partition_name(query): query.partition} | place)
    return arguments | placeholders.arguments()


def _condition(step: Step, placeholders: Placeholders, now: int) -> str:
    when = step.when
    conditions = []
    if when.version is not None:
        conditions.append(f"{placeholders.name(VERSION)} = {placeholders.value(when.version)}")
    elif when.present:
        conditions.append(f"attribute_exists({placeholders.name(PARTITION)})")
    elif when.present is False:
        return _absence(step, placeholders, now)
    if step.table.expires and (conditions or isinstance(step, Update)):
        expires = placeholders.name(EXPIRES)
        time = placeholders.value(now)
        conditions.append(f"(attribute_not_exists({expires}) OR {expires} > {time})")
    return " AND ".join(conditions)


def _absence(step: Step, placeholders: Placeholders, now: int) -> str:
    absent = f"attribute_not_exists({placeholders.name(PARTITION)})"
    if isinstance(step, Update) or not step.table.expires:
        return absent  # an update of an expired row, not swept yet, would continue it
    return f"{absent} OR {placeholders.name(EXPIRES)} <= {placeholders.value(now)}"


def _changes(update: Update, placeholders: Placeholders) -> Iterator[str]:
    name, value = placeholders.name, placeholders.value
    if update.values:
        yield "SET " + ", ".join(f"{name(a)} = {value(v)}" for a, v in update.values.items())
    if update.add:
        yield "ADD " + ", ".join(f"{name(a)} {value(by)}" for a, by in update.add.items())
    if update.remove:
        yield "REMOVE " + ", ".join(name(attribute) for attribute in update.remove)


def _stretch(query: Query, placeholders: Placeholders) -> str:
    name, value = placeholders.name, placeholders.value
    conditions = [f"{name(partition_name(query))} = {value(query.partition)}"]
    sort = order_names(query)[0]
    if query.prefix:
        conditions.append(f"begins_with({name(sort)}, {value(query.prefix)})")
    elif query.first and query.last:
        conditions.append(f"{name(sort)} BETWEEN {value(query.first)} AND {value(query.last)}")
    elif bound := query.first or query.last:
        conditions.append(f"{name(sort)} {'>=' if query.first else '<='} {value(bound)}")
    return " AND ".join(conditions)
