"""What repositories and collections must be like, and what is said where they aren't."""

import re
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from lisa.domain.addresses import refuse_metadata
from lisa.domain.errors import Conflict, Forbidden, Invalid
from lisa.domain.faults import named
from lisa.domain.identity import Principal
from lisa.domain.issuers import is_http_url
from lisa.domain.knowledge.repository import (
    DEFAULT_COLLECTION,
    Collection,
    Repository,
    Store,
    StoreKind,
)
from lisa.domain.model import REFERENCE_PATTERN, ModelType
from lisa.domain.policy import Kind, Thing, Verb, decide
from lisa.stores.models import ModelStore

TAKEN: Final = frozenset({"collections", "edit", "new", "presigned-url", "status", "store-kinds"})
POSTGRES: Final = re.compile(
    r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?/[A-Za-z0-9_-]{1,63}"
)
BY_RAG_ADMINS: Final = frozenset({"pipelines"})  # what of a repository is theirs to change


def repository_checked(values: Mapping[str, object]) -> Repository:
    """Return the repository; whatever is wrong with it is named, never its value."""
    try:
        made = Repository.model_validate(values)
    except ValidationError as fault:
        raise _wrong("repository", fault) from fault
    ids = [each.id for each in made.pipelines]
    if len({*ids}) < len(ids):
        raise Invalid(
            "two pipelines have the same id",
            next_step="give each its own",
            code="bad_repository",
        )
    return made


def refuse_unusable_id(repository_id: str) -> None:
    """Refuse an id that stands in a path of the API."""
    if repository_id in TAKEN:
        raise Invalid(
            f"no repository can be called {repository_id}: it stands in a path of the API",
            next_step="choose another id",
            code="bad_repository_id",
        )


def refuse_bad_store(store: Store) -> None:
    """Refuse a store that isn't said in its form, or is where no store should be looked for."""
    if store.own and (store.address or store.credentials):
        raise _bad_store("one that is made for the repository has no address and login yet")
    in_form = {
        StoreKind.OPENSEARCH: is_http_url(store.address),
        StoreKind.PGVECTOR: POSTGRES.fullmatch(store.address) is not None,
    }
    if store.address and not in_form[store.kind]:
        raise _bad_store("an address is https://HOST[:PORT] or, of Postgres, HOST[:PORT]/DATABASE")
    if store.credentials and not re.fullmatch(REFERENCE_PATTERN, store.credentials):
        raise _bad_store("credentials are a reference such as `secret:NAME`, never the secret")
    if store.credentials and not store.address:
        raise _bad_store("the deployment's own store has credentials of its own")
    if store.address:
        refuse_metadata(store.address if "://" in store.address else f"//{store.address}")


def collection_checked(values: Mapping[str, object]) -> Collection:
    """Return the collection; whatever is wrong with it is named, never its value."""
    try:
        return Collection.model_validate(values)
    except ValidationError as fault:
        raise _wrong("collection", fault) from fault


async def refuse_unusable_embedder(models: ModelStore, caller: Principal, model_id: str) -> None:
    """Refuse a model that makes no embeddings, or that the caller can't see."""
    model = await models.by_id(model_id) if model_id else None
    thing = Thing(Kind.MODEL, model_id, groups=model.groups if model else frozenset())
    seen = model is not None and decide(caller, Verb.READ, thing).allowed
    if model is None or not seen or model.type is not ModelType.EMBEDDING:
        raise Invalid(
            f"there is no model {model_id[:128] or '(none named)'} that makes embeddings",
            next_step="name one of type `embedding`; `lisa models list` shows them",
            code="bad_embedding_model",
        )


def refuse_pipelines_to_nowhere(repository: Repository, collections: frozenset[str]) -> None:
    """Refuse pipelines into other collections than these."""
    for pipeline in repository.pipelines:
        into = pipeline.collection_id or DEFAULT_COLLECTION
        if into not in collections:
            raise Invalid(
                f"the pipeline {pipeline.id} leads into {into}, which isn't there",
                next_step="name a collection of this repository",
                code="bad_pipeline",
            )


def refuse_beyond_pipelines(caller: Principal, old: Repository, new: Repository) -> None:
    """Let who is no administrator change nothing of a repository but its pipelines."""
    differing = {
        name
        for name in Repository.model_fields
        if getattr(old, name) != getattr(new, name) and name not in {"updated", *BY_RAG_ADMINS}
    }
    if differing and not caller.admin:
        raise Forbidden(
            f"only administrators change a repository's {', '.join(sorted(differing))}",
            next_step="change its pipelines only, or ask an administrator",
            code="not_allowed",
        )


def repository_exists(repository_id: str) -> Conflict:
    """Say that the id is taken."""
    return Conflict(
        f"there is a repository {repository_id} already",
        next_step="choose another id, or change that one",
        code="repository_exists",
    )


def collection_exists(collection_id: str) -> Conflict:
    """Say that the id is taken."""
    return Conflict(
        f"there is a collection {collection_id} already",
        next_step="choose another id, or change that one",
        code="collection_exists",
    )


def name_taken(name: str) -> Invalid:
    """Say that another collection of the repository is called so."""
    return Invalid(
        f"the repository has a collection called {name} already",
        next_step="choose another name",
        code="collection_name_taken",
    )


def _bad_store(why: str) -> Invalid:
    return Invalid(f"store: {why}", next_step="correct it, or leave it out", code="bad_store")


def _wrong(what: str, fault: ValidationError) -> Invalid:
    return Invalid(
        named(fault, what), next_step="correct or leave out these fields", code=f"bad_{what}"
    )
