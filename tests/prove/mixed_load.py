"""Clients that write, list, read, export and delete at once, and know what must be there."""

import asyncio
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import httpx

CLIENTS = 8
ITEMS_OF_A_FULL_SESSION = 300
MOST_ITEMS_AT_ONCE = 5
PATIENCE_SECONDS = 30


@dataclass
class Client:
    """One person, who fills one session after the other and deletes every second one."""

    http: httpx.AsyncClient
    number: int
    stop: asyncio.Event
    kept: dict[str, list[str]] = field(default_factory=dict)

    async def run(self) -> None:
        """Work until told to stop."""
        for number in count():
            await self._fill(f"client-{self.number}-session-{number:05d}")
            if self.stop.is_set():
                return
            if number % 2:
                await self._delete_oldest()

    async def find_everything(self) -> None:
        """Fail unless each session that was kept holds what was acknowledged, in its order."""
        for session_id, acknowledged in self.kept.items():
            assert await self._found(session_id) == acknowledged, f"{session_id} lost an item"

    async def _fill(self, session_id: str) -> None:
        random = Random(session_id)  # noqa: S311 - a choice that can be repeated
        await self._asked(201, "POST", "sessions", json={"id": session_id})
        acknowledged = self.kept.setdefault(session_id, [])
        while len(acknowledged) < ITEMS_OF_A_FULL_SESSION and not self.stop.is_set():
            await self._append(session_id, acknowledged, random.randint(1, MOST_ITEMS_AT_ONCE))
            await self._look(session_id, random)

    async def _append(self, session_id: str, acknowledged: list[str], more: int) -> None:
        ids = [f"item-{len(acknowledged) + each}" for each in range(more)]
        items = [
            {"id": each, "role": "user", "parts": [{"type": "input_text", "text": each * 20}]}
            for each in ids
        ]
        await self._asked(201, "POST", f"sessions/{session_id}/items", json={"items": items})
        acknowledged += ids

    async def _look(self, session_id: str, random: Random) -> None:
        """Do one of the things that change nothing."""
        looks = ("sessions", f"sessions/{session_id}", f"sessions/{session_id}/items?order=desc")
        exports = [f"sessions/{session_id}/export?format={form}" for form in ("json", "markdown")]
        await self._asked(200, "GET", random.choice([*looks, *exports]))

    async def _delete_oldest(self) -> None:
        """Delete a session after a look whether it is whole."""
        session_id = next(iter(self.kept))
        acknowledged = self.kept.pop(session_id)
        assert await self._found(session_id) == acknowledged, f"{session_id} lost an item"
        await self._asked(204, "DELETE", f"sessions/{session_id}")
        await self._asked(404, "GET", f"sessions/{session_id}/items")

    async def _found(self, session_id: str) -> list[str]:
        """Return the ids of a session's items; a full session fits on one page."""
        page = await self._asked(200, "GET", f"sessions/{session_id}/items?limit=1000")
        body: dict[str, Any] = page.json()
        assert body["next_cursor"] == ""
        return [item["id"] for item in body["items"]]

    async def _asked(self, status: int, method: str, path: str, **body: Any) -> httpx.Response:
        answer = await self.http.request(method, f"/api/{path}", **body)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer


def client_of(url: str, token: str, number: int, stop: asyncio.Event) -> Client:
    """Return a client that gives up on a silent server."""
    headers = {"authorization": f"Bearer {token}"}
    http = httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_SECONDS)
    return Client(http, number, stop)
