"""Journeys through a chat: asked, stopped, reloaded in the middle, said another way."""

from playwright.sync_api import FilePayload, expect

from tests.e2e.chats import QUICK, Chat
from tests.e2e.hands import barriers, overflows, press, tab_to

SLOW = {"tokens": 200, "pause": 0.03}
HANGING = {"hang": True}


def test_a_question_is_answered_and_asked_another_way_by_keyboard_alone(chat: Chat) -> None:
    page = chat.page
    chat.open(QUICK)
    chat.ask("First question")
    expect(chat.conversation.get_by_role("heading", name="Assistant")).to_be_visible()
    chat.is_over()
    expect(chat.conversation.get_by_text("tokens/s")).to_be_visible()
    assert [item["role"] for item in chat.items()] == ["user", "assistant"]

    press(chat.button("Edit"))
    page.keyboard.press("Control+A")
    page.keyboard.type("Second question")
    page.keyboard.press("Enter")
    expect(chat.conversation.get_by_text("Second question")).to_be_visible()
    chat.is_over()
    press(chat.button("Version before"))
    expect(chat.conversation.get_by_text("First question")).to_be_visible()
    expect(chat.button("Version before")).to_be_focused()

    press(chat.conversation.get_by_role("button", name="Try again"))
    chat.is_over()
    expect(chat.conversation.get_by_text("2 / 2")).to_be_visible()
    assert len(chat.items()) == 5
    page.reload()
    expect(chat.conversation.get_by_text("Second question")).to_be_visible()


def test_an_answer_goes_on_through_a_reload_and_in_another_tab(chat: Chat) -> None:
    page = chat.page
    chat.open(SLOW)
    chat.ask("Go on whatever happens")
    expect(chat.conversation.get_by_text("wörld").first).to_be_visible()
    page.reload()
    expect(chat.conversation.get_by_text("wörld").first).to_be_visible()
    expect(chat.button("Stop")).to_be_visible()

    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    chat.is_over()
    expect(other.get_by_role("button", name="Send", exact=True)).to_be_visible()
    answer = chat.items()[-1]["parts"][0]["text"]
    assert answer.count("wörld") == 40
    for tab in (page, other):
        shown = tab.get_by_role("list", name="Conversation").inner_text()
        assert shown.count("wörld") == 40
    other.close()


def test_a_model_that_says_nothing_any_more_is_stopped_at_once(chat: Chat) -> None:
    chat.open(HANGING)
    chat.ask("Are you there?")
    expect(chat.conversation.get_by_text("Waiting for the first word")).to_be_visible()
    press(chat.button("Stop"))
    chat.is_over()
    expect(chat.field).to_be_focused()
    expect(chat.conversation.get_by_text("You stopped this answer.")).to_be_visible()
    chat.behave(QUICK)
    chat.page.reload()
    chat.ask("And now?")
    expect(chat.conversation.get_by_text("wörld").first).to_be_visible()
    chat.is_over()


def test_a_message_is_deleted_and_comes_back(chat: Chat) -> None:
    chat.open(QUICK)
    chat.ask("A slip of the tongue")
    chat.is_over()
    mine = chat.page.get_by_role("group", name="said by You")
    press(mine.get_by_role("button", name="Delete"))
    expect(chat.conversation.get_by_text("A slip of the tongue")).to_have_count(0)
    press(chat.button("Undo"))
    expect(chat.conversation.get_by_text("A slip of the tongue")).to_be_visible()
    assert not any(item["removed"] for item in chat.items())


def test_a_draft_outlives_a_reload_and_a_file_goes_along(chat: Chat) -> None:
    chat.open(QUICK)
    chat.field.fill("Not sent yet")
    chat.page.reload()
    expect(chat.field).to_have_value("Not sent yet")
    notes: FilePayload = {
        "name": "notes.txt",
        "mimeType": "text/plain",
        "buffer": b"Some words to read.",
    }
    chat.page.locator("input[type=file]").set_input_files(notes)
    expect(chat.page.get_by_role("list", name="Attachments")).to_contain_text("tokens")
    chat.field.press("Enter")
    chat.is_over()
    expect(chat.conversation.get_by_text("notes.txt")).to_be_visible()
    parts = chat.items()[0]["parts"]
    assert [part["type"] for part in parts] == ["input_text", "input_file"]


def test_commands_are_found_by_a_slash(chat: Chat) -> None:
    page = chat.page
    chat.open(QUICK)
    tab_to(chat.field)
    page.keyboard.type("/arg")
    expect(page.get_by_role("listbox", name="Commands").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Arguments for the model")
    dialog.get_by_label("Temperature").fill("0.2")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        press(dialog.get_by_role("button", name="Save"))
    expect(chat.field).to_be_focused()
    kept = page.request.get(f"/api/sessions/{chat.session}").json()["configuration"]
    assert kept["modelArgs"]["temperature"] == 0.2


MARKDOWN = """A [link](https://elsewhere.example/page), `code`, and <b onclick="x()">tags</b>.

![seen](https://elsewhere.example/tracker.png)

| Name | Size |
|---|---:|
| one | 3,400 |

```python
def a_function_with_a_long_name(argument):  # and a long line, which is wider than a phone
    return argument
```

It costs $5, or \\( e^{i\\pi} \\).

```mermaid
graph LR
  A --> B
```
"""


def test_rich_answers_have_no_barriers_and_ask_nobody_else(chat: Chat) -> None:
    page = chat.page
    chat.open(QUICK)
    call = {"server_label": "files", "name": "read", "arguments": '{"path": "notes"}'}
    request = {**call, "name": "erase"}
    chat.add(
        {"role": "user", "parts": [{"type": "input_text", "text": "Show me."}]},
        {"type": "reasoning", "parts": [{"summary": [{"type": "summary_text", "text": "So."}]}]},
        {"type": "mcp_call", "parts": [{**call, "output": "Words."}]},
        {"role": "assistant", "parts": [{"type": "output_text", "text": MARKDOWN}]},
        {"type": "mcp_approval_request", "parts": [request]},
    )
    page.reload()
    expect(page.locator(".katex").first).to_be_attached()
    expect(page.locator("[data-streamdown=mermaid] svg").first).to_be_attached()
    expect(page.locator("img")).to_have_count(0)
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 4_000})
        expect(chat.button("Allow once")).to_be_visible()
        assert barriers(page) == [], f"at {width}"
        assert not overflows(page), f"at {width}"


def test_two_thousand_messages_open_at_the_last_answer(chat: Chat) -> None:
    chat.open(QUICK)
    for start in (0, 1_000):
        said = [f"Message {number}." for number in range(start + 1, start + 1_001)]
        roles = ("user", "assistant")
        items = [
            {"role": roles[at % 2], "parts": [{"type": "input_text", "text": text}]}
            for at, text in enumerate(said)
        ]
        chat.add(*items)
    chat.page.reload()
    expect(chat.conversation.get_by_text("Message 2000.")).to_be_in_viewport()
    expect(chat.page.get_by_text("Loading what was said earlier")).to_have_count(0)
    expect(chat.conversation.get_by_text("Message 2000.")).to_be_in_viewport()
    assert chat.page.evaluate("document.querySelectorAll('*').length") < 3_000
    chat.page.evaluate("scrollTo(0, 0)")
    expect(chat.conversation.get_by_text("Message 1.", exact=True)).to_be_visible()
    expect(chat.button("Jump to the latest")).to_be_visible()
    chat.page.keyboard.press("Alt+End")
    expect(chat.conversation.get_by_text("Message 2000.")).to_be_in_viewport()
