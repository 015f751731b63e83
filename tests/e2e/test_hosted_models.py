"""Journeys at the browser with models that LISA runs; the engine is a stand-in for vLLM."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

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
    expect(question.get_by_text(f"folder of {hosted.name}")).to_be_visible()
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


def test_the_playground_says_of_a_model_that_it_sleeps_and_that_it_starts(
    signed_in: Page, hosted: Hosted
) -> None:
    page = signed_in
    hosted.create()
    hosted.becomes("InService")
    hosted.change({"enabled": False})
    hosted.becomes("Stopped")
    page.goto("/playground")
    page.get_by_label("Model", exact=True).first.select_option(hosted.name)
    expect(page.get_by_text(re.compile("It is asleep.*seconds? last time"))).to_be_visible()
    page.get_by_label("Your message").fill("Are you awake?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("It is starting.")).to_be_visible(timeout=A_WHILE)
    expect(page.get_by_text("In all")).to_be_visible(timeout=A_WHILE)
    expect(page.get_by_text("It is starting.")).to_be_hidden(timeout=A_WHILE)


def test_other_numbers_of_replicas_are_planned_by_keyboard(signed_in: Page, hosted: Hosted) -> None:
    page = signed_in
    hosted.create()
    hosted.becomes("InService")
    page.goto(f"/admin/models/edit?id={hosted.name}")
    page.get_by_label("max_model_len").wait_for()
    press(page.get_by_role("button", name="Plan other numbers"))
    expect(page.get_by_label("Time of change 1")).to_be_focused()
    days = page.get_by_role("group", name="Days of change 1")
    tab_to(page.get_by_label("At most, from change 1 on"))
    page.keyboard.type("2")
    for day in ("Saturday", "Sunday"):
        press(days.get_by_label(day), "Space")
    press(page.get_by_role("button", name="Save"))
    told = page.get_by_text("1 to 2 from 08:00, Monday to Friday (UTC)").first
    expect(told).to_be_visible(timeout=A_WHILE)
    hosted.becomes("InService")
    page.goto(f"/admin/models/edit?id={hosted.name}")
    page.get_by_label("Time of change 1").focus()  # the engine's options are many
    press(page.get_by_role("button", name="Remove change 1"))
    expect(page.get_by_role("button", name="Plan other numbers")).to_be_focused()
    press(page.get_by_role("button", name="Save"))
    title = page.get_by_role("heading", name=hosted.name, exact=True)
    expect(title).to_be_visible(timeout=A_WHILE)
    expect(told).to_have_count(0)


def offered_aws_too(route: Route) -> None:
    """Answer as a LISA on AWS does, whose hosts no machine of ours can be."""
    answer = route.fetch()
    told = answer.json()
    route.fulfill(response=answer, json={**told, "hosts": [*told["hosts"], "cloudformation"]})


def test_what_a_model_needs_on_aws_is_asked_and_a_refusal_is_told_at_the_top(
    signed_in: Page,
) -> None:
    page = signed_in
    page.route("**/api/models/metadata/engines", offered_aws_too)
    page.goto("/admin/models/new/hosted")
    press(page.get_by_role("radio", name="From the catalogue"), "ArrowRight")
    page.get_by_label("Runs on").select_option("cloudformation")
    fill(page, "Where the weights lie", "s3://bucket/folder")
    fill(page, "Name", "team/tiny")
    look(page)
    press(page.get_by_role("button", name="Next"))
    fill(page, "Container image", "registry/engine:1")
    press(page.get_by_role("button", name="Next"))
    fill(page, "Instance type", "nothing")
    press(page.get_by_role("button", name="Next"))
    expect(page.get_by_label("Instance type")).to_be_focused()  # with what is wrong, by the browser
    offered = page.locator("datalist option[value='g6.12xlarge']")
    expect(offered).to_have_count(1)
    page.get_by_label("Instance type").fill("g6.12xlarge")
    press(page.get_by_role("button", name="Plan other numbers"))
    look(page)
    for step in ("Access", "Review"):
        press(page.get_by_role("button", name="Next"))
        expect(page.get_by_role("heading", name=step)).to_be_focused()
    look(page)
    press(page.get_by_role("button", name="Create model"))
    refusal = page.get_by_role("alert")
    expect(refusal).to_be_focused()
    expect(refusal).to_contain_text("can't run models by cloudformation")
    look(page)


def test_what_was_typed_is_not_left_without_a_question(signed_in: Page) -> None:
    page = signed_in
    page.goto("/admin/models/new/hosted")
    press(page.get_by_role("radio", name="From the catalogue"), "ArrowRight")
    fill(page, "Name", "team/tiny")
    press(page.get_by_role("link", name="Cancel"))
    question = page.get_by_role("alertdialog", name="Leave without saving?")
    press(question.get_by_role("button", name="Cancel"))
    expect(page.get_by_role("link", name="Cancel")).to_be_focused()
    press(page.get_by_role("link", name="Cancel"))
    look(page)
    press(question.get_by_role("button", name="Leave"))
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible()


def test_the_pages_about_hosted_models_have_no_barriers(signed_in: Page, hosted: Hosted) -> None:
    page = signed_in
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
