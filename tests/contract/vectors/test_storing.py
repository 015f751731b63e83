"""What is put into a store of passages is there, once, in its place, and goes when told."""

import asyncio
import uuid

import pytest

from lisa.domain.errors import Invalid, NotFound
from lisa.domain.knowledge.passage import Embedded
from lisa.ports.vectors import Contents, Space, Vectors
from tests.contract.vectors.passages import VECTOR, ids, passage


def as_it_was(found: list[Embedded]) -> list[object]:
    return [each.passage for each in found]


async def test_a_passage_comes_back_as_it_was_put(vectors: Vectors, space: Space) -> None:
    whole = passage(
        "größe/1",
        3,
        "Zeile\n\tmit „Anführung“, 全文検索 und 🐍 und 'quotes'; DROP TABLE x; --",
        facts={"year": 2024, "share": 0.5, "final": True, "by": "Ana'; --", "a.b-c": "x"},
        tags=("a", "b-c"),
        name="Bericht (1) \u2013 final.pdf",
        page=None,
    )
    await vectors.put(space, [whole])
    (found,) = await vectors.nearest(space, VECTOR, 5)
    assert found.passage == whole.passage
    (matched,) = await vectors.matching(space, "anführung", 5)
    assert matched.passage == whole.passage
    assert as_it_was(await vectors.of_document(space, "größe/1", 0, 5)) == [whole.passage]


async def test_making_room_twice_changes_nothing(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [passage()])
    await vectors.make(space)
    assert await vectors.contents(space) == Contents(1, 1)


async def test_several_may_make_the_same_room_at_once(vectors: Vectors) -> None:
    made = Space(f"t_{uuid.uuid4().hex[:12]}", 3)
    await asyncio.gather(*(vectors.make(made) for _ in range(6)))
    await vectors.put(made, [passage()])
    assert await vectors.contents(made) == Contents(1, 1)
    await vectors.drop(made.uid)


async def test_what_was_dropped_is_empty_and_may_be_dropped_again(
    vectors: Vectors, space: Space
) -> None:
    await vectors.put(space, [passage()])
    await vectors.drop(space.uid)
    await vectors.drop(space.uid)
    assert await vectors.nearest(space, VECTOR, 5) == []
    assert await vectors.matching(space, "text", 5) == []
    assert await vectors.of_document(space, "d1", 0, 5) == []
    assert await vectors.contents(space) == Contents(0, 0)
    await vectors.keep(space, "d1", 0)


async def test_nothing_is_stored_where_no_room_was_made(vectors: Vectors) -> None:
    nowhere = Space(f"t_{uuid.uuid4().hex[:12]}", 3)
    with pytest.raises(NotFound):
        await vectors.put(nowhere, [passage()])
    assert await vectors.contents(nowhere) == Contents(0, 0)


async def test_room_made_anew_is_empty(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [passage()])
    await vectors.drop(space.uid)
    await vectors.make(space)
    assert await vectors.contents(space) == Contents(0, 0)


async def test_a_passage_takes_the_place_of_the_one_with_its_id(
    vectors: Vectors, space: Space
) -> None:
    await vectors.put(space, [passage(text="the former words", facts={"year": 1})])
    new = passage(text="other ones now", vector=(0, 1, 0), facts={"year": 2})
    await vectors.put(space, [new])
    assert await vectors.contents(space) == Contents(1, 1)
    assert await vectors.matching(space, "former", 5) == []
    (found,) = await vectors.nearest(space, (0, 1, 0), 5)
    assert found.passage == new.passage
    assert found.score == pytest.approx(1, abs=1e-3)


async def test_of_one_id_twice_in_a_call_the_last_counts(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [passage(text="first"), passage(text="last")])
    assert await vectors.contents(space) == Contents(1, 1)
    assert ids(await vectors.matching(space, "last", 5)) == ["d1-000000"]


async def test_putting_nothing_is_no_fault(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [])
    assert await vectors.contents(space) == Contents(0, 0)


async def test_only_so_many_passages_of_a_document_are_kept(vectors: Vectors, space: Space) -> None:
    await vectors.put(space, [passage("d1", n) for n in range(7)])
    await vectors.put(space, [passage("d2", n) for n in range(3)])
    await vectors.keep(space, "d1", 4)
    assert await vectors.contents(space) == Contents(2, 7)
    kept = await vectors.of_document(space, "d1", 0, 100)
    assert [each.passage.ordinal for each in kept] == [0, 1, 2, 3]
    await vectors.keep(space, "d1", 0)
    assert await vectors.contents(space) == Contents(1, 3)


