"""Signing in with a name and a password at the built-in provider, and what follows from it."""

from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from playwright.sync_api import APIRequestContext, Page, Playwright, expect

from lisa.usecases.authenticate import COOKIE_NAME
from tests.e2e.conftest import Lisa
from tests.e2e.hands import barriers, choose, overflows, press, sign_out


@dataclass(frozen=True)
class Person:
    """Somebody with an account of their own, in one group and without any role."""

    name: str
    password: str


@pytest.fixture
def person(playwright: Playwright, lisa: Lisa, base_url: str) -> Person:
    somebody = Person(f"ada-{uuid4().hex[:8]}", uuid4().hex)
    headers = {"authorization": f"Bearer {lisa.token}"}
    program: APIRequestContext = playwright.request.new_context(base_url=base_url)
    made = program.post(
        "/api/users",
        data={"name": somebody.name, "password": somebody.password, "groups": ["team"]},
        headers=headers,
    )
    assert made.status == 201, made.text()
    program.dispose()
    return somebody


def sign_in(page: Page, person: Person) -> None:
    press(page.get_by_role("button", name="Sign in"))
    fill_in(page, person)


def fill_in(page: Page, person: Person) -> None:
    page.get_by_label("Name").fill(person.name)
    page.get_by_label("Password").fill(person.password)
    page.keyboard.press("Enter")


def test_a_person_signs_in_comes_back_to_their_page_and_signs_out_everywhere(
    page: Page, person: Person
) -> None:
    page.goto("/tokens?from=elsewhere")
    sign_in(page, person)
    expect(page.get_by_role("heading", name="API tokens")).to_be_visible()
    assert page.url.endswith("/tokens?from=elsewhere")
    expect(page.get_by_role("link", name="Audit")).to_have_count(0)
    assert COOKIE_NAME not in {each.get("name") for each in page.context.cookies()}

    other = page.context.new_page()
    other.goto("/sessions")
    expect(other.get_by_role("heading", name="Sessions", exact=True)).to_be_visible()
    sign_out(page)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(other.get_by_role("alert")).to_contain_text("You were signed out.")
    page.goto("/tokens")
    press(page.get_by_role("button", name="Sign in"))
    expect(page.get_by_label("Password")).to_be_visible()


def test_tokens_are_renewed_once_however_many_tabs_need_them(page: Page, person: Person) -> None:
    page.goto("/sessions")
    sign_in(page, person)
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
    other = page.context.new_page()
    other.goto("/sessions")
    expect(other.get_by_role("heading", name="No sessions yet")).to_be_visible()
    renewals: list[str] = []
    for tab in (page, other):
        tab.on("request", lambda call: renewals.append(call.url) if "token" in call.url else None)
        tab.evaluate(ENDING_SOON)
    for tab in (page, other):
        tab.get_by_role("link", name="API tokens").click(no_wait_after=True)
    for tab in (page, other):
        expect(tab.get_by_role("heading", name="No tokens yet")).to_be_visible()
    assert len([url for url in renewals if url.endswith("/oidc/token")]) == 1


ENDING_SOON = """() => {
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith("lisa.user:"))) {
    const kept = JSON.parse(sessionStorage[key]);
    sessionStorage[key] = JSON.stringify({ ...kept, expires_at: Date.now() / 1000 + 20 });
  }
}"""


def test_an_ended_sign_in_keeps_what_was_not_sent(page: Page, person: Person, lisa: Lisa) -> None:
    page.goto("/sessions")
    sign_in(page, person)
    press(page.get_by_role("button", name="New session"))
    page.get_by_role("textbox", name="Message").fill("Not sent yet")
    off = page.request.patch(
        f"/api/users/{person.name}",
        data={"disabled": True},
        headers={"authorization": f"Bearer {lisa.token}"},
    )
    assert off.ok, off.text()
    page.wait_for_timeout(1_000)  # whoever is disabled is refused within a second
    page.get_by_role("textbox", name="Message").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You were signed out.")
    assert barriers(page) == []
    page.request.patch(
        f"/api/users/{person.name}",
        data={"disabled": False},
        headers={"authorization": f"Bearer {lisa.token}"},
    )
    page.wait_for_timeout(1_000)  # and whoever is enabled again is known within a second
    sign_in(page, person)
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Not sent yet")


def test_a_person_changes_their_password(page: Page, person: Person) -> None:
    page.goto("/sessions")
    sign_in(page, person)
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
    choose(page, "Change password", "Account of")
    expect(page.get_by_role("dialog", name="Change your password")).to_be_visible()
    assert barriers(page) == []
    another = uuid4().hex
    page.get_by_label("Present password").fill(person.password)
    page.get_by_label("New password").fill(another)
    page.keyboard.press("Enter")
    fill_in(page, replace(person, password=another))
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()


def test_the_way_in_says_why_it_is_closed_where_browsers_allow_no_safe_sign_in(page: Page) -> None:
    """Stands for a plain HTTP address: browsers leave out there what is left out here."""
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")
    expect(page.get_by_role("alert")).to_contain_text("LISA_PUBLIC_URL")
    assert barriers(page) == []
    assert not overflows(page)
