"""The ports of what keeps content on AWS."""

from typing import TypeAlias

from lisa.adapters.s3.blobs import S3Blobs
from lisa.adapters.s3.client import make_client
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.dynamodb import tables_of
from lisa.declared.knowledge_settings import IngestSettings, RepositorySettings
from lisa.declared.settings import ServeSettings, SessionsSettings, SweepSettings

Keeping: TypeAlias = (
    SessionsSettings | ServeSettings | SweepSettings | RepositorySettings | IngestSettings
)


def ports_of(settings: Keeping) -> ContentPorts:
    """Return the tables and the bucket that these settings name."""
    blobs = S3Blobs(make_client(), settings.bucket_content)
    return ContentPorts(tables_of(settings), SystemClock(), RandomIds(), blobs)