async def test_a_documents_passages_come_in_order_with_their_vectors(
    vectors: Vectors, space: Space
) -> None:
    put = [passage("d1", n, vector=(3, n, 0)) for n in (4, 0, 2, 1, 3)]
    await vectors.put(space, [*put, passage("d10", 0), passage("d", 0)])
    found = await vectors.of_document(space, "d1", 1, 3)
    assert [each.passage.ordinal for each in found] == [1, 2, 3]
    for each in found:
        n = each.passage.ordinal
        length = (9 + n * n) ** 0.5
        assert each.vector == pytest.approx([3 / length, n / length, 0], abs=1e-3)
    assert await vectors.of_document(space, "d1", 5, 3) == []
    assert await vectors.of_document(space, "d1", 0, 0) == []


async def test_spaces_know_nothing_of_each_other(vectors: Vectors, space: Space) -> None:
    other = Space(f"t_{uuid.uuid4().hex[:12]}", 3)
    await vectors.make(other)
    await vectors.put(space, [passage(text="ours", vector=(1, 1, 0))])
    await vectors.put(other, [passage(text="theirs"), passage("d2", text="theirs")])
    (ours,) = await vectors.nearest(space, VECTOR, 5)
    assert ours.passage.text == "ours"
    assert await vectors.matching(space, "theirs", 5) == []
    assert len(await vectors.of_document(space, "d1", 0, 5)) == 1
    await vectors.keep(space, "d1", 0)
    assert await vectors.contents(space) == Contents(0, 0)
    assert await vectors.contents(other) == Contents(2, 2)
    await vectors.drop(other.uid)


@pytest.mark.parametrize("uid", ["", "A", "a;drop", 'a"', "a.b", "a*", "../a", "a" * 41])
async def test_a_space_has_a_plain_name(vectors: Vectors, uid: str) -> None:
    with pytest.raises(Invalid):
        await vectors.make(Space(uid, 3))
    with pytest.raises(Invalid):
        await vectors.drop(uid)
    with pytest.raises(Invalid):
        await vectors.contents(Space(uid, 3))


@pytest.mark.parametrize("vector", [(1, 0), (1, 0, 0, 0), (), (0, 0, 0), (float("nan"), 0, 1)])
async def test_a_vector_that_does_not_belong_is_refused(
    vectors: Vectors, space: Space, vector: tuple[float, ...]
) -> None:
    with pytest.raises(Invalid):
        await vectors.put(space, [passage(), passage("d2", vector=vector)])
    assert await vectors.contents(space) == Contents(0, 0)
    with pytest.raises(Invalid):
        await vectors.nearest(space, vector, 5)


async def test_a_space_made_for_another_dimension_refuses_vectors(
    vectors: Vectors, space: Space
) -> None:
    mistaken = Space(space.uid, 4)
    with pytest.raises(Invalid):
        await vectors.put(mistaken, [passage(vector=(1, 0, 0, 0))])
    assert await vectors.contents(space) == Contents(0, 0)


@pytest.mark.parametrize("dimension", [0, 16_001])
async def test_a_dimension_that_cannot_be_searched_is_refused(
    vectors: Vectors, dimension: int
) -> None:
    with pytest.raises(Invalid, match="numbers"):
        await vectors.make(Space("too_wide", dimension))


async def test_many_put_at_once_and_all_of_it_is_found(vectors: Vectors, space: Space) -> None:
    await asyncio.gather(
        *(vectors.put(space, [passage(f"d{k}", n) for n in range(20)]) for k in range(5))
    )
    assert await vectors.contents(space) == Contents(5, 100)
    assert len(await vectors.nearest(space, VECTOR, 100)) == 100


async def test_characters_that_stores_cannot_keep_leave_a_mark(
    vectors: Vectors, space: Space
) -> None:
    await vectors.put(space, [passage(text="nul\x00 and half \ud83d")])
    (found,) = await vectors.nearest(space, VECTOR, 1)
    assert found.passage.text == "nul\ufffd and half \ufffd"


async def test_a_passage_as_long_as_a_book_is_kept(vectors: Vectors, space: Space) -> None:
    text = " ".join(f"word{n}" for n in range(120_000))
    await vectors.put(space, [passage(text=text)])
    (found,) = await vectors.matching(space, "word7", 5)
    assert found.passage.text == text
