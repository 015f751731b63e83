"""Collections by the names that OpenAI's clients know them by: `REPOSITORY.COLLECTION`."""

from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.repository import Collection, CollectionStatus
from lisa.domain.policy import Verb
from lisa.usecases.knowledge.access import Access, Reach


def store_id(collection: Collection) -> str:
    """Return the name of a collection."""
    return f"{collection.repository_id}.{collection.id}"


def place_of(name: str) -> tuple[str, str]:
    """Return the repository and the collection that a name means."""
    repository, _, collection = name.partition(".")
    return repository, collection


async def store_of(access: Access, caller: Principal, name: str, verb: Verb = Verb.USE) -> Reach:
    """Return the collection, to do this with it; where one isn't there, say so by its whole name.

    Raises as `Access.collection`. One that is being deleted isn't there any more.
    """
    try:
        reach = await access.collection(caller, *place_of(name), verb)
    except NotFound as fault:
        raise unknown_store(name) from fault
    if reach.collection.status is CollectionStatus.DELETING:
        raise unknown_store(name)
    return reach


def unknown_store(name: str) -> NotFound:
    """Say that there is none."""
    return NotFound(
        f"there is no vector store {name[:256]}",
        next_step="GET /v1/vector_stores lists those you may use",
        code="vector_store_not_found",
    )
