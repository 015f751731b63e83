"""Stores find the nearest by cosine and the matching by words, best first."""

import math

import pytest

from lisa.domain.knowledge.filters import Comparing, Comparison
from lisa.ports.vectors import Space, Vectors
from tests.contract.vectors.passages import VECTOR, documents, ids, passage


def turned(degrees: float, length: float = 1) -> tuple[float, float, float]:
    angle = math.radians(degrees)
    return length * math.cos(angle), length * math.sin(angle), 0


async def test_the_nearest_come_first_with_their_cosine(vectors: Vectors, space: Space) -> None:
    angles = [170, 10, 90, 40, 130]
    await vectors.put(space, [passage(f"d{a}", vector=turned(a, 1 + a)) for a in angles])
    found = await vectors.nearest(space, turned(0, 7), 10)
    assert [each.passage.document_id for each in found] == [f"d{a}" for a in sorted(angles)]
    cosines = [math.cos(math.radians(a)) for a in sorted(angles)]
    assert [each.score for each in found] == pytest.approx(cosines, abs=2e-3)


async def test_no_more_are_found_than_were_asked_for(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [passage("d", n, vector=turned(n)) for n in range(30)])
    assert ids(await vectors.nearest(space, VECTOR, 3)) == [f"d-{n:06d}" for n in range(3)]
    assert len(await vectors.matching(space, "text", 3)) == 3


async def test_a_filter_that_few_fit_finds_all_of_them(vectors: Vectors, space: Space) -> None:
    many = [passage("near", n, "common words", turned(n / 10)) for n in range(300)]
    few = [passage("far", n, "common words", turned(100 + n)) for n in range(5)]
    await vectors.put(space, [*many, *few])
    where = Comparison(Comparing.EQ, "document_id", ("far",))
    nearest = await vectors.nearest(space, VECTOR, 10, where)
    assert ids(nearest) == [f"far-{n:06d}" for n in range(5)]
    matching = await vectors.matching(space, "common", 10, where)
    assert sorted(ids(matching)) == [f"far-{n:06d}" for n in range(5)]


async def test_any_word_may_match_and_rare_ones_weigh_more(vectors: Vectors, space: Space) -> None:
    common = [passage("c", n, "the garbage collector runs") for n in range(9)]
    rare = passage("r", 0, "a zymurgy of words that nobody else has")
    await vectors.put(space, [*common, rare, passage("o", 0, "neither")])
    found = await vectors.matching(space, "garbage zymurgy", 20)
    assert found[0].passage.document_id == "r"
    assert documents(found) == {"r", "c"}
    assert len(found) == 10
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)


async def test_more_of_the_words_are_better(vectors: Vectors, space: Space) -> None:
    texts = ["lists", "lists and tuples", "lists, tuples and sets", "nothing"]
    await vectors.put(space, [passage(f"d{n}", text=text) for n, text in enumerate(texts)])
    found = await vectors.matching(space, "sets tuples lists", 10)
    assert [each.passage.document_id for each in found] == ["d2", "d1", "d0"]


async def test_headings_are_searched_too(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [passage(text="nothing of that")])
    assert len(await vectors.matching(space, "chapter", 5)) == 1


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("os.path.join(a)", "path"),
        ("call find_all_of_it now", "find_all_of_it"),
        ("see src/lisa/app.py", "app"),
        ("GRÜSSE aus Köln", "grüsse"),
        ("東京で全文検索を使う", "全文検索"),
        ("it ran, they are running", "running"),
        ("C++ & C# <tag attr='x'>", "tag"),
        ("half-open [0, 1)", "open"),
    ],
)
async def test_words_are_found_wherever_they_stand(
    vectors: Vectors, space: Space, text: str, asked: str
) -> None:
    await vectors.put(space, [passage(text=text), passage("other", text="fully unrelated")])
    assert ids(await vectors.matching(space, asked, 5)) == ["d1-000000"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00", "\ud800", "the", "unknownword"])
async def test_a_question_without_known_words_finds_nothing(
    vectors: Vectors, space: Space, text: str
) -> None:
    await vectors.put(space, [passage(text="some words of the text")])
    assert await vectors.matching(space, text, 5) == []


@pytest.mark.parametrize(
    "text",
    [
        "zebra & | ! ( ) <-> :* ' \\ \" %s %(x)s {} ; --",
        "zebra' OR 1=1; DROP SCHEMA knowledge CASCADE; --",
        '{"match_all": {}} zebra * ? ~ ^2 [a TO b] +x -y AND NOT title:x /re/',
        "$$zebra$$ \u2028 \u200b \U0001f40d",
    ],
)
async def test_a_question_is_words_and_never_a_program(
    vectors: Vectors, space: Space, text: str
) -> None:
    await vectors.put(space, [passage(text="a zebra"), passage("d2", text="others entirely")])
    assert ids(await vectors.matching(space, text, 5)) == ["d1-000000"]


async def test_a_question_as_long_as_a_book_is_answered(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [passage(text="a needle in there")])
    text = "needle " + " ".join(f"hay{n}" for n in range(50_000))
    assert ids(await vectors.matching(space, text, 5)) == ["d1-000000"]


async def test_a_language_that_a_store_does_not_stem_is_searched_plainly(vectors: Vectors) -> None:
    spaces = [Space(f"plain_{language}", 3, language) for language in ("simple", "klingon")]
    for space in spaces:
        await vectors.make(space)
        await vectors.put(space, [passage(text="running the")])
        assert len(await vectors.matching(space, "the", 5)) == 1
        assert await vectors.matching(space, "run", 5) == []
        await vectors.drop(space.uid)
