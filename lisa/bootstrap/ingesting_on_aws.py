"""What reads documents on AWS: a function for small ones, a task for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.adapters.s3.client import make_client
from lisa.adapters.s3.sources import S3Sources
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.ingestion import IngestionPorts, clean_folder, ingestion_of
from lisa.bootstrap.knowledge_on_aws import gateway_at, knowledge_on_aws, passes_of
from lisa.bootstrap.secrets import secrets_of
from lisa.declared.knowledge_settings import IngestSettings
from lisa.ports.sources import Sources
from lisa.usecases.knowledge.ingestion import Ingestion
from lisa.usecases.others_secrets import OthersSecrets

MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class IngestingOnAws:
    """Ingestion, and what else follows from the same choices."""

    ports: ContentPorts
    sources: Sources
    ingestion: Ingestion


def ingesting_on_aws(
    settings: IngestSettings, environ: Mapping[str, str], folder: Path, readers: int
) -> IngestingOnAws:
    """Choose the adapters; the folder is nobody else's, each reader may take a gigabyte."""
    secrets, ports = secrets_of(environ), ports_of(settings)
    sources = S3Sources(make_client(), settings.source_buckets)
    gateway = gateway_at(settings.gateway, secrets)
    passes = passes_of(ports, secrets, settings.passes_secret)
    others = OthersSecrets(secrets, (settings.passes_secret,))
    chosen = knowledge_on_aws(ports, others, gateway, passes)
    own = IngestionPorts(
        chosen.stores,
        chosen.embedder,
        ProcessExtractor(at_once=readers),
        sources,
        clean_folder(folder),
    )
    largest = settings.ingest_largest_mb * MEGABYTE
    ingestion = ingestion_of(ports, own, settings.ingest_at_once, largest)
    return IngestingOnAws(ports, sources, ingestion)
