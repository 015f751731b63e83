"""Documents that are ingested by a running LISA, whatever dies meanwhile."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from lisa.declared.entry_points import STAGE
from lisa.declared.home import CLI_TOKEN
from local.postgres import EmbeddedPostgres
from tests.local.supervised import Local

PLACE = f"/{STAGE}/repositories/local/collections/default"
WORDS = ["river", "granite", "orchid", "ledger", "harbour", "walnut", "copper", "meadow"]
AT_ONCE = 16
MOST_IN_A_CALL = 500
PATIENCE = 900.0


@dataclass(frozen=True)
class Ingested:
    """What came of it."""

    documents: int
    passages: int
    kills: int
    seconds: float
    size: int


def text_of(number: int) -> str:
    """Write a document of one to three passages, like no other."""
    chosen = random.Random(number)  # noqa: S311 - the same document each time
    paragraphs = (
        f"# Part {part} of document {number}\n\n"
        + " ".join(chosen.choice(WORDS) for _ in range(chosen.randrange(20, 60)))
        for part in range(chosen.randrange(1, 4))
    )
    return "\n\n".join(paragraphs) + "\n"


async def survive_ingestion(
    home: Path, environ: dict[str, str], documents: int, kills: int
) -> Ingested:
    """Ingest so many documents while the worker is killed; check that each is there, once."""
    lisa = Local(home, environ)
    await asyncio.to_thread(lisa.up)
    try:
        async with _client(lisa) as http:
            return await _survive(lisa, http, documents, kills)
    finally:
        await asyncio.to_thread(lisa.end)


def _client(lisa: Local) -> httpx.AsyncClient:
    token = (lisa.home / CLI_TOKEN).read_text().strip()
    headers = {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=lisa.url, headers=headers, timeout=120)


async def _survive(lisa: Local, http: httpx.AsyncClient, documents: int, kills: int) -> Ingested:
    texts = [text_of(number).encode() for number in range(documents)]
    ids = await _uploaded(http, texts)
    began = time.monotonic()
    jobs = []
    for start in range(0, documents, MOST_IN_A_CALL):
        body = {"documentIds": ids[start : start + MOST_IN_A_CALL]}
        jobs.append((await _asked(http, "POST", f"{PLACE}/documents", json=body))["job"])
    killed = 0
    for kill in range(kills):
        await _until(http, jobs, (kill + 1) * documents // (kills + 1))
        killed += _kill_worker(lisa)
    await _until(http, jobs, documents)
    seconds = time.monotonic() - began
    return Ingested(
        documents, await _checked(lisa, http, ids, jobs), killed, seconds, sum(map(len, texts))
    )


async def _uploaded(http: httpx.AsyncClient, texts: Sequence[bytes]) -> list[str]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def upload(number: int, text: bytes) -> str:
        async with slots:
            about = {"name": f"{number}.md", "size": len(text), "contentType": "text/markdown"}
            link = await _asked(http, "POST", f"{PLACE}/uploads", json=about)
            put = await http.put(
                link["url"], content=text, headers={"content-type": "text/markdown"}
            )
            put.raise_for_status()
            return str(link["documentId"])

    return list(await asyncio.gather(*(upload(*each) for each in enumerate(texts))))


async def _asked(http: httpx.AsyncClient, method: str, path: str, **more: Any) -> dict[str, Any]:
    answer = await http.request(method, path, **more)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def _until(http: httpx.AsyncClient, jobs: Sequence[dict[str, Any]], done: int) -> None:
    """Return when so many documents are done."""
    async with asyncio.timeout(PATIENCE):
        there = 0
        while there < done:
            await asyncio.sleep(0.2)
            there = sum(each["done"] for each in await _jobs(http, jobs))


async def _jobs(http: httpx.AsyncClient, jobs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    place = f"/{STAGE}/repositories/local/jobs"
    found = [await _asked(http, "GET", f"{place}/{each['jobId']}") for each in jobs]
    assert not any(each["failed"] for each in found), found
    return found


def _kill_worker(lisa: Local) -> bool:
    worker = lisa.child("local.worker")
    if worker:
        worker.kill()
    return worker is not None


async def _checked(
    lisa: Local, http: httpx.AsyncClient, ids: Sequence[str], jobs: Sequence[dict[str, Any]]
) -> int:
    """Compare what is told with what lies in the store; return how many passages there are."""
    told = await _listed(http)
    assert {each["documentId"] for each in told} == set(ids)
    assert len(told) == len(ids)
    assert {each["status"] for each in told} == {"INGESTION_COMPLETED"}
    over = await _jobs(http, jobs)
    assert sum(each["total"] for each in over) == sum(each["done"] for each in over) == len(ids)
    stored = await _stored(lisa)
    expected = Counter({each["documentId"]: each["passages"] for each in told})
    assert (expected - stored, stored - expected) == (Counter(), Counter())
    numbers = {document_id: number for number, document_id in enumerate(ids)}
    for document_id in ids[:: max(1, len(ids) // 20)]:
        path = f"{PLACE}/documents/{document_id}/passages"
        passages = (await _asked(http, "GET", path))["passages"]
        text = "".join(each["text"] for each in passages)
        assert text.split()[-1] == text_of(numbers[document_id]).split()[-1]
        assert f"document {numbers[document_id]}" in str(passages)
    return stored.total()


async def _listed(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor, more = "", True
    while more:
        page = await _asked(
            http, "GET", f"{PLACE}/documents", params={"limit": 100, "cursor": cursor}
        )
        found += page["documents"]
        cursor = page.get("nextCursor") or ""
        more = bool(cursor)
    return found


async def _stored(lisa: Local) -> Counter[str]:
    """Count passages in the store itself, by their documents."""
    conninfo = EmbeddedPostgres(lisa.home).conninfo
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        named = await connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE tablename LIKE 'space\\_%'"
        )
        [(table,)] = await named.fetchall()
        rows = await connection.execute(
            f"SELECT document_id, count(*) FROM {table} GROUP BY 1"  # noqa: S608 - quoted by Postgres
        )
        return Counter(dict(await rows.fetchall()))
