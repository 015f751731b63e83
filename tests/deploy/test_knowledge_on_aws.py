"""Documents in the deployment: uploaded, read, found, cited, followed at their source."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from lisa.declared.services import INGEST_TASK
from lisa.declared.tables import RAG_DOCUMENTS, RAG_JOBS, REPOSITORIES
from tests.deploy.conftest import Account
from tests.deploy.gateways import MODEL
from tests.deploy.grants import role_of_task, without
from tests.deploy.hosted import client_of, until
from tests.deploy.knowledge import (
    READERS,
    SOURCES,
    TEXT,
    Library,
    Shelf,
    order,
    running_library,
    stacks_of_stores,
)
from tests.deploy.tasks import task_of
from tests.documents import pdf, written_pdf
from tests.standins.aws_emulator.access import published

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys

COFFEE: Final = "The coffee machine on the second floor is cleaned every Friday."
LEAVE: Final = "Employees have thirty days of paid leave in each calendar year."
PARKING: Final = "Bicycles are parked in the cellar, whose door opens with the badge."
QUESTION: Final = "How many days of paid leave do employees have?"
SMALL_MB: Final = 10  # what the function reads; what is larger is the task's
PIPELINE: Final[dict[str, Any]] = {"id": "inbox", "source": f"s3://{SOURCES}/papers"}


@pytest.fixture(scope="module")
def library(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with running_library(account, tmp_path_factory.mktemp("library")) as library:
        yield library


@pytest.fixture(scope="module")
def shelves(library: Library) -> Iterator[dict[str, Shelf]]:
    """Have one repository of each kind made, both at once."""
    with library.account.client("root") as root:
        found = {
            "pgvector": order(root, "papers", "pgvector", groups=[READERS], pipelines=[PIPELINE]),
            "opensearch": order(root, "maps", "opensearch", groups=[READERS]),
        }
        for shelf in found.values():
            assert shelf.settled()["status"] == "CREATE_COMPLETE", shelf.told()
        yield found


@pytest.fixture
def papers(shelves: dict[str, Shelf]) -> Shelf:
    return shelves["pgvector"]


@pytest.mark.parametrize("kind", ["pgvector", "opensearch"])
def test_an_uploaded_pdf_is_found_and_cited_by_its_page(
    library: Library, shelves: dict[str, Shelf], kind: str
) -> None:
    with library.client("reader", READERS) as reader, library.openai(reader) as client:
        shelf = shelves[kind].as_seen_by(reader)
        document = shelf.add("handbook.pdf", pdf(COFFEE, LEAVE, PARKING))
        assert (document["status"], document["pages"]) == ("INGESTION_COMPLETED", 3), document

        best = shelf.search(QUESTION)[0]
        assert (best["documentId"], best["name"]) == (document["documentId"], "handbook.pdf")
        assert LEAVE in best["text"]
        assert best["page"] <= 2 <= best["lastPage"]
        assert {"dense", "lexical"} <= best["scores"].keys()

        answer = client.responses.create(
            model=MODEL,
            input=QUESTION,
            tools=[{"type": "file_search", "vector_store_ids": [shelf.store]}],
            extra_body={"lisa": {"chat": {"engine": {"text": "Thirty days [1]."}}}},
        )
    message = next(item for item in answer.output if item.type == "message")
    cited = message.content[0].to_dict()["annotations"]
    assert isinstance(cited, list)
    assert (cited[0]["filename"], cited[0]["file_id"]) == ("handbook.pdf", document["documentId"])
    assert cited[0]["page"] <= 2 <= cited[0]["last_page"]
    assert LEAVE in cited[0]["quote"]


def found_in(shelf: Shelf, name: str) -> list[dict[str, Any]]:
    """Return what is found of a document."""
    return [each for each in shelf.search("glass negatives archive") if each["name"] == name]


def test_what_lies_in_a_bucket_is_found_until_it_is_deleted_there(
    library: Library, papers: Shelf
) -> None:
    note = "The archive of glass negatives is kept at eleven degrees."
    with client_of(library.account, "s3") as s3:
        s3.put_object(Bucket=SOURCES, Key="papers/cold store.txt", Body=note.encode())
        s3.put_object(Bucket=SOURCES, Key="elsewhere/not ours.txt", Body=note.encode())
        found = until(lambda: found_in(papers, "cold store.txt"), seconds=60)
        assert [each["text"] for each in found] == [note]
        assert "not ours.txt" not in papers.names()

        s3.delete_object(Bucket=SOURCES, Key="papers/cold store.txt")
        until(lambda: "cold store.txt" not in papers.names(), seconds=60)
    assert found_in(papers, "cold store.txt") == []


def test_a_large_document_is_left_to_the_task(
    library: Library, papers: Shelf, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sentence = "Migrating cranes rest in the marsh for nine days."
    drawn = [f"BT /F1 12 Tf 72 700 Td ({sentence}) Tj ET", f"% {'x' * (SMALL_MB + 1) * 2**20}"]
    large = papers.upload("cranes.pdf", written_pdf(drawn))
    small = papers.upload("small.txt", b"Herons stay all winter.", TEXT)
    papers.ingest(large, small)
    assert papers.over(small)["status"] == "INGESTION_COMPLETED"
    assert papers.document(large)["status"] == "INGESTION_PENDING"

    task, folder = task_of(library.account.emulator, INGEST_TASK), tmp_path_factory.mktemp("task")
    with (
        without(library.account, role_of_task(task), "WriteTableRagDocuments"),
        task.running(folder),
    ):
        until(lambda: "AccessDenied" in (folder / "ingest.log").read_text(), seconds=60)
    assert papers.document(large)["status"] == "INGESTION_PENDING"

    with task.running(folder) as process:
        assert papers.over(large)["status"] == "INGESTION_COMPLETED", (
            papers.document(large),
            (folder / "ingest.log").read_text()[-2000:],
        )
    assert process.returncode == 0
    assert papers.search("migrating cranes marsh")[0]["page"] == 1


def test_others_find_no_trace_of_it(library: Library, papers: Shelf) -> None:
    papers.add("secret.txt", b"The vault opens at noon.", TEXT)
    with library.client("stranger", "others") as stranger, library.openai(stranger) as client:
        asked = {"query": "vault", "collections": [papers.store]}
        answers = [
            stranger.get("/repositories/papers"),
            stranger.get(f"{papers.place}/documents"),
            stranger.post(f"{papers.place}/uploads", json={"name": "a.txt", "size": 1}),
            stranger.post("/search", json=asked),
            stranger.get("/repositories/nowhere"),
        ]
        listed = stranger.get("/repositories").json()["repositories"]
        with pytest.raises(Exception, match="404"):
            client.vector_stores.search(vector_store_id=papers.store, query="vault")
    assert [each.status_code for each in answers] == [404] * len(answers)
    assert "papers" not in {each["repositoryId"] for each in listed}


def traces(account: Account, *words: str) -> list[str]:
    """Return where one of these words still stands: in rows, objects, stacks, secrets."""
    found: list[str] = []
    for table in (REPOSITORIES, RAG_DOCUMENTS, RAG_JOBS):
        found += [f"{table.name}: {row}" for row in rows_of(account, table.name)]
    with client_of(account, "s3") as s3:
        listed = s3.list_objects_v2(Bucket=published(account.emulator, "bucket/content"))
        found += [each["Key"] for each in listed.get("Contents", ())]
    with client_of(account, "secretsmanager") as secrets:
        found += [each["Name"] for each in secrets.list_secrets()["SecretList"]]
    found += stacks_of_stores(account)
    return [each for each in found if any(word in each for word in words)]


def rows_of(account: Account, table: str) -> list[dict[str, Any]]:
    with client_of(account, "dynamodb") as dynamodb:
        return list(dynamodb.scan(TableName=published(account.emulator, f"table/{table}"))["Items"])


def uid_of(shown: dict[str, Any]) -> str:
    """Return the name under which a repository is known to what is made for it."""
    return str(shown["run"]).removeprefix("create-")


def _standing(library: Library) -> list[set[Any]]:
    """Return what there is of stores: stacks, and databases. A domain takes its indexes along.

    All domains are one stand-in here, which knows nothing of their end.
    """
    return [stacks_of_stores(library.account), {*library.rds.databases}]


@pytest.mark.parametrize(
    ("kind", "serverless"),
    [
        ("pgvector", False),
        pytest.param("opensearch", False, marks=pytest.mark.slow),
        pytest.param("pgvector", True, marks=pytest.mark.slow),
    ],
    ids=["rds", "domain", "aurora"],
)
def test_a_deleted_repository_leaves_nothing(
    library: Library, kind: str, *, serverless: bool
) -> None:
    account, before = library.account, _standing(library)
    with account.client("root") as root:
        shelf = order(root, "lighthouse", kind, serverless=serverless)
        ready = shelf.settled()
        assert ready["status"] == "CREATE_COMPLETE", shelf.told()
        uid = uid_of(ready)
        document = shelf.add("note.txt", b"The lighthouse keeper counts ships.", "text/plain")
        assert document["status"] == "INGESTION_COMPLETED", document
        assert shelf.search("lighthouse keeper")
        assert _standing(library) != before

        assert shelf.remove(library.look) == {}, shelf.told()
    assert _standing(library) == before
    assert traces(account, "lighthouse", uid, document["documentId"]) == []


def test_a_store_that_can_not_be_made_says_why_and_leaves_nothing(library: Library) -> None:
    before = _standing(library)
    library.rds.refuses = "no machine of this class is left"
    try:
        with library.account.client("root") as root:
            shelf = order(root, "unmade", "pgvector")
            failed = shelf.settled()
            assert failed["status"] == "CREATE_FAILED"
            assert library.rds.refuses in failed["reason"]
            assert failed["nextStep"]
            assert _standing(library) == before
            uid = uid_of(failed)

            assert shelf.remove() == {}
    finally:
        library.rds.refuses = ""
    assert traces(library.account, "unmade", uid) == []
