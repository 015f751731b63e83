"""OpenAI's `/vector_stores/{id}/files` and `/file_batches`: the documents of a collection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from lisa.domain.errors import Invalid, NotFound
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.job import Job
from lisa.domain.knowledge.names import Facts
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.domain.policy import Verb
from lisa.gateway.asked import Asked
from lisa.gateway.knowledge.contents import MOST_READ, Contents
from lisa.gateway.knowledge.files import listed
from lisa.gateway.knowledge.shown import STATUS, batch_shown, file_shown
from lisa.gateway.knowledge.wishes import AttributesWish, BatchWish, FileWish, read
from lisa.gateway.reply import Reply
from lisa.usecases.knowledge.access import Access, Reach
from lisa.usecases.knowledge.document_rules import MOST_AT_ONCE
from lisa.usecases.knowledge.documents import MOST_PASSAGES
from lisa.usecases.knowledge.vector_stores import place_of, store_of

FILTERS: Final = frozenset({*STATUS.values(), "cancelled"})


@dataclass(frozen=True)
class OpenAiStoreFiles:
    """Answers what is asked of a store's files."""

    access: Access
    contents: Contents

    async def create(self, asked: Asked, reply: Reply) -> None:
        """Have a file ingested."""
        wish = read(FileWish, await asked.body())
        chunking = wish.chunking_strategy.chunking
        await self._ingested(asked, reply, wish.file_id, chunking, _attributes([wish]))

    async def change(self, asked: Asked, reply: Reply) -> None:
        """Have something else be known of a document; its passages follow in a moment."""
        wish = read(AttributesWish, await asked.body())
        found = await self.contents.one(asked.caller, await self._reach(asked), asked.item)
        facts = {found.id: wish.attributes}
        await self._ingested(asked, reply, found.id, found.chunking, facts)

    async def page(self, asked: Asked, reply: Reply) -> None:
        """List documents."""
        await self._listed(asked, reply, _filter(asked))

    async def get(self, asked: Asked, reply: Reply) -> None:
        """Show a document."""
        reach = await self._reach(asked)
        found = await self.contents.one(asked.caller, reach, asked.item)
        await reply.document(HTTPStatus.OK, file_shown(found, reach.collection))

    async def delete(self, asked: Asked, reply: Reply) -> None:
        """Take a document out of the collection; the file that it was made of stays."""
        found = await self.contents.one(asked.caller, await self._reach(asked), asked.item)
        await self.contents.documents.remove(asked.caller, *place_of(asked.name), [found.id])
        gone = {"id": found.id, "object": "vector_store.file.deleted", "deleted": True}
        await reply.document(HTTPStatus.OK, gone)

    async def content(self, asked: Asked, reply: Reply) -> None:
        """Send a document's passages, one after the other."""
        found = await self.contents.one(asked.caller, await self._reach(asked), asked.item)
        texts: list[str] = []
        more = True
        while more:
            passages = await self.contents.documents.passages(
                asked.caller, *place_of(asked.name), found.id, len(texts), MOST_PASSAGES
            )
            texts += [each.text for each in passages]
            more = len(passages) == MOST_PASSAGES
        told = {
            "object": "vector_store.file_content.page",
            "data": [{"type": "text", "text": text} for text in texts],
            "has_more": False,
            "next_page": None,
        }
        await reply.document(HTTPStatus.OK, told)

    async def create_batch(self, asked: Asked, reply: Reply) -> None:
        """Have several files ingested."""
        wish = read(BatchWish, await asked.body())
        if bool(wish.file_ids) == bool(wish.files):
            raise Invalid("name either file_ids or files", code="invalid_value")
        shared = {} if wish.attributes is None else dict.fromkeys(wish.file_ids, wish.attributes)
        cuts = {each.chunking_strategy for each in wish.files} or {wish.chunking_strategy}
        if len(cuts) > 1:
            raise Invalid(
                "files: all files of a batch are cut in the same way",
                next_step="make a batch for each chunking_strategy",
                code="invalid_value",
            )
        reach = await self._reach(asked, Verb.USE)
        job, _ = await self.contents.documents.ingest(
            asked.caller,
            *place_of(asked.name),
            wish.file_ids or [each.file_id for each in wish.files],
            cuts.pop().chunking,
            shared or _attributes(wish.files),
        )
        await reply.document(HTTPStatus.OK, batch_shown(job, reach.collection))

    async def get_batch(self, asked: Asked, reply: Reply) -> None:
        """Show how far several files have come."""
        reach, job = await self._batch(asked)
        await reply.document(HTTPStatus.OK, batch_shown(job, reach.collection))

    async def batch_files(self, asked: Asked, reply: Reply) -> None:
        """List the documents of a batch."""
        _, job = await self._batch(asked)
        fits = _filter(asked)
        await self._listed(asked, reply, lambda each: each.job_id == job.id and fits(each))

    async def cancel_batch(self, asked: Asked, reply: Reply) -> None:
        """Take those documents out that nobody has begun to read."""
        reach, job = await self._batch(asked)
        every = self.contents.each(asked.caller, reach, MOST_READ)
        waiting = [
            each.id
            async for each in every
            if each.job_id == job.id and each.status is DocumentStatus.PENDING
        ][:MOST_AT_ONCE]
        if waiting:
            await self.contents.documents.remove(asked.caller, *place_of(asked.name), waiting)
            reach, job = await self._batch(asked)
        shown = batch_shown(job, reach.collection, cancelled=len(waiting))
        await reply.document(HTTPStatus.OK, shown)

    async def _ingested(
        self,
        asked: Asked,
        reply: Reply,
        file_id: str,
        chunking: Chunking | None,
        facts: Mapping[str, Facts],
    ) -> None:
        reach = await self._reach(asked, Verb.USE)
        _, documents = await self.contents.documents.ingest(
            asked.caller, *place_of(asked.name), [file_id], chunking, facts
        )
        await reply.document(HTTPStatus.OK, file_shown(documents[0], reach.collection))

    async def _listed(
        self, asked: Asked, reply: Reply, fits: Callable[[RagDocument], bool]
    ) -> None:
        reach = await self._reach(asked)
        shown, more = await self.contents.page(asked.caller, reach, asked.page(), fits)
        await reply.document(HTTPStatus.OK, listed(shown, has_more=more))

    async def _reach(self, asked: Asked, verb: Verb = Verb.READ) -> Reach:
        return await store_of(self.access, asked.caller, asked.name, verb)

    async def _batch(self, asked: Asked) -> tuple[Reach, Job]:
        reach = await self._reach(asked)
        repository = reach.repository.id
        job = await self.contents.documents.job(asked.caller, repository, asked.item)
        if job.collection_id != reach.collection.id:
            raise NotFound(f"there is no batch {asked.item[:80]}", code="job_not_found")
        return reach, job


def _attributes(wishes: Sequence[FileWish]) -> Mapping[str, Facts]:
    return {each.file_id: each.attributes for each in wishes if each.attributes is not None}


def _filter(asked: Asked) -> Callable[[RagDocument], bool]:
    wanted = asked.word("filter")
    if wanted and wanted not in FILTERS:
        raise Invalid(f"filter: should be one of {', '.join(FILTERS)}", code="invalid_value")
    return lambda document: wanted in {"", STATUS.get(document.status)}
