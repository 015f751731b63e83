"""Journeys through a chat with more than words: tools, images, files, and answers that fail."""

import base64
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.chats import QUICK, Chat, model
from tests.e2e.hands import is_focused, press
from tests.standins.tool_server.server import tool_server

NEAR = 12
PASTING = """(field, {name, text}) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, {type: "text/plain"}));
  const kind = {bubbles: true, cancelable: true};
  field.dispatchEvent(new ClipboardEvent("paste", {...kind, clipboardData: data}));
}"""
DROPPING = PASTING.replace("ClipboardEvent", "DragEvent").replace("clipboardData", "dataTransfer")
DROPPING = DROPPING.replace('"paste"', '"drop"')


@pytest.fixture(scope="module")
def tools_url() -> Iterator[str]:
    with tool_server() as address:
        yield address


@dataclass(frozen=True)
class Tools:
    """A registered tool server."""

    id: str
    name: str

    def used(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Behave like a model that uses a tool, and speaks once it was told what came of it."""
        return {"calls": [[f"{self.id}__{tool}", arguments]], "tokens": 5}


@pytest.fixture
def tools(signed_in: Page, base_url: str, tools_url: str) -> Iterator[Tools]:
    """Register a tool server that nobody has switched on yet."""
    name = f"sums-{uuid4().hex[:6]}"
    headers = {"origin": base_url}
    server = {"name": name, "url": tools_url}
    answer = signed_in.request.post("/api/tool-servers", data=server, headers=headers)
    assert answer.ok, answer.text()
    made = Tools(answer.json()["id"], name)
    yield made
    signed_in.request.delete(f"/api/tool-servers/{made.id}", headers=headers)


def png(side: int) -> str:
    """Return a grey square."""
    rows = zlib.compress((b"\0" + b"\x80" * side) * side)
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pieces = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in pieces
    )
    return base64.b64encode(whole).decode()


def decide(chat: Chat, tool: str, how: str) -> None:
    """Answer whether a tool may be used, which stands a few steps above the field."""
    question = chat.page.get_by_role("group", name=f"May {tool} be used?")
    button = question.get_by_role("button", name=how)
    expect(button).to_be_enabled()
    for _ in range(NEAR):
        if is_focused(button):
            break
        chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.press("Enter")
    expect(question).to_be_hidden()


def test_a_tool_is_switched_on_and_runs_when_it_is_allowed(chat: Chat, tools: Tools) -> None:
    page = chat.page
    page.goto("/tools")
    row = page.get_by_role("listitem").filter(has_text=tools.name)
    press(row.get_by_role("checkbox", name="Use it in my sessions"), "Space")
    expect(row.get_by_role("button", name="Choose tools")).to_be_visible()
    chat.open(tools.used("add", a=40, b=2))

    chat.ask("What do they make?")
    expect(chat.conversation.get_by_text('"a": 40')).to_be_visible()
    expect(chat.conversation.get_by_text(f"add · {tools.name}").first).to_be_visible()
    decide(chat, "add", "Allow once")
    chat.is_over()
    expect(chat.conversation.get_by_text("wörld")).to_be_visible()
    press(chat.conversation.locator("summary").filter(has_text="Done"))
    expect(chat.conversation.get_by_text("42", exact=True)).to_be_visible()

    chat.ask("And now?")
    decide(chat, "add", "Always allow")
    chat.is_over()
    chat.ask("And without asking?")
    expect(chat.conversation.get_by_text("wörld")).to_have_count(3)
    chat.is_over()
    calls = [item for item in chat.items() if item["type"] == "mcp_call"]
    assert [call["parts"][0]["output"] for call in calls] == ["42"] * 3


def test_the_model_goes_on_without_a_tool_that_is_denied(
    chat: Chat, tools: Tools, base_url: str
) -> None:
    switched = chat.page.request.put(
        f"/api/tool-servers/{tools.id}/choices",
        data={"enabled": True},
        headers={"origin": base_url},
    )
    assert switched.ok, switched.text()
    chat.open(tools.used("weather", place="Bern"))
    chat.ask("Is it warm?")
    decide(chat, "weather", "Deny")
    chat.is_over()
    expect(chat.conversation.get_by_text("Denied", exact=True)).to_be_visible()
    expect(chat.conversation.get_by_text("wörld")).to_be_visible()
    assert not any(item["type"] == "mcp_call" for item in chat.items())


def test_an_image_is_painted_kept_here_and_painted_again(
    signed_in: Page, base_url: str, engine: str
) -> None:
    page = signed_in
    with model(page, base_url, engine, modelType="imagegen", streaming=False) as name:
        chat = Chat(page, base_url, name)
        chat.open({"image": png(64)})
        chat.ask("A grey square")
        chat.is_over()
        image = chat.conversation.get_by_role("img", name="Generated image")
        expect(image).to_be_visible()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
        with page.expect_download() as downloading:
            press(chat.conversation.get_by_role("button", name="Download"))
        assert downloading.value.suggested_filename == "image.png"
        assert downloading.value.path().read_bytes() == base64.b64decode(png(64))

        press(chat.conversation.get_by_role("button", name="Paint again"))
        expect(chat.conversation.get_by_text("2 / 2")).to_be_visible()
        chat.is_over()
        expect(image).to_be_visible()
    assert [item["type"] for item in chat.items()] == ["message", *["image_generation_call"] * 2]


def test_files_come_by_paste_and_by_drop_and_are_taken_away_again(chat: Chat) -> None:
    chat.open(QUICK)
    chat.field.evaluate(PASTING, {"name": "pasted.py", "text": "print('words')"})
    attached = chat.page.get_by_role("list", name="Attachments")
    expect(attached.get_by_role("listitem").filter(has_text="pasted.py")).to_contain_text("tokens")
    chat.field.evaluate(DROPPING, {"name": "dropped.txt", "text": "More words."})
    expect(attached.get_by_role("listitem").filter(has_text="dropped")).to_contain_text("tokens")
    press(chat.button("Remove dropped.txt"))
    expect(attached.get_by_role("listitem")).to_have_count(1)
    chat.ask("What is it?")
    chat.is_over()
    names = [part.get("filename") for part in chat.items()[0]["parts"]]
    assert names == [None, "pasted.py"]


def test_a_long_document_is_summarised_part_by_part(chat: Chat) -> None:
    page = chat.page
    chat.open({"text": "In short: it is long.", "pause": 0.1})
    sentences = [f"Sentence {number} of a long report. " for number in range(4_000)]
    chat.field.evaluate(PASTING, {"name": "report.txt", "text": "".join(sentences)})
    expect(page.get_by_text("That is more than this model can read.")).to_be_visible()
    chat.field.press_sequentially("/summ")
    page.keyboard.press("Enter")
    press(page.get_by_role("dialog").get_by_role("button", name="Summarise"))
    expect(chat.conversation.get_by_text("Summarise report.txt.")).to_be_visible()
    expect(chat.conversation.get_by_text("Read part").first).to_be_visible()
    chat.is_over()
    expect(chat.conversation.get_by_text("In short: it is long.")).to_be_visible()
    expect(page.get_by_role("list", name="Attachments")).to_have_count(0)


def test_an_answer_that_fails_says_why_and_is_asked_for_again(chat: Chat) -> None:
    chat.open({"status": 500})
    chat.ask("Can you?")
    again = chat.conversation.get_by_role("button", name="Try again").first
    expect(chat.conversation.get_by_text("There is no answer.")).to_be_visible()
    expect(again).to_be_visible()
    chat.behave(QUICK)
    chat.page.reload()
    expect(chat.conversation.get_by_text("There is no answer.")).to_be_visible()
    press(again)
    chat.is_over()
    expect(chat.conversation.get_by_text("wörld")).to_be_visible()
    expect(chat.conversation.get_by_text("There is no answer.")).to_have_count(0)
    assert [item.get("role") for item in chat.items()] == ["user", "assistant"]


def test_thoughts_figures_and_the_filled_context_are_shown(chat: Chat) -> None:
    page = chat.page
    chat.open({"thoughts": ["Let me ", "think."], "tokens": 20})
    chat.ask("Think first")
    chat.is_over()
    press(chat.conversation.locator("summary").filter(has_text="Reasoning"))
    expect(chat.conversation.get_by_text("Let me think.")).to_be_visible()
    for told in ("11 read, 20 written", "First word after", "tokens/s", "$0.051", chat.model):
        expect(chat.conversation.get_by_text(told)).to_be_visible()
    gauge = page.get_by_role("meter", name="Context")
    assert gauge.evaluate("meter => [meter.value, meter.max]") == [31, 8_000]


def test_without_a_network_the_page_says_so_and_keeps_what_is_written(chat: Chat) -> None:
    page = chat.page
    chat.open(QUICK)
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. What you write is kept.")).to_be_visible()
    chat.field.fill("Later")
    chat.field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Your message wasn't answered.")
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_be_hidden()
    press(page.get_by_role("alert").get_by_role("button", name="Try again"))
    expect(chat.conversation.get_by_text("wörld").first).to_be_visible()
    chat.is_over()
    assert [item["role"] for item in chat.items()] == ["user", "assistant"]
