import pytest

from lisa.domain.turns.annotations import known_annotations
from lisa.domain.turns.citing import FEWEST_WORDS, REPEATED, Sources
from lisa.domain.turns.shapes import Wire

LEAVE = (
    "Employees have thirty days of leave each year. Leave that was not taken by the end of March "
    "is lost. Managers may make exceptions where work did not allow it."
)
COFFEE = "The coffee machine on the second floor is cleaned every Friday afternoon by its users."


def passage(number: int, text: str, **more: object) -> Wire:
    own = {"file_id": f"file_{number}", "filename": f"{number}.pdf", "score": 0.5, "text": text}
    place = {"start": 10, "end": 20, "ordinal": 7, "collection": "local.c"}
    return {**own, "number": number, **place, **more}


def sources(*texts: str, now: bool = True) -> Sources:
    made = Sources()
    made.add([passage(n, text, page=n + 2) for n, text in enumerate(texts, 1)], now=now)
    return made


def cited(made: Sources, text: str) -> list[tuple[int, int]]:
    return [(each["number"], each["index"]) for each in made.citations(text)]


def test_a_marker_cites_the_passage_of_its_number() -> None:
    text = "There are thirty days of leave each year [1]. The machine is cleaned [2]."
    found = sources(LEAVE, COFFEE).citations(text)
    assert [each["number"] for each in found] == [1, 2]
    assert [text[each["index"] :][:3] for each in found] == ["[1]", "[2]"]
    assert found[0] == {
        "type": "file_citation",
        "index": text.index("[1]"),
        "file_id": "file_1",
        "filename": "1.pdf",
        "number": 1,
        "page": 3,
        "start": 10,
        "end": 20,
        "ordinal": 7,
        "collection": "local.c",
        "quote": "Employees have thirty days of leave each year.",
    }
    assert known_annotations(found) == found


def test_one_marker_may_name_several() -> None:
    assert cited(sources(LEAVE, COFFEE), "So it is [2, 1] [1;1].") == [(2, 9), (1, 9), (1, 16)]


@pytest.mark.parametrize("text", ["As [3] says.", "See [1](https://a.example).", "a[x]", "[1", ""])
def test_what_is_no_marker_cites_nothing(text: str) -> None:
    assert cited(sources(LEAVE, COFFEE), text) == []


def test_a_sentence_that_repeats_a_passage_cites_it_where_it_ends() -> None:
    text = "> Leave that was not taken by the end of March is lost.\n> (from a message)\nAnd so on."
    assert cited(sources(COFFEE, LEAVE), text) == [(2, text.index("lost.") + 5)]
    assert sources(COFFEE, LEAVE).citations(text)[0]["quote"] == (
        "Leave that was not taken by the end of March is lost."
    )


def test_a_number_that_no_passage_has_is_no_reason_not_to_look_at_the_words() -> None:
    assert cited(sources(COFFEE), f"[7] {COFFEE}") == [(1, len(COFFEE) + 4)]


@pytest.mark.parametrize(
    ("sentence", "is_cited"),
    [
        ("one two three four five.", True),
        ("one two three x five.", True),  # two of four pairs
        ("one two x four y.", False),  # one of four
        ("one two three four.", False),  # too short to tell
        ("five four three two one.", False),
    ],
)
def test_half_of_the_pairs_of_words_make_a_repetition(sentence: str, *, is_cited: bool) -> None:
    assert (REPEATED, FEWEST_WORDS) == (0.5, 5)
    assert bool(cited(sources("one two three four five six"), sentence)) is is_cited


def test_what_only_means_the_same_is_not_taken_for_a_repetition() -> None:
    text = "You get a month off work, and what you do not use until spring disappears."
    assert cited(sources(LEAVE, COFFEE), text) == []


def test_of_two_passages_alike_the_first_is_cited() -> None:
    assert [number for number, _ in cited(sources(COFFEE, COFFEE), COFFEE)] == [1]


def test_words_are_compared_with_passages_of_this_turn_only_and_markers_with_all() -> None:
    before = sources(LEAVE, now=False)
    assert cited(before, LEAVE) == []
    assert cited(before, "[1]") == [(1, 0)]


def test_writing_without_spaces_is_compared_too() -> None:
    text = "年次有給休暇は三月末までに取得してください。"
    assert cited(sources(f"規則。{text}以上。"), text) == [(1, len(text))]


def test_a_passage_keeps_its_number() -> None:
    made = sources(LEAVE)
    assert made.number_of(passage(9, LEAVE, file_id="file_1")) == 1
    assert made.number_of(passage(9, LEAVE, file_id="file_2")) == 2


def test_a_long_answer_is_looked_at_in_bounds() -> None:
    made = sources(*[f"{LEAVE} {n}" for n in range(20)])
    assert len(made.citations("[1]" * 2000)) == 500
    assert made.citations("a" * 100_000) == []
