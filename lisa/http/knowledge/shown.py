"""Repositories and collections as they are shown: how they are run to who may change them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from lisa.domain.identity import Principal
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.pipeline import Pipeline
from lisa.domain.knowledge.repository import (
    Collection,
    CollectionStatus,
    Repository,
    RepositoryStatus,
    Store,
    StoreKind,
)
from lisa.domain.policy import Kind, Thing, Verb, decide
from lisa.usecases.knowledge.access import Reach

SHOWN = ConfigDict(
    alias_generator=to_camel,
    populate_by_name=True,
    json_schema_serialization_defaults_required=True,
)
NOT_FOR_USERS: Final[Mapping[str, object]] = {
    "store": None,
    "next_step": "",
    "run": "",
    "created_by": "",
}


class Shown(BaseModel):
    """What is shown: names in camel case."""

    model_config = SHOWN


class StoreOut(Store):
    """Where passages are kept; `credentials` is a reference, no secret."""

    model_config = SHOWN


class PipelineShown(Pipeline):
    """Keeps a collection like a source: `s3://BUCKET/PREFIX`, or a folder's path."""

    model_config = SHOWN


class RepositoryOut(Shown):
    """A repository; where its store is, is for who may change it."""

    repository_id: str
    name: str
    description: str
    type: StoreKind
    store: StoreOut | None
    embedding_model: str
    chunking: Chunking
    allows_chunking_override: bool
    groups: list[str]
    tags: Sequence[str]
    facts: Mapping[str, Fact]
    pipelines: Sequence[PipelineShown]
    status: RepositoryStatus
    reason: str
    next_step: str
    run: str
    created: datetime
    created_by: str
    updated: datetime
    version: int
    may_change: bool
    may_change_pipelines: bool
    may_create_collections: bool
    may_delete: bool

    @classmethod
    def of(cls, repository: Repository, viewer: Principal) -> "RepositoryOut":
        """Show a repository to somebody."""
        thing = repository.thing()
        keeps = decide(viewer, Verb.CHANGE, thing).allowed
        within = Thing(Kind.COLLECTION, groups=repository.groups)
        own = repository.model_dump(include={*cls.model_fields})
        hidden = {} if keeps else NOT_FOR_USERS
        return cls.model_validate(
            own
            | {
                "repository_id": repository.id,
                "type": repository.store.kind,
                "groups": sorted(repository.groups),
                "may_change": keeps and viewer.admin,
                "may_change_pipelines": keeps,
                "may_create_collections": decide(viewer, Verb.CREATE, within).allowed,
                "may_delete": decide(viewer, Verb.DELETE, thing).allowed,
                **hidden,
            }
        )


class RepositoryPage(Shown):
    """Repositories, in order of their ids."""

    repositories: list[RepositoryOut]
    next_cursor: str = Field(description="Send it back as `cursor`; empty at the end.")


class CollectionOut(Shown):
    """A collection; `groups` null are its repository's, `vectorStoreId` is OpenAI's name of it."""

    repository_id: str
    collection_id: str
    vector_store_id: str
    name: str
    description: str
    embedding_model: str
    dimension: int = Field(description="Of its vectors; 0 as long as nothing is in it.")
    chunking: Chunking
    allows_chunking_override: bool
    reads_tables: bool
    language: str
    groups: list[str] | None
    private: bool
    tags: Sequence[str]
    facts: Mapping[str, Fact]
    status: CollectionStatus
    reason: str
    is_default: bool
    created: datetime
    created_by: str
    updated: datetime
    version: int
    may_add: bool = Field(description="Whether you may add documents.")
    may_change: bool
    may_delete: bool

    @classmethod
    def of(cls, reach: Reach, viewer: Principal) -> "CollectionOut":
        """Show a collection to somebody."""
        collection, thing = reach.collection, reach.collection.thing(reach.repository)
        own = collection.model_dump(include={*cls.model_fields})
        return cls.model_validate(
            own
            | {
                "collection_id": collection.id,
                "vector_store_id": f"{collection.repository_id}.{collection.id}",
                "groups": None if collection.groups is None else sorted(collection.groups),
                "may_add": may_add(viewer, collection, thing),
                "may_change": decide(viewer, Verb.CHANGE, thing).allowed,
                "may_delete": decide(viewer, Verb.DELETE, thing).allowed,
            }
        )


class CollectionPage(Shown):
    """Collections: shared ones, then your own; a page may be short."""

    collections: list[CollectionOut]
    next_cursor: str = Field(description="Send it back as `cursor`; empty at the end.")


class ContentsOut(Shown):
    """How much can be found in a collection."""

    documents: int
    passages: int


def may_add(viewer: Principal, collection: Collection, thing: Thing) -> bool:
    """Tell whether somebody may put documents into a collection."""
    document = Thing(Kind.DOCUMENT, groups=thing.groups)
    into = decide(viewer, Verb.USE, thing).allowed
    active = collection.status is CollectionStatus.ACTIVE
    return into and active and decide(viewer, Verb.CREATE, document).allowed
