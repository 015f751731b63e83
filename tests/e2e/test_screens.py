"""Every screen, in both themes and at the widths people have: no barriers, nothing cut off."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.hands import barriers, choose, overflows, press

WIDTHS = (320, 768, 1280)


def look(page: Page, widths: Sequence[int] = WIDTHS) -> None:
    """Look at what is on the screen now, at every width.

    On a page this tall nothing scrolls: what lies half below an edge would be called too small.
    """
    for width in widths:
        page.set_viewport_size({"width": width, "height": 2_400})
        assert barriers(page) == [], f"{page.url} at {width}"
        assert not overflows(page), f"{page.url} at {width}"


def test_the_way_in_has_no_barriers(page: Page) -> None:
    page.goto("/#sign-in=no-such-code")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)


def test_the_pages_have_no_barriers(signed_in: Page, base_url: str) -> None:
    page = signed_in
    look(page)
    for address, title in (("/nowhere", "Page not found"), ("/sessions/no", "Session not found")):
        page.goto(address)
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        look(page)

    page.goto("/sessions")
    press(page.get_by_role("button", name="New session"))
    field = page.get_by_role("textbox", name="Message")
    field.fill("A message with averyveryverylongword" + "withoutanybreak" * 20)
    field.press("Enter")
    expect(page.get_by_text("A message with").last).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()  # it was answered
    origin = {"origin": base_url}
    answer = page.request.post(
        f"/api{page.url.removeprefix(base_url)}/items",
        data={
            "items": [
                {"role": "assistant", "parts": [{"type": "output_text", "text": "An answer."}]},
                {"type": "function_call", "parts": [{"type": "function_call", "name": "look"}]},
            ]
        },
        headers=origin,
    )
    assert answer.status == 201, answer.text()
    page.reload()
    expect(page.get_by_text("An answer.")).to_be_visible()
    look(page)


def test_what_opens_over_a_page_has_no_barriers(signed_in: Page) -> None:
    page = signed_in
    press(page.get_by_role("button", name="New session"))
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    page.goto("/sessions")
    menu = page.get_by_role("button", name="Actions for")
    question = page.get_by_role("dialog")
    for action in ("Rename", "Move to project"):
        menu.click()
        item = page.get_by_role("menuitem", name=action)
        expect(item).to_be_visible()
        assert barriers(page) == []
        item.click()
        expect(question).to_be_visible()
        look(page)
        page.keyboard.press("Escape")
        expect(menu).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("button", name="Open navigation").click()
    expect(page.get_by_role("dialog", name="Navigation")).to_be_visible()
    assert barriers(page) == []


def test_the_pages_of_administrators_have_no_barriers(signed_in: Page) -> None:
    page = signed_in
    for address, seen in (
        ("/admin/tokens", page.get_by_role("list", name="API tokens")),
        ("/admin/users", page.get_by_role("button", name="New user")),
        ("/admin/configuration", page.get_by_label("Delete sessions")),
        ("/admin/audit", page.get_by_role("list", name="Audit")),
    ):
        page.goto(address)
        expect(seen).to_be_visible()
        look(page, (320, 1280))
    page.get_by_text("Details").first.click()
    look(page, (320,))


def test_the_questions_of_administrators_have_no_barriers(signed_in: Page) -> None:
    page = signed_in
    for address, button in (("/admin/tokens", "New token"), ("/admin/users", "New user")):
        page.goto(address)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog", name=button)).to_be_visible()
        look(page, (320, 1280))
        page.keyboard.press("Escape")
    choose(page, "As the system", "Account of")
    press(page.get_by_role("button", name="Account of"))
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    look(page, (1280,))


def test_a_failure_has_no_barriers_and_can_be_tried_again(signed_in: Page) -> None:
    page = signed_in

    def fail(route: Route) -> None:
        error = {"code": "unavailable", "message": "The database is away.", "next_step": "Wait."}
        route.fulfill(status=503, json={"error": error})

    page.route("**/api/sessions?*", fail)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The database is away.")
    look(page)
    page.unroute("**/api/sessions?*")
    press(page.get_by_role("button", name="Try again"))
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()


def test_the_skip_link_leads_past_the_navigation(signed_in: Page) -> None:
    signed_in.reload()
    signed_in.get_by_role("heading", name="No sessions yet").wait_for()
    press(signed_in.get_by_role("link", name="Skip to content"))
    signed_in.keyboard.press("Tab")
    expect(signed_in.get_by_role("button", name="Import")).to_be_focused()


@pytest.mark.parametrize("chosen", ["Light", "Dark"])
def test_a_chosen_theme_outlives_the_page(signed_in: Page, chosen: str) -> None:
    signed_in.emulate_media(color_scheme="dark" if chosen == "Light" else "light")
    choose(signed_in, chosen, "Account of")
    signed_in.reload()
    signed_in.get_by_role("heading", name="Sessions", exact=True).wait_for()
    scheme = signed_in.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert scheme == chosen.lower()
    assert barriers(signed_in) == []
