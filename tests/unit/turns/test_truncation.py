"""A conversation that is longer than its model reads loses what was said first."""

from typing import Any

import pytest

from lisa.domain.turns.truncation import without_the_oldest


def said(text: str, role: str = "user") -> dict[str, Any]:
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


LONG = [said(f"{number} " + "x" * 400) for number in range(10)]  # about 115 tokens each


def test_what_fits_is_left_as_it_is() -> None:
    assert without_the_oldest(LONG, window=2000, answer=None) == LONG


def test_the_oldest_are_left_out_and_the_latest_are_not() -> None:
    assert without_the_oldest(LONG, window=1000, answer=None) == LONG[-6:]


def test_room_is_kept_for_a_long_answer() -> None:
    assert without_the_oldest(LONG, window=1000, answer=600) == LONG[-2:]


def test_instructions_stay_where_they_are() -> None:
    told = [said("Be brief. " * 20, "system"), *LONG]
    assert without_the_oldest(told, window=1000, answer=None) == [told[0], *LONG[-5:]]


@pytest.mark.parametrize("context", [[], LONG[:1]])
def test_the_last_item_is_told_whatever_its_length(context: list[dict[str, Any]]) -> None:
    assert without_the_oldest(context, window=10, answer=None) == context


def test_an_image_counts_as_an_image_and_not_as_its_bytes() -> None:
    image = {"type": "input_image", "image_url": "data:image/png;base64," + "x" * 100_000}
    shown = [said("Look", "user"), {"type": "message", "role": "user", "content": [image]}]
    assert without_the_oldest(shown, window=2000, answer=None) == shown
