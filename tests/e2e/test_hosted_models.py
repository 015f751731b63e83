"""Journeys at the browser with models that LISA runs; the engine is a stand-in for vLLM."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import press, tab_to
from tests.e2e.test_screens import look
from tests.unit.engines.weights_files import folder_of, safetensors

CONFIG: Final = {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 2048}
FILES: Final = {"config.json": CONFIG, "tokenizer.json": {}, "model.safetensors": safetensors()}
A_WHILE: Final = 60_000
NARROW_AND_WIDE: Final = (320, 1280)


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("hosted") / "weights", FILES)


class Hosted:
    """A model that LISA runs, asked for and looked at past the pages."""

    def __init__(self, page: Page, base_url: str, weights: Path) -> None:
        self.page, self.weights = page, weights
        self.name = f"team/tiny-{uuid4().hex[:8]}"
        self.headers = {"origin": base_url}

    @property
    def address(self) -> str:
        return f"/admin/models/{self.name.replace('/', '%2F')}"

    def create(self, engine: str = "vllm") -> None:
        hosting = {"engine": engine, "weights": {"source": str(self.weights)}}
        body = {"modelId": self.name, "hostingType": "lisa_hosted", "hosting": hosting}
        made = self.page.request.post("/api/models", data=body, headers=self.headers)
        assert made.ok, made.text()

    def change(self, change: dict[str, Any]) -> None:
        path = f"/api/models/{self.name}"
        changed = self.page.request.put(path, data=change, headers=self.headers)
        assert changed.ok, changed.text()

    def becomes(self, status: str) -> None:
        for _ in range(600):
            answer = self.page.request.get(f"/api/models/{self.name}")
            now = answer.json()["model"]["status"] if answer.ok else "gone"
            if now == status:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"it never became {status}, it is {now}")

    def remove(self) -> None:
        path = f"/api/models/{self.name}"
        if self.page.request.delete(path, headers=self.headers).ok:
            self.becomes("gone")


@pytest.fixture
def hosted(signed_in: Page, base_url: str, weights: Path) -> Iterator[Hosted]:
    """Give a model to make, and take it away afterwards."""
    hosted = Hosted(signed_in, base_url, weights)
    yield hosted
    hosted.remove()


def fill(page: Page, label: str, text: str) -> None:
    tab_to(page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def test_a_model_is_made_watched_stopped_and_deleted_by_keyboard(
    signed_in: Page, hosted: Hosted
) -> None:
    page = signed_in
    page.goto("/admin/models")
    press(page.get_by_role("link", name="Run a model"))
    press(page.get_by_role("radio", name="From the catalogue"), "ArrowRight")
    fill(page, "Where the weights lie", str(hosted.weights))
    fill(page, "Name", hosted.name)
    press(page.get_by_role("button", name="Next"))
    fill(page, "max_model_len", "1024")
    for step in ("Hardware", "Access", "Review"):
        press(page.get_by_role("button", name="Next"))
        expect(page.get_by_role("heading", name=step)).to_be_focused()
    press(page.get_by_role("button", name="Create model"))

    timeline = page.get_by_role("list", name="Timeline")
    expect(timeline.get_by_text("It is in service.")).to_be_visible(timeout=A_WHILE)
    expect(page.get_by_text("In service", exact=True)).to_be_visible()
    press(page.get_by_role("radio", name="Timeline"), "ArrowRight")
    press(page.get_by_role("button", name="Log of"))
    expect(page.get_by_role("region", name="Log of")).to_contain_text("a stand-in")

    press(page.get_by_role("button", name="Stop", exact=True))
    expect(page.get_by_text("Stopped", exact=True)).to_be_visible(timeout=A_WHILE)
    press(page.get_by_role("button", name="Delete…"))
    question = page.get_by_role("alertdialog")
    expect(question.get_by_role("listitem").first).to_be_visible()
    press(question.get_by_role("button", name="Delete"))
    expect(page.get_by_role("heading", name=f"“{hosted.name}” is gone.")).to_be_visible(
        timeout=A_WHILE
    )
    expect(page.get_by_text("Nothing of it is left.")).to_be_visible()


def test_an_engine_that_is_not_there_is_named_with_what_to_do(
    signed_in: Page, hosted: Hosted
) -> None:
    page = signed_in
    hosted.create("tgi")
    page.goto(hosted.address)
    expect(page.get_by_text("Failed", exact=True)).to_be_visible(timeout=A_WHILE)
    timeline = page.get_by_role("list", name="Timeline")
    expect(timeline.get_by_text("Cause:").first).to_be_visible()
    expect(timeline.get_by_text("What to do:").first).to_be_visible()


def test_a_model_that_sleeps_is_woken_by_a_message(signed_in: Page, hosted: Hosted) -> None:
    page = signed_in
    hosted.create()
    hosted.becomes("InService")
    hosted.change({"enabled": False})
    hosted.becomes("Stopped")
    page.goto("/sessions")
    press(page.get_by_role("button", name="New session"))
    asleep = page.get_by_role("option", name=f"{hosted.name} (sleeps)")
    expect(asleep).to_have_count(1, timeout=A_WHILE)
    page.get_by_label("Model", exact=True).select_option(hosted.name)
    page.get_by_role("textbox", name="Message", exact=True).fill("Are you awake?")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("tokens/s"))).to_be_visible(timeout=A_WHILE)
    hosted.becomes("InService")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_about_hosted_models_have_no_barriers(
    signed_in: Page, hosted: Hosted, theme: Literal["light", "dark"]
) -> None:
    page = signed_in
    page.emulate_media(color_scheme=theme)
    page.goto("/admin/models/new/hosted")
    page.get_by_role("radio", name="MiniLM L6").check()
    for step in ("Engine", "Hardware", "Access", "Review"):
        look(page, NARROW_AND_WIDE)
        press(page.get_by_role("button", name="Next"))
        page.get_by_role("heading", name=step).wait_for()
    look(page, NARROW_AND_WIDE)

    hosted.create()
    hosted.becomes("InService")
    page.goto(hosted.address)
    page.get_by_text("It is in service.").wait_for()
    look(page)
    page.goto(f"{hosted.address}?view=replicas")
    press(page.get_by_role("button", name="Log of"))
    page.get_by_role("region", name="Log of").wait_for()
    look(page)
    page.goto(f"{hosted.address}?view=schedule")
    press(page.get_by_role("button", name="Add a schedule"))
    page.get_by_label("Runs", exact=True).select_option("DAILY")
    look(page)
    press(page.get_by_role("button", name="Save"))
    page.get_by_text("08:00 to 18:00").first.wait_for()
    for address, place in (
        ("/admin/schedules", "Scheduled models"),
        ("/admin/models", "Models"),
        ("/library/models", "Models"),
    ):
        page.goto(address)
        page.get_by_role("list", name=place).get_by_text(hosted.name).wait_for()
        look(page)
    page.goto(f"/admin/models/edit?id={hosted.name}")
    page.get_by_label("max_model_len").wait_for()
    look(page, NARROW_AND_WIDE)
