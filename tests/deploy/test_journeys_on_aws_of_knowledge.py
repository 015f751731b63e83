"""Journeys through one repository, with IAM enforced: evaluations, a scheduled pipeline, files."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from tests.deploy.conftest import ACCOUNTS, Account
from tests.deploy.hosted import client_of, ok, until
from tests.deploy.knowledge import (
    EMBEDDER,
    READERS,
    SOURCES,
    TEXT,
    Library,
    Shelf,
    order,
    running_library,
)

pytestmark = [
    pytest.mark.timeout(600),  # whoever comes first deploys
    pytest.mark.parametrize("account", ACCOUNTS[-1:], indirect=True),
]
OWLS: Final = b"Owls hunt mice at night."
WHALES: Final = b"Whales sing in the deep sea."
QUESTIONS: Final = [
    {"question": "who hunts mice at night", "relevant": [{"document": "owls.txt"}]},
    {"question": "who sings in the sea", "relevant": [{"document": "whales.txt"}]},
]
NIGHTLY: Final = {
    "id": "nightly",
    "source": f"s3://{SOURCES}/nightly",
    "trigger": "schedule",
    "cron": "0 3 * * *",
}


@pytest.fixture(scope="module")
def library(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with running_library(account, tmp_path_factory.mktemp("library")) as library:
        yield library


@pytest.fixture(scope="module")
def shelf(library: Library) -> Iterator[Shelf]:
    """Have a repository that a reader fills."""
    with library.account.client("root") as root, library.client("reader", READERS) as reader:
        made = order(root, "animals", "pgvector", groups=[READERS], pipelines=[NIGHTLY])
        assert made.settled()["status"] == "CREATE_COMPLETE", made.told()
        shelf = made.as_seen_by(reader)
        for name, content in {"owls.txt": OWLS, "whales.txt": WHALES}.items():
            assert shelf.add(name, content, TEXT)["status"] == "INGESTION_COMPLETED"
        yield shelf
        assert made.remove(library.look) == {}, made.told()


def test_an_evaluation_is_run_compared_and_forgotten(shelf: Shelf) -> None:
    http, golden = shelf.http, {"name": "Animals", "licence": "none", "questions": QUESTIONS}
    set_id = ok(http.post("/evaluations/sets", json=golden))["setId"]
    runs = [_evaluated(http, set_id, shelf.store) for _ in range(2)]
    assert runs[0]["figures"]["hybrid"]["recallAt10"] == 1
    first, second = (each["runId"] for each in runs)
    ok(http.get(f"/evaluations/runs/{second}/comparison/{first}"))
    assert {first, second} <= {each["runId"] for each in ok(http.get("/evaluations/runs"))["runs"]}
    for gone in (f"runs/{first}", f"runs/{second}", f"sets/{set_id}"):
        ok(http.delete(f"/evaluations/{gone}"))
    assert http.get(f"/evaluations/sets/{set_id}").status_code == 404


def _evaluated(http: httpx.Client, set_id: str, collection: str) -> dict[str, Any]:
    run = ok(http.post("/evaluations/runs", json={"setId": set_id, "collections": [collection]}))
    while not run["isOver"]:
        run = ok(http.post(f"/evaluations/runs/{run['runId']}/steps"))
    return dict(run)


def test_a_scheduled_pipeline_looks_when_it_is_asked(library: Library, shelf: Shelf) -> None:
    place = f"/repositories/{shelf.repository}/pipelines"
    with client_of(library.account, "s3") as s3, library.account.client("root") as root:
        s3.put_object(Bucket=SOURCES, Key="nightly/foxes.txt", Body=b"Foxes hunt hens.")
        _look_at_once(library, root, place)
        until(lambda: "foxes.txt" in shelf.names(), seconds=60)
        assert [each["id"] for each in ok(shelf.http.get(place))["pipelines"]] == ["nightly"]

        s3.delete_object(Bucket=SOURCES, Key="nightly/foxes.txt")
        _look_at_once(library, root, place)
        until(lambda: "foxes.txt" not in shelf.names(), seconds=60)
        newest, *_ = ok(root.get(f"{place}/nightly/runs"))["runs"]
    assert (newest["removed"], newest["cause"]) == (1, "")


def _look_at_once(library: Library, root: httpx.Client, place: str) -> None:
    ok(root.post(f"{place}/nightly/run"))
    library.look()


def test_a_document_is_opened_cut_and_removed_with_its_job(shelf: Shelf) -> None:
    http, documents = shelf.http, f"{shelf.place}/documents"
    document = shelf.add("hares.txt", b"Hares rest in the field.", TEXT)["documentId"]
    link = ok(http.get(f"{documents}/{document}/content"))
    assert httpx.get(link["url"]).content == b"Hares rest in the field."
    assert "Hares" in str(ok(http.get(f"{documents}/{document}/passages")))
    assert ok(http.get(f"/repositories/{shelf.repository}/jobs"))["jobs"]
    ok(http.post(f"{documents}/removal", json={"documentIds": [document]}))
    until(lambda: "hares.txt" not in shelf.names(), seconds=60)


def test_a_collection_is_made_searched_and_deleted(library: Library, shelf: Shelf) -> None:
    with library.account.client("root") as root:
        place = f"/repositories/{shelf.repository}/collections"
        own = {"name": "Birds", "embeddingModel": EMBEDDER, "groups": [READERS]}
        birds = ok(root.post(place, json=own))["collectionId"]
        ok(root.put(f"{place}/{birds}", json={"description": "those that fly"}))
        listed = ok(shelf.http.get("/collections"))["collections"]
        assert birds in {each["collectionId"] for each in listed}
        ok(root.delete(f"{place}/{birds}"))
        library.look()
        until(lambda: root.get(f"{place}/{birds}").status_code == 404, seconds=60)


def test_a_vector_store_is_filled_by_the_openai_package(library: Library, shelf: Shelf) -> None:
    with library.openai(shelf.http) as client:
        file = client.files.create(file=("moles.txt", b"Moles dig tunnels."), purpose="assistants")
        added = client.vector_stores.files.create(vector_store_id=shelf.store, file_id=file.id)

        def status() -> bool:
            now = client.vector_stores.files.retrieve(added.id, vector_store_id=shelf.store)
            return now.status == "completed"

        until(status, seconds=60)
        found = client.vector_stores.search(shelf.store, query="moles dig tunnels")
        assert found.data[0].content[0].text == "Moles dig tunnels."
        client.vector_stores.files.delete(added.id, vector_store_id=shelf.store)
        client.files.delete(file.id)
        assert shelf.store in {each.id for each in client.vector_stores.list()}
