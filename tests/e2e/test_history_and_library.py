"""The journeys around a chat: its history, projects, search, prompts, tool servers, palette."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Lisa
from tests.e2e.hands import barriers, choose, is_focused, overflows, press, tab_to
from tests.standins.tool_server.server import tool_server

WIDTHS = (320, 768, 1280)


class Told:
    """What another program of the same person does."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.headers = page, {"origin": base_url}

    def post(self, path: str, body: object) -> dict[str, Any]:
        answer = self.page.request.post(f"/api{path}", data=body, headers=self.headers)
        assert answer.ok, answer.text()
        found: dict[str, Any] = answer.json()
        return found

    def session(self, name: str, *said: str) -> str:
        made = self.post("/sessions", {"name": name})
        items = [{"role": "user", "parts": [{"type": "input_text", "text": each}]} for each in said]
        if items:
            self.post(f"/sessions/{made['id']}/items", {"items": items})
        return str(made["id"])

    def forget_everything(self) -> None:
        call = self.page.request
        assert call.delete("/api/sessions", headers=self.headers).ok
        for plural in ("projects", "prompts", "tool-servers"):
            for each in call.get(f"/api/{plural}").json()["items"]:
                assert call.delete(f"/api/{plural}/{each['id']}", headers=self.headers).ok


