"""Journeys to a store of one's own, and from the composer into a collection that is asked."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from local.postgres import EmbeddedPostgres
from tests.e2e.conftest import Lisa
from tests.e2e.hands import pick, press, tab_to
from tests.e2e.test_knowledge import A_WHILE, ASKED, SAID, Shelf, ask, shelf
from tests.e2e.test_screens import look

__all__ = ["shelf"]  # a fixture
WIDTHS = (390, 768, 1280)


@pytest.fixture
def own(signed_in: Page, base_url: str) -> Iterator[str]:
    """Name a repository or collection that nobody has yet, and delete it at the end."""
    name = f"own-{uuid4().hex[:6]}"
    yield name
    headers, repositories = {"origin": base_url}, "/api/repositories"
    signed_in.request.delete(f"{repositories}/{name}", headers=headers)
    listed = signed_in.request.get(f"{repositories}/local/collections").json()["collections"]
    for each in listed:
        if each["name"] == name:
            address = f"{repositories}/local/collections/{each['collectionId']}"
            signed_in.request.delete(address, headers=headers)


def databases(lisa: Lisa) -> set[str]:
    with psycopg.connect(EmbeddedPostgres(lisa.home).conninfo) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def made_by_the_wizard(page: Page, name: str) -> None:
    """Go through all its steps by keyboard."""
    press(page.get_by_role("link", name="New repository"))
    tab_to(page.get_by_label("Id", exact=True))
    page.keyboard.type(name)
    tab_to(page.get_by_label("Name", exact=True))
    page.keyboard.type(name)
    pick(page.get_by_label("Where passages are kept"), "In a store")
    expect(page.get_by_label("Where passages are kept")).to_have_value("made")
    for step in ("Embedding", "Passages", "Access", "Review"):
        press(page.get_by_role("button", name="Next"))
        expect(page.get_by_role("heading", name=step)).to_be_focused()
        expect(page.locator("[aria-current=step]")).to_have_text(step)
        if step == "Embedding":
            pick(page.get_by_label("Embedding model"), "all-minilm")
    expect(page.get_by_role("region", name="What will be made")).to_contain_text(name)
    press(page.get_by_role("button", name="Make repository"))
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def collection_made(page: Page, name: str, repository: str = "") -> None:
    """Make a private collection on the page of collections."""
    press(page.get_by_role("button", name="New collection"))
    dialog = page.get_by_role("dialog", name="New collection")
    if repository:
        pick(dialog.get_by_label("Repository", exact=True), repository)
    tab_to(dialog.get_by_label("Name"))
    page.keyboard.type(name)
    press(dialog.get_by_role("button", name="Make collection"))
    expect(dialog).to_be_hidden()


def test_a_store_is_made_filled_searched_and_deleted_by_keyboard(
    signed_in: Page, lisa: Lisa, shelf: Shelf, own: str
) -> None:
    page, before = signed_in, databases(lisa)
    page.goto("/knowledge/repositories")
    made_by_the_wizard(page, own)
    expect(page.get_by_text("Ready", exact=True)).to_be_visible(timeout=A_WHILE)
    assert len(databases(lisa) - before) == 1

    page.goto("/knowledge")
    collection_made(page, f"{own}-files", own)
    press(page.get_by_role("list", name="Collections").get_by_role("link", name=f"{own}-files"))
    shelf.upload()
    press(page.get_by_role("link", name="Search", exact=True).last)
    tab_to(page.get_by_label("Question", exact=True))
    page.keyboard.type(ASKED)
    press(page.get_by_role("button", name="Search", exact=True))
    found = page.get_by_role("list", name="Passages found").get_by_role("listitem")
    expect(found.first).to_contain_text(SAID, timeout=A_WHILE)

    page.goto(f"/knowledge/repositories/{own}")
    press(page.get_by_role("button", name="Delete…"))
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text(f"{own}-files")
    press(question.get_by_role("button", name="Delete"))
    repositories = page.get_by_role("list", name="Repositories")
    expect(repositories.get_by_role("link", name=own)).to_have_count(0, timeout=A_WHILE)
    while page.request.get(f"/api/repositories/{own}").status != 404:
        page.wait_for_timeout(200)  # its workflow goes on while the page is left
    assert databases(lisa) == before


def sent_from_the_composer(page: Page, shelf: Shelf, collection: str) -> Locator:
    """Put the handbook into a collection from a new session; return what tells how far it is."""
    page.goto("/sessions")
    press(page.get_by_role("button", name="New session"))
    press(page.get_by_role("button", name="Collections"))
    dialog = page.get_by_role("dialog", name="Collections in this session")
    into = dialog.get_by_label("Put files into")
    pick(into, collection)
    expect(into.locator("option:checked")).to_have_text(collection)
    with page.expect_file_chooser() as choosing:
        press(dialog.get_by_role("button", name="Upload…"))
    choosing.value.set_files(shelf.file)
    return page.get_by_role("list", name="On the way into a collection")


@pytest.mark.parametrize("whose", ["everybody's", "one's own"])
def test_a_file_from_the_composer_is_asked_about_and_cited(
    signed_in: Page, shelf: Shelf, own: str, whose: str
) -> None:
    page, collection = signed_in, "Default"
    if whose == "one's own":
        page.goto("/knowledge")
        collection = own
        collection_made(page, own)
    on_its_way = sent_from_the_composer(page, shelf, collection)
    expect(on_its_way).to_contain_text("Ready: ask about it", timeout=A_WHILE)
    expect(page.get_by_role("button", name="Collections: 1 collection")).to_be_visible()
    marker = ask(page)
    press(marker)
    panel = page.get_by_role("dialog", name=shelf.name)
    expect(panel.locator("mark")).to_contain_text(SAID)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()


def test_repositories_and_each_step_to_a_new_one_have_no_barriers(signed_in: Page) -> None:
    page = signed_in
    page.goto("/knowledge/repositories")
    page.get_by_role("list", name="Repositories").wait_for()
    look(page, WIDTHS)
    page.goto("/knowledge/new-repository")
    page.get_by_label("Id", exact=True).fill("a-name-of-20-letters")
    page.get_by_label("Name", exact=True).fill("Averyveryverylongname" * 4)
    page.get_by_label("Where passages are kept").select_option("made")
    look(page, WIDTHS)
    for step in ("Embedding", "Passages", "Access", "Review"):
        page.get_by_role("button", name="Next").click()
        page.get_by_role("heading", name=step).wait_for()
        look(page, WIDTHS)
