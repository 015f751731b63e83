"""Two people of different groups: one tries every route of knowledge on what is the other's."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.api.conftest import Api
from tests.api.knowledge import collection, ingested, repository, somebody
from tests.api.rights import EXPECTED, GOLDEN, RUN

MARK: Final = "anns-own-words"
OF_KNOWLEDGE: Final = {"knowledge", "knowledge, as in LISA", "evaluations"}
BY_QUERY: Final = {  # routes of LISA's that name a collection behind the question mark
    "GET /repository/{repository_id}/similaritySearch",
    "POST /repository/{repository_id}/bulk",
    "GET /repository/{repository_id}/document",
    "DELETE /repository/{repository_id}/document",
}
BY_BODY: Final = {"POST /search", "POST /evaluations/runs"}
HIDDEN_IN: Final = ("collection_id", "document_id", "job_id", "set_id", "run_id")
PLACES: Final = ("private", "narrowed", "of a repository")


@dataclass(frozen=True)
class Hidden:
    """What is ann's: how routes name it."""

    names: dict[str, str]

    def missing(self) -> "Hidden":
        """Return the same of what never was; the open repository is there."""
        kept = {name: self._other(value) for name, value in self.names.items()}
        return Hidden(kept)

    def request(self, route: str) -> tuple[str, str, dict[str, Any]]:
        """Return the request of a route about it, which would succeed for ann."""
        method, _, path = route.partition(" ")
        expected = EXPECTED[route]
        body = json.dumps(expected.body).replace("papers.default", self.place)
        for name, value in self.names.items():
            body = body.replace(f"{{{name}}}", value)
        query = dict(expected.query)
        if route in BY_QUERY:
            query["collectionId"] = self.names["collection_id"]
        return method, path.format(**self.names), {"json": json.loads(body), "params": query}

    def is_asked_for(self, route: str) -> bool:
        """Tell whether a route names what nobody else may know of."""
        if self.names["repository_id"] != "papers" and "{repository_id}" in route:
            return True
        named = any(f"{{{name}}}" in route for name in HIDDEN_IN)
        return named or route in BY_QUERY | BY_BODY

    @property
    def place(self) -> str:
        """Return how searches name it."""
        return f"{self.names['repository_id']}.{self.names['collection_id']}"

    def _other(self, value: str) -> str:
        return value if value == "papers" else value[:-1] + ("0" if value[-1] != "0" else "1")


def routes_of_knowledge(api: Api) -> Iterator[str]:
    for path, methods in api.app.openapi()["paths"].items():
        for method, told in methods.items():
            if OF_KNOWLEDGE & {*told.get("tags", [])}:
                yield f"{method.upper()} {path}"


async def hidden(api: Api, ann: httpx.AsyncClient, folder: Path, place: str) -> Hidden:
    """Make a collection with a document, a job, a golden set and a run, all of them ann's."""
    await repository(api.admin)
    fields: dict[str, Any] = {"name": MARK, "tags": [MARK]}
    into = "papers"
    if place == "private":
        made = await collection(ann, private=True, **fields)
    elif place == "narrowed":
        made = await collection(api.admin, collectionId="labs", groups=["research"], **fields)
    else:
        into = "secret"
        pipelines = [{"id": "nightly", "source": f"s3://{MARK}/in"}]
        await repository(
            api.admin, repositoryId=into, name=MARK, groups=["research"], pipelines=pipelines
        )
        made = {"collectionId": "default"}
    name = str(made["collectionId"])
    at = f"/repositories/{into}/collections/{name}"
    (document,) = await ingested(api, ann, folder, f"hello {MARK}", place=at)
    (job,) = (await ann.get(f"/repositories/{into}/jobs")).json()["jobs"]
    golden = (await ann.post("/evaluations/sets", json=GOLDEN | {"name": MARK})).json()
    wanted = RUN | {"setId": golden["setId"], "collections": [f"{into}.{name}"]}
    run = (await ann.post("/evaluations/runs", json=wanted)).json()
    return Hidden(
        {
            "repository_id": into,
            "collection_id": name,
            "document_id": document,
            "job_id": job["jobId"],
            "pipeline_id": "nightly",
            "set_id": golden["setId"],
            "run_id": run["runId"],
            "other_id": run["runId"],
            "knowledge_base_id": "KB",
        }
    )


