"""Clients that talk while LISA is killed: what they saw must be kept, once, and end with a word."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

TALKERS = 6
PAUSE = 0.2
ENDINGS = frozenset({"response.completed", "response.incomplete", "response.failed"})
SPEECH = {"tokens": 40, "pause": 0.04}


@dataclass
class Heard:
    """One turn as its client saw it, through any number of connections."""

    item_id: str
    response_id: str = ""
    numbers: list[int] = field(default_factory=list)
    said: str = ""
    ended: dict[str, Any] | None = None

    def hear(self, event: dict[str, Any]) -> None:
        """Take an event; none may be missing, none may come twice."""
        assert event["sequence_number"] == len(self.numbers), "an event is lost, or came twice"
        self.numbers.append(event["sequence_number"])
        if event["type"] == "response.created":
            self.response_id = event["response"]["id"]
        elif event["type"] == "response.output_text.delta":
            self.said += event["delta"]
        elif event["type"] in ENDINGS:
            self.ended = event["response"]


@dataclass
class Talkers:
    """Clients, each in a conversation of its own."""

    http: httpx.AsyncClient
    model: str
    heard: dict[str, list[Heard]] = field(default_factory=dict)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Talk until told to stop."""
        await asyncio.gather(*(self._talk(number) for number in range(TALKERS)))

    async def go_on(self, load: asyncio.Task[None]) -> None:
        """Return once each has begun another turn than now, or when talking has failed."""
        before = {conversation: len(turns) for conversation, turns in self.heard.items()}
        while not load.done():
            begun = [len(turns) > before.get(each, 0) for each, turns in self.heard.items()]
            if all(begun) and len(begun) == TALKERS:
                return
            await asyncio.sleep(PAUSE)

    async def speak(self, load: asyncio.Task[None]) -> None:
        """Return in the middle of a turn: when one has just been told more of its answer."""
        before = self._words()
        while not load.done():
            if self._words() > before:
                return
            await asyncio.sleep(PAUSE / 10)

    def _words(self) -> int:
        return sum(len(one.said) for turns in self.heard.values() for one in turns)

    async def _talk(self, number: int) -> None:
        made = await self.http.post("/v1/conversations", json={})
        conversation = str(made.json()["id"])
        turns = self.heard.setdefault(conversation, [])
        while not self.stop.is_set():
            one = Heard(f"t{number}-{len(turns):04d}")
            turns.append(one)
            while one.ended is None:
                try:
                    await self._listen(one, conversation)
                except httpx.HTTPError:
                    await asyncio.sleep(PAUSE)

    async def _listen(self, one: Heard, conversation: str) -> None:
        """Ask, or, where it was asked already, go on listening."""
        if one.response_id:
            after = {"stream": "true", "starting_after": str(len(one.numbers) - 1)}
            place = f"/v1/responses/{one.response_id}"
            asking = self.http.stream("GET", place, params=after)
        else:
            asking = self.http.stream("POST", "/v1/responses", json=self._asked(one, conversation))
        async with asking as answer:
            if answer.status_code != httpx.codes.OK:
                assert answer.status_code in {401, 404, 502, 503}, await answer.aread()
                await asyncio.sleep(PAUSE)
                return
            async for event in _events(answer):
                one.hear(event)

    def _asked(self, one: Heard, conversation: str) -> dict[str, Any]:
        said = {"id": one.item_id, "role": "user", "content": f"say {one.item_id}"}
        return {
            "model": self.model,
            "input": [said],
            "conversation": conversation,
            "stream": True,
            "lisa": {"chat": {"engine": SPEECH}},
        }

    async def refute(self) -> Counter[str]:
        """Fail unless all that was heard is kept, once; return how the turns ended."""
        endings: Counter[str] = Counter()
        for conversation, turns in self.heard.items():
            items = await self._items(conversation)
            ids = [item["id"] for item in items]
            assert len(ids) == len(set(ids)), "an item is there twice"
            users = [item["id"] for item in items if item["role"] == "user"]
            assert users == [one.item_id for one in turns], "a message is lost, or out of order"
            by_id = {item["id"]: item for item in items}
            for one in turns:
                endings[await self._refute_one(one, by_id)] += 1
        return endings

    async def _refute_one(self, one: Heard, items: dict[str, Any]) -> str:
        assert one.ended
        kept = (await self.http.get(f"/v1/responses/{one.response_id}")).json()
        assert kept == one.ended, "the response is kept in another way than it was told"
        assert kept["status"] in {"completed", "incomplete"}, kept
        said = "".join(part["text"] for item in kept["output"] for part in item["content"])
        whole = kept["status"] == "completed"
        fits = said == one.said if whole else one.said.startswith(said)
        assert fits, "what was kept isn't what was heard"  # but for a last quarter of a second
        assert all(items[item["id"]] == item for item in kept["output"])
        return str(kept["status"])

    async def _items(self, conversation: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        query = {"limit": "100", "order": "asc"}
        while True:
            place = f"/v1/conversations/{conversation}/items"
            page = (await self.http.get(place, params=query)).json()
            found += page["data"]
            if not page["has_more"]:
                return found
            query["after"] = page["last_id"]


async def _events(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in answer.aiter_lines():
        if line.startswith("data: "):
            event: dict[str, Any] = json.loads(line.removeprefix("data: "))
            yield event
