"""Journeys through evaluation: from a file of questions to figures, and to what was missed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.hands import is_focused, pick, press, tab_to
from tests.e2e.test_knowledge import A_WHILE, ASKED, DEFAULT, Shelf
from tests.e2e.test_screens import look

EVALUATIONS: Final = "/knowledge/evaluations"
MISSED: Final = "Which colour has the coffee machine?"


class Golden:
    """A golden set of two questions: one that the handbook answers, one that nothing does."""

    def __init__(self, shelf: Shelf, folder: Path) -> None:
        self.page, self.shelf = shelf.page, shelf
        self.name = f"About leave {uuid4().hex[:6]}"
        self.file = folder / "questions.jsonl"
        lines: list[dict[str, Any]] = [
            {"name": self.name, "description": "Of the handbook."},
            {"question": ASKED, "relevant": [{"document": shelf.name, "quote": "thirty days"}]},
            {"question": MISSED, "relevant": [f"no-{shelf.name}"]},
        ]
        self.file.write_text("\n".join(map(json.dumps, lines)))

    def add(self) -> None:
        """Upload it at the open page."""
        press(self.page.get_by_role("button", name="Upload golden set"))
        dialog = self.page.get_by_role("dialog", name="Upload a golden set")
        field = dialog.get_by_label("File")
        with self.page.expect_file_chooser() as choosing:
            press(field)
        choosing.value.set_files(self.file)
        press(dialog.get_by_role("button", name="Upload"))
        expect(dialog).to_be_hidden()

    def start(self, name: str) -> None:
        """Run it over the default collection, and wait for its figures."""
        press(self.page.get_by_role("button", name=f"Start a run of {self.name}"))
        dialog = self.page.get_by_role("dialog", name=f"Start a run of {self.name}")
        press(dialog.get_by_role("checkbox", name="Default"), "Space")
        tab_to(dialog.get_by_label("Name"))
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()
        expect(self.page.get_by_role("table", name="Figures")).to_be_visible(timeout=A_WHILE)

    def clear(self) -> None:
        for kind, identity in (("sets", "setId"), ("runs", "runId")):
            address = f"/api/evaluations/{kind}"
            for each in self.page.request.get(address).json()[kind]:
                self.page.request.delete(f"{address}/{each[identity]}", headers=self.shelf.headers)


@pytest.fixture
def golden(signed_in: Page, base_url: str, tmp_path: Path) -> Iterator[Golden]:
    shelf = Shelf(signed_in, base_url, tmp_path)
    signed_in.goto(DEFAULT)
    shelf.upload()
    golden = Golden(shelf, tmp_path)
    yield golden
    golden.clear()
    shelf.clear()


def row_of(page: Page, method: str) -> Locator:
    return page.get_by_role("table", name="Figures").get_by_role("row", name=method)


def test_collections_are_measured_and_compared_by_keyboard(golden: Golden) -> None:
    page = golden.page
    press(page.get_by_role("link", name="Knowledge", exact=True))
    press(page.get_by_role("link", name="Evaluation", exact=True))
    golden.add()
    golden.start("First try")
    expect(row_of(page, "Meaning and words")).to_contain_text("0.500")
    missed = page.get_by_role("list", name="Questions and what came of them")
    expect(missed.get_by_role("listitem")).to_have_count(2)  # the question, and what it sought
    expect(missed.get_by_text("Not found")).to_have_count(3)

    press(page.get_by_role("link", name="All runs"))
    golden.start("Second try")
    pick(page.get_by_label("Compare with"), "First")
    expect(page.get_by_role("table", name="Compared with First try")).to_contain_text("(0.000)")
    page.reload()
    expect(page.get_by_role("table", name="Compared with First try")).to_be_visible()

    press(page.get_by_role("link", name=f"Try in search: {MISSED}"))
    expect(page.get_by_label("Question", exact=True)).to_have_value(MISSED)
    press(page.get_by_role("button", name="Search", exact=True))
    expect(page.get_by_role("list", name="Passages found")).to_be_visible(timeout=A_WHILE)

    page.goto(EVALUATIONS)
    press(page.get_by_role("link", name="First try"))
    press(page.get_by_role("button", name="Delete…"))
    press(page.get_by_role("alertdialog").get_by_role("button", name="Delete"))
    runs = page.get_by_role("list", name="Runs")
    expect(runs.get_by_role("listitem")).to_have_count(1)
    opener = page.get_by_role("button", name=f"Actions for {golden.name}")
    press(opener)
    page.get_by_role("menuitem", name="Show its questions").click()
    panel = page.get_by_role("dialog", name=golden.name)
    expect(panel).to_contain_text(MISSED)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert is_focused(opener)


def test_a_file_that_is_no_golden_set_says_where_it_is_wrong(
    signed_in: Page, tmp_path: Path
) -> None:
    page = signed_in
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"question": "a", "relevant": ["b"]}\n{"question": "c"}')
    page.goto(EVALUATIONS)
    press(page.get_by_role("button", name="Upload golden set"))
    page.get_by_label("File").set_input_files(wrong)
    press(page.get_by_role("button", name="Upload", exact=True))
    expect(page.get_by_role("alert")).to_contain_text("Line 2: relevant: Field required")


def test_the_pages_about_evaluation_have_no_barriers(golden: Golden) -> None:
    page = golden.page
    page.goto(EVALUATIONS)
    page.get_by_role("heading", name="No golden sets yet").wait_for()
    look(page)
    golden.add()
    golden.start("First try")
    page.goto(EVALUATIONS)
    page.get_by_role("list", name="Runs").wait_for()
    look(page)
    press(page.get_by_role("button", name=f"Start a run of {golden.name}"))
    page.get_by_role("checkbox", name="Reranked").check()
    look(page)
    page.keyboard.press("Escape")
    golden.start("Second try")
    page.get_by_label("Compare with").select_option(
        label=page.get_by_role("option", name="First try").inner_text()
    )
    page.get_by_role("table", name="Compared with First try").wait_for()
    page.get_by_text("All questions").click()
    look(page)