async def as_ann_sees_it(ann: httpx.AsyncClient, own: Hidden) -> list[Any]:
    paths = (
        "/collections",
        "/repositories/{repository_id}/collections/{collection_id}/documents",
        "/repositories/{repository_id}/collections/{collection_id}/contents",
        "/repositories/{repository_id}/jobs",
        "/repositories/{repository_id}/pipelines",
        "/evaluations/sets",
        "/evaluations/runs",
    )
    answers = [await ann.get(path.format(**own.names)) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.json() for answer in answers]


def refusal(answer: httpx.Response, asked: Hidden) -> tuple[int, str, str]:
    """Return how a request was refused, without the names that it gave itself."""
    error = answer.json()["error"]
    told = f"{error['message']} {error.get('next_step')}"
    for name, value in asked.names.items():
        told = told.replace(value, f"<{name}>")
    return answer.status_code, error["code"], told


@pytest.mark.parametrize("place", PLACES)
async def test_what_is_anothers_is_not_there_on_any_route(
    api: Api, tmp_path: Path, place: str
) -> None:
    ann, ben = await somebody(api, "ann", "research"), await somebody(api, "ben", "finance")
    own = await hidden(api, ann, tmp_path, place)
    missing = own.missing()
    before = await as_ann_sees_it(ann, own)
    assert MARK in json.dumps(before)
    routes = [*routes_of_knowledge(api)]
    assert len(routes) > 50
    for route in routes:
        method, path, sent = own.request(route)
        answer = await ben.request(method, path, **sent)
        assert answer.status_code < 500, (route, answer.text)
        assert MARK not in answer.text, (route, answer.text)
        if own.is_asked_for(route):
            method, path, sent = missing.request(route)
            never = await ben.request(method, path, **sent)
            assert refusal(answer, own) == refusal(never, missing), route
            assert answer.status_code == 404, (route, answer.text)
        else:
            ids = {own.names[name] for name in ("document_id", "job_id", "set_id", "run_id")}
            ids |= {own.names["collection_id"]} - {"default"}
            ids |= {own.names["repository_id"]} - {"papers"}
            assert [each for each in ids if f'"{each}"' in answer.text] == [], route
    assert await as_ann_sees_it(ann, own) == before


@pytest.mark.parametrize("place", PLACES)
async def test_it_is_there_for_whose_it_is(api: Api, tmp_path: Path, place: str) -> None:
    """Else nothing above would prove anything."""
    ann = await somebody(api, "ann", "research")
    own = await hidden(api, ann, tmp_path, place)
    for route in routes_of_knowledge(api):
        if route.startswith("GET ") and own.is_asked_for(route):
            method, path, sent = own.request(route)
            answer = await ann.request(method, path, **sent)
            absent = "pipeline_id" in route and place != "of a repository"
            assert answer.status_code == (404 if absent else 200), (route, answer.text)


async def test_a_group_that_is_taken_away_sees_nothing_from_then_on(
    api: Api, tmp_path: Path
) -> None:
    ann = await somebody(api, "ann", "research")
    await repository(api.admin, groups=["research"])
    (document,) = await ingested(api, ann, tmp_path, "hello")
    question = {"query": "hello", "collections": ["papers.default"]}
    place = "/repositories/papers/collections/default/documents"
    paths = (place, f"{place}/{document}", f"{place}/{document}/content", "/repository/papers")

    async def seen() -> set[int]:
        answers = [await ann.get(path) for path in paths]
        return {each.status_code for each in [*answers, await ann.post("/search", json=question)]}

    assert await seen() == {200}
    for groups, status in ((["finance"], 404), (["research", "finance"], 200)):
        changed = await api.admin.put("/repositories/papers", json={"groups": groups})
        assert changed.status_code == 200, changed.text
        assert await seen() == {status}
