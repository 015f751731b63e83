"""Repositories and their documents in the emulated account, as callers outside see them.

What their stores' stacks make leads to a Postgres and an OpenSearch on loopback; a model that
embeds words answers behind the gateway.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import openai

from lisa.declared.doors import PIPELINES
from tests.deploy.conftest import Account
from tests.deploy.gateways import Gateway, running_engine, running_gateway
from tests.deploy.hosted import client_of, function_of, until
from tests.deploy.lab import waiting_less
from tests.standins.aws_emulator.access import issue_token
from tests.standins.aws_emulator.process import REGION
from tests.standins.opensearch.server import OpenSearch, running_opensearch
from tests.standins.rds.server import Rds, running_rds
from tests.standins.word_embedder import running_embedder

EMBEDDER: Final = "team/words"
SOURCES: Final = "sources"  # as in config/emulator.yaml
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
READERS: Final = "readers"
SECONDS: Final = 90
JSON = dict[str, Any]
OVER: Final = frozenset({"INGESTION_COMPLETED", "INGESTION_FAILED"})
ON_THEIR_WAY: Final = frozenset({"CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})


@dataclass(frozen=True)
class Library:
    """The deployment with a gateway and with what stands behind stores."""

    account: Account
    gateway: Gateway
    rds: Rds
    opensearch: OpenSearch
    addresses: dict[str, str]

    @contextmanager
    def client(self, name: str, *groups: str) -> Iterator[httpx.Client]:
        """Return a client of somebody in these groups."""
        token = asyncio.run(issue_token(self.account.emulator, name, groups=groups))
        headers = {"authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.account.deployed.url, headers=headers, timeout=60) as http:
            yield http

    def look(self) -> None:
        """Look after pipelines and stores now: it is done each minute."""
        with client_of(self.account, "lambda") as functions:
            functions.invoke(FunctionName=function_of(PIPELINES.name), Payload=b"{}")

    def openai(self, client: httpx.Client) -> openai.OpenAI:
        """Return the package's client of the same caller."""
        token = client.headers["authorization"].removeprefix("Bearer ")
        url = f"{self.gateway.task.address}/v1"
        return openai.OpenAI(base_url=url, api_key=token, max_retries=0)


@contextmanager
def running_library(account: Account, folder: Path) -> Iterator[Library]:
    """Run everything that knowledge needs; nobody waits for long."""
    with ExitStack() as stack:
        rds = stack.enter_context(running_rds())
        opensearch, domain = stack.enter_context(running_opensearch())
        _, serverless = stack.enter_context(running_opensearch(serverless=True))
        engine = stack.enter_context(running_engine())
        embedder = stack.enter_context(running_embedder())
        gateway = stack.enter_context(running_gateway(account, engine.url, folder))
        stack.enter_context(_model(account, embedder.url))
        _make_sources(account)
        _let_it_be_found(gateway)
        addresses = {"rds": rds.url, "opensearch": domain, "serverless": serverless}
        account.emulator.put_behind_stores(**addresses)
        stack.enter_context(waiting_less(account))
        yield Library(account, gateway, rds, opensearch, addresses)


@contextmanager
def _model(account: Account, url: str) -> Iterator[None]:
    wanted = {"modelId": EMBEDDER, "modelName": "words", "modelUrl": url}
    with account.client("root") as root:
        made = root.post("/models", json=wanted | {"modelType": "embedding"})
        assert made.status_code == 200, made.text
        yield
        root.delete(f"/models/{EMBEDDER}")


def _make_sources(account: Account) -> None:
    """Make the bucket that pipelines load from; it tells of what changes in it."""
    with client_of(account, "s3") as s3:
        if SOURCES in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            return
        place = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=SOURCES, CreateBucketConfiguration=place)
        s3.put_bucket_notification_configuration(
            Bucket=SOURCES, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )


def _let_it_be_found(gateway: Gateway) -> None:
    """Let functions call the gateway where it is here: its name resolves on AWS only."""
    with client_of(gateway.account, "ssm") as parameters:
        parameters.put_parameter(
            Name="/lisa/emulator/serve/url",
            Value=gateway.task.address,
            Type="String",
            Overwrite=True,
        )


