"""Files that can't be read become documents that say why, through the API, beside those that can.

What each of the many sorts is told lies in `extraction/test_hostile_files.py`.
"""

from pathlib import Path
from typing import Any, Final

import pytest

from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.adapters.files.sources import FolderSources
from lisa.bootstrap.ingestion import IngestionPorts, ingestion_of
from tests.api.conftest import Api, api, engines_address
from tests.api.knowledge import DEFAULT, repository
from tests.contract.extraction.test_hostile_files import MEGABYTE
from tests.documents import encrypted_pdf, pdf, word
from tests.documents_of_offices import archive, with_part

__all__ = ["api", "engines_address"]

WORDS: Final = "Employees have thirty days of leave."
BROKEN: Final[dict[str, tuple[bytes, str]]] = {
    "locked.pdf": (encrypted_pdf(), "file_encrypted"),
    "torn.pdf": (pdf(WORDS)[:60], "file_broken"),
    "half.docx": (word()[:3000], "file_broken"),
    "blank.txt": (b" \n ", "file_without_text"),
    "scan.pdf": (pdf("", ""), "file_without_text"),
    "bomb.docx": (with_part(word(), "word/x.xml", bytes(301 * MEGABYTE)), "file_too_complex"),
    "archive.pdf": (archive({"a.txt": b"text"}), "file_type_unknown"),
    "program.txt": (b"MZ\x90\x00\x03\x00\x00\x00", "file_type_unknown"),
}
WHOLE: Final[dict[str, bytes]] = {
    "CAPITALS.PDF": pdf(WORDS),
    "wrong.docx": pdf(WORDS),
    "none": WORDS.encode(),
}


async def announced(api: Api, name: str, size: int) -> Any:
    wanted = {"name": name, "size": size, "contentType": "application/octet-stream"}
    return await api.alice.post(f"{DEFAULT}/uploads", json=wanted)


async def test_each_says_why_and_the_others_are_found(api: Api, tmp_path: Path) -> None:
    await repository(api.admin)
    contents = {name: content for name, (content, _) in BROKEN.items()} | WHOLE
    ids = []
    for name, content in contents.items():
        link = (await announced(api, name, len(content))).json()
        key = link["url"].removeprefix("memory:").partition("?")[0]
        await api.blobs.put(key, content, "application/octet-stream")
        ids.append(link["documentId"])
    begun = await api.alice.post(f"{DEFAULT}/documents", json={"documentIds": ids})
    assert begun.status_code == 202, begun.text
    own = api.knowledge
    ports = IngestionPorts(
        own.stores, own.embedder, ProcessExtractor(), FolderSources([]), tmp_path
    )
    await ingestion_of(api.ports, ports, 2).drain()

    listed = (await api.alice.get(f"{DEFAULT}/documents")).json()["documents"]
    failed = {each["name"]: each for each in listed if each["status"] == "INGESTION_FAILED"}
    assert {name: each["causeCode"] for name, each in failed.items()} == {
        name: code for name, (_, code) in BROKEN.items()
    }
    assert all(each["cause"] and each["nextStep"] for each in failed.values())
    ready = {each["name"]: each["kind"] for each in listed if each["status"] != "INGESTION_FAILED"}
    assert ready == {"CAPITALS.PDF": "pdf", "wrong.docx": "pdf", "none": "text"}
    job_id = begun.json()["job"]["jobId"]
    job = (await api.alice.get(f"/repositories/papers/jobs/{job_id}")).json()
    assert (job["done"], job["failed"], job["isOver"]) == (len(WHOLE), len(BROKEN), True)
    asked = {"query": "leave", "collections": ["papers.default"]}
    (hit,) = (await api.alice.post("/search", json=asked)).json()["hits"]
    assert hit["text"].strip() == WORDS


@pytest.mark.parametrize(
    ("size", "code"),
    [(0, "empty_file"), (500 * MEGABYTE, None), (512 * MEGABYTE + 1, "file_too_large")],
)
async def test_half_a_gigabyte_is_taken_and_no_more(api: Api, size: int, code: str | None) -> None:
    await repository(api.admin)
    answer = await announced(api, "a.txt", size)
    assert answer.json().get("error", {}).get("code") == code
