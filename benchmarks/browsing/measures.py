"""What a browser has to do for the chat: while words come, and when a long session opens."""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import CDPSession, Page

from tests.e2e.chats import Chat

TOKENS: Final = 2_000
PAUSE: Final = 0.0035  # with what an event costs the engine, some 200 tokens a second
LETTERS: Final = 4  # of a token, as the engine that stands in sends them
KEY_EVERY_MS: Final = 200
MESSAGES: Final = 500
STEPS: Final = 60
LAST_WORDS: Final = "The very last words."
PARAGRAPHS: Final = """## A part of the answer

Some **words** that explain, with `code` in between, and a [link](https://example.com/page).

- the first thing
- the second thing, which is *longer* and goes on for a while

| Name | Size | What it is for |
|---|---:|---|
| one | 3,400 | the beginning |
| two | 12 | what follows |

```python
def area(width: float, height: float) -> float:
    # Nothing is as wide as it is high.
    return width * height
```

> Somebody said so once.

$$
e^{i\\pi} + 1 = 0
$$

- [x] done
- [ ] not done

"""
ANSWER: Final = (PARAGRAPHS * 30)[: TOKENS * LETTERS]

OBSERVE: Final = """() => {
  const seen = {tasks: [], keys: []};
  const note = (list, type, more) => new PerformanceObserver((found) => {
    for (const entry of found.getEntries())
      if (type !== "event" || entry.name === "keydown") list.push(entry.duration);
  }).observe({type, ...more});
  note(seen.tasks, "longtask", {});
  note(seen.keys, "event", {durationThreshold: 16});
  window.measured = seen;
}"""
IS_READY: Final = """(words) =>
  document.querySelector("ol")?.textContent.includes(words) && performance.now()"""
JUMPS: Final = """async (steps) => {
  const frames = () => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))));
  const shown = () => [...document.querySelectorAll("ol > li")].find((row) => {
    const {top, bottom} = row.getBoundingClientRect();
    return top < 400 && bottom > 400;
  });
  let jumps = 0;
  for (let step = 0; step < steps; step++) {
    const row = shown();
    const [before, from] = [row.getBoundingClientRect().top, scrollY];
    scrollBy(0, -400);
    await frames();
    if (row.isConnected && scrollY > 0) {
      const moved = row.getBoundingClientRect().top - before;
      if (Math.abs(moved - 400) > 20) jumps++;
    }
  }
  return jumps;
}"""


@dataclass(frozen=True)
class Streaming:
    """What it took to show an answer while it came."""

    tokens_per_second: float
    busy_seconds: float  # of the main thread, for a thousand tokens
    long_tasks: float  # for a thousand tokens
    longest_ms: float
    key_ms: float  # from key to paint, three quarters of the keys were quicker


@dataclass(frozen=True)
class Opening:
    """What it took to open a long session, and to scroll in it."""

    ready_seconds: float
    heap_megabytes: float
    nodes: int
    jumps: int


def streaming(chat: Chat) -> Streaming:
    """Ask, type on while the answer comes, and see how busy the page was."""
    page = chat.page
    page.evaluate(OBSERVE)
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    chat.ask("Answer at length.")
    page.get_by_role("list", name="Conversation").get_by_text(
        "A part of the answer"
    ).last.wait_for()
    before, began = _metric(tools, "TaskDuration"), _now(page)
    stop = chat.button("Stop")
    while stop.is_visible():
        page.keyboard.press("a")
        page.wait_for_timeout(KEY_EVERY_MS)
    busy, took = _metric(tools, "TaskDuration") - before, (_now(page) - began) / 1_000
    seen = page.evaluate("window.measured")
    chat.field.fill("")
    keys = sorted(seen["keys"]) or [0]
    return Streaming(
        tokens_per_second=TOKENS / took,
        busy_seconds=busy / TOKENS * 1_000,
        long_tasks=len(seen["tasks"]) / TOKENS * 1_000,
        longest_ms=max(seen["tasks"], default=0),
        key_ms=keys[len(keys) * 3 // 4],
    )


def fill(chat: Chat) -> None:
    """Let the session have many messages, every other one a long answer."""
    answer = PARAGRAPHS * 3
    for start in range(0, MESSAGES, 100):
        items: list[dict[str, Any]] = []
        for number in range(start, start + 100, 2):
            said = {"type": "input_text", "text": f"Question {number}?"}
            last = LAST_WORDS if number == MESSAGES - 2 else ""
            told = {"type": "output_text", "text": answer + last}
            items += [{"role": "user", "parts": [said]}, {"role": "assistant", "parts": [told]}]
        chat.add(*items)


def opening(chat: Chat) -> Opening:
    """Open the session that was filled, and scroll up in it."""
    page = chat.page
    page.goto(f"/sessions/{chat.session}", wait_until="commit")
    ready = page.wait_for_function(IS_READY, arg=LAST_WORDS).json_value()
    page.get_by_text("Loading what was said earlier").wait_for(state="hidden")
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    tools.send("HeapProfiler.collectGarbage")
    heap = _metric(tools, "JSHeapUsedSize") / 1e6
    nodes = page.evaluate("document.querySelectorAll('*').length")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    return Opening(ready / 1_000, heap, nodes, page.evaluate(JUMPS, STEPS))


def _metric(tools: CDPSession, name: str) -> float:
    told = tools.send("Performance.getMetrics")["metrics"]
    return next(float(each["value"]) for each in told if each["name"] == name)


def _now(page: Page) -> float:
    return float(page.evaluate("performance.now()"))
