"""What an administrator has switched off is refused on every route that it concerns."""

from typing import Any

import httpx

from tests.api.conftest import Api
from tests.api.knowledge import DEFAULT, repository, uploaded

PIXEL = {"message": {"image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}}
ANNOUNCED = {"content_type": "text/plain", "size": 3}


async def switch(api: Api, version: int, **switches: bool) -> None:
    body = {"version": version, "configuration": {"enabledComponents": switches}}
    answer = await api.admin.put("/configurations/current", json=body)
    assert answer.status_code == 200, answer.text
    api.clock.advance(2)


async def bring(client: httpx.AsyncClient) -> list[httpx.Response]:
    """Bring files to a session in every way there is."""
    return [
        await client.post("/sessions/s1/files", json=ANNOUNCED),
        await client.post("/sessions/s1/files/file_1/text"),
        await client.put("/session/s1/attachImage", json=PIXEL),
    ]


def told(answers: list[httpx.Response]) -> list[tuple[int, Any]]:
    codes = (answer.json().get("error", {}).get("code") for answer in answers)
    return [(answer.status_code, code) for answer, code in zip(answers, codes, strict=True)]


async def test_files_are_brought_as_long_as_they_may_be_used_somehow(api: Api) -> None:
    may = [(201, None), (404, "unknown_file"), (200, None)]
    for client in (api.alice, api.admin):
        await client.post("/sessions", json={"id": "s1"})
        assert told(await bring(client)) == may
    await switch(api, 0, uploadContextDocs=False)
    assert told(await bring(api.alice)) == may  # to be summarised
    await switch(api, 1, documentSummarization=False)
    assert told(await bring(api.alice)) == may
    await switch(api, 2, documentSummarization=False, uploadContextDocs=False)
    for client in (api.alice, api.admin):
        answers = await bring(client)
        assert told(answers) == [(403, "switched_off")] * 3
        assert all("uploadContextDocs" in answer.json()["error"]["message"] for answer in answers)
        assert all(answer.json()["error"]["next_step"] for answer in answers)
    assert {answer.status_code for answer in await bring(api.anonymous)} == {401}


async def test_no_session_is_put_into_a_project_where_there_are_none(api: Api) -> None:
    project = (await api.alice.post("/projects", json={"name": "plans"})).json()["id"]
    await switch(api, 0, projectOrganization=False)
    made = await api.alice.post("/sessions", json={"project_id": project})
    listed = await api.alice.get("/sessions", params={"project": project})
    assert told([made, listed]) == [(403, "switched_off")] * 2
    assert (await api.alice.get("/sessions", params={"project": "none"})).json()["items"] == []


async def test_documents_are_brought_in_and_searched_only_where_that_is_switched_on(
    api: Api,
) -> None:
    await repository(api.admin)
    file_id = await uploaded(api, api.alice, "a.txt", "hello")
    announced = {"name": "b.txt", "size": 1, "contentType": "text/plain"}
    question = {"query": "hello", "collections": ["papers.default"]}

    async def add(client: httpx.AsyncClient) -> list[httpx.Response]:
        wanted = {"documentIds": [file_id]}
        return [
            await client.post(f"{DEFAULT}/uploads", json=announced),
            await client.post(f"{DEFAULT}/documents", json=wanted),
            await client.post("/repository/presigned-url", content="b.txt"),
            await client.post("/repository/papers/bulk", json={"keys": ["a.txt"]}),
        ]

    async def search(client: httpx.AsyncClient) -> list[httpx.Response]:
        similar = "/repository/papers/similaritySearch"
        return [
            await client.post("/search", json=question),
            await client.get(similar, params={"query": "hello"}),
        ]

    await switch(api, 0, uploadRagDocs=False, ragSelectionAvailable=False)
    for client in (api.alice, api.admin):
        answers = [*await add(client), *await search(client)]
        assert told(answers) == [(403, "switched_off")] * 6
    assert {answer.status_code for answer in await add(api.anonymous)} == {401}
    # What is there can be looked at and removed all the same.
    assert (await api.alice.get(f"{DEFAULT}/documents")).status_code == 200
    await switch(api, 1, uploadRagDocs=False)
    assert [answer.status_code for answer in await search(api.alice)] == [200, 200]
    await switch(api, 2, ragSelectionAvailable=False)
    assert [answer.status_code for answer in await add(api.alice)][:3] == [201, 202, 200]
