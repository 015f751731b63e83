"""Reads a document, cuts it, and stores its passages with their vectors, batch after batch.

Reading and cutting run ahead while vectors are being computed; batches are stored in order. What
is stored already with the same text keeps its vector: nothing is computed twice.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.passage import Embedded, Passage, Place
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.ports.embedding import OnBehalf
from lisa.ports.extraction import Extractor, Reading, Section
from lisa.usecases.knowledge.ahead import running_ahead
from lisa.usecases.knowledge.holding import Holding
from lisa.usecases.knowledge.patience import BATCH, PatientEmbedder
from lisa.usecases.knowledge.recipes import chunking_of
from lisa.usecases.knowledge.shelf import Shelf

AHEAD: Final = 2  # batches that are cut and wait
UNDER_WAY: Final = 4  # batches of one document that wait for their vectors


class Piece(Protocol):
    """What a cut makes."""

    @property
    def text(self) -> str:
        """The text."""

    @property
    def place(self) -> Place:
        """Where it stands."""


Cut = Callable[[AsyncIterator[Section], Chunking], AsyncIterator[Piece]]


@dataclass(frozen=True)
class Filling:
    """Turns files into passages."""

    extractor: Extractor
    embedder: PatientEmbedder
    cut: Cut

    async def fill(self, held: Holding, shelf: Shelf, file: Path, *, anew: bool) -> None:
        """Store a document's passages; `anew` tells that some may be stored already."""
        batches = running_ahead(self._batches(held, shelf, file), AHEAD)
        waiting: deque[asyncio.Task[list[Embedded]]] = deque()
        stored = 0
        try:
            async for batch in batches:
                work = self._embedded(held.document, shelf, batch, anew=anew)
                waiting.append(asyncio.create_task(work))
                if len(waiting) == UNDER_WAY:
                    stored += await self._stored(held, shelf, waiting, stored)
            while waiting:
                stored += await self._stored(held, shelf, waiting, stored)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            await batches.aclose()
        if not stored:
            raise _no_text(held.document)
        await shelf.keep(held.document.id, stored)
        held.note(passages=stored, expected=stored)

    async def _stored(
        self,
        held: Holding,
        shelf: Shelf,
        waiting: deque[asyncio.Task[list[Embedded]]],
        before: int,
    ) -> int:
        batch = await waiting[0]
        waiting.popleft()
        await shelf.put(batch)
        held.note(passages=before + len(batch))
        return len(batch)

    async def _embedded(
        self, document: RagDocument, shelf: Shelf, batch: Sequence[Passage], *, anew: bool
    ) -> list[Embedded]:
        first = batch[0].ordinal
        there = await shelf.of_document(document.id, first, len(batch)) if anew else []
        known = {each.passage.id: each for each in there}
        vectors = {
            each.id: known[each.id].vector
            for each in batch
            if each.id in known and known[each.id].passage.searched == each.searched
        }
        new = [each for each in batch if each.id not in vectors]
        if new:
            texts = [each.searched for each in new]
            model, whose = shelf.collection.embedding_model, OnBehalf(document.owner)
            made = await self.embedder.embed(model, texts, whose)
            vectors |= {each.id: vector for each, vector in zip(new, made, strict=True)}
        return [Embedded(each, vectors[each.id]) for each in batch]

    async def _batches(
        self, held: Holding, shelf: Shelf, file: Path
    ) -> AsyncGenerator[list[Passage], None]:
        document, collection = held.document, shelf.collection
        batch: list[Passage] = []
        ordinal = 0
        async with self.extractor.read(
            file, document.name, tables=collection.reads_tables
        ) as reading:
            held.note(kind=reading.nature.kind, pages=reading.nature.pages)
            pieces = self.cut(_counted(reading, held), chunking_of(document, collection))
            async for piece in pieces:
                batch.append(passage_of(document, ordinal, piece.text, piece.place))
                ordinal += 1
                if len(batch) == BATCH:
                    yield batch
                    batch = []
            held.note(warnings=reading.warnings, expected=ordinal)
        if batch:
            yield batch


def passage_of(document: RagDocument, ordinal: int, text: str, place: Place) -> Passage:
    """Return a document's passage; doing it again makes the same one."""
    return Passage(
        id=passage_id(document.id, ordinal),
        document_id=document.id,
        ordinal=ordinal,
        text=text,
        place=place,
        name=document.name,
        tags=document.tags,
        facts=document.facts,
    )


def passage_id(document_id: str, ordinal: int) -> str:
    """Return what a passage is called."""
    return f"{document_id}-{ordinal:06d}"


def of_another(passage: Passage, document: RagDocument) -> Passage:
    """Return a passage of the same content's other document as one of this document."""
    return replace(
        passage,
        id=passage_id(document.id, passage.ordinal),
        document_id=document.id,
        name=document.name,
        tags=document.tags,
        facts=document.facts,
    )


async def _counted(reading: Reading, held: Holding) -> AsyncIterator[Section]:
    characters = 0
    async for section in reading:
        characters += len(section.text)
        held.note(characters=characters)
        yield section


def _no_text(document: RagDocument) -> Invalid:
    return Invalid(
        f"there is no text in {document.name}",
        next_step="images of text aren't read: choose a file that has text",
        code="no_text",
    )
