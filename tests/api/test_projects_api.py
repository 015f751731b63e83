"""Projects over HTTP, native and as LISA's clients call them."""

import asyncio

from tests.api.conftest import Api


async def a_project(api: Api, name: str = "plans") -> str:
    made = await api.alice.post("/projects", json={"name": name})
    assert made.status_code == 201
    return str(made.json()["id"])


async def in_project(api: Api, project: str) -> list[str]:
    page = (await api.alice.get("/sessions", params={"project": project})).json()
    return [each["id"] for each in page["items"]]


async def limit_projects(api: Api, most: int) -> None:
    wanted = {"version": 0, "configuration": {"maxProjectsPerUser": most}}
    assert (await api.admin.put("/configurations/current", json=wanted)).status_code == 200
    api.clock.advance(2)


async def test_a_session_is_put_into_a_project_and_taken_out(api: Api) -> None:
    project, other = await a_project(api), await a_project(api, "more")
    for session_id in ("a", "b"):
        await api.alice.post("/sessions", json={"id": session_id})
    path = f"/projects/{project}/sessions/a"
    moved = (await api.alice.put(path)).json()
    assert (moved["project_id"], moved["revision"], moved["version"]) == (project, 2, 1)
    assert await in_project(api, project) == ["a"]
    assert await in_project(api, "none") == ["b"]
    assert (await api.alice.put(path)).json()["revision"] == 2
    await api.alice.put(f"/projects/{other}/sessions/a")
    assert (await in_project(api, project), await in_project(api, other)) == ([], ["a"])
    assert (await api.alice.delete(path)).json()["project_id"] == other
    assert (await api.alice.delete(f"/projects/{other}/sessions/a")).json()["project_id"] is None


async def test_a_session_is_made_in_a_project(api: Api) -> None:
    project = await a_project(api)
    made = await api.alice.post("/sessions", json={"project_id": project})
    assert made.json()["project_id"] == project
    assert (await api.alice.post("/sessions", json={"project_id": "none"})).status_code == 404


async def test_an_append_and_a_rename_leave_a_session_in_its_project(api: Api) -> None:
    project = await a_project(api)
    await api.alice.post("/sessions", json={"id": "a", "project_id": project})
    await api.alice.put("/session/a", json={"messages": [{"type": "human", "content": "hi"}]})
    await api.alice.patch("/sessions/a", json={"name": "new"})
    assert await in_project(api, project) == ["a"]
    assert (await api.alice.get("/session")).json()[0]["projectId"] == project


async def test_others_projects_and_sessions_are_not_there(api: Api) -> None:
    project = await a_project(api)
    await api.alice.post("/sessions", json={"id": "a"})
    await api.bob.post("/sessions", json={"id": "b"})
    answers = [
        await api.bob.patch(f"/projects/{project}", json={"name": "mine"}),
        await api.bob.delete(f"/projects/{project}"),
        await api.bob.put(f"/projects/{project}/sessions/b"),
        await api.alice.put(f"/projects/{project}/sessions/b"),
        await api.bob.get("/sessions", params={"project": project}),
        await api.bob.put(f"/project/{project}/session/b", json={}),
    ]
    assert {answer.status_code for answer in answers} == {404}


async def test_a_project_is_deleted_without_or_with_its_sessions(api: Api) -> None:
    for sessions, left in (("keep", 90), ("delete", 0)):
        project = await a_project(api)
        for number in range(90):
            wanted = {"id": f"{sessions}{number}", "project_id": project}
            await api.alice.post("/sessions", json=wanted)
        answer = await api.alice.delete(f"/projects/{project}", params={"sessions": sessions})
        assert answer.status_code == 204
        found = (await api.alice.get("/sessions", params={"limit": 1000})).json()["items"]
        assert len([each for each in found if each["id"].startswith(sessions)]) == left
        assert {each["project_id"] for each in found} <= {None}
    assert (await api.alice.get("/projects")).json()["items"] == []


