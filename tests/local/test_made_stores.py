"""Stores that a whole LISA makes: filled, searched, removed without a trace, whatever dies."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from lisa.declared.entry_points import STAGE
from lisa.declared.home import CLI_TOKEN
from local.postgres import EmbeddedPostgres
from tests.local.living import until
from tests.local.supervised import Local
from tests.local.test_cli import Lisa, lisa

__all__ = ["lisa"]

REPOSITORIES = f"/{STAGE}/repositories"
TEXT = b"# Granite\n\nThe quarry above the harbour yields grey granite.\n"


class Archive:
    """A running LISA, asked for repositories with stores of their own."""

    def __init__(self, lisa: Local) -> None:
        self.lisa = lisa
        token = (lisa.home / CLI_TOKEN).read_text().strip()
        headers = {"authorization": f"Bearer {token}"}
        self.http = httpx.Client(base_url=lisa.url, headers=headers, timeout=60)

    def create(self, name: str) -> dict[str, Any]:
        model = self.asked("GET", f"{REPOSITORIES}/local")["embeddingModel"]
        wanted = {"repositoryId": name, "name": name, "embeddingModel": model}
        store = {"kind": "pgvector", "own": True}
        return self.asked("POST", REPOSITORIES, json={**wanted, "store": store})

    def status(self, name: str) -> str:
        found = self.http.get(f"{REPOSITORIES}/{name}")
        return "gone" if found.status_code == 404 else str(found.json()["status"])

    def becomes(self, name: str, status: str) -> None:
        until(lambda: self.status(name) in {status, "CREATE_FAILED", "DELETE_FAILED"})
        assert self.status(name) == status, self.http.get(f"{REPOSITORIES}/{name}").text

    def fill(self, name: str) -> None:
        place = f"{REPOSITORIES}/{name}/collections/default"
        about = {"name": "granite.md", "size": len(TEXT), "contentType": "text/markdown"}
        link = self.asked("POST", f"{place}/uploads", json=about)
        kind = {"content-type": "text/markdown"}
        self.http.put(link["url"], content=TEXT, headers=kind).raise_for_status()
        ordered = {"documentIds": [link["documentId"]]}
        self.asked("POST", f"{place}/documents", json=ordered)
        document = f"{place}/documents/{link['documentId']}"
        until(lambda: self.asked("GET", document)["status"] == "INGESTION_COMPLETED")

    def found(self, name: str) -> list[str]:
        question = {"query": "stone from the quarry", "collections": [f"{name}.default"]}
        hits = self.asked("POST", f"/{STAGE}/search", json=question)["hits"]
        return [each["text"] for each in hits]

    def asked(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = self.http.request(method, path, **more)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def kill_worker(self) -> None:
        worker = self.lisa.child("local.worker")
        assert worker
        worker.kill()

    def databases(self) -> list[str]:
        return asyncio.run(self._databases())

    async def _databases(self) -> list[str]:
        conninfo = EmbeddedPostgres(self.lisa.home).conninfo
        async with await psycopg.AsyncConnection.connect(conninfo) as connection:
            found = await connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'lisa\\_store\\_%'"
            )
            return [name for (name,) in await found.fetchall()]


@pytest.fixture(scope="module")
def archive(shared_home: Path, command_environ: dict[str, str]) -> Iterator[Archive]:
    lisa = Local(shared_home, command_environ)
    lisa.up()
    try:
        archive = Archive(lisa)
        with archive.http:
            yield archive
    finally:
        lisa.end()


@pytest.mark.timeout(300)
def test_a_store_is_made_filled_searched_and_removed_without_a_trace(archive: Archive) -> None:
    kinds = archive.asked("GET", f"{REPOSITORIES}/store-kinds")["kinds"]
    assert [each["kind"] for each in kinds if each["made"]] == ["pgvector"]
    assert archive.create("quarry")["status"] == "CREATE_IN_PROGRESS"
    archive.becomes("quarry", "CREATE_COMPLETE")
    [database] = archive.databases()
    assert archive.asked("GET", f"{REPOSITORIES}/quarry")["store"]["address"] == f"/{database}"
    archive.fill("quarry")
    assert any("granite" in each for each in archive.found("quarry"))
    archive.asked("DELETE", f"{REPOSITORIES}/quarry")
    archive.becomes("quarry", "gone")
    assert archive.databases() == []


@pytest.mark.timeout(300)
def test_a_killed_worker_makes_and_removes_it_all_the_same(archive: Archive) -> None:
    archive.create("hardy")
    archive.kill_worker()
    archive.becomes("hardy", "CREATE_COMPLETE")
    assert len(archive.databases()) == 1
    archive.asked("DELETE", f"{REPOSITORIES}/hardy")
    archive.kill_worker()
    archive.becomes("hardy", "gone")
    assert archive.databases() == []


@pytest.mark.timeout(300)
def test_the_command_line_makes_and_removes_one(archive: Archive, lisa: Lisa) -> None:
    def rag(*arguments: str) -> str:
        said = lisa("rag", *arguments, "--home", str(archive.lisa.home))
        assert said.code == 0, said.err
        return said.out

    assert "pgvector" in rag("stores")
    model = archive.asked("GET", f"{REPOSITORIES}/local")["embeddingModel"]
    assert "CREATE_COMPLETE" in rag("create", "caves", "--own", "--embedder", model, "--wait")
    assert "nothing is left" in rag("delete", "caves", "--wait")
    home = ("--home", str(archive.lisa.home))
    refused = lisa("rag", "create", "caves", "--own", "--option", "disk=9", *home)
    assert (refused.code, "there is no disk" in refused.err) == (1, True)
    assert archive.databases() == []
