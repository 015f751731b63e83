"""A real LISA on this machine, and a browser that is watched while it uses it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from lisa.declared.home import CLI_TOKEN, postgres_place
from tests.e2e.chats import Chat, engine_process, model
from tests.e2e.public_api import is_call, is_public
from tests.standins.vllm import installed

ROOT = Path(__file__).parents[2]
MAY_REFUSE = ("/api/", "/v1/", "/oidc/token")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Lisa:
    """A local profile of its own, used by the `lisa` command as a newcomer would."""

    home: Path

    def command(self, *arguments: str) -> str:
        line = [sys.executable, "-m", "cli.main", *arguments, "--home", str(self.home)]
        done = subprocess.run(  # a start may take its minute, anything else is quick
            line, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, f"lisa {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def url(self) -> str:
        return str(json.loads(self.command("status", "--json"))["url"])

    @property
    def token(self) -> str:
        """Return the token by which the `lisa` command calls."""
        return (self.home / CLI_TOKEN).read_text().strip()

    def link(self) -> str:
        """Return a link as the command gives it."""
        return str(json.loads(self.command("login-url", "--json"))["url"])

    def way_in(self, base_url: str) -> str:
        """Return such a link without the second that a command takes to start."""
        owner = {"authorization": f"Bearer {self.token}"}
        made = httpx.post(f"{base_url}/api/sign-in/codes", headers=owner, timeout=60)
        return f"{base_url}/#sign-in={made.json()['code']}"


def chromium(*options: str) -> dict[str, Any]:
    """Return how Playwright is told to start the system's own browser."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail(
            "Chromium is missing. `make setup-dev` installs it if run as root (package `chromium`);"
            " or name one you have in the variable CHROMIUM."
        )
    return {"executable_path": found, "args": [*QUIET, *options]}


@pytest.fixture(scope="session")
def lisa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lisa]:
    running = Lisa(tmp_path_factory.mktemp("home"))
    engines = installed(tmp_path_factory.mktemp("engines") / "bin")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", str(engines), prepend=os.pathsep)
            running.command("up", "--port", "0", "--no-browser", "--detach")
        yield running
    finally:
        running.command("down")
        # As root its rows lie outside of the home, where pytest doesn't clean up.
        shutil.rmtree(postgres_place(running.home), ignore_errors=True)


@pytest.fixture(scope="session")
def base_url(lisa: Lisa) -> str:
    """Where pages given without a host are; pytest-playwright reads this."""
    return lisa.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, **chromium()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
        "timezone_id": "UTC",
        "locale": "en-US",
        "color_scheme": "light",
    }


@pytest.fixture
def page(page: Page, base_url: str) -> Iterator[Page]:
    """Give a page that may only speak to its own server and must not complain."""
    complaints: list[str] = []
    here = urlsplit(base_url).netloc

    def note_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != here:
            complaints.append(f"asked another server: {request.url}")
        elif is_call(request) and not is_public(request):
            complaints.append(f"called what no document tells of: {request.method} {request.url}")

    def note_message(message: ConsoleMessage) -> None:
        asked = urlsplit(message.location["url"]).path
        is_refusal = message.text.startswith("Failed to load") and asked.startswith(MAY_REFUSE)
        if message.type in {"error", "warning"} and not is_refusal:
            complaints.append(f"console: {message.text}")

    page.on("request", note_request)
    page.on("console", note_message)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    yield page
    assert complaints == []


@pytest.fixture
def signed_in(page: Page, lisa: Lisa, base_url: str) -> Page:
    """Give a page that is signed in and has no sessions yet."""
    page.goto(lisa.way_in(base_url))
    page.get_by_role("heading", name="Welcome to LISA").wait_for()
    answer = page.request.delete("/api/sessions", headers={"origin": base_url})
    assert answer.status == 202, answer.text()
    page.goto("/sessions")
    page.get_by_role("heading", name="No sessions yet").wait_for()
    return page


@pytest.fixture(scope="session")
def engine() -> Iterator[str]:
    with engine_process() as address:
        yield address


@pytest.fixture
def chat(signed_in: Page, base_url: str, engine: str) -> Iterator[Chat]:
    prices = {"prompt": 1_000, "completion": 2_000, "source": "a test"}
    with model(signed_in, base_url, engine, contextWindow=8_000, prices=prices) as name:
        yield Chat(signed_in, base_url, name)
