"""Keeps a collection like a source: what is new or changed there is read, what vanished goes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from lisa.domain.knowledge.job import Job, JobType
from lisa.domain.knowledge.names import FileName
from lisa.domain.knowledge.pipeline import Pipeline, PipelineRun
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.domain.knowledge.rag_file import LARGEST_FILE
from lisa.domain.knowledge.repository import Collection
from lisa.ports.clock import Clock
from lisa.ports.sources import SourceFile
from lisa.ports.table import MAX_PAGE
from lisa.stores.knowledge.documents import DocumentStore
from lisa.usecases.knowledge.names import id_of_source
from lisa.usecases.knowledge.orders import Orders, Wanted
from lisa.usecases.knowledge.standing import NO_CAUSE, REMOVED, removing

NAME: Final[TypeAdapter[str]] = TypeAdapter(FileName)


@dataclass(frozen=True)
class Sourcing:
    """Orders what a pipeline found."""

    documents: DocumentStore
    orders: Orders
    clock: Clock

    async def match(
        self,
        collection: Collection,
        pipeline: Pipeline,
        files: Mapping[str, SourceFile],
        settled: frozenset[str] | None = None,
    ) -> PipelineRun:
        """Order what differs; with `settled`, only these of the files are read by now.

        Return a run's counts; nothing else of it is set.
        """
        known = {each.source: each async for each in self._known(collection, pipeline)}
        fitting = {name: file for name, file in files.items() if _fits(file)}
        wanted = [
            file
            for name, file in fitting.items()
            if (settled is None or name in settled)
            and (name not in known or known[name].mark != file.mark)
        ]
        gone = [each for name, each in known.items() if name not in files]
        gone = [each for each in gone if each.status not in REMOVED] if pipeline.auto_remove else []
        await self.bring(collection, pipeline, wanted)
        await self.take_away(collection, pipeline, [each.id for each in gone])
        failed = len(files) - len(fitting)
        return PipelineRun(
            id="",
            pipeline_id=pipeline.id,
            began=self.clock.now(),
            added=sum(each.source not in known for each in wanted),
            changed=sum(each.source in known for each in wanted),
            removed=len(gone),
            failed=failed,
            cause=f"{failed} files are too large or have no usable name" if failed else "",
        )

    async def bring(
        self, collection: Collection, pipeline: Pipeline, files: Sequence[SourceFile]
    ) -> Job | None:
        """Have files of a source read."""

        def wanted(file: SourceFile) -> Wanted:
            document_id = id_of_source(collection.uid, file.source)
            return Wanted(
                document_id,
                lambda old: self._document(old, document_id, collection, pipeline, file),
            )

        if not files:
            return None
        owner = subject_of(collection)
        job = await self.orders.begin(collection, JobType.INGEST_MANY, owner, pipeline.id)
        return (await self.orders.place(job, collection.uid, [wanted(each) for each in files]))[0]

    async def take_away(
        self, collection: Collection, pipeline: Pipeline, ids: Sequence[str]
    ) -> Job | None:
        """Have documents removed whose source is gone."""
        if not ids:
            return None
        owner = subject_of(collection)
        job = await self.orders.begin(collection, JobType.DELETE_MANY, owner, pipeline.id)
        wanted = [Wanted(each, removing) for each in ids]
        return (await self.orders.place(job, collection.uid, wanted))[0]

    async def _known(
        self, collection: Collection, pipeline: Pipeline
    ) -> AsyncIterator[RagDocument]:
        """Yield documents that came from a pipeline's source."""
        below = f"{pipeline.source.rstrip('/')}/"
        last, more = "", True
        while more:
            entries = await self.documents.page(collection.uid, MAX_PAGE, last)
            for entry in entries:
                if entry.document.source.startswith(below) and entry.document.id != last:
                    yield entry.document
            more = len(entries) == MAX_PAGE
            last = entries[-1].document.id if entries else ""

    def _document(
        self,
        old: RagDocument | None,
        document_id: str,
        collection: Collection,
        pipeline: Pipeline,
        file: SourceFile,
    ) -> RagDocument | None:
        found = {
            "name": file.name,
            "mark": file.mark,
            "size": file.size,
            "chunking": pipeline.chunking,
            "tags": pipeline.tags,
            "facts": pipeline.facts,
        }
        if old is None:
            now = self.clock.now()
            return RagDocument.model_validate(
                {
                    "id": document_id,
                    "repository_id": collection.repository_id,
                    "collection_id": collection.id,
                    "source": file.source,
                    "owner": subject_of(collection),
                    "created": now,
                    "updated": now,
                    **found,
                }
            )
        if old.status in REMOVED:  # it is brought in again as soon as it is gone
            return None
        again = {"status": DocumentStatus.PENDING, **NO_CAUSE}
        return old.model_copy(update={**found, **again})


def subject_of(collection: Collection) -> str:
    """Return as whom a repository's pipelines work: whose usage their embeddings are."""
    return f"pipeline:{collection.repository_id}"


def _fits(file: SourceFile) -> bool:
    try:
        NAME.validate_python(file.name)
    except ValidationError:
        return False
    return file.size <= LARGEST_FILE
