"""A person at the pages of the deployment: signs in, chats, and reloads in the middle."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.deploy.conftest import Account
from tests.deploy.gateways import MODEL, EngineProcess, running_engine, running_gateway
from tests.e2e.conftest import chromium
from tests.standins.aws_emulator.cognito import Person, UserPool

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys

ALL, HALF = 20, 10
SENTENCE, PIECES = "Hello, wörld 🌍!", 5  # what the engine says again and again
PATIENCE_MS = 120_000  # each function starts for its first calls, several times at once
# Before somebody signed in; of the emulator's login page; where no cookies are known.
MAY_FAIL = ("/me", "/favicon.ico", "/sign-out")


@pytest.fixture
def engine(account: Account, tmp_path: Path) -> Iterator[EngineProcess]:
    """Run the gateway with a model that stops halfway through its answer."""
    held = 1 + HALF * PIECES  # the first event says nothing yet
    with (
        running_engine(tokens=ALL * PIECES, pause=0.01, held=held) as engine,
        running_gateway(account, engine.url, tmp_path),
    ):
        yield engine


@contextmanager
def browser_on(account: Account) -> Iterator[Page]:
    """Open a browser to which the balancer's name leads to the emulator, as on AWS to the balancer.

    Not by the fixtures of pytest's plugin: their event loop would stay under later tests.
    """
    told = json.loads(httpx.get(f"{pages_of(account)}/config.json", timeout=60).content)
    balancer = urlsplit(told["gateway"]).hostname
    names = f"--host-resolver-rules=MAP {balancer} 127.0.0.1:{account.emulator.port}"
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        asked = urlsplit(message.location["url"]).path
        is_expected = message.text.startswith("Failed to load") and asked.endswith(MAY_FAIL)
        if message.type in {"error", "warning"} and not is_expected:
            complaints.append(message.text)

    with sync_playwright() as playwright, playwright.chromium.launch(**chromium(names)) as browser:
        page = browser.new_page(locale="en-US", reduced_motion="reduce")
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
        yield page
    assert complaints == []


def pages_of(account: Account) -> str:
    return f"{account.deployed.url}/ui"


def sign_in(page: Page, person: Person) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Username").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def conversation(page: Page) -> Locator:
    return page.get_by_role("list", name="Conversation")


def sees(page: Page, times: int) -> None:
    """Wait for the answer to be so long, and see that it is no longer."""
    expect(conversation(page)).to_contain_text(SENTENCE * times)
    # Not the inner text: what a long list has not measured yet is hidden for a moment.
    assert (conversation(page).text_content() or "").count(SENTENCE) == times


def test_an_answer_goes_on_through_a_reload(account: Account, engine: EngineProcess) -> None:
    pool = UserPool(account.emulator)
    pool.let_return_to(f"{pages_of(account)}/index.html")
    person = pool.add_person()
    expect.set_options(timeout=PATIENCE_MS)
    with browser_on(account) as page:
        page.goto(f"{pages_of(account)}/index.html")
        sign_in(page, person)
        page.get_by_role("main").get_by_role("button", name="New session").click()
        expect(page.get_by_label("Model", exact=True)).to_have_value(MODEL)
        page.get_by_role("textbox", name="Message", exact=True).fill("Go on whatever happens")
        page.keyboard.press("Enter")
        sees(page, HALF)
        page.reload()
        sees(page, HALF)
        expect(button(page, "Stop")).to_be_visible()
        engine.go_on()
        expect(button(page, "Send")).to_be_visible()
        sees(page, ALL)
        page.reload()
        sees(page, ALL)
        session = page.url.rpartition("/sessions/")[2]
        sign_out(page)
    token = pool.sign_in(person)["access_token"]
    assert said_in(account, token, session) == [("user", 0), ("assistant", ALL)]


def said_in(account: Account, token: str, session: str) -> list[tuple[str, int]]:
    """Tell who said the sentence how often, as the session keeps it."""
    answer = httpx.get(
        f"{account.deployed.url}/sessions/{session}/items",
        headers={"authorization": f"Bearer {token}"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    return [
        (item["role"], item["parts"][0]["text"].count(SENTENCE)) for item in answer.json()["items"]
    ]
