"""The journeys of an administrator at the browser: tokens, users, configuration, audit."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import APIRequestContext, Page, Playwright, expect

from tests.e2e.hands import choose, press, tab_to


@pytest.fixture
def program(playwright: Playwright, base_url: str) -> Iterator[APIRequestContext]:
    """Give a program without any cookie, which has nothing but the token it shows."""
    context = playwright.request.new_context(base_url=base_url)
    yield context
    context.dispose()


def status_with(program: APIRequestContext, token: str) -> int:
    answer = program.get("/api/me", headers={"authorization": f"Bearer {token}"})
    return answer.status


def test_a_token_is_made_used_rotated_and_revoked_by_keyboard_alone(
    signed_in: Page, program: APIRequestContext
) -> None:
    page, name = signed_in, f"report-{uuid4().hex[:8]}"
    press(page.get_by_role("button", name="Administration"))
    press(page.get_by_role("link", name="All tokens"))
    press(page.get_by_role("button", name="New token"))
    tab_to(page.get_by_role("textbox", name="Name"))
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    shown = page.get_by_role("textbox", name="Token", exact=True)
    secret = shown.input_value()
    assert secret in page.get_by_role("textbox", name="With curl").input_value()
    page.keyboard.press("Escape")
    expect(shown).to_be_visible()
    press(page.get_by_role("button", name="I have copied it"))
    assert status_with(program, secret) == 200

    tab_to(page.get_by_role("searchbox", name="Owner"))
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    choose(page, "Rotate")
    press(page.get_by_role("button", name="Rotate", exact=True))
    second = shown.input_value()
    press(page.get_by_role("button", name="I have copied it"))
    assert status_with(program, secret) == 200
    assert status_with(program, second) == 200

    choose(page, "Revoke")
    press(page.get_by_role("alertdialog").get_by_role("button", name="Revoke"))
    expect(page.get_by_text("Nobody with this name owns a token.")).to_be_visible()
    page.wait_for_timeout(1_000)  # revoked means refused within a second
    assert status_with(program, second) == 401


def test_a_change_of_the_configuration_is_seen_by_everybody_and_stands_in_the_history(
    signed_in: Page, base_url: str
) -> None:
    page, words = signed_in, f"Maintenance {uuid4().hex[:8]}"
    press(page.get_by_role("button", name="Administration"))
    press(page.get_by_role("link", name="Configuration"))
    press(page.get_by_label("Show the banner"), "Space")
    page.get_by_label("Text", exact=True).fill(words)
    page.get_by_label("Reason for the change").fill("A night's work")
    current = page.request.get("/api/configurations/current").json()
    elsewhere = current["configuration"] | {"maxProjectsPerUser": 7}
    changed = page.request.put(
        "/api/configurations/current",
        data={"version": current["version"], "configuration": elsewhere},
        headers={"origin": base_url},
    )
    assert changed.ok, changed.text()

    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("alert")).to_contain_text("maxProjectsPerUser")
    press(page.get_by_role("button", name="Put my changes on top"))
    press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("list", name="History")).to_contain_text("A night's work")
    page.goto("/sessions")
    expect(page.get_by_role("region", name="Banner")).to_have_text(words)
    newest = page.request.get("/api/configurations/current").json()
    assert newest["configuration"]["maxProjectsPerUser"] == 7
    restored = page.request.put(
        "/api/configurations/current",
        data={"version": newest["version"], "configuration": current["configuration"]},
        headers={"origin": base_url},
    )
    assert restored.ok, restored.text()


def test_the_audit_is_searched_and_taken_along(signed_in: Page) -> None:
    page, name = signed_in, f"audited-{uuid4().hex[:8]}"
    press(page.get_by_role("button", name="Administration"))
    press(page.get_by_role("link", name="Users"))
    press(page.get_by_role("button", name="New user"))
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(uuid4().hex)
    page.get_by_role("textbox", name="Groups").fill("team")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()

    press(page.get_by_role("link", name="Audit"))
    page.get_by_label("Kind").select_option("account")
    page.get_by_label("Action").select_option("create")
    press(page.get_by_role("button", name="Search", exact=True))
    found = page.get_by_role("list", name="Audit").get_by_role("listitem").first
    expect(found).to_contain_text("created account")
    found.get_by_text("Details").click()
    expect(found).to_contain_text(name)
    with page.expect_download() as download:
        press(page.get_by_role("button", name="Export as JSON Lines"))
    lines = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert name in {line["object_id"] for line in lines}
    assert {line["kind"] for line in lines} == {"account"}