async def test_a_project_that_is_being_deleted_takes_nothing_and_is_deleted_again(api: Api) -> None:
    project = await a_project(api)
    await api.alice.post("/sessions", json={"id": "a"})
    assert api.services.sessions
    store = api.services.sessions.projects.store
    found = await store.by_id("alice", project)
    assert found
    await store.mark(found, found.model_copy(update={"deleting": True, "version": 2}))
    for answer in (
        await api.alice.put(f"/projects/{project}/sessions/a"),
        await api.alice.patch(f"/projects/{project}", json={"name": "new"}),
        await api.alice.put(f"/project/{project}/session/a", json={"unassign": True}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "project_deleting")
    assert (await api.alice.get("/projects")).json()["items"][0]["deleting"] is True
    assert (await api.alice.get("/project")).json() == []
    assert (await api.alice.delete(f"/projects/{project}")).status_code == 204
    assert (await api.alice.get("/projects")).json()["items"] == []


async def test_sessions_put_in_while_the_project_is_deleted_are_in_none_afterwards(
    api: Api,
) -> None:
    project = await a_project(api)
    for number in range(20):
        await api.alice.post("/sessions", json={"id": f"s{number}"})
    puts = [api.alice.put(f"/projects/{project}/sessions/s{number}") for number in range(20)]
    answers = await asyncio.gather(*puts[:10], api.alice.delete(f"/projects/{project}"), *puts[10:])
    assert {answer.status_code for answer in answers} <= {200, 204, 404, 409}
    found = (await api.alice.get("/sessions")).json()["items"]
    assert {each["project_id"] for each in found} == {None}


async def test_there_are_at_most_as_many_projects_as_the_configuration_says(api: Api) -> None:
    await limit_projects(api, 3)
    made = [api.alice.post("/projects", json={"name": f"p{number}"}) for number in range(8)]
    statuses = [answer.status_code for answer in await asyncio.gather(*made)]
    assert sorted(statuses) == [201] * 3 + [400] * 5
    found = (await api.alice.get("/projects")).json()["items"]
    await api.alice.delete(f"/projects/{found[0]['id']}")
    assert (await api.alice.post("/project", json={"name": "p"})).status_code == 200
    refused = await api.alice.post("/project", json={"name": "p"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "too_many_projects")


async def test_sessions_are_kept_where_deleting_them_is_switched_off(api: Api) -> None:
    project = await a_project(api)
    off = {"enabledComponents": {"deleteSessionHistory": False}}
    await api.admin.put("/configurations/current", json={"version": 0, "configuration": off})
    api.clock.advance(2)
    refused = await api.alice.delete(f"/projects/{project}", params={"sessions": "delete"})
    assert refused.status_code == 403
    assert (await api.alice.delete(f"/projects/{project}")).status_code == 204


async def test_a_deleted_project_forgets_deleted_sessions(api: Api) -> None:
    project = await a_project(api)
    await api.alice.post("/sessions", json={"id": "a", "project_id": project})
    await api.alice.delete("/sessions/a")
    assert await in_project(api, project) == []
    assert (await api.alice.delete(f"/projects/{project}")).status_code == 204


async def test_lisas_clients_find_their_projects(api: Api) -> None:
    made = (await api.alice.post("/project", json={"name": "plans"})).json()
    assert made.keys() == {"userId", "projectId", "name", "createTime", "lastUpdated"}
    path = f"/project/{made['projectId']}"
    renamed = await api.alice.put(path, json={"name": "better"})
    assert (renamed.status_code, renamed.json().keys()) == (200, {"message"})
    assert [each["name"] for each in (await api.alice.get("/project")).json()] == ["better"]
    await api.alice.put("/session/chat", json={"messages": []})
    assert (await api.alice.put(f"{path}/session/chat", json={})).status_code == 200
    assert (await api.alice.get("/session")).json()[0]["projectId"] == made["projectId"]
    taken = await api.alice.put(f"{path}/session/chat", json={"unassign": True})
    assert taken.status_code == 200
    assert (await api.alice.get("/session")).json()[0]["projectId"] is None
    await api.alice.put(f"{path}/session/chat", json={"unassign": False})
    gone = await api.alice.request("DELETE", path, json={"deleteSessions": True})
    assert gone.json() == {"deleted": True}
    assert (await api.alice.get("/session")).json() == []
    assert (await api.alice.delete(path)).status_code == 404
