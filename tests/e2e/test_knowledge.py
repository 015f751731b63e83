"""Journeys through knowledge: from a file to a passage that is found, quoted and opened."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.hands import barriers, is_focused, overflows, press, tab_to
from tests.e2e.test_screens import look

A_WHILE: Final = 60_000
DEFAULT: Final = "/knowledge/in/local/default"
SAID: Final = "Every employee has thirty days of paid leave in each calendar year."
HANDBOOK: Final = f"The coffee machine is cleaned on Fridays.\n\n{SAID}\n\nDogs are welcome.\n"
ASKED: Final = "How many days of paid leave does every employee have?"


def option(label: str, **told: object) -> dict[str, object]:
    """Return one thing that may be chosen of a store, as the server tells of it."""
    return {"label": label, "choices": None, "min": None, "max": None, **told}


# What a deployment in an account tells; a LISA on one machine makes databases of one size.
MADE: Final[dict[str, Any]] = {
    "kinds": [
        {
            "kind": "pgvector",
            "serverless": False,
            "made": True,
            "options": {
                "class": option("Instance class", default="small", choices=["small"]),
                "storage": option("Storage in GB", default=50, min=20, max=1000),
            },
        },
        {
            "kind": "opensearch",
            "serverless": True,
            "made": True,
            "options": {"standby": option("Standby replicas", default=True)},
        },
    ]
}


class Shelf:
    """The default collection, past the pages."""

    def __init__(self, page: Page, base_url: str, folder: Path) -> None:
        self.page, self.headers = page, {"origin": base_url}
        self.name = f"handbook-{uuid4().hex[:6]}.txt"
        self.file = folder / self.name
        self.file.write_text(HANDBOOK)

    def upload(self) -> None:
        """Upload the handbook at the open page of its collection, and wait until it is ready."""
        button = self.page.get_by_role("button", name="Upload files")
        with self.page.expect_file_chooser() as choosing:
            press(button)
        choosing.value.set_files(self.file)
        expect(self.row.get_by_text("Ready", exact=True)).to_be_visible(timeout=A_WHILE)

    @property
    def row(self) -> Locator:
        documents = self.page.get_by_role("list", name="Documents")
        return documents.get_by_role("listitem").filter(has_text=self.name)

    def clear(self) -> None:
        place = "/api/repositories/local/collections/default/documents"
        listed = self.page.request.get(f"{place}?name={self.name}").json()
        ids = [each["documentId"] for each in listed["documents"]]
        if ids:
            body = {"documentIds": ids}
            self.page.request.post(f"{place}/removal", data=body, headers=self.headers)


@pytest.fixture
def shelf(signed_in: Page, base_url: str, tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(signed_in, base_url, tmp_path)
    yield shelf
    shelf.clear()


def choose_default(page: Page) -> None:
    """Let the open session search the default collection."""
    press(page.get_by_role("button", name="Collections"))
    dialog = page.get_by_role("dialog", name="Collections in this session")
    press(dialog.get_by_role("checkbox", name="Default"), "Space")
    press(dialog.get_by_role("button", name="Done"))
    expect(page.get_by_role("button", name="Collections: 1 collection")).to_be_visible()


def ask(page: Page) -> Locator:
    """Ask about the handbook; return the marker of what the answer rests on."""
    tab_to(page.get_by_role("textbox", name="Message", exact=True))
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    marker = page.get_by_role("button", name="Source 1", exact=True).first
    expect(marker).to_be_visible(timeout=A_WHILE)
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible(timeout=A_WHILE)
    return marker


def test_a_file_is_uploaded_found_and_quoted_by_keyboard(signed_in: Page, shelf: Shelf) -> None:
    page = signed_in
    press(page.get_by_role("link", name="Knowledge", exact=True))
    press(page.get_by_role("list", name="Collections").get_by_role("link", name="Default"))
    shelf.upload()

    press(page.get_by_role("link", name="Search", exact=True).last)
    tab_to(page.get_by_label("Question", exact=True))
    page.keyboard.type(ASKED)
    press(page.get_by_role("button", name="Search", exact=True))
    first = page.get_by_role("list", name="Passages found").get_by_role("listitem").first
    expect(first).to_contain_text(SAID, timeout=A_WHILE)
    expect(first.get_by_text("rank 1").first).to_be_visible()
    opener = page.get_by_role("button", name=f"Open {shelf.name} at this passage").first
    press(opener)
    panel = page.get_by_role("dialog", name=shelf.name)
    expect(panel.locator("[aria-current]")).to_contain_text(SAID)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert is_focused(opener)

    page.goto("/sessions")
    press(page.get_by_role("button", name="New session"))
    choose_default(page)
    press(ask(page))
    panel = page.get_by_role("dialog", name=shelf.name)
    expect(panel.locator("mark")).to_contain_text(SAID)
    press(panel.get_by_role("link", name="Open in its collection"))
    expect(page.get_by_role("dialog", name=shelf.name).locator("[aria-current]")).to_contain_text(
        SAID, timeout=A_WHILE
    )


def test_tags_and_facts_are_said_at_upload_and_searched_by(signed_in: Page, shelf: Shelf) -> None:
    page = signed_in
    page.goto(DEFAULT)
    page.get_by_text("Tags and facts for the files you upload next").click()
    tab_to(page.get_by_label("Tags"))
    page.keyboard.type("people")
    tab_to(page.get_by_label("Facts"))
    page.keyboard.type(f"year: 2024\nbook: {shelf.name}")
    shelf.upload()
    expect(shelf.row).to_contain_text("people")
    expect(shelf.row).to_contain_text("2024")
    page.goto("/knowledge/search")
    page.get_by_label("Question", exact=True).fill(ASKED)
    wanted = {"type": "eq", "key": "book", "value": shelf.name}
    page.get_by_label("Only documents that").fill(json.dumps(wanted))
    press(page.get_by_role("button", name="Search", exact=True))
    found = page.get_by_role("list", name="Passages found").get_by_role("listitem")
    expect(found.first).to_contain_text(shelf.name, timeout=A_WHILE)
    wanted["value"] = "another"
    page.get_by_label("Only documents that").fill(json.dumps(wanted))
    press(page.get_by_role("button", name="Search", exact=True))
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible(timeout=A_WHILE)


def test_a_store_that_can_be_made_is_sized_without_barriers(signed_in: Page) -> None:
    page = signed_in
    page.route("**/api/repositories/store-kinds", lambda route: route.fulfill(json=MADE))
    page.goto("/knowledge/new-repository")
    where = page.get_by_label("Where passages are kept")
    expect(where.get_by_role("option", name="In a store that LISA makes")).to_be_attached()
    where.select_option("made")
    expect(page.get_by_label("Storage in GB")).to_have_value("50")
    look(page)
    page.get_by_label("Kind of store").select_option(label="OpenSearch Serverless")
    expect(page.get_by_label("Standby replicas")).to_have_value("true")
    where.select_option("there")
    expect(page.get_by_label("Address")).to_be_visible()
    look(page)


def test_the_pages_about_knowledge_have_no_barriers(signed_in: Page, shelf: Shelf) -> None:
    page = signed_in
    page.goto(DEFAULT)
    shelf.upload()
    look(page)
    press(shelf.row.get_by_role("button", name="Actions for"))
    page.get_by_role("menuitem", name="Preview").click()
    page.get_by_role("list", name="Passages").wait_for()
    look(page)
    for address, seen in (
        ("/knowledge", page.get_by_role("list", name="Collections")),
        ("/knowledge/search", page.get_by_label("Question", exact=True)),
        ("/knowledge/repositories", page.get_by_role("list", name="Repositories")),
        ("/knowledge/repositories/local", page.get_by_text("There is none yet.")),
        ("/knowledge/repositories/local/edit", page.get_by_role("button", name="Save")),
        ("/knowledge/new-repository", page.get_by_role("button", name="Next")),
    ):
        page.goto(address)
        seen.wait_for()
        look(page)
    page.goto("/knowledge/search")
    page.get_by_label("Question", exact=True).fill(ASKED)
    press(page.get_by_role("button", name="Search", exact=True))
    page.get_by_role("list", name="Passages found").get_by_role("listitem").first.wait_for()
    look(page)


def test_what_knowledge_opens_over_a_page_has_no_barriers(signed_in: Page, shelf: Shelf) -> None:
    page = signed_in
    page.goto("/knowledge")
    press(page.get_by_role("button", name="New collection"))
    page.get_by_role("dialog", name="New collection").wait_for()
    page.get_by_label("Cut documents in another way").check()
    look(page)
    page.goto("/knowledge/repositories/local")
    press(page.get_by_role("button", name="Add pipeline"))
    page.get_by_label("It looks").select_option("schedule")
    look(page)
    page.goto(DEFAULT)
    shelf.upload()
    page.goto("/sessions")
    press(page.get_by_role("button", name="New session"))
    press(page.get_by_role("button", name="Collections"))
    page.get_by_role("checkbox", name="Default").wait_for()
    look(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.keyboard.press("Escape")
    choose_default(page)
    marker = ask(page)
    look(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    press(marker)
    page.get_by_role("dialog", name=shelf.name).wait_for()
    assert barriers(page) == []
    assert not overflows(page)
    look(page)
