"""Tool servers through the API: whose they are, where their credentials are, what they answer."""

from typing import Any, cast

import httpx
import pytest

from lisa.adapters.memory.secrets import MemorySecrets
from lisa.usecases.tool_servers import ManagedToolServers
from tests.api.conftest import Api
from tests.standins.tool_server.server import tool_server

PUBLIC_URL = "https://tools.example.org/mcp"
MINE = {"name": "Mine", "url": PUBLIC_URL}
KEY = "Bearer the-servers-own-key"


async def added(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/tool-servers", json=MINE | fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def servers(api: Api) -> ManagedToolServers:
    assert api.services.tool_servers
    return api.services.tool_servers.servers


def kept(api: Api) -> frozenset[str]:
    return cast("MemorySecrets", servers(api).vault).references()


async def names(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/tool-servers", params=query)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["items"]]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_server_is_its_owners_and_nobody_elses(api: Api) -> None:
    made = await added(api.alice)
    assert (made["owner"], made["is_owner"], made["by_admin"]) == ("alice", True, False)
    assert await names(api.alice) == ["Mine"]
    assert await names(api.bob) == []
    assert await names(api.admin) == []
    assert await names(api.admin, whose="all") == ["Mine"]
    assert code(await api.bob.get("/tool-servers", params={"whose": "all"})) == (403, "not_allowed")
    place = f"/tool-servers/{made['id']}"
    assert code(await api.bob.get(place)) == (404, "tool_server_not_found")
    assert (await api.alice.delete(place)).status_code == 204
    assert await names(api.alice) == []
    assert code(await api.alice.get(place)) == (404, "tool_server_not_found")


async def test_only_an_administrator_shares(api: Api) -> None:
    shared = MINE | {"groups": ["lisa:public"]}
    assert code(await api.alice.post("/tool-servers", json=shared)) == (403, "not_allowed")
    made = await added(api.alice)
    place = f"/tool-servers/{made['id']}"
    assert code(await api.alice.put(place, json=shared)) == (403, "not_allowed")
    assert (await api.admin.put(place, json=shared)).status_code == 200
    assert await names(api.bob) == ["Mine"]
    # Its owner can't lead those it is shared with elsewhere, only take it back.
    elsewhere = shared | {"url": "https://evil.example.org/mcp"}
    assert code(await api.alice.put(place, json=elsewhere)) == (403, "not_allowed")
    assert (await api.alice.put(place, json=MINE)).status_code == 200
    assert await names(api.bob) == []


async def test_a_list_has_each_server_once_and_goes_on_where_it_stopped(api: Api) -> None:
    for number in range(5):
        groups = ["lisa:public"] if number % 2 else ["lisa:public", "a", "b"]
        await added(api.admin, name=f"s{number}", groups=groups)
    for client in (api.admin, api.bob):
        found, cursor = [], ""
        while True:
            query = {"limit": "2", "cursor": cursor}
            page = (await client.get("/tool-servers", params=query)).json()
            found += [each["name"] for each in page["items"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert sorted(found) == ["s0", "s1", "s2", "s3", "s4"]
    wrong = await api.bob.get("/tool-servers", params={"cursor": "bm9uc2Vuc2U="})
    assert code(wrong) == (400, "wrong_cursor")


async def test_a_credential_is_given_once_and_never_shown(api: Api) -> None:
    made = await added(api.alice, credentials={"Authorization": KEY})
    assert made["credentials"] == ["Authorization"]
    place = f"/tool-servers/{made['id']}"
    assert len(kept(api)) == 1
    shown = [await api.alice.get(path) for path in (place, "/tool-servers", "/mcp-server")]
    shown += [await api.admin.get(path) for path in (place, "/audit", "/mcp-server")]
    for answer in shown:
        assert answer.status_code == 200
        assert "the-servers-own-key" not in answer.text
    renamed = await api.alice.put(place, json=MINE | {"name": "Renamed"})
    assert renamed.json()["credentials"] == ["Authorization"]
    replaced = MINE | {"credentials": {"Authorization": "Bearer another"}}
    assert (await api.alice.put(place, json=replaced)).status_code == 200
    assert len(kept(api)) == 1
    removed = await api.alice.put(place, json=MINE | {"credentials": {"Authorization": None}})
    assert (removed.json()["credentials"], kept(api)) == ([], frozenset())


async def test_a_credential_does_not_follow_to_another_address(api: Api) -> None:
    made = await added(api.alice, credentials={"Authorization": KEY})
    place, other = f"/tool-servers/{made['id']}", {"url": "https://elsewhere.example.org/mcp"}
    assert code(await api.alice.put(place, json=MINE | other)) == (400, "credentials_needed")
    anew = MINE | other | {"credentials": {"Authorization": KEY}}
    assert (await api.alice.put(place, json=anew)).status_code == 200
    assert (await api.alice.delete(place)).status_code == 204
    assert kept(api) == frozenset()


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "ftp://example.org"},
        {"url": ""},
        {"url": "https://a:b@example.org/mcp"},
        {"url": "https://example.org/mcp?key=1"},
        {"url": "http://169.254.169.254/mcp"},
        {"url": "http://0xa9fea9fe/mcp"},
        {"headers": {"Host": "elsewhere"}},
        {"headers": {"Authorization": "Bearer {LISA_BEARER_TOKEN}"}},
        {"headers": {"X-Note": "{LISA_BEARER_TOKEN}"}},
        {"headers": {"X-Api-Key": "an-open-secret"}},
        {"credentials": {"Mcp-Session-Id": "x"}},
        {"command": ["/bin/sh"]},
    ],
)
async def test_what_no_server_can_be_is_refused(api: Api, fields: dict[str, Any]) -> None:
    for client in (api.alice, api.admin):
        assert (await client.post("/tool-servers", json=MINE | fields)).status_code == 400
    assert kept(api) == frozenset()


async def test_programs_are_for_administrators(api: Api) -> None:
    program = {"name": "P", "transport": "stdio", "command": ["/bin/cat"]}
    assert code(await api.alice.post("/tool-servers", json=program)) == (403, "not_allowed")
    made = (await api.admin.post("/tool-servers", json=program)).json()
    # This app isn't told that it may start programs.
    tried = await api.admin.post(f"/tool-servers/{made['id']}/test")
    assert code(tried) == (403, "stdio_not_here")


async def test_a_change_can_be_bound_to_a_version(api: Api) -> None:
    made = await added(api.alice)
    place = f"/tool-servers/{made['id']}"
    second = await api.alice.put(place, json=MINE | {"version": made["version"]})
    assert second.json()["version"] == made["version"] + 1
    late = await api.alice.put(place, json=MINE | {"version": made["version"]})
    assert code(late) == (409, "version_differs")


async def test_testing_lists_the_tools_for_real(api: Api) -> None:
    with tool_server() as url:
        made = await added(api.admin, url=url, groups=["lisa:public"])
        tried = await api.admin.post(f"/tool-servers/{made['id']}/test")
        assert tried.status_code == 200, tried.text
        assert {each["name"] for each in tried.json()["tools"]} >= {"add", "weather"}
        assert tried.json()["ms"] >= 0
        listed = await api.bob.get(f"/tool-servers/{made['id']}/tools")
        assert listed.json()["tools"] == tried.json()["tools"]
        assert code(await api.bob.post(f"/tool-servers/{made['id']}/test")) == (403, "not_allowed")
    gone = await api.admin.post(f"/tool-servers/{made['id']}/test")
    assert code(gone) == (503, "tool_server_unavailable")


async def test_a_personal_server_at_a_private_address_is_not_called(api: Api) -> None:
    with tool_server() as url:
        made = await added(api.alice, url=url)
        place = f"/tool-servers/{made['id']}"
        assert code(await api.alice.get(f"{place}/tools")) == (403, "address_refused")
        vouched = MINE | {"url": url}
        assert (await api.admin.put(place, json=vouched)).json()["by_admin"] is True
        assert (await api.alice.get(f"{place}/tools")).status_code == 200
        assert (await api.alice.put(place, json=vouched)).json()["by_admin"] is False
        assert code(await api.alice.get(f"{place}/tools")) == (403, "address_refused")


async def test_everybody_makes_their_own_choices(api: Api) -> None:
    made = await added(api.admin, groups=["lisa:public"], headers={"X-Team": "blue"})
    place = f"/tool-servers/{made['id']}"
    chosen = {"enabled": True, "disabled_tools": ["rm"], "approved_tools": ["ls", "cat"]}
    answer = (await api.bob.put(f"{place}/choices", json=chosen)).json()
    assert answer["choices"] == chosen | {"approved_tools": ["cat", "ls"]}
    assert (answer["headers"], answer["may_change"], answer["may_share"]) == ({}, False, False)
    assert (await api.bob.get("/tool-servers")).json()["items"][0]["choices"]["enabled"] is True
    assert (await api.alice.get(place)).json()["choices"]["enabled"] is False
    again = await api.bob.put(f"{place}/choices", json={"enabled": False})
    assert again.json()["choices"]["approved_tools"] == []


async def test_a_server_that_is_off_is_its_keepers_only(api: Api) -> None:
    made = await added(api.admin, groups=["lisa:public"], active=False)
    assert await names(api.bob) == []
    assert await names(api.admin) == ["Mine"]
    tools = await api.admin.get(f"/tool-servers/{made['id']}/tools")
    assert code(tools) == (409, "tool_server_off")


async def test_an_administrator_can_switch_tool_servers_off_for_all(api: Api) -> None:
    off = {"enabledComponents": {"mcpConnections": False}}
    body = {"configScope": "global", "versionId": 1, "configuration": off}
    assert (await api.admin.put("/configuration/global", json=body)).status_code == 200
    assert code(await api.alice.get("/tool-servers")) == (403, "switched_off")
    assert code(await api.alice.get("/mcp-server")) == (403, "switched_off")


LISAS = {
    "name": "Tools",
    "url": PUBLIC_URL,
    "description": "of a friend",
    "customHeaders": {"X-Team": "blue", "Authorization": KEY},
    "clientConfig": {"name": "x", "version": "1"},
    "status": "active",
}


async def test_lisas_clients_find_their_routes(api: Api) -> None:
    made = (await api.alice.post("/mcp-server", json=LISAS)).json()
    assert made["customHeaders"] == {"X-Team": "blue", "Authorization": "***"}
    assert (made["owner"], made["status"], made["groups"]) == ("alice", "active", [])
    listed = (await api.alice.get("/mcp-server")).json()["Items"]
    assert [(each["id"], each["canUse"]) for each in listed] == [(made["id"], True)]
    place = f"/mcp-server/{made['id']}"
    one = (await api.alice.get(place, params={"showPlaceholder": "1"})).json()
    assert one["isOwner"] is True
    # What a client was shown it sends back: the secret stays what it is.
    assert (await api.alice.put(place, json=made | {"name": "T2"})).status_code == 200
    assert len(kept(api)) == 1
    off = await api.alice.put(place, json=LISAS | {"customHeaders": {}, "status": "inactive"})
    assert (off.json()["customHeaders"], off.json()["status"]) == ({}, "inactive")
    assert kept(api) == frozenset()
    assert (await api.alice.get("/mcp-server")).json() == {"Items": []}
    assert (await api.alice.delete(place)).json() == {"status": "ok"}


async def test_lisas_defects_are_not_there(api: Api) -> None:
    public = LISAS | {"owner": "lisa:public"}
    assert code(await api.alice.post("/mcp-server", json=public)) == (403, "not_allowed")
    as_admin = (await api.admin.post("/mcp-server", json=public)).json()
    assert as_admin["owner"] == "lisa:public"
    seen = (await api.bob.get(f"/mcp-server/{as_admin['id']}")).json()
    assert (seen["isOwner"], seen["customHeaders"]) == (False, {})
    forged = (await api.alice.post("/mcp-server", json=LISAS | {"owner": "bob"})).json()
    assert forged["owner"] == "alice"
    token = {"customHeaders": {"Authorization": "Bearer {LISA_BEARER_TOKEN}"}}
    assert (await api.admin.post("/mcp-server", json=LISAS | token)).status_code == 400
    grouped = (await api.admin.post("/mcp-server", json=LISAS | {"groups": ["group:a"]})).json()
    assert grouped["groups"] == ["group:a"]
