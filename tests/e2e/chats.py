"""A session that is open in the browser, and models that behave as a journey needs it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.e2e.hands import tab_to

QUICK = {"tokens": 20}


@contextmanager
def engine_process(**usually: Any) -> Iterator[str]:
    """Run the engine's stand-in, which behaves like that as a rule; yield its address."""
    line = [sys.executable, "-m", "tests.standins.engine", "0", json.dumps(usually)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        process.terminate()


@contextmanager
def model(page: Page, base_url: str, engine: str, **fields: Any) -> Iterator[str]:
    """Add a model that the engine serves; yield its name once it can be asked."""
    name = f"chat-{uuid4().hex[:8]}"
    described = {
        "modelId": name,
        "modelType": "textgen",
        "streaming": True,
        "upstreams": [{"kind": "openai", "url": engine, "target": "llama"}],
    }
    headers = {"origin": base_url}
    answer = page.request.post("/api/models", data=described | fields, headers=headers)
    assert answer.ok, answer.text()
    while name not in page.request.get("/v1/models").text():
        page.wait_for_timeout(100)  # the gateway hears of models a moment later
    yield name
    page.request.delete(f"/api/models/{name}", headers=headers)


class Chat:
    """An open session whose model behaves as the journey needs it."""

    def __init__(self, page: Page, base_url: str, model: str) -> None:
        self.page, self.origin, self.model = page, {"origin": base_url}, model

    def open(self, behaviour: dict[str, Any]) -> None:
        answer = self.page.request.post("/api/sessions", data={}, headers=self.origin)
        self.session = answer.json()["id"]
        self.behave(behaviour)
        self.page.goto(f"/sessions/{self.session}")
        expect(self.page.get_by_label("Model", exact=True)).to_have_value(self.model)

    def behave(self, behaviour: dict[str, Any]) -> None:
        configuration = {"model": self.model, "modelArgs": {"engine": behaviour}}
        answer = self.page.request.patch(
            f"/api/sessions/{self.session}",
            data={"configuration": configuration},
            headers=self.origin,
        )
        assert answer.ok, answer.text()

    def items(self) -> list[dict[str, Any]]:
        answer = self.page.request.get(f"/api/sessions/{self.session}/items?limit=200")
        return list(answer.json()["items"])

    def add(self, *items: dict[str, Any]) -> None:
        """Add items as another program of the same person would."""
        place = f"/api/sessions/{self.session}/items"
        answer = self.page.request.post(place, data={"items": items}, headers=self.origin)
        assert answer.status == 201, answer.text()

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def conversation(self) -> Locator:
        return self.page.get_by_role("list", name="Conversation")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def ask(self, said: str) -> None:
        tab_to(self.field)
        self.page.keyboard.type(said)
        self.page.keyboard.press("Enter")
        expect(self.conversation.get_by_text(said, exact=True)).to_be_visible()

    def is_over(self) -> None:
        expect(self.button("Send")).to_be_visible(timeout=30_000)
