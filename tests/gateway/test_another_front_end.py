"""Somebody else's chat page, at an address of its own, in a real browser: it has a URL and a token.

It asks as OpenAI's client for browsers does, with headers of its own, and reads a stream.
"""

import http.server
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from playwright.async_api import Page, async_playwright

from tests.e2e.conftest import chromium
from tests.gateway.running import running_gateway
from tests.standins.engine.server import Engine

CHAT: Final = """<!doctype html><meta charset="utf-8"><title>Another chat</title>
<script>
async function chat(url, token) {
  const headers = {authorization: `Bearer ${token}`, "x-stainless-lang": "js"};
  const models = await (await fetch(`${url}/models`, {headers})).json();
  const answer = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: {...headers, "content-type": "application/json"},
    body: JSON.stringify({
      model: models.data[0].id, stream: true, messages: [{role: "user", content: "hi"}],
    }),
  });
  const lines = (await answer.text()).split("\\n").filter((line) => line.startsWith("data: {"));
  const deltas = lines.map((line) => JSON.parse(line.slice(6)).choices[0]?.delta.content ?? "");
  return {words: deltas.join(""), id: answer.headers.get("x-request-id")};
}
</script>"""
ASKED: Final = (
    """([url, token]) => chat(url, token).catch((failure) => ({refused: failure.name}))"""
)


class _Page(http.server.BaseHTTPRequestHandler):
    """The one page there is."""

    def do_GET(self) -> None:
        """Answer."""
        content = CHAT.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def another_page() -> Iterator[str]:
    """Serve that page; its port makes it another origin."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@asynccontextmanager
async def browser_page() -> AsyncIterator[Page]:
    """Open a browser; the fixtures of pytest's plugin have a loop of their own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium())
        yield await browser.new_page()
        await browser.close()


async def test_a_page_of_a_listed_origin_chats_with_url_and_token_and_no_other_page_does(
    engine: Engine,
) -> None:
    with another_page() as listed, another_page() as unlisted:
        async with (
            running_gateway(engine, origins=frozenset({listed})) as gateway,
            browser_page() as page,
        ):
            given = [gateway.openai, await gateway.token()]
            await page.goto(listed)
            answer = await page.evaluate(ASKED, given)
            await page.goto(unlisted)
            refused = await page.evaluate(ASKED, given)

    assert answer["words"].startswith("Hello")
    assert answer["id"]
    assert refused == {"refused": "TypeError"}  # what a browser calls a call that it keeps back
    assert len(gateway.books.calls) == 1
