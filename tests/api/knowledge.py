"""Knowledge over memory: an embedding model, repositories, collections, and who asks for them."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from lisa.adapters.files.sources import FolderSources
from lisa.adapters.memory.vectors import MemoryStores
from lisa.bootstrap.ingestion import IngestionPorts, ingestion_of
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.domain.identity import Principal, TokenKind
from lisa.ports.embedding import OnBehalf
from lisa.usecases.tokens import Wanted
from tests.contract.ingesting import LineExtractor

if TYPE_CHECKING:
    from tests.api.conftest import Api

EMBEDDER: Final = "words"
DIMENSION: Final = 64
DEFAULT: Final = "/repositories/papers/collections/default"
JSON = dict[str, Any]


class WordEmbedder:
    """Adds up a direction of its own for each word."""

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        """Return a vector of each text."""
        del model, whose
        return [_vector(text) for text in texts]


class LengthReranker:
    """Takes shorter texts for better ones."""

    async def rank(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        """Return a score for each text."""
        del model, question, whose
        return [1 / (1 + len(text)) for text in texts]


def knowledge_ports() -> KnowledgePorts:
    """Keep passages in memory."""
    return KnowledgePorts(MemoryStores(), WordEmbedder(), LengthReranker())


async def somebody(
    api: "Api", name: str, *groups: str, rag_admin: bool = False
) -> httpx.AsyncClient:
    """Return a client of somebody in these groups."""
    assert api.services.identity
    kind = TokenKind.SERVICE if rag_admin else TokenKind.USER
    wanted = Wanted(name, name, kind, frozenset(groups), rag_admin=rag_admin)
    root = Principal(subject="root", admin=True)
    issued = await api.services.identity.tokens.issue(root, wanted)
    return api.client(authorization=f"Bearer {issued.secret}")


async def embedding_model(admin: httpx.AsyncClient, *groups: str, name: str = EMBEDDER) -> None:
    """Make a model that collections can name."""
    model = {"modelId": name, "modelName": "m", "modelUrl": "http://127.0.0.1:9/v1"}
    model |= {"modelType": "embedding"}
    answer = await admin.post("/models", json=model | {"allowedGroups": [*groups]})
    assert answer.status_code == 200, answer.text


async def repository(admin: httpx.AsyncClient, **fields: Any) -> JSON:
    """Make a repository with a default collection."""
    if (await admin.get(f"/models/{EMBEDDER}")).status_code == 404:
        await embedding_model(admin)
    wanted = {"repositoryId": "papers", "name": "Papers", "store": {"kind": "pgvector"}}
    answer = await admin.post("/repositories", json=wanted | {"embeddingModel": EMBEDDER} | fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def collection(client: httpx.AsyncClient, place: str = "papers", **fields: Any) -> JSON:
    """Make a collection."""
    answer = await client.post(f"/repositories/{place}/collections", json={"name": "Mine"} | fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def uploaded(
    api: "Api", client: httpx.AsyncClient, name: str, text: str, place: str = DEFAULT
) -> str:
    """Upload a file as a browser does; return its id."""
    content = text.encode()
    wanted = {"name": name, "size": len(content), "contentType": "text/plain"}
    answer = await client.post(f"{place}/uploads", json=wanted)
    assert answer.status_code == 201, answer.text
    key = answer.json()["url"].removeprefix("memory:").partition("?")[0]
    await api.blobs.put(key, content, "text/plain")
    return str(answer.json()["documentId"])


async def ingested(
    api: "Api", client: httpx.AsyncClient, folder: Path, *texts: str, place: str = DEFAULT
) -> list[str]:
    """Upload texts and let a worker ingest them; return the documents' ids."""
    ids = [
        await uploaded(api, client, f"{number}.txt", text, place)
        for number, text in enumerate(texts)
    ]
    answer = await client.post(f"{place}/documents", json={"documentIds": ids})
    assert answer.status_code == 202, answer.text
    await work(api, folder)
    return ids


async def work(api: "Api", folder: Path) -> None:
    """Do what is to be done with documents, as a worker does."""
    own = api.knowledge
    sources = FolderSources([folder])
    ports = IngestionPorts(own.stores, own.embedder, LineExtractor(), sources, folder)
    await ingestion_of(api.ports, ports, 2).drain()


def code(answer: httpx.Response) -> tuple[int, str]:
    """Return how a request was refused."""
    return answer.status_code, answer.json()["error"]["code"]


def _vector(text: str) -> list[float]:
    vector = [0.0] * DIMENSION
    for word in text.casefold().split():
        vector[sha256(word.encode()).digest()[0] % DIMENSION] += 1.0
    return vector if any(vector) else [1.0, *vector[1:]]
