"""A gateway that keeps documents and searches them: over memory, with files of pages of text."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openai.types import FileObject

from lisa.adapters.files.sources import FolderSources
from lisa.adapters.memory.vectors import MemoryStores
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.ingestion import IngestionPorts, ingestion_of
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.domain.errors import Unavailable
from lisa.domain.knowledge.repository import Collection, Repository, RepositoryStatus
from lisa.domain.model import ModelType
from lisa.ports.embedding import OnBehalf
from lisa.ports.extraction import Extractor, Nature, Section
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.repositories import default_collection
from tests.api.knowledge import EMBEDDER, LengthReranker, WordEmbedder
from tests.gateway.running import to
from tests.gateway.turns.running import Turning, memory, turning_gateway
from tests.standins.engine.server import Engine

RERANKERS: Final = ("short", "broken")
PAGE_BREAK: Final = "\f"
LEAVE: Final = "Employees have thirty days of paid leave in each calendar year."
COFFEE: Final = "The coffee machine on the second floor is cleaned every Friday."
PARKING: Final = "Bicycles are parked in the cellar, whose door opens with the badge."
HANDBOOK: Final = PAGE_BREAK.join([COFFEE, LEAVE, PARKING])


class PagesOfText:
    """A text file whose pages end with a form feed."""

    nature = Nature("text", 3)
    warnings: tuple[str, ...] = ()

    def __init__(self, file: Path) -> None:
        self._file = file

    async def __aiter__(self) -> AsyncIterator[Section]:
        """Yield pages."""
        for number, page in enumerate(self._file.read_text().split(PAGE_BREAK), start=1):
            yield Section(page, page=number)


class PageExtractor:
    """Reads such files."""

    @asynccontextmanager
    async def read(
        self, file: Path, name: str, *, tables: bool = False
    ) -> AsyncIterator[PagesOfText]:
        """Open one."""
        del name, tables
        yield PagesOfText(file)


@dataclass(repr=False)
class Library:
    """A gateway with documents."""

    turning: Turning
    ports: ContentPorts
    knowledge: KnowledgePorts
    folder: Path
    extractor: Extractor

    async def client(self, subject: str = "alice", *groups: str) -> Any:
        """Return OpenAI's own client of somebody in these groups."""
        return await self.turning.client(subject, groups=frozenset(groups))

    async def work(self) -> None:
        """Do all that is to be done with documents."""
        stores, embedder = self.knowledge.stores, self.knowledge.embedder
        own = IngestionPorts(stores, embedder, self.extractor, FolderSources([]), self.folder)
        await ingestion_of(self.ports, own, 2).drain()

    async def repository(self, name: str = "local", **fields: Any) -> Repository:
        """Make a repository with its default collection."""
        now = self.ports.clock.now()
        about: dict[str, Any] = {
            "id": name,
            "uid": self.ports.ids.new("r"),
            "name": name,
            "created_by": "root",
        }
        about |= {"store": {"kind": "pgvector"}, "embedding_model": EMBEDDER, "created": now}
        about |= {"status": RepositoryStatus.READY, "updated": now}
        made = Repository.model_validate(about | fields)
        await RepositoryStore(self.ports.tables).add(made)
        await self.collection(made)
        return made

    async def collection(self, repository: Repository, **fields: Any) -> Collection:
        """Make a collection."""
        usual = default_collection(repository, self.ports.ids.new("c"))
        made = Collection.model_validate(dict(usual) | fields)
        await CollectionStore(self.ports.tables).add(made)
        return made

    async def store(self, client: Any, *texts: str, **more: Any) -> Any:
        """Make a store in which these texts can be found."""
        files = [
            await client.files.create(file=(f"{number}.txt", text.encode()), purpose="assistants")
            for number, text in enumerate(texts, start=1)
        ]
        made = await client.vector_stores.create(
            name="Mine", file_ids=[file.id for file in files], **more
        )
        await self.work()
        return made


@asynccontextmanager
async def running_library(
    engine: Engine, folder: Path, knowledge: KnowledgePorts, extractor: Extractor
) -> AsyncIterator[Library]:
    """Serve one over a store of its own, with a model that calls functions and one that doesn't."""
    ports = memory()
    async with turning_gateway(ports, knowledge=knowledge) as turning:
        library = Library(turning, ports, knowledge, folder, extractor)
        upstream = to(engine, key="env:ENGINE_KEY")
        await turning.add("tiny", upstream)
        await turning.add("clever", upstream, features=({"name": "toolCalls"},))
        await turning.add(EMBEDDER, upstream, type=ModelType.EMBEDDING)
        for name in RERANKERS:
            await turning.add(name, upstream, type=ModelType.RERANK)
        await library.repository()
        yield library


class BreakableReranker(LengthReranker):
    """Takes shorter texts for better ones, as any model but one."""

    async def rank(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        """Return a score for each text."""
        if model == "broken":
            raise Unavailable("the reranker is broken", code="reranker_is_broken")
        return await super().rank(model, question, texts, whose)


@asynccontextmanager
async def usual_library(engine: Engine, folder: Path) -> AsyncIterator[Library]:
    """Serve one with made-up vectors."""
    knowledge = KnowledgePorts(MemoryStores(), WordEmbedder(), BreakableReranker())
    async with running_library(engine, folder, knowledge, PageExtractor()) as library:
        yield library


def strictly(shape: type[Any], answer: Any) -> Any:
    """Let the package's own types judge what came; its client doesn't."""
    shape.model_validate_json(answer.to_json(), strict=True)
    return answer


async def uploaded(client: Any, text: str = HANDBOOK, name: str = "handbook.txt") -> Any:
    """Upload a file."""
    made = await client.files.create(file=(name, text.encode()), purpose="assistants")
    return strictly(FileObject, made)


async def names_of(pages: Any) -> list[str]:
    """Return the ids of all that a list has, page by page."""
    return [each.id async for each in pages]
