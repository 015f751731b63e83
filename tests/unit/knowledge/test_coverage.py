"""How much of a question's words a text has."""

import pytest

from lisa.domain.knowledge.coverage import coverage


def test_a_text_with_all_words_has_all_of_the_question_and_one_with_none_nothing() -> None:
    assert coverage("Broken pipe", ["a pipe that is BROKEN", "nothing of it"]) == [1, 0]


def test_a_word_that_few_texts_have_is_a_larger_part() -> None:
    rare, common = coverage("EPIPE file", ["EPIPE", "file", "file", "a file"])[:2]
    assert rare > 0.7 > common > 0


def test_words_that_no_text_has_are_a_part_that_none_has() -> None:
    (known, *_) = coverage("pipe", ["pipe", "other"])
    (less, *_) = coverage("pipe zymurgy", ["pipe", "other"])
    assert 0 < less < known == 1


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("failing", "it failed"),
        ("closed", "close(fd)"),
        ("os.path", "import os.path"),
        ("find_all", "find_all_of_it"),
        ("GRÜSSE", "viele grüße"),
        ("全文検索", "東京で全文検索を使う"),
    ],
)
def test_forms_of_a_word_are_one_in_any_writing(asked: str, text: str) -> None:
    assert coverage(asked, [text, "unlike"]) == [1, 0]


@pytest.mark.parametrize("asked", ["", "?!"])
def test_a_question_without_words_has_no_parts(asked: str) -> None:
    assert coverage(asked, ["a text"]) == [0]
    assert coverage(asked, []) == []
