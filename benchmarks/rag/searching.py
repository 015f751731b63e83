"""Questions to a collection of many passages: how long they take, and what the graph leaves out."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql

from benchmarks.rag.running import Running
from benchmarks.rag.sentences import Embedded as Known
from benchmarks.rag.sentences import Vector
from lisa.adapters.pgvector.connections import open_pool
from lisa.adapters.pgvector.schema import table_of
from lisa.adapters.pgvector.vectors import PgVectors
from lisa.adapters.postgres.connections import open_pool as open_tables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.domain.identity import Principal
from lisa.domain.knowledge.passage import Embedded, Passage, Place
from lisa.ports.embedding import OnBehalf
from lisa.ports.vectors import Space
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.stores.models import ModelStore
from lisa.usecases.knowledge.access import Access
from lisa.usecases.knowledge.retrieval import Question, Retrieval
from lisa.usecases.knowledge.spaces import space_of

NAME: Final = "many"
PLACE: Final = ("local", NAME)
BATCH: Final = 64
AT_ONCE: Final = 4
BEST: Final = 10
OF_A_DOCUMENT: Final = 50
WARM_UP: Final = 20
SOMEBODY: Final = Principal(subject="root", admin=True)


@dataclass(frozen=True)
class Searched:
    """What came of all questions."""

    passages: int
    filled: float  # seconds
    hybrid: Sequence[float]  # seconds of each question, its vector known
    by_step: Mapping[str, Sequence[float]]
    whole: Sequence[float]  # ... by HTTP, its vector made meanwhile
    exact: Sequence[Sequence[str]]  # texts
    recall: float

    @property
    def rate(self) -> float:
        """Passages stored a second."""
        return self.passages / self.filled


@dataclass(frozen=True)
class Remembering:
    """Embeds what was embedded before."""

    known: Mapping[str, Vector]

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        """Return a vector for each text."""
        del model, whose
        return [self.known[text] for text in texts]


class NoReranker:
    """Nobody asks for one."""

    async def rank(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        """Refuse."""
        raise NotImplementedError


@dataclass(frozen=True)
class OneStore:
    """Finds the one store there is."""

    store: PgVectors

    async def of(self, repository_id: str) -> PgVectors:
        """Return it."""
        del repository_id
        return self.store


def searched(lisa: Running, known: Known) -> Searched:
    """Fill a collection of a running LISA, and ask it."""
    lisa.collection(NAME)
    return asyncio.run(_searched(lisa, known))


async def _searched(lisa: Running, known: Known) -> Searched:
    async with open_pool(lisa.conninfo) as pool, open_tables(lisa.conninfo) as tables:
        rows, clock, store = PostgresTables(tables, SystemClock()), SystemClock(), PgVectors(pool)
        space = await _made(CollectionStore(rows), store, len(known.vectors[0]))
        began = time.monotonic()
        await _filled(store, space, known)
        filled = time.monotonic() - began
        await asyncio.to_thread(_settle, lisa.conninfo, space)
        retrieval = Retrieval(
            Access(RepositoryStore(rows), CollectionStore(rows)),
            OneStore(store),
            Remembering(dict(zip(known.questions, known.asked, strict=True))),
            NoReranker(),
            clock,
            ModelStore(rows),
        )
        hybrid, by_step = await _asked(retrieval, known.questions)
        exact = await asyncio.to_thread(_exact, lisa.conninfo, space, known)
        recall = await _recall(store, space, known, exact)
        whole = await asyncio.to_thread(_by_http, lisa, known.questions)
    return Searched(len(known.texts), filled, hybrid, by_step, whole, exact, recall)


async def _made(collections: CollectionStore, store: PgVectors, dimension: int) -> Space:
    collection = await collections.by_id(*PLACE)
    assert collection is not None
    new = collection.model_copy(update={"dimension": dimension})
    space = space_of(await collections.change(collection, new))
    await store.make(space)
    return space


async def _filled(store: PgVectors, space: Space, known: Known) -> None:
    """Store batches as ingestion does, several at once."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def put(start: int) -> None:
        async with slots:
            end = min(start + BATCH, len(known.texts))
            await store.put(space, [_embedded(known, number) for number in range(start, end)])

    await asyncio.gather(*(put(start) for start in range(0, len(known.texts), BATCH)))


def _embedded(known: Known, number: int) -> Embedded:
    document, ordinal = divmod(number, OF_A_DOCUMENT)
    text = known.texts[number]
    place = Place(start=0, end=len(text))
    passage = Passage(f"d{document}-{ordinal:06d}", f"d{document}", ordinal, text, place, "a.txt")
    return Embedded(passage, known.vectors[number])


def _settle(conninfo: str, space: Space) -> None:
    """Do now what Postgres does by itself within a minute or two."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(table_of(space.uid)))


async def _asked(
    retrieval: Retrieval, questions: Sequence[str]
) -> tuple[list[float], dict[str, list[float]]]:
    """Ask one after the other; the first ones again at the end, as only then all is warm."""
    seconds: list[float] = []
    by_step: dict[str, list[float]] = {}
    for text in [*questions[:WARM_UP], *questions]:
        began = time.monotonic()
        answer = await retrieval.search(SOMEBODY, Question(text, [PLACE], limit=BEST))
        seconds.append(time.monotonic() - began)
        for step, took in answer.timings.items():
            by_step.setdefault(step, []).append(took)
    return seconds[WARM_UP:], {step: took[WARM_UP:] for step, took in by_step.items()}


def _exact(conninfo: str, space: Space, known: Known) -> list[list[str]]:
    """Compare everything, in Postgres and with the numbers it keeps."""
    statement = sql.SQL(
        "SELECT passage->>'text' FROM {} ORDER BY vector <=> %s::halfvec LIMIT %s"
    ).format(table_of(space.uid))
    with psycopg.connect(conninfo) as connection:
        connection.execute("SET enable_indexscan = off")
        return [
            [text for (text,) in connection.execute(statement, [str(list(row)), BEST])]
            for row in known.asked
        ]


async def _recall(
    store: PgVectors, space: Space, known: Known, exact: Sequence[Sequence[str]]
) -> float:
    """Return which share of the nearest the adapter finds."""
    found = [
        [each.passage.text for each in await store.nearest(space, row, BEST)] for row in known.asked
    ]
    return recall(found, exact)


def recall(found: Sequence[Sequence[str]], exact: Sequence[Sequence[str]]) -> float:
    """Return which share of what is nearest was found."""
    both = zip(found, exact, strict=True)
    return sum(len(set(some) & set(right)) for some, right in both) / sum(map(len, exact))


def _by_http(lisa: Running, questions: Sequence[str]) -> list[float]:
    """Ask as programs do."""
    seconds = []
    for text in [*questions[:WARM_UP], *questions]:
        body = {"query": text, "collections": [".".join(PLACE)], "limit": BEST}
        began = time.monotonic()
        lisa.asked("POST", "/api/search", json=body)
        seconds.append(time.monotonic() - began)
    return seconds[WARM_UP:]
