"""How busy the browser is with a chat, beside what is good and what LISA's chat took.

One machine, one run, a real LISA and an engine that stands in. The table is printed and written to
`benchmarks/results/ui.md`.
"""

import datetime as dt
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import Page, sync_playwright

from benchmarks.browsing.measures import (
    ANSWER,
    MESSAGES,
    PAUSE,
    STEPS,
    TOKENS,
    Opening,
    Streaming,
    fill,
    opening,
    streaming,
)
from lisa.declared.home import postgres_place
from tests.e2e.chats import Chat, engine_process, model
from tests.e2e.conftest import ROOT, Lisa, chromium

RESULTS: Final = ROOT / "benchmarks" / "results" / "ui.md"
ROUNDS: Final = 3


@dataclass(frozen=True)
class Row:
    """A figure, what is good, and what was read of LISA's chat."""

    name: str
    ours: float
    good: str
    lisa: str = ""
    form: str = "{:.2f}"


@dataclass(frozen=True)
class Figures:
    """All that was measured."""

    short: list[Streaming]
    opened: list[Opening]
    long: list[Streaming]
    browser: str

    def rows(self) -> list[Row]:
        """Return the medians, in the order they are read."""
        short, opened = self.short, self.opened
        busy = median(each.busy_seconds for each in short)
        busy_long = median(each.busy_seconds for each in self.long)
        return [
            Row("main thread, s per 1,000 tokens", busy, "1.5", "4.97"),
            Row("long tasks per 1,000 tokens", _of(short, "long_tasks"), "0-1", "28"),
            Row("the longest of them, ms", _of(short, "longest_ms"), "100", "172", "{:.0f}"),
            Row("key to paint, ms, p75", _of(short, "key_ms"), "56", "136", "{:.0f}"),
            Row(
                "tokens that came in a second", _of(short, "tokens_per_second"), "", "200", "{:.0f}"
            ),
            Row(f"with {MESSAGES} messages above, times as busy", busy_long / busy, "1.1"),
            Row(f"{MESSAGES} messages: ready, s", _of(opened, "ready_seconds"), "1.0", "5.7-6.9"),
            Row(f"{MESSAGES} messages: heap, MB", _of(opened, "heap_megabytes"), "15", "79.6"),
            Row(f"{MESSAGES} messages: nodes", _of(opened, "nodes"), "3,000", "184,600", "{:,.0f}"),
            Row(f"jumps in {STEPS} steps up", _of(opened, "jumps"), "0", "0", "{:.0f}"),
        ]


def measure(page: Page, origin: str, rounds: int = ROUNDS) -> Figures:
    """Measure everything on a page that is signed in."""
    with (
        engine_process(text=ANSWER, pause=PAUSE) as engine,
        model(page, origin, engine) as name,
    ):
        chat = Chat(page, origin, name)
        short, long = [], []
        for _ in range(rounds):
            chat.open({})
            short.append(streaming(chat))
        chat.open({})
        fill(chat)
        opened = [opening(chat) for _ in range(rounds)]
        for _ in range(rounds):
            chat.button("Jump to the latest").click()
            long.append(streaming(chat))
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight - 4000)")
    browser = page.context.browser
    return Figures(short, opened, long, browser.version if browser else "")


def document(figures: Figures) -> str:
    """Write the table."""
    circumstances = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores shared "
        f"by LISA, engine and browser; Chromium {figures.browser} without a graphics card. "
        f"Medians of {ROUNDS}; an answer has {TOKENS:,} tokens (headings, lists, tables, code, "
        "maths), and a key is typed five times a second while it comes. LISA's figures were not "
        "measured here: they are those of a page built in the shape of LISA 6.6's chat (the whole "
        "message drawn and coloured anew at each token, no message left out of the page), read "
        "from an earlier trial on the like machine. Written by `benchmarks/ui.py`."
    )
    lines = [
        "# What the chat asks of a browser",
        "",
        circumstances,
        "",
        "| | ours | good, at most | shape of LISA 6.6 |",
        "|---|---:|---:|---:|",
        *(
            f"| {row.name} | {row.form.format(row.ours)} | {row.good} | {row.lisa} |"
            for row in figures.rows()
        ),
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def signed_in() -> Iterator[tuple[Page, str]]:
    """Start LISA and a browser; yield a page that is signed in, and where it is."""
    lisa = Lisa(Path(tempfile.mkdtemp(prefix="lisa-bench-")))
    try:
        lisa.command("up", "--port", "0", "--no-browser", "--detach")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**chromium())
            page = browser.new_page(base_url=lisa.url, viewport={"width": 1280, "height": 800})
            page.goto(lisa.link())
            page.get_by_role("heading", name="Welcome to LISA").wait_for()
            yield page, lisa.url
            browser.close()
    finally:
        lisa.command("down")
        shutil.rmtree(postgres_place(lisa.home), ignore_errors=True)
        shutil.rmtree(lisa.home, ignore_errors=True)


def _of(measured: list[Streaming] | list[Opening], name: str) -> float:
    return median(float(getattr(each, name)) for each in measured)


def main() -> None:
    """Measure, print and write."""
    with signed_in() as (page, origin):
        text = document(measure(page, origin))
    print(text)
    if "--print" not in sys.argv:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
