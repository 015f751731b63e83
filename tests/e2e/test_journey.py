"""The journeys of a person at the browser, over a real server and a real database."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Lisa
from tests.e2e.hands import choose, press, sign_out, tab_to


def conversation(page: Page) -> Locator:
    return page.get_by_role("list", name="Conversation")


def add_items(page: Page, session_id: str, count: int) -> None:
    """Add messages as another program of the same person would."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    for start in range(1, count + 1, 1000):
        numbers = range(start, min(start + 1000, count + 1))
        items = [
            {"role": "user", "parts": [{"type": "input_text", "text": f"Message {number}."}]}
            for number in numbers
        ]
        answer = page.request.post(
            f"/api/sessions/{session_id}/items", data={"items": items}, headers={"origin": origin}
        )
        assert answer.status == 201, answer.text()


def test_a_session_lives_from_the_link_to_its_end_by_keyboard_alone(
    page: Page, lisa: Lisa, base_url: str
) -> None:
    page.goto(lisa.link())
    expect(page.get_by_role("heading", name="Welcome to LISA")).to_be_visible()
    page.request.delete("/api/sessions", headers={"origin": base_url})
    page.goto("/sessions")

    press(page.get_by_role("button", name="New session"))
    expect(page.get_by_label("Model", exact=True)).to_have_value("demo-extractive")
    tab_to(page.get_by_role("textbox", name="Message"))
    for message in ("What is a frame?", "What holds it?"):
        page.keyboard.type(message)
        page.keyboard.press("Enter")
        expect(conversation(page).get_by_text(message, exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Send")).to_be_visible()
    page.reload()
    expect(conversation(page).get_by_text("What holds it?", exact=True)).to_be_visible()

    choose(page, "Rename")
    tab_to(page.get_by_role("textbox", name="Name"))
    page.keyboard.press("Control+A")
    page.keyboard.type("About frames")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="About frames", level=1)).to_be_visible()
    expect(page).to_have_title("About frames · LISA")

    with page.expect_download() as download:
        choose(page, "Export as JSON")
    assert download.value.suggested_filename == "About-frames.json"
    exported = json.loads(download.value.path().read_text())
    asked = [item for item in exported["items"] if item["role"] == "user"]
    assert [item["parts"][0]["text"] for item in asked] == ["What is a frame?", "What holds it?"]
    assert len(exported["items"]) == 4
    with page.expect_download() as download:
        choose(page, "Export as Markdown")
    assert "What holds it?" in download.value.path().read_text()

    choose(page, "Delete")
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()


def test_a_link_opens_once_and_a_deep_link_survives_signing_in(page: Page, lisa: Lisa) -> None:
    link = lisa.link()
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome to LISA")).to_be_visible()
    sign_out(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("alert")).to_contain_text("You are not signed in.")
    assert "#" not in page.url
    page.goto("/nowhere")
    fresh = urlsplit(lisa.link()).fragment
    page.goto(f"/nowhere#{fresh}")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(signed_in: Page) -> None:
    cookies = signed_in.context.cookies()
    assert [(each["httpOnly"], each["sameSite"]) for each in cookies] == [(True, "Strict")]
    assert signed_in.evaluate("document.cookie") == ""


def test_a_long_session_is_exported_whole(signed_in: Page) -> None:
    page = signed_in
    press(page.get_by_role("button", name="New session").first)
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    add_items(page, page.url.rpartition("/")[2], 1_200)
    page.reload()
    expect(conversation(page).get_by_text("Message 1200.")).to_be_in_viewport()
    with page.expect_download() as download:
        choose(page, "Export as JSON")
    assert len(json.loads(download.value.path().read_text())["items"]) == 1_200


def test_two_tabs_lose_nothing(signed_in: Page) -> None:
    page = signed_in
    press(page.get_by_role("button", name="New session").first)
    expect(page.get_by_label("Model", exact=True)).to_have_value("demo-extractive")
    add_items(page, page.url.rpartition("/")[2], 1)
    field = page.get_by_role("textbox", name="Message")
    field.fill("From this tab.")
    field.press("Enter")
    expect(conversation(page).get_by_text("From this tab.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    page.reload()
    expect(conversation(page).get_by_text("From this tab.", exact=True)).to_be_visible()
    expect(conversation(page).get_by_text("Message 1.", exact=True)).to_be_visible()
