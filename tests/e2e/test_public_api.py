"""The pages have no way in of their own: what they call, any program may call by a token."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import APIRequestContext, Page, Playwright, Request, expect

from tests.e2e.conftest import Lisa
from tests.e2e.hands import press
from tests.e2e.public_api import is_call, is_public

ROUTER = Path(__file__).parents[2] / "ui" / "src" / "shell" / "router.tsx"
PASSWORD = uuid4().hex
# The pages as the router has them, with what stands at the top of each.
PAGES = (
    ("/", "", "Welcome to LISA"),
    ("/sessions", "", "Sessions"),
    ("/sessions/$sessionId", "/sessions/{session}", "Untitled session"),
    ("/prompts", "", "Prompts"),
    ("/tools", "", "Tool servers"),
    ("/tools/new", "", "Add tool server"),
    ("/tools/edit", "/tools/edit?id={server}", "Edit sums"),
    ("/library/models", "", "Model library"),
    ("/playground", "", "Playground"),
    ("/usage", "", "Usage"),
    ("/tokens", "", "API tokens"),
    ("/models", "/admin/models", "Models"),
    ("/models/new", "/admin/models/new", "Add model"),
    ("/models/new/hosted", "/admin/models/new/hosted", "Run a model"),
    ("/models/edit", "/admin/models/edit?id={model}", "Edit {model}"),
    ("/models/$id", "/admin/models/{model}", "{model}"),
    ("/schedules", "/admin/schedules", "Schedules"),
    ("/tokens", "/admin/tokens", "All tokens"),
    ("/users", "/admin/users", "Users"),
    ("/configuration", "/admin/configuration", "Configuration"),
    ("/audit", "/admin/audit", "Audit"),
)
NO_PAGE = "/admin"  # what stands above the pages of administrators


@dataclass(frozen=True)
class Person:
    """An administrator with a name and a password, and a program that has their token."""

    name: str
    program: APIRequestContext


@pytest.fixture
def person(playwright: Playwright, lisa: Lisa, base_url: str) -> Person:
    name = f"grace-{uuid4().hex[:8]}"
    anybody = playwright.request.new_context(base_url=base_url)
    local = {"authorization": f"Bearer {lisa.token}"}
    account = {"name": name, "password": PASSWORD, "groups": ["lisa-admin"]}
    assert anybody.post("/api/users", data=account, headers=local).status == 201
    token = {"name": "replay", "owner": name, "kind": "user", "admin": True}
    made = anybody.post("/api/tokens", data=token, headers=local)
    assert made.status == 201, made.text()
    bearer = {"authorization": f"Bearer {made.json()['token']}"}
    return Person(
        name, playwright.request.new_context(base_url=base_url, extra_http_headers=bearer)
    )


def test_every_page_of_the_router_is_looked_at() -> None:
    known = re.findall(r'path: "([^"]+)"', ROUTER.read_text())
    assert sorted(known) == sorted([*(page for page, _, _ in PAGES), NO_PAGE])


@pytest.fixture
def things(person: Person, engine: str) -> Iterator[dict[str, str]]:
    """Give the person a session, a tool server and a model to look at."""
    post, delete = person.program.post, person.program.delete
    upstream = {"kind": "openai", "url": engine, "target": "llama"}
    name = f"chat-{uuid4().hex[:8]}"
    wanted = {"modelId": name, "modelType": "textgen", "streaming": True, "upstreams": [upstream]}
    assert post("/api/models", data=wanted).ok
    server = post("/api/tool-servers", data={"name": "sums", "url": "http://127.0.0.1:9/mcp"})
    session = post("/api/sessions", data={}).json()["id"]
    yield {"session": session, "server": server.json()["id"], "model": name}
    assert delete(f"/api/tool-servers/{server.json()['id']}").ok
    assert delete(f"/api/models/{name}").ok


def look_at_all(page: Page, things: dict[str, str]) -> None:
    for route, address, title in PAGES:
        page.goto((address or route).format(**things))
        heading = page.get_by_role("heading", name=title.format(**things), level=1)
        expect(heading).to_be_visible()
        page.wait_for_load_state("networkidle")


def test_whatever_the_pages_call_any_program_may_call_by_a_token(
    page: Page, person: Person, things: dict[str, str]
) -> None:
    calls: list[Request] = []
    page.on("request", lambda request: calls.append(request) if is_call(request) else None)
    page.goto("/")
    press(page.get_by_role("button", name="Sign in"))
    page.get_by_label("Name").fill(person.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Welcome to LISA")).to_be_visible()
    look_at_all(page, things)
    page.goto(f"/sessions/{things['session']}")
    page.get_by_label("Model", exact=True).select_option(things["model"])
    page.get_by_role("textbox", name="Message", exact=True).fill("Is there a back door?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("tokens/s")).to_be_visible()

    assert {f"{call.method} {call.url}" for call in calls if not is_public(call)} == set()
    read = {call.url for call in calls if call.method == "GET"}
    assert {"me", "models", "usage", "audit", "users"} <= {
        urlsplit(url).path.removeprefix("/api/") for url in read
    }
    assert {url for url in read if not person.program.get(url).ok} == set()
