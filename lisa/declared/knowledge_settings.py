"""What the doors of knowledge read from their environment."""

from typing import Annotated

from pydantic import Field

from lisa.declared.settings import IdentitySettings, Settings
from lisa.declared.variables import BucketNames, Machines, StoreWhere
from lisa.domain.model import KeyReference


class RepositorySettings(IdentitySettings):
    """The door of repositories, collections, documents, search and evaluations.

    `gateway` is where the gateway's address lies, `passes_secret` the secret that service passes
    are written with, `queue_work` the queue that tells of work. Pipelines load from
    `source_buckets` only. `machines` are the ARNs of the workflows of stores, by their names.
    """

    table_repositories: str
    table_rag_documents: str
    table_rag_jobs: str
    table_evaluations: str
    table_models: str
    table_tokens: str
    table_people: str
    table_configuration: str
    table_audit: str
    bucket_content: str
    queue_work: str
    source_buckets: BucketNames = ()
    gateway: KeyReference
    passes_secret: KeyReference
    machines: Machines


class IngestSettings(Settings):
    """What reads documents: a function for small ones, a task of containers for all.

    One with `ingest_largest_mb` leaves larger documents to the other; 0 leaves none.
    `ingest_at_once` are read at a time.
    """

    table_repositories: str
    table_rag_documents: str
    table_rag_jobs: str
    table_models: str
    table_people: str
    bucket_content: str
    source_buckets: BucketNames = ()
    gateway: KeyReference
    passes_secret: KeyReference
    ingest_largest_mb: Annotated[int, Field(ge=0, le=10_000)] = 0
    ingest_at_once: Annotated[int, Field(ge=1, le=64)] = 4


class PipelinesSettings(Settings):
    """The scheduled door that looks after pipelines and stores, and tells of work that waits."""

    table_repositories: str
    table_rag_documents: str
    table_rag_jobs: str
    queue_work: str
    source_buckets: BucketNames = ()
    machines: Machines


class StoresSettings(Settings):
    """The door that does the steps of stores' workflows."""

    table_repositories: str
    table_rag_jobs: str
    store_site: StoreWhere
