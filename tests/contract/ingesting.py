"""What documents are ingested with in tests: a workbench, and an embedder that counts."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from lisa.adapters.files.sources import FolderSources
from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.vectors import MemoryStores
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.ingestion import IngestionPorts, ingestion_of, pipeline_watch
from lisa.bootstrap.knowledge import rag_documents, rag_files
from lisa.domain.errors import Invalid, LisaError
from lisa.domain.identity import Principal
from lisa.domain.knowledge.chunking import Chunking, Strategy
from lisa.domain.knowledge.job import Job
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.knowledge.repository import Collection, Repository, RepositoryStatus
from lisa.ports.embedding import OnBehalf
from lisa.ports.extraction import Nature, Section
from lisa.ports.sources import Sources
from lisa.ports.table import Tables
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.documents import RagDocuments
from lisa.usecases.knowledge.files import RagFiles
from lisa.usecases.knowledge.ingestion import Ingestion
from lisa.usecases.knowledge.uploads import Upload
from lisa.usecases.knowledge.watching import PipelineWatch

ANN = Principal(subject="ann")
BOB = Principal(subject="bob")
ADMIN = Principal(subject="root", admin=True)
DIMENSION = 8
TEXT = "text/plain"
PLACE = ("papers", "default")
LINE = 16


def lines(*words: str) -> str:
    """Return a text that is cut after each of these words."""
    return "".join(f"{word:.<{LINE - 1}}\n" for word in words)


def words_of(text: str) -> str:
    """Return the words of which such a text was made."""
    return " ".join(each.rstrip(".") for each in text.splitlines())


class ShiftedClock:
    """Goes as time does, and can be set forward."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self._shift

    def advance(self, seconds: float) -> None:
        """Set it forward."""
        self._shift += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait, of long times only a hundredth: nobody looks at a watch here."""
        real = seconds if seconds < 1 else seconds / 100
        self.advance(seconds - real)
        await asyncio.sleep(real)


@dataclass
class CountingEmbedder:
    """Makes a vector of each text's hash, and counts how often each was asked for."""

    asked: Counter[str] = field(default_factory=Counter)
    whose: set[OnBehalf] = field(default_factory=set)
    faults: list[LisaError] = field(default_factory=list)
    calls: int = 0
    most_calls: int = 1_000_000  # whoever asks more often waits
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Answer at once."""
        self.go_on.set()

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        """Return a vector for each text, or the next fault."""
        assert model == "words"
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        if self.calls > self.most_calls:
            self.go_on.clear()
        await self.go_on.wait()
        self.asked.update(texts)
        self.whose.add(whose)
        return [[byte + 1 for byte in sha256(text.encode()).digest()[:DIMENSION]] for text in texts]


class LineReading:
    """A file of text, each line of which is a section."""

    nature = Nature("text", 1)
    warnings: tuple[str, ...] = ("all is well",)

    def __init__(self, file: Path) -> None:
        self._file = file

    async def __aiter__(self) -> AsyncIterator[Section]:
        """Yield lines; one that says so can't be read."""
        for line in self._file.read_text().splitlines(keepends=True):
            if line.startswith("BROKEN"):
                raise Invalid("it is broken", next_step="repair it", code="broken_file")
            if not line.startswith("EMPTY"):
                yield Section(line, page=1)


class LineExtractor:
    """Reads text."""

    @asynccontextmanager
    async def read(
        self, file: Path, name: str, *, tables: bool = False
    ) -> AsyncIterator[LineReading]:
        """Open a file."""
        del name, tables
        yield LineReading(file)


@dataclass
class CountingBell:
    """Counts how often it rang."""

    rings: int = 0

    async def ring(self) -> None:
        """Count."""
        self.rings += 1