@dataclass(frozen=True)
class Shelf:
    """A repository's default collection, as one caller sees it."""

    http: httpx.Client
    repository: str

    @property
    def place(self) -> str:
        """Return the collection's path."""
        return f"/repositories/{self.repository}/collections/default"

    @property
    def store(self) -> str:
        """Return OpenAI's name for it."""
        return f"{self.repository}.default"

    def as_seen_by(self, http: httpx.Client) -> "Shelf":
        """Return it for somebody else."""
        return Shelf(http, self.repository)

    def upload(self, name: str, content: bytes, kind: str = PDF) -> str:
        """Put a file where the link says, as anybody outside can; return its id."""
        about = {"name": name, "size": len(content), "contentType": kind}
        link = self.http.post(f"{self.place}/uploads", json=about)
        assert link.status_code == 201, link.text
        sent = httpx.put(
            link.json()["url"], content=content, headers={"content-type": kind}, timeout=60
        )
        assert sent.status_code == 200, sent.text
        return str(link.json()["documentId"])

    def ingest(self, *ids: str) -> None:
        """Ask that files become documents."""
        asked = self.http.post(f"{self.place}/documents", json={"documentIds": ids})
        assert asked.status_code == 202, asked.text

    def add(self, name: str, content: bytes, kind: str = PDF) -> JSON:
        """Upload one file; return the document that it became."""
        id_ = self.upload(name, content, kind)
        self.ingest(id_)
        return self.over(id_)

    def document(self, id_: str) -> JSON:
        """Return a document."""
        found = self.http.get(f"{self.place}/documents/{id_}")
        assert found.status_code == 200, found.text
        return dict(found.json())

    def over(self, id_: str) -> JSON:
        """Wait until a document is read, or isn't; return it."""

        def seen() -> JSON | None:
            document = self.document(id_)
            return document if document["status"] in OVER else None

        try:
            return dict(until(seen, seconds=SECONDS))
        except AssertionError as late:
            raise AssertionError(self.document(id_)) from late

    def names(self) -> set[str]:
        """Return the names of its documents."""
        page = self.http.get(f"{self.place}/documents")
        assert page.status_code == 200, page.text
        return {each["name"] for each in page.json()["documents"]}

    def search(self, query: str, **more: Any) -> Sequence[JSON]:
        """Return what is found."""
        asked = {"query": query, "collections": [self.store], **more}
        answer = self.http.post("/search", json=asked)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["hits"])

    def shown(self) -> JSON:
        """Return the repository; nothing where there is none."""
        answer = self.http.get(f"/repositories/{self.repository}")
        return dict(answer.json()) if answer.is_success else {}

    def told(self) -> str:
        """Return what the repository says of itself, for people."""
        shown = self.shown() or {"status": "gone", "reason": "", "nextStep": ""}
        return f"{shown['status']}: {shown['reason']}; {shown['nextStep']}"

    def settled(self, meanwhile: Callable[[], None] = lambda: None) -> JSON:
        """Wait until nothing is under way; return the repository."""

        def seen() -> bool:
            meanwhile()
            return self.shown().get("status") not in ON_THEIR_WAY

        until(seen, seconds=SECONDS)
        return self.shown()

    def remove(self, meanwhile: Callable[[], None] = lambda: None) -> JSON:
        """Delete the repository; return what is there of it in the end."""
        asked = self.http.delete(f"/repositories/{self.repository}")
        assert asked.status_code == 202, asked.text
        return self.settled(meanwhile)


def order(
    root: httpx.Client, name: str, kind: str, *, serverless: bool = False, **more: Any
) -> Shelf:
    """Ask for a repository whose store LISA makes."""
    wanted = {"repositoryId": name, "name": name.title(), "embeddingModel": EMBEDDER}
    store = {"kind": kind, "serverless": serverless, "own": True}
    made = root.post("/repositories", json=wanted | {"store": store} | more)
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "CREATE_IN_PROGRESS"
    return Shelf(root, name)


def stacks_of_stores(account: Account) -> set[str]:
    """Return the names of the stores' stacks that are there."""
    with client_of(account, "cloudformation") as client:
        found = client.describe_stacks()["Stacks"]
    there = [each for each in found if each["StackStatus"] != "DELETE_COMPLETE"]
    return {each["StackName"] for each in there if "-store-" in each["StackName"]}
