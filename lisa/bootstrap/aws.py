"""What every door on AWS builds from its settings: the adapters it declared, and no other."""

from lisa.adapters.dynamodb.client import make_client as dynamodb_client
from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.s3.blobs import S3Blobs
from lisa.adapters.s3.client import make_client as s3_client
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import Ports
from lisa.declared.settings import SessionsSettings, Settings, SweepSettings


def tables_of(settings: Settings) -> DynamoTables:
    """Return the tables whose names these settings hold, in fields `table_<name>`."""
    fields = settings.model_dump()
    names = {
        field.removeprefix("table_"): name
        for field, name in fields.items()
        if field.startswith("table_")
    }
    return DynamoTables(dynamodb_client(), names, SystemClock())


def ports_of(settings: SessionsSettings | SweepSettings) -> Ports:
    """Return the ports of a door that keeps sessions."""
    blobs = S3Blobs(s3_client(), settings.bucket_content)
    return Ports(tables_of(settings), blobs, SystemClock(), RandomIds())
