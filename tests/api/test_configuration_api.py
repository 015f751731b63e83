"""The configuration over HTTP, natively and as LISA's clients know it; its switches bite."""

from typing import Any

import pytest

from lisa.domain.configuration import Configuration
from tests.api.conftest import Api

OFF = {"enabledComponents": {"deleteSessionHistory": False}}


async def put(api: Api, version: int, configuration: Any, reason: str = "so") -> int:
    body = {"version": version, "configuration": configuration, "reason": reason}
    return (await api.admin.put("/configurations/current", json=body)).status_code


def as_lisa(version: int, configuration: Any, **more: Any) -> dict[str, Any]:
    return {
        "configScope": "global",
        "versionId": version,
        "configuration": configuration,
        "changedBy": "somebody else",
        "changeReason": "so",
    } | more


async def test_it_is_changed_from_the_version_that_was_read(api: Api) -> None:
    before = (await api.alice.get("/configurations/current")).json()
    assert before["version"] == 0
    assert before["configuration"] == Configuration().wire()
    assert await put(api, 0, OFF) == 200
    assert await put(api, 0, OFF) == 409
    after = (await api.admin.get("/configurations/current")).json()
    assert (after["version"], after["changed_by"], after["reason"]) == (1, "admin", "so")
    assert after["configuration"]["enabledComponents"]["deleteSessionHistory"] is False


async def test_the_history_is_paged_and_for_administrators(api: Api) -> None:
    for version in range(3):
        assert await put(api, version, OFF, reason=f"r{version}") == 200
    first = (await api.admin.get("/configurations/history", params={"limit": 2})).json()
    cursor = {"cursor": first["next_cursor"]}
    rest = (await api.admin.get("/configurations/history", params=cursor)).json()
    assert [each["reason"] for each in [*first["items"], *rest["items"]]] == ["r2", "r1", "r0"]
    assert (await api.alice.get("/configurations/history")).status_code == 403


@pytest.mark.parametrize(
    "document", [{"enabledComponent": {}}, {"enabledComponents": {"nope": True}}, {"x\x00": 1}]
)
async def test_an_unknown_key_is_named(api: Api, document: dict[str, Any]) -> None:
    body = {"version": 0, "configuration": document, "reason": ""}
    answer = await api.admin.put("/configurations/current", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_configuration"
    assert (await api.admin.get("/configurations/current")).json()["version"] == 0


@pytest.mark.parametrize(
    "document",
    [
        r'{"\ud800": 1}',
        r'{"announcement": {"message": "\ud800"}}',
        '{"maxProjectsPerUser": NaN}',
        '{"maxProjectsPerUser": 1e999}',
        '{"maxProjectsPerUser": 1%s}' % ("0" * 400),
    ],
)
async def test_what_no_answer_can_hold_is_refused(api: Api, document: str) -> None:
    body = f'{{"version": 0, "configuration": {document}}}'
    headers = {"content-type": "application/json"}
    answer = await api.admin.put("/configurations/current", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    half = r'{"version": 0, "configuration": {}, "reason": "\ud800"}'
    answer = await api.admin.put("/configurations/current", content=half, headers=headers)
    assert answer.status_code in {400, 422}
    assert (await api.admin.get("/configurations/current")).json()["version"] == 0


async def test_others_read_and_dont_write(api: Api) -> None:
    body = {"version": 0, "configuration": OFF, "reason": ""}
    assert (await api.alice.put("/configurations/current", json=body)).status_code == 403
    answer = await api.alice.put("/configuration/global", json=as_lisa(1, OFF))
    assert answer.status_code == 403
    assert (await api.anonymous.get("/configurations/current")).status_code == 401
    assert (await api.anonymous.get("/configuration")).status_code == 401


async def test_lisas_clients_read_an_array_and_put_the_next_version(api: Api) -> None:
    [current] = (await api.admin.get("/configuration", params={"configScope": "global"})).json()
    assert current["versionId"] == 0
    current["configuration"]["maxProjectsPerUser"] = 7
    answer = await api.admin.put("/configuration/global", json=as_lisa(1, current["configuration"]))
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    changed = as_lisa(2, current["configuration"])
    assert (await api.admin.put("/configuration/global", json=changed)).status_code == 200
    versions = (await api.admin.get("/configuration", params={"configScope": "global"})).json()
    assert [version["versionId"] for version in versions] == [2, 1]
    assert versions[0].keys() == {
        "configScope",
        "versionId",
        "configuration",
        "changedBy",
        "changeReason",
        "created_at",
    }
    assert versions[0]["changedBy"] == "admin"
    again = as_lisa(2, current["configuration"])
    assert (await api.admin.put("/configuration/global", json=again)).status_code == 409


async def test_others_see_the_current_version_without_who_and_why(api: Api) -> None:
    for version in range(2):
        assert await put(api, version, OFF) == 200
    [version] = (await api.alice.get("/configuration?configScope=global")).json()
    assert (version["versionId"], version["changedBy"], version["changeReason"]) == (2, "", "")


@pytest.mark.parametrize(("path", "scope"), [("mine", "mine"), ("global", "x"), ("x", "global")])
async def test_there_is_no_other_scope(api: Api, path: str, scope: str) -> None:
    body = as_lisa(1, OFF, configScope=scope)
    for client in (api.admin, api.alice):
        assert (await client.put(f"/configuration/{path}", json=body)).status_code == 400
    assert (await api.alice.get("/configuration", params={"configScope": "x"})).json() == []
    assert (await api.admin.get("/configurations/current")).json()["version"] == 0


async def test_a_change_is_audited_with_what_was_and_what_is(api: Api) -> None:
    await put(api, 0, OFF)
    [entry] = (await api.admin.get("/audit", params={"kind": "configuration"})).json()["items"]
    assert (entry["who"], entry["outcome"], entry["ip"]) == ("admin", "allowed", "127.0.0.1")
    assert entry["before"]["enabledComponents"]["deleteSessionHistory"] is True
    assert entry["after"]["enabledComponents"]["deleteSessionHistory"] is False
    assert entry["request_id"]


async def test_sessions_are_not_deleted_where_that_is_switched_off(api: Api) -> None:
    await api.alice.post("/sessions", json={"id": "chat"})
    await put(api, 0, OFF)
    for path in ("/sessions", "/sessions/chat", "/session", "/session/chat"):
        refused = await api.alice.delete(path)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "switched_off")
        assert (await api.anonymous.delete(path)).status_code == 401
    assert (await api.alice.get("/sessions/chat")).status_code == 200
    await put(api, 1, {})
    assert (await api.alice.delete("/sessions/chat")).status_code == 204
