"""Search in collections: `/search`."""

from lisa.http.knowledge.door import IF_SEARCHED, Uses, knowledge_router
from lisa.http.knowledge.search_schemas import SearchIn, SearchOut
from lisa.http.services import Caller

router = knowledge_router()


@router.post("/search", dependencies=IF_SEARCHED)
async def search(uses: Uses, caller: Caller, asked: SearchIn) -> SearchOut:
    """Return the passages of these collections that fit a question best."""
    return SearchOut.of(await uses.retrieval.search(caller, asked.question()))
