"""Repositories and their collections: `/repositories`, and `/collections` of all of them."""

from fastapi import Response

from lisa.http.knowledge.door import (
    CollectionPath,
    Looked,
    RepositoryPath,
    Turned,
    Uses,
    knowledge_router,
)
from lisa.http.knowledge.schemas import (
    CollectionChange,
    CollectionCreate,
    RepositoryChange,
    RepositoryCreate,
)
from lisa.http.knowledge.shown import (
    CollectionOut,
    CollectionPage,
    ContentsOut,
    RepositoryOut,
    RepositoryPage,
)
from lisa.http.knowledge.work import JobOut
from lisa.http.services import Caller

router = knowledge_router()


@router.post("/repositories", status_code=201)
async def create(
    uses: Uses, caller: Caller, response: Response, wanted: RepositoryCreate
) -> RepositoryOut:
    """Make a repository; 503 where its store doesn't answer, and nothing is left of it.

    One with a store of its `own` is `CREATE_IN_PROGRESS` until that has answered; where it can't be
    made, nothing is left of it but the repository's `reason` and `nextStep`.
    """
    made = await uses.repositories.create(caller, wanted.repository_id, wanted.values())
    response.headers["location"] = f"repositories/{made.id}"
    return RepositoryOut.of(made, caller)


@router.get("/repositories")
async def page(
    uses: Uses,
    caller: Caller,
    turn: Turned,
) -> RepositoryPage:
    """List the repositories you may use; administrators see all."""
    found, go_on = await uses.repositories.page(caller, limit=turn.limit, cursor=turn.cursor)
    turn.lead_on(go_on)
    shown = [RepositoryOut.of(each, caller) for each in found]
    return RepositoryPage(repositories=shown, next_cursor=go_on)


@router.get("/repositories/{repository_id}")
async def get(uses: Uses, caller: Caller, repository_id: RepositoryPath) -> RepositoryOut:
    """Return a repository."""
    return RepositoryOut.of(await uses.repositories.get(caller, repository_id), caller)


@router.put("/repositories/{repository_id}")
async def change(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, wanted: RepositoryChange
) -> RepositoryOut:
    """Change a repository; RAG administrators of its groups change its pipelines."""
    changed = await uses.repositories.update(caller, repository_id, wanted.changes())
    return RepositoryOut.of(changed, caller)


@router.delete("/repositories/{repository_id}", status_code=202)
async def remove(uses: Uses, caller: Caller, repository_id: RepositoryPath) -> RepositoryOut:
    """Delete a repository with all that is in it; it is there until nothing is left in its store.

    A store of its own goes with it; where that fails, `DELETE_FAILED` says why, and deleting it
    again tries again. What lies at the sources of its pipelines stays there.
    """
    return RepositoryOut.of(await uses.repositories.remove(caller, repository_id), caller)


@router.get("/collections")
async def all_collections(
    uses: Uses,
    caller: Caller,
    turn: Turned,
    query: Looked = "",
) -> CollectionPage:
    """List the collections that you may use, of all repositories; a page may be short."""
    found, go_on = await uses.collections.page(
        caller, limit=turn.limit, cursor=turn.cursor, query=query
    )
    turn.lead_on(go_on, query=query)
    shown = [CollectionOut.of(each, caller) for each in found]
    return CollectionPage(collections=shown, next_cursor=go_on)


@router.post("/repositories/{repository_id}/collections", status_code=201)
async def create_collection(
    uses: Uses,
    caller: Caller,
    response: Response,
    repository_id: RepositoryPath,
    wanted: CollectionCreate,
) -> CollectionOut:
    """Make a collection; whoever may use the repository can make a private one."""
    made = await uses.collections.create(caller, repository_id, wanted.values())
    response.headers["location"] = f"collections/{made.collection.id}"
    return CollectionOut.of(made, caller)


@router.get("/repositories/{repository_id}/collections")
async def collections(
    uses: Uses,
    caller: Caller,
    turn: Turned,
    repository_id: RepositoryPath,
    query: Looked = "",
) -> CollectionPage:
    """List the collections of a repository that you may use; a page may be short."""
    found, go_on = await uses.collections.page(
        caller, limit=turn.limit, cursor=turn.cursor, repository_id=repository_id, query=query
    )
    turn.lead_on(go_on, query=query)
    shown = [CollectionOut.of(each, caller) for each in found]
    return CollectionPage(collections=shown, next_cursor=go_on)


@router.get("/repositories/{repository_id}/collections/{collection_id}")
async def collection(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, collection_id: CollectionPath
) -> CollectionOut:
    """Return a collection."""
    found = await uses.collections.get(caller, repository_id, collection_id)
    return CollectionOut.of(found, caller)


@router.get("/repositories/{repository_id}/collections/{collection_id}/contents")
async def contents(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, collection_id: CollectionPath
) -> ContentsOut:
    """Count what can be found in a collection."""
    counted = await uses.collections.contents(caller, repository_id, collection_id)
    return ContentsOut(documents=counted.documents, passages=counted.passages)


@router.put("/repositories/{repository_id}/collections/{collection_id}")
async def change_collection(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    wanted: CollectionChange,
) -> CollectionOut:
    """Change a collection; an ARCHIVED one stays as it is and is found in no search."""
    changed = await uses.collections.update(caller, repository_id, collection_id, wanted.changes())
    return CollectionOut.of(changed, caller)


@router.delete("/repositories/{repository_id}/collections/{collection_id}", status_code=202)
async def remove_collection(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, collection_id: CollectionPath
) -> JobOut:
    """Delete a collection with its documents; the default one is emptied and stays."""
    _, job = await uses.collections.remove(caller, repository_id, collection_id)
    return JobOut.of(job)
