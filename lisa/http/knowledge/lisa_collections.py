"""Collections as LISA's clients know them: `/repository/{r}/collection`, success always 200."""

import json
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import JsonValue

from lisa.domain.errors import Invalid
from lisa.http.knowledge.door import CollectionPath, RepositoryPath, Uses, knowledge_router
from lisa.http.knowledge.lisa_schemas import CollectionFieldsIn, CollectionIn, in_repository
from lisa.http.knowledge.lisa_shown import Shown, collection_shown
from lisa.http.services import Caller, KnowledgeServices
from lisa.usecases.knowledge.access import Reach
from lisa.usecases.knowledge.repositories import Changes

MOST_LISTED: Final = 10_000
READ_AT_ONCE: Final = 500
ORDERS: Final = {"name": "name", "createdAt": "created", "updatedAt": "updated"}

PageSize = Annotated[int, Query(alias="pageSize", ge=1, le=100)]
Filter = Annotated[str, Query(alias="filter", max_length=100)]
router = knowledge_router("knowledge, as in LISA")


@router.get("/repository/collections")
async def everywhere(
    uses: Uses,
    caller: Caller,
    page_size: PageSize = 20,
    sought: Filter = "",
    sort_by: Annotated[
        Literal["name", "createdAt", "updatedAt"], Query(alias="sortBy")
    ] = "createdAt",
    sort_order: Annotated[Literal["asc", "desc"], Query(alias="sortOrder")] = "desc",
    last_evaluated_key: Annotated[str, Query(alias="lastEvaluatedKey", max_length=4096)] = "",
) -> Shown:
    """List the collections that you may use, of all repositories."""
    found = await _all(uses, caller, "", sought)
    field = ORDERS[sort_by]
    found.sort(
        key=lambda reach: (getattr(reach.collection, field), reach.collection.uid),
        reverse=sort_order == "desc",
    )
    start = _offset(last_evaluated_key)
    return _page(found, start, page_size, {"version": "v2", "offset": start + page_size})


@router.get("/repository/{repository_id}/collection")
async def of_repository(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    page_size: PageSize = 20,
    sought: Filter = "",
    status: Annotated[str, Query(max_length=30)] = "",
    after: Annotated[str, Query(alias="lastEvaluatedKeyCollectionId", max_length=128)] = "",
) -> Shown:
    """List the collections of a repository that you may use."""
    found = [
        reach
        for reach in await _all(uses, caller, repository_id, sought)
        if not status or reach.collection.status == status
    ]
    ids = [reach.collection.id for reach in found]
    start = ids.index(after) + 1 if after in ids else 0
    last = ids[start : start + page_size][-1:]
    return _page(
        found, start, page_size, {"collectionId": [*last, ""][0], "repositoryId": repository_id}
    )


@router.post("/repository/{repository_id}/collection")
async def create(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, wanted: CollectionIn
) -> Shown:
    """Make a collection."""
    return collection_shown(await uses.collections.create(caller, repository_id, wanted.values()))


@router.get("/repository/{repository_id}/collection/{collection_id}")
async def get(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, collection_id: CollectionPath
) -> Shown:
    """Return a collection."""
    meant = await _meant(uses, caller, repository_id, collection_id)
    return collection_shown(await uses.collections.get(caller, repository_id, meant))


@router.put("/repository/{repository_id}/collection/{collection_id}")
async def change(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    wanted: CollectionFieldsIn,
) -> Shown:
    """Change a collection."""
    meant = await _meant(uses, caller, repository_id, collection_id)
    changes = Changes(wanted.values())
    return collection_shown(await uses.collections.update(caller, repository_id, meant, changes))


@router.delete("/repository/{repository_id}/collection/{collection_id}")
async def remove(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, collection_id: CollectionPath
) -> Shown:
    """Delete a collection with its documents; the default one is emptied and stays."""
    meant = await _meant(uses, caller, repository_id, collection_id)
    held = await uses.collections.contents(caller, repository_id, meant)
    reach, job = await uses.collections.remove(caller, repository_id, meant)
    partly = reach.collection.is_default
    return {
        "jobId": job.id,
        "deletionType": "partial" if partly else "full",
        "status": "DELETE_IN_PROGRESS",
        "summary": {
            "lisaManagedDocuments": held.documents,
            "userManagedDocuments": 0,
            "action": "its documents are removed" if partly else "it is removed",
        },
    }


async def _meant(
    uses: KnowledgeServices, caller: Caller, repository_id: str, collection_id: str
) -> str:
    repository = await uses.repositories.get(caller, repository_id)
    return in_repository(collection_id, repository)


async def _all(
    uses: KnowledgeServices, caller: Caller, repository_id: str, sought: str
) -> list[Reach]:
    """Return all that the caller may see: LISA's pages are told how many there are."""
    found: list[Reach] = []
    cursor, more = "", True
    while more:
        page, cursor = await uses.collections.page(
            caller, limit=READ_AT_ONCE, cursor=cursor, repository_id=repository_id, query=sought
        )
        found, more = found + page, bool(cursor) and len(found) < MOST_LISTED
    return found


def _page(found: Sequence[Reach], start: int, size: int, following: Shown) -> Shown:
    shown = [collection_shown(each) for each in found[start : start + size]]
    more = start + size < len(found)
    pagination: dict[str, JsonValue] = {
        "totalCount": len(found),
        "currentPage": start // size + 1,
        "totalPages": -(-len(found) // size),
    }
    return {
        "collections": [*shown],
        "pagination": pagination,
        "lastEvaluatedKey": following if more else None,
        "hasNextPage": more,
        "hasPreviousPage": start > 0,
    }


def _offset(key: str) -> int:
    if not key:
        return 0
    try:
        offset = json.loads(key)["offset"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _wrong_key() from error
    if not isinstance(offset, int) or not 0 <= offset <= MOST_LISTED:
        raise _wrong_key()
    return offset


def _wrong_key() -> Invalid:
    return Invalid(
        "lastEvaluatedKey is none of ours",
        next_step="send back the one of the page before, or none",
        code="wrong_cursor",
    )
