from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lisa.domain.knowledge.chunking import Chunking, Strategy
from lisa.domain.knowledge.tokens import count_tokens, starts_of
from lisa.ports.extraction import Section
from lisa.usecases.knowledge.cutting import ENOUGH, MOST_UNCUT, Piece, cut

WORDS = st.text(alphabet="ab .\n\té漢", max_size=400)


async def told(sections: Sequence[Section]) -> AsyncIterator[Section]:
    for section in sections:
        yield section


async def pieces_of(sections: Sequence[Section], chunking: Chunking) -> list[Piece]:
    return [piece async for piece in cut(told(sections), chunking)]


def chunking(strategy: Strategy, size: int = 16, overlap: int = 4) -> Chunking:
    return Chunking(strategy=strategy, size=size, overlap=overlap)


@given(st.lists(WORDS, max_size=6), st.sampled_from(Strategy), st.integers(0, 8))
async def test_every_piece_is_what_stands_in_the_document_and_nothing_is_lost(
    texts: list[str], strategy: Strategy, overlap: int
) -> None:
    sections = [Section(text, page=number + 1) for number, text in enumerate(texts)]
    document = "".join(texts)
    pieces = await pieces_of(sections, chunking(strategy, overlap=overlap))
    covered = set[int]()
    for piece in pieces:
        assert piece.text == document[piece.place.start : piece.place.end]
        assert piece.text.strip()
        covered.update(range(piece.place.start, piece.place.end))
    assert not [place for place in set(range(len(document))) - covered if document[place].strip()]
    starts, ends = [each.place.start for each in pieces], [each.place.end for each in pieces]
    assert starts == sorted(starts)
    assert ends == sorted(set(ends))  # each tells something that none before did


@given(st.text(alphabet="ab .\n", max_size=3000), st.integers(1, 40))
async def test_cuts_fall_alike_however_a_text_comes(text: str, step: int) -> None:
    whole = await pieces_of([Section(text)], chunking(Strategy.TOKENS))
    parts = [Section(text[place : place + step]) for place in range(0, len(text), step)]
    assert await pieces_of(parts, chunking(Strategy.TOKENS)) == whole


async def test_a_long_text_is_cut_while_it_comes_as_if_it_had_come_at_once() -> None:
    text = "".join(f"Sentence {number} says something. " for number in range(8000))
    assert len(text) > 3 * ENOUGH
    parts = [Section(text[place : place + 777]) for place in range(0, len(text), 777)]
    whole = await pieces_of([Section(text)], chunking(Strategy.TOKENS, 64, 8))
    assert await pieces_of(parts, chunking(Strategy.TOKENS, 64, 8)) == whole


@pytest.mark.parametrize("overlap", [0, 5, 20])
async def test_tokens_overlap_exactly_and_are_not_too_many(overlap: int) -> None:
    text = " ".join(f"word{number}" for number in range(500))
    pieces = await pieces_of([Section(text)], chunking(Strategy.TOKENS, 40, overlap))
    for piece in pieces:
        assert count_tokens(piece.text) <= 40
    for one, following in pairwise(pieces):
        shared = text[following.place.start : one.place.end]
        assert count_tokens(shared) == overlap


async def test_characters_are_counted_for_the_fixed_strategy() -> None:
    pieces = await pieces_of([Section("x" * 250)], chunking(Strategy.FIXED, 100, 10))
    assert [(piece.place.start, piece.place.end) for piece in pieces] == [
        (0, 100),
        (90, 190),
        (180, 250),
    ]


async def test_cuts_fall_between_paragraphs_where_there_are_some() -> None:
    text = "Zero one two three four five six seven.\n\n    Eight nine ten. Eleven twelve thirteen."
    pieces = await pieces_of([Section(text)], chunking(Strategy.TOKENS, 16, 0))
    assert pieces[0].text.endswith("seven.")


async def test_structure_keeps_pages_apart_and_knows_them() -> None:
    sections = [Section("First page.\n", page=1), Section("Second page.\n", page=2)]
    pieces = await pieces_of(sections, chunking(Strategy.STRUCTURE))
    assert [(piece.text, piece.place.page) for piece in pieces] == [
        ("First page.", 1),
        ("Second page.", 2),
    ]


async def test_tokens_run_over_pages_and_tell_both() -> None:
    sections = [Section("First page. ", page=1), Section("Second page.", page=2)]
    (piece,) = await pieces_of(sections, chunking(Strategy.TOKENS))
    assert (piece.place.page, piece.place.last_page) == (1, 2)


async def test_short_neighbours_below_one_heading_are_one_piece() -> None:
    sections = [
        Section("Alpha.\n", headings=("Guide", "A")),
        Section("Beta.\n", headings=("Guide", "B")),
        Section("Gamma.\n", headings=("Other",)),
    ]
    pieces = await pieces_of(sections, chunking(Strategy.STRUCTURE))
    assert [(piece.text, piece.place.headings) for piece in pieces] == [
        ("Alpha.\nBeta.", ("Guide",)),
        ("Gamma.", ("Other",)),
    ]


async def test_a_table_s_rows_stay_together() -> None:
    sections = [
        Section("Before.\n", headings=("T",)),
        Section("| a | b |\n| 1 | 2 |\n", headings=("T",), whole=True),
    ]
    pieces = await pieces_of(sections, chunking(Strategy.STRUCTURE))
    assert [piece.text for piece in pieces] == ["Before.", "| a | b |\n| 1 | 2 |"]


async def test_nothing_is_cut_where_none_was_asked_for_but_what_no_model_takes() -> None:
    uncut = await pieces_of([Section("word " * 1000)], Chunking(strategy=Strategy.NONE))
    assert len(uncut) == 1
    long = await pieces_of([Section("w" * (MOST_UNCUT + 10))], Chunking(strategy=Strategy.NONE))
    assert [len(piece.text) for piece in long] == [MOST_UNCUT, 10]


async def test_an_empty_document_has_no_pieces() -> None:
    assert await pieces_of([], Chunking()) == []
    assert await pieces_of([Section(" \n ")], Chunking()) == []


def test_tokens_are_all_that_is_not_space() -> None:
    text = " \n Straße 12345 漢字 snake_case internationalization! \n x\t"
    tokens = [text[start:end].rstrip() for start, end in pairwise(starts_of(text))]
    wanted = "Straße 123 45 漢 字 snake _ case internat ionaliza tion ! x"
    assert tokens == wanted.split()
    assert count_tokens(text) == len(tokens)
    assert starts_of(" \n ") == [3]