@dataclass
class Bench:
    """Everything that documents go through, over one set of tables."""

    tables: Tables
    clock: ShiftedClock
    folder: Path
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    embedder: CountingEmbedder = field(default_factory=CountingEmbedder)
    stores: MemoryStores = field(default_factory=MemoryStores)
    sources: Sources | None = None
    bell: CountingBell = field(default_factory=CountingBell)

    @property
    def ports(self) -> ContentPorts:
        """Return what everything stands on."""
        return ContentPorts(self.tables, self.clock, RandomIds(), self.blobs, bell=self.bell)

    @property
    def documents(self) -> RagDocuments:
        """Return what callers use."""
        return rag_documents(self.ports, self.stores)

    @property
    def files(self) -> RagFiles:
        """Return what callers use for their files."""
        return rag_files(self.ports)

    @property
    def collections(self) -> CollectionStore:
        """Return where collections lie."""
        return CollectionStore(self.tables)

    def worker(self, at_once: int = 4, largest: int = 0) -> Ingestion:
        """Return a worker."""
        (self.folder / "copies").mkdir(exist_ok=True)
        ports = IngestionPorts(
            self.stores, self.embedder, LineExtractor(), self.loads_from, self.folder / "copies"
        )
        return ingestion_of(self.ports, ports, at_once, largest)

    @property
    def loads_from(self) -> Sources:
        """Return what pipelines load from: if nothing else, folders below `watched`."""
        return self.sources or FolderSources([self.folder / "watched"])

    def watch(self, *, polls: bool = True) -> PipelineWatch:
        """Return what looks after pipelines."""
        return pipeline_watch(self.ports, self.loads_from, polls=polls)

    async def prepare(self, **fields: Any) -> None:
        """Make a repository with a default collection."""
        now = self.clock.now()
        about: dict[str, Any] = {
            "id": "papers",
            "uid": "r_1",
            "name": "Papers",
            "store": {"kind": "pgvector"},
        }
        about |= {"status": RepositoryStatus.READY, "created": now, "created_by": "root"}
        await RepositoryStore(self.tables).add(
            Repository.model_validate(about | {"updated": now} | fields)
        )
        await self.collection("default", is_default=True)

    async def collection(self, name: str, **fields: Any) -> Collection:
        """Make a collection."""
        now = self.clock.now()
        about: dict[str, Any] = {
            "id": name,
            "repository_id": "papers",
            "uid": f"c_{name}",
            "name": name,
        }
        about |= {"embedding_model": "words", "created": now, "updated": now, "created_by": "root"}
        about |= {"chunking": Chunking(strategy=Strategy.FIXED, size=LINE, overlap=0)}
        made = Collection.model_validate(about | fields)
        await self.collections.add(made)
        return made

    async def uploaded(
        self, name: str, text: str, caller: Principal = ANN, place: tuple[str, str] = PLACE
    ) -> str:
        """Upload a file as a browser does."""
        content = text.encode()
        upload = Upload(name, len(content), TEXT)
        link = await self.documents.upload(caller, *place, upload)
        key = link.url.partition("memory:")[2].partition("?")[0]
        await self.blobs.put(key, content, TEXT)
        return link.document_id

    async def ingested(
        self, *texts: str, caller: Principal = ANN, place: tuple[str, str] = PLACE
    ) -> tuple[Job, list[RagDocument]]:
        """Upload and ingest texts of such words, and return when all is done."""
        ids = [
            await self.uploaded(f"{number}.txt", lines(*text.split(" ")), caller, place)
            for number, text in enumerate(texts)
        ]
        job, _ = await self.documents.ingest(caller, *place, ids)
        await self.worker().drain()
        return await self.seen(job, ids, caller, place)

    async def seen(
        self, job: Job, ids: Sequence[str], caller: Principal = ANN, place: tuple[str, str] = PLACE
    ) -> tuple[Job, list[RagDocument]]:
        """Return a job and documents as they are now."""
        documents = [await self.documents.get(caller, *place, each) for each in ids]
        return await self.documents.job(caller, "papers", job.id), documents

    def passages(self, uid: str = "c_default") -> list[str]:
        """Return the words of all passages in a collection's space, by their ids."""
        kept = self.stores.vectors.spaces.get(uid, {})
        return [words_of(kept[each].passage.text) for each in sorted(kept)]

    def embedded(self) -> Counter[str]:
        """Return how often each word was embedded."""
        counted: Counter[str] = Counter()
        for text, times in self.embedder.asked.items():
            counted[words_of(text)] += times
        return counted
