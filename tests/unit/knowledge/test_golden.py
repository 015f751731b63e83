"""Reading golden sets, and telling whether what was found is what was sought."""

import json
from typing import Any

import pytest

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.golden import (
    MOST_QUESTIONS,
    GoldenQuestion,
    Relevant,
    Seen,
    ranks_of,
    read_golden,
)

ASKED: dict[str, Any] = {"question": "Where?", "relevant": ["a.txt"]}


def seen(name: str, text: str = "text", **pages: int) -> Seen:
    return Seen(f"file_{name}", name, text, **pages)


def sought(**place: Any) -> GoldenQuestion:
    return GoldenQuestion(question="q", relevant=(Relevant(**place),))


def test_a_file_of_lines_is_read_with_what_it_says_of_itself() -> None:
    head = {"name": "Docs", "licence": "PSF"}
    page = {"question": "Why?", "relevant": [{"document": "b.pdf", "page": 3}], "facts": ["42"]}
    text = "\n".join(map(json.dumps, (head, ASKED, page))) + "\n\n"
    golden = read_golden(text, "file")
    assert (golden.name, golden.licence) == ("Docs", "PSF")
    assert golden.questions[0].relevant == (Relevant(document="a.txt"),)
    assert golden.questions[1].relevant == (Relevant(document="b.pdf", page=3),)
    assert golden.questions[1].facts == ("42",)


def test_lines_a_list_and_a_document_are_the_same_set() -> None:
    forms = (
        json.dumps(ASKED),
        json.dumps([ASKED], indent=2),
        json.dumps({"questions": [ASKED]}, indent=2),
    )
    assert len({read_golden(text, "file").digest for text in forms}) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (json.dumps(ASKED) + "\n\nnonsense", "line 3 is no JSON object"),
        (json.dumps(ASKED) + '\n{"question": "Who?"}', "line 2: relevant: Field required"),
        ('{"question": "Who?", "relevant": []}', "line 1: relevant: Tuple should have at least 1"),
        ('{"question": "Who?", "relevant": "a"}', "line 1: relevant: Input should be a valid"),
        ('[{"question": "Who?", "relevant": ["a"], "more": 1}]', "question 1: more: Extra"),
        ("[1]", "question 1: Input should be a valid dictionary"),
        ('{"questions": 1}', "questions: Input should be a valid tuple"),
        ("", "questions: Tuple should have at least 1 item"),
        ("\n".join([json.dumps(ASKED)] * (MOST_QUESTIONS + 1)), "questions: Tuple should have at"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, why: str) -> None:
    with pytest.raises(Invalid) as told:
        read_golden(text, "file")
    assert told.value.message.startswith(why)


def test_the_first_passage_of_each_relevant_place_counts() -> None:
    places = (Relevant(document="a"), Relevant(document="file_b"), Relevant(document="c"))
    question = GoldenQuestion(question="q", relevant=places)
    assert ranks_of(question, [seen("x"), seen("b"), seen("a"), seen("a")]) == (2, 3)


def test_a_page_is_found_by_a_passage_that_is_or_goes_over_it() -> None:
    found = [
        seen("a"),
        seen("a", page=2, last_page=2),
        seen("a", page=3, last_page=4),
        seen("a", page=4),
    ]
    assert ranks_of(sought(document="a", page=4), found) == (3,)
    assert ranks_of(sought(document="a", page=5), found) == ()


def test_a_quote_is_found_whatever_its_case_and_lines() -> None:
    found = [seen("a", "No."), seen("a", "So it\n  BEGAN.")]
    assert ranks_of(sought(document="a", quote="it began"), found) == (2,)
