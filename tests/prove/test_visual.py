"""Every screen looks as it did, in both themes and at the widths people have."""

import re

import pytest
from playwright.sync_api import Page, Route
from pydantic import JsonValue

from tests.prove.pictures import complaints

WIDTHS = (390, 768, 1280)
MOMENT = re.compile(r'(?<="(?:created|updated)":")[^"]+')
ONE_MOMENT = "2026-01-02T15:04:00Z"
CONVERSATION: list[JsonValue] = [
    {"role": "user", "parts": [{"type": "input_text", "text": "What is a frame?"}]},
    {"role": "assistant", "parts": [{"type": "output_text", "text": "What holds the rest. " * 20}]},
    {"type": "function_call", "parts": [{"type": "function_call", "name": "look"}]},
    {"role": "user", "parts": [{"type": "input_text", "text": "And what holds it?\n\nNothing?"}]},
]


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, page: Page) -> str:
    page.emulate_media(color_scheme=request.param)
    return str(request.param)


def stop_time(page: Page) -> None:
    """Let everything the server tells of have happened at one moment."""

    def answer_with_one_moment(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=MOMENT.sub(ONE_MOMENT, answer.text()))

    page.route("**/api/sessions**", answer_with_one_moment)


def add_session(page: Page, origin: str, name: str, items: list[JsonValue]) -> str:
    """Add a session as another program of the same person would, and return its address."""
    headers = {"origin": origin}
    made = page.request.post("/api/sessions", data={"name": name}, headers=headers)
    assert made.status == 201, made.text()
    session_id = made.json()["id"]
    if items:
        added = page.request.post(
            f"/api/sessions/{session_id}/items", data={"items": items}, headers=headers
        )
        assert added.status == 201, added.text()
    return f"/sessions/{session_id}"


def differences(page: Page, screen: str, theme: str) -> list[str]:
    """Compare what is on the screen now, at every width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        picture = page.screenshot(animations="disabled", caret="hide", scale="css")
        found += complaints(f"{screen}-{theme}-{width}", picture)
    return found


def test_the_way_in_looks_as_it_did(page: Page, theme: str) -> None:
    page.goto("/")
    page.get_by_role("heading", name="Sign in").wait_for()
    assert differences(page, "sign-in", theme) == []


def test_an_empty_list_looks_as_it_did(signed_in: Page, theme: str) -> None:
    assert differences(signed_in, "no-sessions", theme) == []


def test_a_list_looks_as_it_did(signed_in: Page, theme: str, base_url: str) -> None:
    add_session(signed_in, base_url, "", [])
    add_session(signed_in, base_url, "", CONVERSATION[:1])
    add_session(signed_in, base_url, "A long name for a session about frames " * 4, CONVERSATION)
    stop_time(signed_in)
    signed_in.reload()
    signed_in.get_by_role("button", name="Actions for").nth(2).wait_for()
    assert differences(signed_in, "sessions", theme) == []


def test_a_session_looks_as_it_did(signed_in: Page, theme: str, base_url: str) -> None:
    address = add_session(signed_in, base_url, "About frames", CONVERSATION)
    stop_time(signed_in)
    signed_in.goto(address)
    signed_in.get_by_text("And what holds it?").wait_for()
    assert differences(signed_in, "session", theme) == []


def test_a_page_that_is_not_there_looks_as_it_did(signed_in: Page, theme: str) -> None:
    signed_in.goto("/nowhere")
    signed_in.get_by_role("heading", name="Page not found").wait_for()
    assert differences(signed_in, "not-found", theme) == []
