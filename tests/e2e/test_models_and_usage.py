"""Journeys at the browser: models added, tried, changed and removed; usage and playground."""

import re
from collections.abc import Iterator
from typing import Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import choose, press, tab_to
from tests.e2e.test_screens import look
from tests.standins.model_server.server import ModelServer, model_server

DEMO: Final = "demo-extractive"


@pytest.fixture
def upstream() -> Iterator[ModelServer]:
    with model_server() as standing:
        yield standing


@pytest.fixture
def name() -> str:
    return f"model-{uuid4().hex[:8]}"


@pytest.fixture
def models(signed_in: Page, name: str, base_url: str) -> Iterator[Page]:
    """Give the page of models, and take away what the journey leaves behind."""
    press(signed_in.get_by_role("button", name="Administration"))
    press(signed_in.get_by_role("link", name="Models", exact=True))
    signed_in.get_by_role("heading", name="Models", exact=True).wait_for()
    yield signed_in
    signed_in.request.delete(f"/api/models/{name}", headers={"origin": base_url})


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def test_a_hosted_model_is_tried_added_changed_and_removed_by_keyboard(
    models: Page, name: str, upstream: ModelServer
) -> None:
    page = models
    press(page.get_by_role("link", name="Add model"))
    fill(page, "Name", name)
    fill(page, "URL", upstream.url)
    fill(page, "Name of the model there", "no-such-model")
    page.get_by_label("Key", exact=True).select_option("typed")
    fill(page, "The key", "sk-of-a-test")
    press(page.get_by_role("button", name="Test connection"))
    expect(page.get_by_text("✗ main didn't answer:")).to_contain_text("no-such-model")

    page.get_by_label("Name of the model there").fill("llama")
    press(page.get_by_role("button", name="Test connection"))
    expect(page.get_by_text("✓ main answered in")).to_be_visible()
    assert upstream.asked[-1].headers["authorization"] == "Bearer sk-of-a-test"
    press(page.get_by_role("button", name="Add model"))
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))
    expect(row).to_contain_text(upstream.url)

    choose(page, "Test connection", f"Actions for {name}")
    expect(row.get_by_text("✓ main answered in")).to_be_visible()
    choose(page, "Edit", f"Actions for {name}")
    expect(page.get_by_label("Reference of the key")).not_to_have_value("")
    fill(page, "Groups", "team")
    press(page.get_by_role("button", name="Save"))
    expect(row).to_contain_text("team")

    choose(page, "Remove", f"Actions for {name}")
    press(page.get_by_role("alertdialog").get_by_role("button", name="Remove"))
    expect(row).to_have_count(0)


def test_who_was_faster_is_shown_and_both_changes_stay(
    models: Page, name: str, upstream: ModelServer, base_url: str
) -> None:
    page = models
    place = {"kind": "openai", "url": upstream.url, "target": "llama"}
    headers = {"origin": base_url}
    made = page.request.post(
        "/api/models", data={"modelId": name, "upstreams": [place]}, headers=headers
    )
    assert made.ok, made.text()
    page.goto(f"/admin/models/edit?id={name}")
    fill(page, "Description", "Ours")
    theirs = {"allowedGroups": ["team"]}
    changed = page.request.put(f"/api/models/{name}", data=theirs, headers=headers)
    assert changed.ok, changed.text()
    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("alert")).to_contain_text("allowedGroups")
    press(page.get_by_role("button", name="Put my changes on top"))
    page.get_by_role("list", name="Models").wait_for()
    now = page.request.get(f"/api/models/{name}").json()["model"]
    assert (now["modelDescription"], now["allowedGroups"]) == ("Ours", ["team"])


def test_the_pages_about_models_have_no_barriers(
    models: Page, name: str, upstream: ModelServer
) -> None:
    page = models
    press(page.get_by_role("link", name="Add model"))
    fill(page, "Name", name)
    fill(page, "URL", upstream.url)
    for folded in ("Prices", "Limits", "Fallbacks and timeouts"):
        page.get_by_text(folded, exact=True).click()
    press(page.get_by_role("button", name="Add another upstream"))
    press(page.get_by_role("button", name="Test connection"))
    expect(page.get_by_role("alert").or_(page.get_by_text("✗"))).to_be_visible()
    look(page, (320, 1280))
    press(page.get_by_role("button", name="Remove upstream 2"))
    press(page.get_by_role("button", name="Add model"))
    page.get_by_role("heading", name=name).wait_for()
    look(page, (320, 1280))


def ask(page: Page, said: str) -> None:
    """Ask the built-in model, which quotes what it is sent."""
    press(page.get_by_role("link", name="Playground", exact=True))
    page.get_by_label("Model").first.select_option(DEMO)
    fill(page, "Your message", said)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Answer").get_by_text("In all")).to_be_visible()


def test_a_model_is_tried_by_keyboard_and_the_call_stands_in_the_usage(signed_in: Page) -> None:
    page = signed_in
    ask(page, "The moon is made of <b>rock</b>. What is the moon made of?")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("rock")
    expect(answer.locator("b")).to_have_count(0)
    expect(answer).to_contain_text("written")
    expect(page.get_by_role("textbox", name="With curl")).to_have_value(re.compile(DEMO))

    press(page.get_by_role("link", name="Usage", exact=True))
    totals = page.get_by_role("region", name="In all")
    for _ in range(10):  # calls are counted in batches
        press(page.get_by_role("button", name="Refresh"))
        page.wait_for_load_state("networkidle")
        if totals.is_visible():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_role("table", name="By model")).to_contain_text(DEMO)
    expect(page.get_by_role("list", name="Calls")).to_contain_text(DEMO)
    with page.expect_download() as download:
        press(page.get_by_role("button", name="Download as CSV"))
    assert DEMO in download.value.path().read_text()


def test_a_text_becomes_a_vector(signed_in: Page) -> None:
    page = signed_in
    press(page.get_by_role("link", name="Playground", exact=True))
    tab_to(page.get_by_role("tab", name="Chat"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    fill(page, "Text", "The moon")
    press(page.get_by_role("button", name="Embed", exact=True))
    expect(page.get_by_role("region", name="Vector")).to_contain_text("384")


def test_usage_and_playground_have_no_barriers(signed_in: Page) -> None:
    page = signed_in
    ask(page, "The sea is deep. How is the sea?")
    look(page, (320, 1280))
    page.get_by_role("tab", name="Embeddings").click()
    look(page, (320, 1280))
    press(page.get_by_role("link", name="Usage", exact=True))
    page.get_by_role("heading", name="Usage", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    look(page, (320, 1280))
    page.get_by_text("The same as a table").click()
    page.get_by_label("Time", exact=True).select_option("quarter")
    page.wait_for_load_state("networkidle")
    look(page, (320, 1280))
