"""A secret of three words: what is shown, what is accepted, and what a rotation makes of it."""

from itertools import pairwise

import pytest

from lisa.domain.rotating import Rotating, read_rotating


@pytest.mark.parametrize("text", ["one", "two words", "  ", "a  b", "four words are one"])
def test_a_text_that_is_not_three_words_is_the_secret_itself(text: str) -> None:
    secret = read_rotating(text)

    assert secret.current == text
    assert secret.accepts(text)
    assert not secret.accepts("words")


def test_the_current_word_is_shown_and_each_of_the_three_is_accepted() -> None:
    secret = read_rotating("former current next")

    assert secret.current == "current"
    assert [secret.accepts(word) for word in secret.words] == [True, True, True]
    assert not secret.accepts("former current next")
    assert not secret.accepts("")
    assert not secret.accepts("\udcff")
    assert "current" not in repr(secret)


def test_across_each_rotation_both_sides_agree_whichever_of_them_noticed_it_first() -> None:
    texts = [read_rotating("first")]
    for number in range(4):
        texts.append(read_rotating(texts[-1].rotated(f"new-{number}").text))

    for before, after in pairwise(texts):
        assert before.accepts(after.current)
        assert after.accepts(before.current)
    # What leaked before the first rotation opens nothing after the third.
    assert [each.accepts("first") for each in texts] == [True, True, True, False, False]


def test_only_what_a_rotation_makes_follows() -> None:
    former = read_rotating("a b c")

    assert read_rotating("b c d").follows(former)
    assert read_rotating("a a b").follows(Rotating(("a",)))
    for other in ("a b c", "c d e", "b d c", "b c", "b"):
        assert not read_rotating(other).follows(former)
