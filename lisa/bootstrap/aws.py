"""The ports of what keeps sessions on AWS."""

from lisa.adapters.s3.blobs import S3Blobs
from lisa.adapters.s3.client import make_client
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.ports import ContentPorts
from lisa.declared.settings import ServeSettings, SessionsSettings, SweepSettings


def ports_of(settings: SessionsSettings | ServeSettings | SweepSettings) -> ContentPorts:
    """Return the tables and the bucket that these settings name."""
    blobs = S3Blobs(make_client(), settings.bucket_content)
    return ContentPorts(tables_of(settings), SystemClock(), RandomIds(), blobs)
