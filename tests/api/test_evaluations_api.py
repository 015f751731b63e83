"""Golden sets and runs over HTTP."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.conftest import Api
from tests.api.knowledge import JSON, code, ingested, repository, somebody

TEXTS = ("owls hunt mice at night", "whales sing in the deep sea", "foxes hunt hens")
QUESTIONS: list[JSON] = [
    {"question": "who hunts mice at night", "relevant": [{"document": "0.txt"}]},
    {"question": "sing sea", "relevant": [{"document": "1.txt"}], "facts": ["whales"]},
    {"question": "who hunt", "relevant": [{"document": "0.txt"}, {"document": "2.txt"}]},
    {"question": "hens", "relevant": [{"document": "none.txt"}]},
]
GOLDEN: JSON = {"name": "Animals", "licence": "none", "questions": QUESTIONS}


async def golden_set(client: httpx.AsyncClient, **fields: Any) -> str:
    answer = await client.post("/evaluations/sets", json=GOLDEN | fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["setId"])


async def begun(client: httpx.AsyncClient, set_id: str, **fields: Any) -> JSON:
    wanted = {"setId": set_id, "collections": ["papers.default"]} | fields
    answer = await client.post("/evaluations/runs", json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def ended(client: httpx.AsyncClient, run: JSON) -> JSON:
    while not run["isOver"]:
        answer = await client.post(f"/evaluations/runs/{run['runId']}/steps")
        assert answer.status_code == 200, answer.text
        run = answer.json()
    return dict((await client.get(f"/evaluations/runs/{run['runId']}")).json())


@pytest.fixture
async def filled(api: Api, tmp_path: Path) -> Api:
    await repository(api.admin)
    await ingested(api, api.alice, tmp_path, *TEXTS)
    return api


async def test_a_set_is_kept_shown_listed_and_forgotten(api: Api) -> None:
    set_id = await golden_set(api.alice)
    whole = (await api.alice.get(f"/evaluations/sets/{set_id}")).json()
    assert (whole["name"], whole["licence"], whole["total"]) == ("Animals", "none", 4)
    assert whole["questions"][1]["facts"] == ["whales"]
    assert whole["questions"][0]["relevant"] == [{"document": "0.txt", "page": None, "quote": ""}]
    listed = (await api.alice.get("/evaluations/sets")).json()["sets"]
    assert [(each["setId"], each["digest"]) for each in listed] == [(set_id, whole["digest"])]
    assert (await api.alice.delete(f"/evaluations/sets/{set_id}")).status_code == 204
    assert (await api.alice.get("/evaluations/sets")).json()["sets"] == []
    gone = await api.alice.get(f"/evaluations/sets/{set_id}")
    assert code(gone) == (404, "golden_set_not_found")


async def sent(client: httpx.AsyncClient, content: str | bytes, **names: str) -> httpx.Response:
    return await client.post("/evaluations/sets/file", content=content, params=names)


async def test_a_file_is_kept_as_a_set_and_once_only(api: Api) -> None:
    questions = "- {question: Who hunts?, relevant: [0.txt], facts: [owls]}"
    first = await sent(api.alice, questions, fileName="animals.yaml")
    assert (first.status_code, first.json()["name"]) == (201, "animals")
    whole = (await api.alice.get(f"/evaluations/sets/{first.headers['location']}")).json()
    assert [each["facts"] for each in whole["questions"]] == [["owls"]]
    as_json = json.dumps([{"question": "Who hunts?", "relevant": ["0.txt"], "facts": ["owls"]}])
    again = await sent(api.alice, as_json, fileName="animals.json")
    assert (again.status_code, again.json()) == (200, first.json())
    named = await sent(api.alice, as_json, fileName="animals.json", name="Mine")
    assert (named.status_code, named.json()["name"]) == (201, "Mine")
    assert (await sent(api.bob, questions, fileName="animals.yaml")).status_code == 201


async def test_an_equal_set_is_found_among_many(api: Api) -> None:
    lines = '{"question": "Who hunts?", "relevant": ["0.txt"]}'
    first = await sent(api.alice, lines, name="first")
    for number in range(101):
        assert (await sent(api.alice, lines, name=f"{number}")).status_code == 201
    assert (await sent(api.alice, lines, name="first")).json() == first.json()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "there are no questions"),
        (b"\xff\xfe\x00", "line 1 is no text in UTF-8"),
        (b"a: &a [b]\nc: [*a, *a]", "line 1: anchors and aliases"),
        (b"[" * 200_000, "line 1: it is nested too deeply"),
        (b'{"question": "a", "relevant": ["b"]}\n{"question": "c"}', "line 2: relevant"),
        (b'{"\\ud800": 1, "questions": [{"question": "a", "relevant": ["b"]}]}', "unicode"),
        (b'{"question": "a", "relevant": ["b"]}\n' * 501, "questions: Tuple should have at most"),
        (b"- {question: a, relevant: []}", "question 1: relevant"),
    ],
)
async def test_a_file_that_is_no_set_is_refused(api: Api, content: bytes, told: str) -> None:
    answer = await sent(api.alice, content, name="set")
    assert code(answer) == (400, "no_golden_set")
    assert told in answer.json()["error"]["message"]
    assert answer.json()["error"]["next_step"]


async def test_a_file_without_a_name_or_too_large_is_refused(api: Api) -> None:
    nameless = await sent(api.alice, json.dumps(QUESTIONS))
    assert (nameless.status_code, nameless.json()["error"]["message"][:5]) == (400, "name:")
    assert code(await sent(api.alice, b" " * (4 * 1024 * 1024 + 1))) == (413, "too_large")


async def test_a_set_of_many_questions_is_whole(api: Api) -> None:
    many = [{**QUESTIONS[0], "question": f"question {number}"} for number in range(500)]
    set_id = await golden_set(api.alice, questions=many)
    shown = (await api.alice.get(f"/evaluations/sets/{set_id}")).json()["questions"]
    assert [each["question"] for each in shown] == [each["question"] for each in many]
    more = await api.alice.post("/evaluations/sets", json=GOLDEN | {"questions": [*many, many[0]]})
    assert more.status_code == 422


async def test_a_run_has_figures_for_each_method_and_tells_what_it_missed(filled: Api) -> None:
    run = await begun(filled.alice, await golden_set(filled.alice), name="first")
    assert (run["done"], run["total"], run["isOver"], run["figures"]) == (0, 4, False, {})
    whole = await ended(filled.alice, run)
    assert whole["methods"] == ["dense", "lexical", "hybrid"]
    assert whole["places"][0]["embeddingModel"] == "words"
    assert set(whole["figures"]) == {"dense", "lexical", "hybrid"}
    dense = whole["figures"]["dense"]
    assert (dense["questions"], dense["missed"]) == (4, 1)
    assert dense["recallAt10"] == 0.75
    tried = [each["tried"]["lexical"] for each in whole["outcomes"]]
    assert [each["ranks"] for each in tried] == [[1], [1], [1, 2], []]
    assert [each["relevant"] for each in tried] == [1, 1, 2, 1]


async def test_a_run_of_many_questions_goes_on_step_by_step(filled: Api) -> None:
    many = [QUESTIONS[0]] * 120
    set_id = await golden_set(filled.alice, questions=many)
    run = await begun(filled.alice, set_id, methods=["lexical"])
    done = []
    while not run["isOver"]:
        run = (await filled.alice.post(f"/evaluations/runs/{run['runId']}/steps")).json()
        done.append(run["done"])
    assert done == [50, 100, 120]
    assert run["figures"]["lexical"]["questions"] == 120
    again = await filled.alice.post(f"/evaluations/runs/{run['runId']}/steps")
    assert again.json() == run


async def test_a_reranker_is_a_method_of_its_own(filled: Api) -> None:
    set_id = await golden_set(filled.alice)
    model = {"modelId": "shorter", "modelName": "m", "modelUrl": "http://127.0.0.1:9/v1"}
    await filled.admin.post("/models", json=model | {"modelType": "rerank"})
    wanted = {"methods": ["hybrid", "rerank"], "rerank": "shorter"}
    whole = await ended(filled.alice, await begun(filled.alice, set_id, **wanted))
    assert set(whole["figures"]) == {"hybrid", "rerank"}
    lonely = {"setId": set_id, "collections": ["papers.default"], "methods": ["rerank"]}
    answer = await filled.alice.post("/evaluations/runs", json=lonely)
    assert code(answer) == (400, "no_reranker")
    answer = await filled.alice.post("/evaluations/runs", json=lonely | {"rerank": "words"})
    assert code(answer) == (404, "model_not_found")


async def test_two_runs_over_one_set_are_compared(filled: Api, tmp_path: Path) -> None:
    set_id = await golden_set(filled.alice)
    first = await ended(filled.alice, await begun(filled.alice, set_id))
    place = "/repositories/papers/collections"
    made = await filled.admin.post(place, json={"name": "Few", "collectionId": "few"})
    assert made.status_code == 201
    await ingested(filled, filled.alice, tmp_path, TEXTS[0], place=f"{place}/few")
    few = await begun(filled.alice, set_id, collections=["papers.few"])
    second = await ended(filled.alice, few)
    path = f"/evaluations/runs/{first['runId']}/comparison/{second['runId']}"
    found = (await filled.alice.get(path)).json()["differences"]
    assert [each["method"] for each in found] == ["dense", "lexical", "hybrid"]
    assert (found[2]["gained"], found[2]["lost"]) == ([], [1, 2])
    other = await begun(filled.alice, await golden_set(filled.alice))
    path = f"/evaluations/runs/{first['runId']}/comparison/{other['runId']}"
    assert code(await filled.alice.get(path)) == (409, "different_sets")


async def test_a_run_asks_only_what_its_owner_may_use(filled: Api, tmp_path: Path) -> None:
    del tmp_path
    await repository(filled.admin, repositoryId="closed", groups=["secret"])
    set_id = await golden_set(filled.alice)
    wanted = {"setId": set_id, "collections": ["closed.default"]}
    refused = await filled.alice.post("/evaluations/runs", json=wanted)
    assert code(refused) == (404, "repository_not_found")
    run = await begun(filled.alice, set_id)
    changed = await filled.admin.put("/repositories/papers", json={"groups": ["secret"]})
    assert changed.status_code == 200
    step = await filled.alice.post(f"/evaluations/runs/{run['runId']}/steps")
    assert code(step) == (404, "repository_not_found")


async def test_rag_administrators_of_a_group_see_what_its_members_evaluate(api: Api) -> None:
    member = await somebody(api, "mia", "research")
    set_id = await golden_set(member)
    ours = await somebody(api, "rita", "research", rag_admin=True)
    theirs = await somebody(api, "ralf", "sales", rag_admin=True)
    colleague = await somebody(api, "max", "research")
    path = f"/evaluations/sets/{set_id}"
    statuses = [(await each.get(path)).status_code for each in (ours, theirs, colleague)]
    assert statuses == [200, 404, 404]
    assert (await colleague.get("/evaluations/sets")).json()["sets"] == []


async def test_a_run_outlives_its_set_and_is_forgotten(filled: Api) -> None:
    set_id = await golden_set(filled.alice)
    run = await ended(filled.alice, await begun(filled.alice, set_id))
    waiting = await begun(filled.alice, set_id)
    await filled.alice.delete(f"/evaluations/sets/{set_id}")
    kept = (await filled.alice.get(f"/evaluations/runs/{run['runId']}")).json()
    assert kept["outcomes"][0]["question"] == QUESTIONS[0]["question"]
    step = await filled.alice.post(f"/evaluations/runs/{waiting['runId']}/steps")
    assert code(step) == (404, "golden_set_not_found")
    listed = (await filled.alice.get("/evaluations/runs")).json()["runs"]
    assert {each["runId"] for each in listed} == {run["runId"], waiting["runId"]}
    assert (await filled.alice.delete(f"/evaluations/runs/{run['runId']}")).status_code == 204
    gone = await filled.alice.get(f"/evaluations/runs/{run['runId']}")
    assert code(gone) == (404, "run_not_found")
