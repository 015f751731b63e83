"""OpenAI's `/vector_stores`: collections, of which those made here are their creator's alone."""

import asyncio
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.filters import read_filter
from lisa.domain.knowledge.repository import CollectionStatus
from lisa.domain.policy import Verb
from lisa.domain.turns.shapes import Wire
from lisa.gateway.asked import Asked
from lisa.gateway.knowledge.contents import Contents
from lisa.gateway.knowledge.files import ADDED_TO, listed
from lisa.gateway.knowledge.shown import TITLE, hit_shown, store_shown, told_facts
from lisa.gateway.knowledge.wishes import SearchWish, StoreWish, read
from lisa.gateway.reply import Reply
from lisa.usecases.configuration import Switches
from lisa.usecases.knowledge.access import Access, Reach
from lisa.usecases.knowledge.collections import Collections
from lisa.usecases.knowledge.repositories import Changes, Repositories
from lisa.usecases.knowledge.retrieval import Mode, Question, Retrieval, best_of
from lisa.usecases.knowledge.vector_stores import place_of, store_id, store_of

HOME: Final = "local"  # the repository that new ones are made in, if the caller may use it
UNNAMED: Final = "Unnamed"
LONGEST_NAME: Final = 100
NOT_IN_A_NAME: Final = re.compile(r"[^\w \-]+")
AT_ONCE: Final = 100
MOST_LISTED: Final = 1000


@dataclass(frozen=True)
class OpenAiStores:
    """Answers what is asked of `/vector_stores`."""

    access: Access
    repositories: Repositories
    collections: Collections
    contents: Contents
    retrieval: Retrieval

    async def create(self, asked: Asked, reply: Reply, *, switches: Switches) -> None:
        """Make a collection of the caller's own, and have files ingested into it."""
        wish, caller = read(StoreWish, await asked.body()), asked.caller
        if wish.file_ids:
            await switches.require(ADDED_TO)
        chunking = wish.chunking_strategy.chunking
        fields: dict[str, object] = {"private": True, "description": wish.description or ""}
        fields |= _named(wish.name or UNNAMED, wish.metadata or {})
        reach = await self.collections.create(caller, await self._home(caller), fields)
        if wish.file_ids:
            documents, place = self.contents.documents, place_of(store_id(reach.collection))
            await documents.ingest(caller, *place, wish.file_ids, chunking)
        await reply.document(HTTPStatus.OK, await self._shown(caller, reach))

    async def page(self, asked: Asked, reply: Reply) -> None:
        """List the collections that the caller may see."""
        caller, cursor, more = asked.caller, "", True
        found: list[Reach] = []
        while more and len(found) < MOST_LISTED:
            reaches, cursor = await self.collections.page(caller, limit=AT_ONCE, cursor=cursor)
            found += [each for each in reaches if _is_there(each)]
            more = bool(cursor)
        ordered = sorted(found, key=lambda each: (each.collection.created, each.collection.id))
        by_id = {store_id(each.collection): each for each in ordered}
        page, has_more = asked.page().cut([{"id": name} for name in by_id])
        shown = [self._shown(caller, by_id[each["id"]]) for each in page]
        stores = await asyncio.gather(*shown)
        await reply.document(HTTPStatus.OK, listed(stores, has_more=has_more))

    async def get(self, asked: Asked, reply: Reply) -> None:
        """Show a collection."""
        reach = await store_of(self.access, asked.caller, asked.name, Verb.READ)
        await reply.document(HTTPStatus.OK, await self._shown(asked.caller, reach))

    async def change(self, asked: Asked, reply: Reply) -> None:
        """Give a collection another name, or say other things of it."""
        wish = read(StoreWish, await asked.body())
        reach = await store_of(self.access, asked.caller, asked.name, Verb.CHANGE)
        before = reach.collection
        name = wish.name or str(before.facts.get(TITLE, before.name))
        facts = told_facts(before.facts) if wish.metadata is None else dict(wish.metadata)
        fields = _named(name, facts)
        fields |= {"description": wish.description} if wish.description is not None else {}
        place = place_of(asked.name)
        changed = await self.collections.update(asked.caller, *place, Changes(fields))
        await reply.document(HTTPStatus.OK, await self._shown(asked.caller, changed))

    async def delete(self, asked: Asked, reply: Reply) -> None:
        """Remove a collection with its documents; the files they were made of stay."""
        await store_of(self.access, asked.caller, asked.name, Verb.DELETE)
        await self.collections.remove(asked.caller, *place_of(asked.name))
        gone = {"id": asked.name, "object": "vector_store.deleted", "deleted": True}
        await reply.document(HTTPStatus.OK, gone)

    async def search(self, asked: Asked, reply: Reply) -> None:
        """Return the passages that fit a question best."""
        wish = read(SearchWish, await asked.body())
        await store_of(self.access, asked.caller, asked.name)
        queries = [wish.query] if isinstance(wish.query, str) else wish.query
        questions = (_question(wish, query, asked.name) for query in queries)
        answers = await asyncio.gather(
            *(self.retrieval.search(asked.caller, question) for question in questions)
        )
        least = wish.ranking_options.score_threshold
        hits = best_of(answers, wish.max_num_results)
        told: Wire = {
            "object": "vector_store.search_results.page",
            "search_query": queries,
            "data": [hit_shown(hit) for hit in hits if hit.relevance >= least],
            "has_more": False,
            "next_page": None,
        }
        await reply.document(HTTPStatus.OK, told)

    async def _shown(self, caller: Principal, reach: Reach) -> Wire:
        documents = await self.contents.counted(caller, reach)
        return store_shown(reach.collection, documents)

    async def _home(self, caller: Principal) -> str:
        """Return the repository to make collections in."""
        try:
            return (await self.access.repository(caller, HOME, Verb.USE)).id
        except NotFound as fault:
            found, _ = await self.repositories.page(caller, limit=1, cursor="")
            if not found:
                raise NotFound(
                    "there is no repository that you may use",
                    next_step="ask an administrator to make one",
                    code="repository_not_found",
                ) from fault
            return found[0].id


def _named(name: str, metadata: "dict[str, object] | object") -> dict[str, object]:
    """Return a name that a collection can have, and where that differs, the one that was given."""
    usable = NOT_IN_A_NAME.sub("-", name)[:LONGEST_NAME].strip() or UNNAMED
    facts = dict(metadata) if isinstance(metadata, dict) else {}
    return {"name": usable, "facts": facts | ({TITLE: name} if usable != name else {})}


def _is_there(reach: Reach) -> bool:
    return reach.collection.status is not CollectionStatus.DELETING


def _question(wish: SearchWish, query: str, name: str) -> Question:
    return Question(
        text=query,
        places=[place_of(name)],
        mode=Mode(wish.mode or Mode.HYBRID),
        limit=wish.max_num_results,
        where=read_filter(wish.filters) if wish.filters else None,
        rerank=wish.rerank or "",
    )
