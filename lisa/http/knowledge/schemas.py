"""Repositories and collections as they are sent: what isn't named in a change stays."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.names import (
    CollectionId,
    Description,
    Facts,
    Groups,
    ModelId,
    Name,
    RepositoryId,
    Tags,
)
from lisa.domain.knowledge.pipeline import Pipeline
from lisa.domain.knowledge.repository import Collection, CollectionStatus, Repository, Store
from lisa.usecases.knowledge.repositories import Changes

CAMEL = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")
CLEARED_BY_NULL = frozenset({"groups"})
Version = Annotated[int, Field(ge=1)]


class Body(BaseModel):
    """What is sent: names in camel case, and none that we don't know."""

    model_config = CAMEL


class PipelineIn(Pipeline):
    """Keeps a collection like a source: `s3://BUCKET/PREFIX`, or a folder's path."""

    model_config = CAMEL


class StoreIn(Store):
    """Where passages are kept; without an address in the deployment's own store of the kind.

    `address` is `https://HOST[:PORT]` of OpenSearch, or `HOST[:PORT]/DATABASE` of Postgres, and
    `credentials` where its secret lies (`secret:NAME`, `env:NAME`, ...), never the secret. One of
    its `own` is made for the repository, with `options`, and goes with it: see
    `GET /repositories/store-kinds`.
    """

    model_config = CAMEL


class RepositoryFields(Body):
    """What can be said of a repository at any time."""

    name: Name | None = None
    description: Description | None = None
    embedding_model: ModelId | None = None
    chunking: Chunking | None = None
    allows_chunking_override: bool | None = None
    groups: Groups | None = None
    tags: Tags | None = None
    facts: Facts | None = None
    pipelines: Annotated[tuple[PipelineIn, ...], Field(max_length=50)] | None = None

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our repository."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        told = {
            name: value
            for name, value in given.items()
            if name in Repository.model_fields and value is not None
        }
        if self.pipelines is not None:
            told["pipelines"] = [Pipeline(**_shallow(each)) for each in self.pipelines]
        return told


class RepositoryCreate(RepositoryFields):
    """A repository to make; its default collection uses `embeddingModel`."""

    repository_id: RepositoryId
    name: Name
    store: StoreIn

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our repository."""
        return super().values() | {"store": Store(**_shallow(self.store))}


class RepositoryChange(RepositoryFields):
    """What to change; with `version`, only if the repository is still at that version."""

    version: Version | None = None

    def changes(self) -> Changes:
        """Return it."""
        return Changes(self.values(), self.version)


class CollectionFields(Body):
    """What can be said of a collection at any time; `groups` null are the repository's."""

    name: Name | None = None
    description: Description | None = None
    chunking: Chunking | None = None
    allows_chunking_override: bool | None = None
    reads_tables: bool | None = Field(
        default=None, description="Whether tables of PDFs are read as such, which is slow."
    )
    groups: Groups | None = None
    tags: Tags | None = None
    facts: Facts | None = None

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our collection."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return {
            name: value
            for name, value in given.items()
            if name in Collection.model_fields and (value is not None or name in CLEARED_BY_NULL)
        }


class CollectionCreate(CollectionFields):
    """A collection to make; what it doesn't say is the repository's.

    A `private` one is yours alone, and its id is chosen for you.
    """

    collection_id: CollectionId | None = None
    name: Name
    embedding_model: ModelId | None = None
    language: str | None = Field(
        default=None,
        pattern=r"^[a-z_]{1,32}$",
        description="How words are stemmed, such as `english`; `simple` stems none.",
    )
    private: bool = False

    @model_validator(mode="after")
    def _is_found_by_its_own_id(self) -> Self:
        if self.private and self.collection_id:
            raise ValueError("the id of a private collection is chosen for you")
        return self

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our collection."""
        return super().values() | ({"id": self.collection_id} if self.collection_id else {})


class CollectionChange(CollectionFields):
    """What to change; with `version`, only if the collection is still at that version."""

    status: CollectionStatus | None = None
    version: Version | None = None

    def changes(self) -> Changes:
        """Return it."""
        values = self.values()
        values.pop("version", None)
        return Changes(values, self.version)


def _shallow(value: BaseModel) -> Mapping[str, object]:
    return {name: getattr(value, name) for name in type(value).model_fields}
