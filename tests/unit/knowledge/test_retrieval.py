"""Finding passages in memory: methods put together, rights asked, steps timed."""

from collections.abc import Sequence
from typing import Any

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.memory.vectors import MemoryStores
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.knowledge import access_of
from lisa.bootstrap.ports import Ports
from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.filters import read_filter
from lisa.domain.knowledge.fusion import fused
from lisa.domain.knowledge.passage import Embedded, Passage, Place
from lisa.domain.knowledge.repository import Collection, Repository, RepositoryStatus
from lisa.domain.model import Model, ModelType
from lisa.ports.embedding import OnBehalf
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.stores.models import ModelStore
from lisa.usecases.knowledge.retrieval import Answer, Hit, Mode, Question, Retrieval, best_of
from lisa.usecases.knowledge.spaces import space_of

ALICE = Principal(subject="alice", groups=frozenset({"a"}))
BOB = Principal(subject="bob")
DIRECTIONS = {"east": (1.0, 0.0), "sunrise": (1.0, 0.0), "north": (0.0, 1.0), "between": (0.8, 0.6)}


class Library:
    """Collections over memory; the last word of a text says where its vector points."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.ports = Ports(MemoryTables(self.clock), self.clock, RandomIds())
        self.stores = MemoryStores()
        self.asked: list[tuple[str, str, OnBehalf]] = []

    @property
    def retrieval(self) -> Retrieval:
        models = ModelStore(self.ports.tables)
        return Retrieval(access_of(self.ports), self.stores, self, self, self.clock, models)

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        self.clock.advance(2)
        self.asked += [(model, text, whose) for text in texts]
        return [DIRECTIONS[text.split()[-1]] for text in texts]

    async def rank(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        self.clock.advance(3)
        self.asked.append((model, question, whose))
        return [1 / len(text) for text in texts]

    async def repository(self, name: str = "papers", **fields: Any) -> None:
        about: dict[str, Any] = {"id": name, "uid": f"r_{name}", "name": name, "created": START}
        about |= {"store": {"kind": "pgvector"}, "created_by": "root", "updated": START}
        made = Repository.model_validate(about | {"status": RepositoryStatus.READY} | fields)
        await RepositoryStore(self.ports.tables).add(made)

    async def collection(self, name: str, *texts: str, **fields: Any) -> Collection:
        about: dict[str, Any] = {"id": name, "repository_id": "papers", "name": name}
        about |= {"uid": f"c_{name}", "embedding_model": "words", "chunking": Chunking()}
        about |= {"created": START, "updated": START, "created_by": "root"}
        made = Collection.model_validate(about | {"dimension": 2 if texts else 0} | fields)
        await CollectionStore(self.ports.tables).add(made)
        if texts:
            store = await self.stores.of("papers")
            await store.make(space_of(made))
            await store.put(space_of(made), [_embedded(name, n, t) for n, t in enumerate(texts)])
        return made

    async def model(self, name: str, **fields: Any) -> None:
        made = Model(id=name, created=START, changed=START, type=ModelType.RERANK, **fields)
        await ModelStore(self.ports.tables).add(made)

    async def found(self, text: str, *places: str, who: Principal = ALICE, **more: Any) -> Answer:
        asked = [("papers", place) for place in places or ("one",)]
        return await self.retrieval.search(who, Question(text, asked, **more))


def _embedded(name: str, ordinal: int, text: str) -> Embedded:
    place = Place(0, len(text), page=ordinal + 1)
    passage = Passage(f"{name}-{ordinal}", f"file_{name}{ordinal}", ordinal, text, place)
    return Embedded(passage, DIRECTIONS[text.rsplit(maxsplit=1)[-1]])


def texts(answer: Answer) -> list[str]:
    return [hit.passage.text for hit in answer.hits]


@pytest.fixture
async def library() -> Library:
    made = Library()
    await made.repository()
    return made


def test_ranks_are_put_together_by_their_reciprocals() -> None:
    lists: list[dict[str, float]] = [{"a": 1, "b": 1, "c": 1}, {"c": 0.5, "a": 0.5}, {}]
    scores = fused(lists)
    assert list(scores) == ["a", "c", "b"]
    assert scores == {"a": 1 / 61 + 0.5 / 62, "c": 1 / 63 + 0.5 / 61, "b": 1 / 62}


def test_the_first_of_a_list_that_knows_little_stands_below_the_second_of_one_that_knows() -> None:
    lists = [{"noise": 0.1, "more": 0.1}, {"a": 1, "b": 0.9}]
    assert list(fused(lists)) == ["a", "b", "noise", "more"]


def test_nothing_put_together_is_nothing() -> None:
    nothing: list[dict[str, float]] = []
    assert fused(nothing) == {}


async def test_what_is_found_by_meaning_and_words_comes_first(library: Library) -> None:
    await library.collection("one", "tea north", "coffee between", "coffee north", "tea sunrise")
    both = await library.found("coffee east")
    assert texts(both)[0] == "coffee between"
    best = both.hits[0].scores
    assert best["dense"] == pytest.approx(0.8)
    assert best["dense_rank"] == 2
    assert best["fused"] == both.hits[0].score
    assert "lexical_rank" in best
    dense = await library.found("coffee east", mode=Mode.DENSE)
    assert texts(dense)[:2] == ["tea sunrise", "coffee between"]
    assert [hit.score for hit in dense.hits][:2] == pytest.approx([1, 0.8])
    assert dense.hits[0].relevance == pytest.approx(1)
    lexical = await library.found("coffee", mode=Mode.LEXICAL)
    assert sorted(texts(lexical)) == ["coffee between", "coffee north"]
    assert all(0 < hit.relevance < 1 for hit in lexical.hits)
    assert (
        library.asked == [("words", "coffee east", OnBehalf("alice", groups=frozenset({"a"})))] * 2
    )


async def test_words_count_as_far_as_they_are_those_of_the_question(library: Library) -> None:
    await library.collection("one", "a map sunrise", "EPIPE broken between", "of it north")
    told = await library.found("EPIPE broken east")
    assert texts(told)[0] == "EPIPE broken between"
    asked_otherwise = await library.found("what would it look like at six by train going east")
    assert texts(asked_otherwise)[0] == "a map sunrise"


async def test_words_alone_stand_in_the_order_of_the_store(library: Library) -> None:
    await library.collection("one", "tea tea north", "tea and cake north", "cake east")
    found = (await library.found("tea cake", mode=Mode.LEXICAL)).hits
    assert [hit.scores["lexical_rank"] for hit in found] == [1, 2, 3]


async def test_a_question_is_embedded_once_for_each_model(library: Library) -> None:
    await library.collection("one", "a east")
    await library.collection("two", "b east")
    await library.collection("three", "c north", embedding_model="others")
    answer = await library.found("x east", "one", "two", "three", "one", mode=Mode.DENSE)
    assert sorted(model for model, _, _ in library.asked) == ["others", "words"]
    assert sorted(texts(answer)) == ["a east", "b east", "c north"]
    ranks = {hit.passage.text: hit.scores["dense_rank"] for hit in answer.hits}
    assert ranks["c north"] == 1
    assert sorted(ranks.values()) == [1, 1, 2]


async def test_copies_of_a_text_are_one_hit(library: Library) -> None:
    await library.collection("one", "same east", "other east")
    await library.collection("two", "same east")
    answer = await library.found("x east", "one", "two", mode=Mode.DENSE)
    assert sorted(texts(answer)) == ["other east", "same east"]


async def test_conditions_and_limits_hold(library: Library) -> None:
    await library.collection("one", *(f"tea {n} east" for n in range(9)))
    where = read_filter({"type": "gte", "key": "page", "value": 8})
    assert texts(await library.found("tea east", where=where)) == ["tea 7 east", "tea 8 east"]
    assert len((await library.found("tea east", limit=3)).hits) == 3


async def test_nothing_is_found_where_nothing_is(library: Library) -> None:
    await library.collection("one")
    assert (await library.found("tea east", rerank="")).hits == []
    assert library.asked == []


async def test_who_may_not_use_a_collection_finds_nothing_anywhere(library: Library) -> None:
    await library.collection("one", "tea east")
    await library.collection("two", "secret east", groups=frozenset({"a"}))
    await library.collection("own", "mine east", private=True, created_by="alice")
    assert len((await library.found("x east", "one", "two", "own")).hits) == 3
    for place in ("two", "own", "none"):
        with pytest.raises(NotFound) as refused:
            await library.found("x east", "one", place, who=BOB)
        assert refused.value.message == f"there is no collection {place} in papers"


async def test_a_reranker_orders_what_was_found(library: Library) -> None:
    await library.collection("one", "the longest of all east", "long east", "between")
    await library.model("judge")
    answer = await library.found("x east", rerank="judge", mode=Mode.DENSE, limit=2)
    assert texts(answer) == ["between", "long east"]
    assert answer.hits[0].score == answer.hits[0].scores["rerank"] == 1 / 7
    assert answer.hits[0].relevance == 1 / 7
    few = await library.found("x east", rerank="judge", mode=Mode.DENSE, candidates=2)
    assert len(few.hits) == 2


async def test_only_a_model_that_ranks_and_may_be_used_is_asked(library: Library) -> None:
    await library.collection("one", "tea east")
    await library.model("theirs", groups=frozenset({"x"}))
    for name in ("theirs", "nothing"):
        with pytest.raises(NotFound) as refused:
            await library.found("tea east", rerank=name)
        assert refused.value.precise_code == "model_not_found"


async def test_each_step_is_timed(library: Library) -> None:
    await library.collection("one", "tea east")
    await library.model("judge")
    timings = (await library.found("tea east", rerank="judge")).timings
    assert timings.keys() == {"embed", "dense", "lexical", "rerank", "total"}
    assert (timings["embed"], timings["rerank"], timings["total"]) == (2, 3, 5)


def test_the_best_of_several_questions_are_found_once() -> None:
    def hit(text: str, dense: float) -> Hit:
        passage = Passage(text, "file_1", 0, text, Place(0, 1))
        return Hit(passage, "papers", "one", dense, {"dense": dense})

    first = Answer([hit("a", 0.9), hit("b", 0.5)])
    second = Answer([hit("b", 0.8), hit("c", 0.1)])
    assert [each.passage.text for each in best_of([first, second], 5)] == ["b", "a", "c"]
    assert best_of([first, second], 1)[0].relevance == 0.8
    assert best_of([first], 1) == [hit("a", 0.9)]
    assert best_of([], 1) == []
    assert hit("a", -0.5).relevance == 0
