"""Keeps a collection like a source: what is new or changed there is read, what vanished goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from lisa.domain.knowledge.job import Job, JobType
from lisa.domain.knowledge.names import FileName
from lisa.domain.knowledge.pipeline import Pipeline, PipelineRun
from lisa.domain.knowledge.rag_document import UNDER_WAY, DocumentStatus, RagDocument
from lisa.domain.knowledge.rag_file import LARGEST_FILE
from lisa.domain.knowledge.repository import Collection
from lisa.ports.clock import Clock
from lisa.ports.sources import SourceFile, folder_of
from lisa.ports.table import MAX_PAGE
from lisa.stores.knowledge.documents import DocumentStore
from lisa.usecases.knowledge.names import id_of_source
from lisa.usecases.knowledge.orders import Orders, Wanted
from lisa.usecases.knowledge.standing import NO_CAUSE, REMOVED, removing

PLACED_AT_ONCE: Final = 3000
NAME: Final[TypeAdapter[str]] = TypeAdapter(FileName)


class Known(NamedTuple):
    """As much of a document as tells whether its source differs: there may be very many."""

    id: str
    mark: str
    status: DocumentStatus


@dataclass(frozen=True)
class Ordered:
    """What was ordered: a run of which only the counts are set.

    `too_early` are files whose documents are being removed: they can be brought when that is over.
    """

    run: PipelineRun
    too_early: frozenset[str] = frozenset()

    @property
    def changes(self) -> bool:
        """Tell whether anything was to be done."""
        return bool(self.run.added or self.run.changed or self.run.removed)


@dataclass(frozen=True)
class Sourcing:
    """Orders what a pipeline found."""

    documents: DocumentStore
    orders: Orders
    clock: Clock

    async def known(self, collection: Collection, pipeline: Pipeline) -> Mapping[str, Known]:
        """Return what came from a pipeline's source, by its own sources."""
        known: dict[str, Known] = {}
        below = folder_of(pipeline.source)
        last, more = "", True
        while more:
            entries = await self.documents.page(collection.uid, MAX_PAGE, last)
            documents = [each.document for each in entries]
            known |= (_as_known(each) for each in documents if each.source.startswith(below))
            more = len(entries) == MAX_PAGE
            last = entries[-1].document.id if entries else ""
        return known

    async def match(
        self,
        collection: Collection,
        pipeline: Pipeline,
        known: Mapping[str, Known],
        files: Mapping[str, SourceFile],
        settled: frozenset[str] | None = None,
    ) -> Ordered:
        """Order what differs; with `settled`, only these of the files are read by now."""
        vanished = [each for source, each in known.items() if source not in files]
        found = [each for name, each in files.items() if settled is None or name in settled]
        return await self._order(collection, pipeline, known, found, vanished)

    async def follow(
        self, collection: Collection, pipeline: Pipeline, found: Mapping[str, SourceFile | None]
    ) -> Ordered:
        """Order what became of these sources, and look at no others."""
        ids = [id_of_source(collection.uid, each) for each in found]
        entries = await self.documents.get_many(collection.uid, ids)
        known = dict(_as_told_of(each.document) for each in entries.values())
        vanished = [each for source, each in known.items() if not found[source]]
        files = [each for each in found.values() if each]
        return await self._order(collection, pipeline, known, files, vanished)

    async def _order(
        self,
        collection: Collection,
        pipeline: Pipeline,
        known: Mapping[str, Known],
        files: Sequence[SourceFile],
        vanished: Iterable[Known],
    ) -> Ordered:
        fitting = [each for each in files if _fits(each)]
        wanted = [each for each in fitting if _differs(each, known.get(each.source))]
        gone = [each.id for each in vanished if each.status not in REMOVED]
        gone = gone if pipeline.auto_remove else []
        await self._bring(collection, pipeline, wanted)
        await self._take_away(collection, pipeline, gone)
        failed = len(files) - len(fitting)
        run = PipelineRun(
            id="",
            pipeline_id=pipeline.id,
            began=self.clock.now(),
            added=sum(each.source not in known for each in wanted),
            changed=sum(each.source in known for each in wanted),
            removed=len(gone),
            failed=failed,
            cause=f"{failed} files are too large or have no usable name" if failed else "",
        )
        early = (each.source for each in fitting if _is_going(known.get(each.source)))
        return Ordered(run, frozenset(early))

    async def _bring(
        self, collection: Collection, pipeline: Pipeline, files: Sequence[SourceFile]
    ) -> None:
        """Have files of a source read."""

        def wanted(file: SourceFile) -> Wanted:
            document_id = id_of_source(collection.uid, file.source)
            return Wanted(
                document_id,
                lambda old: self._document(old, document_id, collection, pipeline, file),
            )

        bringing = (wanted(each) for each in files)
        await self._place(collection, pipeline, JobType.INGEST_MANY, bringing)

    async def _take_away(
        self, collection: Collection, pipeline: Pipeline, ids: Sequence[str]
    ) -> None:
        """Have documents removed whose source is gone."""
        removals = (Wanted(each, removing) for each in ids)
        await self._place(collection, pipeline, JobType.DELETE_MANY, removals)

    async def _place(
        self, collection: Collection, pipeline: Pipeline, kind: JobType, wanted: Iterator[Wanted]
    ) -> None:
        """Order it part by part: there may be more of it than memory has room for."""
        job: Job | None = None
        while part := list(islice(wanted, PLACED_AT_ONCE)):
            job = job or await self.orders.begin(
                collection, kind, subject_of(collection), pipeline.id
            )
            await self.orders.place(job, collection.uid, part)

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
        is_known = old.mark == file.mark and old.status is not DocumentStatus.FAILED
        if is_known or old.status in REMOVED:  # somebody was faster
            return None
        again = {"status": DocumentStatus.PENDING, **NO_CAUSE}
        return old.model_copy(update={**found, **again})


def subject_of(collection: Collection) -> str:
    """Return as whom a repository's pipelines work: whose usage their embeddings are."""
    return f"pipeline:{collection.repository_id}"


def _as_known(document: RagDocument) -> tuple[str, Known]:
    return document.source, Known(document.id, document.mark, document.status)


def _as_told_of(document: RagDocument) -> tuple[str, Known]:
    """Return it with no mark if it failed: somebody wrote the file again, so it is tried again."""
    source, known = _as_known(document)
    return source, known._replace(mark="") if known.status is DocumentStatus.FAILED else known


def _differs(file: SourceFile, known: Known | None) -> bool:
    return known is None or (known.mark != file.mark and known.status not in REMOVED)


def _is_going(known: Known | None) -> bool:
    return known is not None and known.status in REMOVED & UNDER_WAY


def _fits(file: SourceFile) -> bool:
    try:
        NAME.validate_python(file.name)
    except ValidationError:
        return False
    return file.size <= LARGEST_FILE