@pytest.fixture(scope="module")
def cookies(lisa: Lisa, browser: Browser) -> list[Any]:
    """Sign in once, which takes longer than most of these journeys."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(lisa.link())
    page.get_by_role("heading", name="Welcome to LISA").wait_for()
    kept: list[Any] = context.cookies()
    context.close()
    return kept


@pytest.fixture
def told(page: Page, base_url: str, cookies: list[Any]) -> Iterator[Told]:
    """Give somebody who is signed in and has nothing yet, and leave nothing of theirs."""
    page.context.add_cookies(cookies)
    told = Told(page, base_url)
    told.forget_everything()
    yield told
    told.forget_everything()


@pytest.fixture
def standin() -> Iterator[str]:
    with tool_server() as url:
        yield url


def history(page: Page) -> Locator:
    return page.get_by_role("region", name="History").first


def rows(page: Page) -> list[str]:
    return history(page).locator("a[data-row]").all_inner_texts()


def look(page: Page) -> None:
    """Look at what is on the screen now: both themes, and every width."""
    assert barriers(page) == [], page.url
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not overflows(page), f"{page.url} at {width}"


def test_the_history_is_used_by_keyboard_alone(told: Told) -> None:
    page = told.page
    told.session("About whales", "How heavy is a whale?")
    told.session("About ships", "How long is a ship?")
    page.goto("/usage")
    expect(history(page).get_by_role("link", name="About ships")).to_be_visible()
    assert rows(page) == ["About ships", "About whales"]

    press(page.get_by_role("link", name="Skip to the history"))
    tab_to(history(page).get_by_role("link", name="About ships"))
    page.keyboard.press("ArrowDown")
    assert is_focused(history(page).get_by_role("link", name="About whales"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("textbox", name="Name"))
    page.keyboard.press("Control+A")
    page.keyboard.type("About the sea")
    page.keyboard.press("Enter")
    expect(history(page).get_by_role("link", name="About the sea")).to_be_visible()

    choose(page, "Move to project", "More about About the sea")
    tab_to(page.get_by_role("radio", name="In no project"))
    page.keyboard.press("ArrowDown")
    tab_to(page.get_by_role("textbox", name="Name of the new project"))
    page.keyboard.type("Water")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“About the sea” is in “Water” now.")).to_be_visible()
    assert rows(page) == ["About ships"]
    press(history(page).get_by_role("button", name="Water", exact=True))
    expect(history(page).get_by_role("link", name="About the sea")).to_be_visible()


def test_deleting_can_be_undone_by_keyboard_alone(told: Told) -> None:
    page = told.page
    told.session("About whales")
    told.session("About ships")
    page.goto("/usage")
    expect(history(page).get_by_role("link", name="About ships")).to_be_visible()
    choose(page, "Delete", "More about About ships")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    assert rows(page) == ["About whales"]
    page.keyboard.press("Enter")
    expect(history(page).get_by_role("link", name="About ships")).to_be_visible()

    choose(page, "Delete", "More about About ships")
    expect(undo).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(undo).to_have_count(0)
    page.reload()
    expect(history(page).get_by_role("link", name="About whales")).to_be_visible()
    assert rows(page) == ["About whales"]


def test_who_closes_the_page_has_deleted(told: Told) -> None:
    page = told.page
    kept, lost = told.session("Kept"), told.session("Lost")
    page.goto("/usage")
    history(page).get_by_role("link", name="Lost").hover()
    choose(page, "Delete", "More about Lost")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert page.request.get(f"/api/sessions/{lost}").ok
    page.goto("/usage")
    expect(history(page).get_by_role("link", name="Kept")).to_be_visible()
    assert page.request.get(f"/api/sessions/{kept}").ok
    assert page.request.get(f"/api/sessions/{lost}").status == 404


def test_a_search_leads_to_the_message(told: Told) -> None:
    page = told.page
    found = told.session("Animals", "A blue whale weighs 150 tons.", "A mouse weighs 20 grams.")
    told.session("Machines", "A ship weighs a lot more.")
    page.goto("/usage")
    tab_to(page.get_by_role("searchbox", name="Search sessions"))
    page.keyboard.type("whale")
    results = page.get_by_role("region", name="Search results")
    expect(results.get_by_role("listitem")).to_have_count(1)
    expect(results.locator("mark")).to_have_text("whale")
    look(page)
    press(results.get_by_role("link", name="150 tons"))
    expect(page.get_by_role("heading", name="Animals", level=1)).to_be_visible()
    assert f"/sessions/{found}?item=" in page.url
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Command or session")).to_be_focused()
    page.keyboard.type("ship weighs")
    expect(page.get_by_role("option", name="Machines")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Machines", level=1)).to_be_visible()


def test_a_session_is_dragged_onto_a_project(told: Told) -> None:
    page = told.page
    told.post("/projects", {"name": "Water"})
    told.session("About whales")
    page.goto("/usage")
    whales = history(page).get_by_role("link", name="About whales")
    water = history(page).get_by_role("button", name="Water", exact=True)
    whales.drag_to(water)
    expect(page.get_by_text("“About whales” is in “Water” now.")).to_be_visible()
    water.click()
    expect(whales).to_be_visible()


def test_a_long_history_draws_only_what_is_near(told: Told) -> None:
    page = told.page
    for number in range(70):
        told.session(f"Session {number:03}")
    page.goto("/sessions")
    list_of = page.get_by_role("main").locator("a[data-row]")
    expect(list_of.first).to_contain_text("Session 069")
    expect(list_of.nth(40)).to_have_count(0)
    more = page.get_by_role("button", name="Show more")
    for _ in range(20):
        page.mouse.wheel(0, 4_000)
        if page.get_by_role("link", name="Session 000").count() and not more.count():
            break
        page.wait_for_timeout(100)
    expect(page.get_by_role("link", name="Session 000")).to_be_visible()
    expect(list_of.nth(40)).to_have_count(0)


def test_an_exported_session_comes_back(told: Told) -> None:
    page = told.page
    told.session("About whales", "How heavy is a whale?")
    page.goto("/sessions")
    with page.expect_download() as download:
        choose(page, "Export as JSON")
    with page.expect_file_chooser() as chooser:
        press(page.get_by_role("button", name="Import"))
    chooser.value.set_files(download.value.path())
    expect(page.get_by_text("Imported “About whales”.")).to_be_visible()
    page.goto("/sessions")
    links = page.get_by_role("main").get_by_role("link", name="About whales")
    expect(links).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Actions for").first.click()
        page.get_by_role("menuitem", name="Export as zip").click()
    assert download.value.suggested_filename.endswith(".zip")
    assert download.value.path().read_bytes().startswith(b"PK")


def write_prompt(page: Page) -> None:
    page.goto("/prompts")
    expect(page.get_by_role("heading", name="No prompts yet")).to_be_visible()
    press(page.get_by_role("button", name="New prompt"))
    tab_to(page.get_by_role("textbox", name="Title"))
    page.keyboard.type("Pirate")
    tab_to(page.get_by_role("textbox", name="Text"))
    page.keyboard.type("Speak like a pirate.")
    look(page)
    press(page.get_by_role("button", name="Add prompt"))
    expect(page.get_by_role("heading", name="Pirate")).to_be_visible()


def test_a_prompt_is_written_changed_shared_and_used_by_keyboard_alone(told: Told) -> None:
    page = told.page
    write_prompt(page)

    choose(page, "Edit")
    tab_to(page.get_by_role("textbox", name="Text"))
    page.keyboard.press("Control+End")
    page.keyboard.type(" Arr!")
    tab_to(page.get_by_role("combobox", name="Who may use it"))
    page.keyboard.press("End")
    press(page.get_by_role("button", name="Save as a new version"))
    expect(page.get_by_text("“Pirate” is at version 2 now.")).to_be_visible()
    expect(page.get_by_text("Everybody", exact=True)).to_be_visible()
    look(page)

    choose(page, "Versions")
    versions = page.get_by_role("list", name="Versions")
    expect(versions.get_by_role("listitem")).to_have_count(2)
    look(page)
    press(page.get_by_role("button", name="Make it the newest"))
    expect(versions.get_by_role("heading", name="Version 3")).to_be_visible()
    page.keyboard.press("Escape")

    press(page.get_by_role("button", name="Use in a new session"))
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    session_id = page.url.rpartition("/")[2]
    kept = page.request.get(f"/api/sessions/{session_id}").json()["configuration"]
    assert kept["persona"]["body"] == "Speak like a pirate."

    page.goto("/prompts")
    choose(page, "Delete")
    press(page.get_by_role("alertdialog").get_by_role("button", name="Delete"))
    expect(page.get_by_role("heading", name="No prompts yet")).to_be_visible()


def test_a_directive_waits_in_the_field_to_be_sent(told: Told) -> None:
    page = told.page
    told.post("/prompts", {"title": "Shorten", "type": "directive", "body": "Make it shorter."})
    page.goto("/prompts")
    press(page.get_by_role("button", name="Use in a new session"))
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Make it shorter.")


def test_a_tool_server_is_added_tried_and_removed(told: Told, standin: str) -> None:
    page = told.page
    page.goto("/tools")
    expect(page.get_by_role("heading", name="No tool servers yet")).to_be_visible()
    look(page)
    press(page.get_by_role("link", name="Add tool server"))
    for label, typed in (("Name", "Stand-in"), ("Address", standin)):
        tab_to(page.get_by_role("textbox", name=label))
        page.keyboard.type(typed)
    press(page.get_by_role("button", name="Add credential"))
    tab_to(page.get_by_role("textbox", name="Header of credential 1"))
    page.keyboard.type("X-Key")
    tab_to(page.get_by_label("Secret 1"))
    page.keyboard.type("very-secret")
    look(page)
    press(page.get_by_role("button", name="Add tool server"))
    expect(page.get_by_role("heading", name="Stand-in")).to_be_visible()

    choose(page, "Test")
    expect(page.get_by_text("It answers")).to_be_visible()
    press(page.get_by_role("checkbox", name="Use it in my sessions"), "Space")
    press(page.get_by_role("button", name="Choose tools"))
    first = page.get_by_role("list", name="Tools of Stand-in").get_by_role("combobox").first
    tab_to(first)
    page.keyboard.press("ArrowDown")
    expect(first).to_have_value("run")
    look(page)
    page.reload()
    press(page.get_by_role("button", name="Choose tools"))
    expect(first).to_have_value("run")

    choose(page, "Edit")
    expect(page.get_by_label("Secret 1")).to_have_value("")
    assert "very-secret" not in page.content()
    page.goto("/tools")
    choose(page, "Remove")
    press(page.get_by_role("alertdialog").get_by_role("button", name="Remove"))
    expect(page.get_by_role("heading", name="No tool servers yet")).to_be_visible()


def test_the_palette_and_the_sheet_of_keys_do_everything_by_keyboard(told: Told) -> None:
    page = told.page
    page.goto("/usage")
    expect(page.get_by_role("heading", name="Usage", level=1)).to_be_visible()
    palette = page.get_by_role("combobox", name="Command or session")
    page.keyboard.press("Control+k")
    expect(palette).to_be_focused()
    look(page)
    page.keyboard.type("prom")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Prompts", level=1)).to_be_visible()

    page.keyboard.press("Control+k")
    expect(palette).to_be_focused()
    page.keyboard.type("dark")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate("localStorage.removeItem('lisa.theme')")

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    look(page)
    press(sheet.get_by_role("checkbox"), "Space")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(sheet).to_have_count(0)
    page.keyboard.press("Control+/")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("Control+Shift+O")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def test_home_says_what_can_be_done_next(told: Told) -> None:
    page = told.page
    told.session("About whales", "How heavy is a whale?")
    page.goto("/")
    expect(page.get_by_role("heading", name="Welcome to LISA")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="About whales")).to_be_visible()
    look(page)
    press(page.get_by_role("main").get_by_role("link", name="Add a"))
    expect(page.get_by_role("heading", name="Add model")).to_be_visible()
