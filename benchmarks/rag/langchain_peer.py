"""What LISA 6.6 ingests with: LangChain's loaders, its splitter and its store in Postgres.

It runs in an environment of its own, and knows nothing of ours: what to do comes as JSON on
standard input, what came of it goes to standard output.
"""

import json
import resource
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

CHUNK, OVERLAP = 512, 51  # LISA's defaults, in characters
BATCH: Final = 256  # texts in one call, as LISA's
WIDTH: Final = 384
BAD_REQUEST: Final = 400


class Embeddings:
    """Asks a route in OpenAI's form, as LISA's own class does; what is too long is cut."""

    def __init__(self, url: str, token: str, model: str) -> None:
        self._session = import_module("requests").Session()
        self._session.headers["authorization"] = f"Bearer {token}"
        self._url, self._model = url, model
        self.cut = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector for each."""
        made: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            made += self._embedded(texts[start : start + BATCH])
        return made

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._embedded([text])[0]

    def _embedded(self, texts: list[str]) -> list[list[float]]:
        body = {"model": self._model, "input": texts}
        answer = self._session.post(self._url, json=body, timeout=600)
        if answer.status_code == BAD_REQUEST and len(texts) > 1:
            half = len(texts) // 2
            return self._embedded(texts[:half]) + self._embedded(texts[half:])
        if answer.status_code == BAD_REQUEST:
            self.cut += 1
            return self._embedded([texts[0][: len(texts[0]) // 2]])
        answer.raise_for_status()
        return [each["embedding"] for each in answer.json()["data"]]


def chunks(files: list[str]) -> Iterator[tuple[Any, Any]]:
    """Yield what each file is split into."""
    loaders = import_module("langchain_community.document_loaders")
    by_kind = {".pdf": loaders.PyPDFLoader, ".docx": loaders.Docx2txtLoader}
    splitter = import_module("langchain_text_splitters").RecursiveCharacterTextSplitter(
        chunk_size=CHUNK, chunk_overlap=OVERLAP
    )
    for file in files:
        loader = by_kind.get(Path(file).suffix)
        loaded = (loader(file) if loader else loaders.TextLoader(file, encoding="utf-8")).load()
        yield loaded, splitter.split_documents(loaded)


def store(database: str, embeddings: Embeddings | None) -> Any:
    """Open its store, as it is by default."""
    postgres = import_module("langchain_community.vectorstores.pgvector")
    return postgres.PGVector(
        connection_string=database,
        embedding_function=embeddings,
        collection_name="bench",
        use_jsonb=True,
    )


def read(files: list[str]) -> dict[str, Any]:
    """Read and split files, and tell what that cost without the start."""
    list(chunks([]))
    characters, pieces, before = 0, 0, _processor()
    for loaded, split in chunks(files):
        characters += sum(len(each.page_content) for each in loaded)
        pieces += len(split)
    return {"characters": characters, "pieces": pieces, "seconds": _processor() - before}


def ingest(files: list[str], database: str, model: dict[str, str]) -> dict[str, Any]:
    """Read, split, embed and store files, one after the other."""
    embeddings = Embeddings(**model)
    kept = store(database, embeddings)
    began, pieces = time.monotonic(), 0
    for _, split in chunks(files):
        kept.add_documents(split)
        pieces += len(split)
    return {"seconds": time.monotonic() - began, "pieces": pieces, "cut": embeddings.cut}


def search(texts: str, vectors: str, asked: int, database: str) -> dict[str, Any]:
    """Store texts with the vectors they have, then ask by the vectors that follow."""
    known: list[str] = json.loads(Path(texts).read_text())[0]
    numbers = array("f", Path(vectors).read_bytes())
    rows = [numbers[start : start + WIDTH].tolist() for start in range(0, len(numbers), WIDTH)]
    kept, began = store(database, None), time.monotonic()
    for start in range(0, len(known), BATCH):
        end = min(start + BATCH, len(known))
        kept.add_embeddings(known[start:end], rows[start:end], [{} for _ in range(start, end)])
    filled = time.monotonic() - began
    seconds, found = [], []
    for row in rows[len(known) : len(known) + asked]:
        began = time.monotonic()
        hits = kept.similarity_search_by_vector(row, k=10)
        seconds.append(time.monotonic() - began)
        found.append([each.page_content for each in hits])
    return {"filled": filled, "seconds": seconds, "found": found}


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    told = json.load(sys.stdin)
    works: dict[str, Callable[..., Any]] = {"read": read, "ingest": ingest, "search": search}
    work = works[told.pop("what")]
    Path(told.pop("into")).write_text(json.dumps(work(**told)))
