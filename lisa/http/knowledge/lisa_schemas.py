"""Repositories and collections as LISA's clients send them; keys we don't know are ignored."""

from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.chunking import Chunking, Strategy
from lisa.domain.knowledge.names import (
    Description,
    Facts,
    Groups,
    ModelId,
    Name,
    RepositoryId,
    Tags,
)
from lisa.domain.knowledge.pipeline import Trigger
from lisa.domain.knowledge.repository import (
    DEFAULT_COLLECTION,
    CollectionStatus,
    Repository,
    Store,
    StoreKind,
)

LEAST_SIZE: Final = 100
MOST_SIZE: Final = 10_000
USUAL_SIZE, USUAL_OVERLAP = 512, 51
OFTEN: Final = "daily"  # how LISA's pages write what its API calls `schedule`
Ours = Annotated[str, Field(max_length=512)]


class LisaBody(BaseModel):
    """Names on the wire are in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ChunkingIn(LisaBody):
    """How documents are cut: `fixed` counts characters, the others tokens."""

    type: Strategy
    size: Annotated[int, Field(ge=LEAST_SIZE, le=MOST_SIZE)] = USUAL_SIZE
    overlap: Annotated[int, Field(ge=0, le=MOST_SIZE // 2)] | None = None

    def chunking(self) -> Chunking:
        """Return ours."""
        overlap = min(USUAL_OVERLAP, self.size // 2) if self.overlap is None else self.overlap
        if overlap > self.size // 2:
            raise Invalid("overlap: at most half of the size", code="bad_chunking")
        return Chunking(strategy=self.type, size=self.size, overlap=overlap)


class MetadataIn(LisaBody):
    """What is known of everything in it."""

    tags: Tags = ()
    custom_fields: Facts = Field(default_factory=dict)


class LisaPipeline(LisaBody):
    """Loads documents of a bucket by itself."""

    auto_remove: bool = True
    chunking_strategy: ChunkingIn | None = None
    chunk_size: Annotated[int, Field(ge=LEAST_SIZE, le=MOST_SIZE)] | None = None
    chunk_overlap: Annotated[int, Field(ge=0, le=MOST_SIZE // 2)] | None = None
    collection_id: Ours | None = None
    s3_bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    s3_prefix: Annotated[str, Field(max_length=900)] = ""
    trigger: Literal["event", "schedule", "daily"]
    metadata: MetadataIn | None = None

    def pipeline(self, embedding_model: str) -> dict[str, object]:
        """Return ours; its id tells what never changes of it: with another, it is another one."""
        source = f"s3://{self.s3_bucket}/{self.s3_prefix}"
        into = collection_meant(self.collection_id, embedding_model)
        trigger = Trigger.EVENT if self.trigger == "event" else Trigger.SCHEDULE
        kept = f"{source} {into} {trigger} {self.auto_remove}"
        about = self.metadata or MetadataIn()
        return {
            "id": sha256(kept.encode()).hexdigest()[:16],
            "source": source,
            "collection_id": into,
            "trigger": trigger,
            "auto_remove": self.auto_remove,
            "chunking": self._chunking(),
            "tags": about.tags,
            "facts": about.custom_fields,
        }

    def _chunking(self) -> Chunking | None:
        if self.chunking_strategy:
            return self.chunking_strategy.chunking()
        if self.chunk_size is None:
            return None
        sent = ChunkingIn(type=Strategy.FIXED, size=self.chunk_size, overlap=self.chunk_overlap)
        return sent.chunking()


class OpenSearchConfig(LisaBody):
    """An OpenSearch there is; sizes of one to make are passed over: it has the usual ones."""

    endpoint: Annotated[str, Field(max_length=400)] = ""


class RdsConfig(LisaBody):
    """A Postgres there is; without a host it is ours, or one is made."""

    username: Annotated[str, Field(max_length=63)] = "postgres"
    password_secret_id: Annotated[str, Field(max_length=400)] = ""
    db_host: Annotated[str, Field(max_length=255)] = ""
    db_name: Annotated[str, Field(max_length=63)] = "postgres"
    db_port: Annotated[int, Field(ge=1, le=65535)] = 5432


class RepositoryFieldsIn(LisaBody):
    """What can be said of a repository at any time."""

    repository_name: Name | None = None
    description: Description | None = None
    embedding_model_id: ModelId | None = None
    chunking_strategy: ChunkingIn | None = None
    allowed_groups: Groups | None = None
    metadata: MetadataIn | None = None
    pipelines: Annotated[list[LisaPipeline], Field(max_length=50)] | None = None

    def values(self, embedding_model: str) -> dict[str, object]:
        """Return what was given, by the names of our repository."""
        given: dict[str, object | None] = {
            "name": self.repository_name,
            "description": self.description,
            "embedding_model": self.embedding_model_id,
            "chunking": self.chunking_strategy.chunking() if self.chunking_strategy else None,
            "groups": self.allowed_groups,
            "tags": self.metadata.tags if self.metadata else None,
            "facts": self.metadata.custom_fields if self.metadata else None,
        }
        if self.pipelines is not None:
            given["pipelines"] = [each.pipeline(embedding_model) for each in self.pipelines]
        return {name: value for name, value in given.items() if value is not None}


class RepositoryIn(RepositoryFieldsIn):
    """A repository to make."""

    repository_id: RepositoryId
    type: Literal["opensearch", "pgvector", "bedrock_knowledge_base"]
    opensearch_config: OpenSearchConfig | None = None
    rds_config: RdsConfig | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if self.opensearch_config and self.type != "opensearch":
            raise ValueError("opensearchConfig belongs to type opensearch")
        if self.rds_config and self.type != "pgvector":
            raise ValueError("rdsConfig belongs to type pgvector")
        return self

    def wanted(self) -> dict[str, object]:
        """Return what was given, by the names of our repository."""
        named = {"name": self.repository_name or self.repository_id}
        return self.values(self.embedding_model_id or "") | named | {"store": self._store()}

    def _store(self) -> Store:
        if self.type not in {*StoreKind}:
            raise Invalid(
                "Bedrock Knowledge Bases are not there yet",
                next_step="use `pgvector` or `opensearch`",
                code="not_yet",
            )
        kind = StoreKind(self.type)
        if self.opensearch_config and self.opensearch_config.endpoint:
            host = self.opensearch_config.endpoint.removeprefix("https://").rstrip("/")
            return Store(kind=kind, address=f"https://{host}", options={})
        rds = self.rds_config
        if rds and rds.db_host:
            secret = f"secret:{rds.password_secret_id}" if rds.password_secret_id else ""
            address = f"{rds.db_host}:{rds.db_port}/{rds.db_name}"
            options = {"username": rds.username}
            return Store(kind=kind, address=address, credentials=secret, options=options)
        return Store(kind=kind, options={})


class CollectionFieldsIn(LisaBody):
    """What can be said of a collection at any time."""

    name: Name | None = None
    description: Description | None = None
    chunking_strategy: ChunkingIn | None = None
    allow_chunking_override: bool | None = None
    metadata: MetadataIn | None = None
    allowed_groups: Groups | None = None
    status: CollectionStatus | None = None

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our collection; no groups are the repository's."""
        given: dict[str, object | None] = {
            "name": self.name,
            "description": self.description,
            "chunking": self.chunking_strategy.chunking() if self.chunking_strategy else None,
            "allows_chunking_override": self.allow_chunking_override,
            "tags": self.metadata.tags if self.metadata else None,
            "facts": self.metadata.custom_fields if self.metadata else None,
            "status": self.status,
        }
        told = {name: value for name, value in given.items() if value is not None}
        if "allowed_groups" in self.model_fields_set:
            told["groups"] = self.allowed_groups or None
        return told


class CollectionIn(CollectionFieldsIn):
    """A collection to make."""

    name: Name
    embedding_model: ModelId | None = None

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our collection."""
        told = super().values()
        return told | ({"embedding_model": self.embedding_model} if self.embedding_model else {})


def collection_meant(given: str | None, embedding_model: str) -> str:
    """Return which collection a client means: LISA calls the default one like its model."""
    return DEFAULT_COLLECTION if given in {None, "", embedding_model} else str(given)


def in_repository(given: str | None, repository: Repository) -> str:
    """Return which of a repository's collections a client means."""
    return collection_meant(given, repository.embedding_model)
