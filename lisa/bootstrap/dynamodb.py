"""The tables of a door on AWS."""

from lisa.adapters.dynamodb.client import make_client
from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.system.clock import SystemClock
from lisa.declared.settings import Settings


def tables_of(settings: Settings) -> DynamoTables:
    """Return the tables whose names these settings hold, in fields `table_<name>`."""
    fields = settings.model_dump()
    names = {
        field.removeprefix("table_"): name
        for field, name in fields.items()
        if field.startswith("table_")
    }
    return DynamoTables(make_client(), names, SystemClock())
