"""The prompt library over HTTP, native and as LISA's clients call it."""

from typing import Any

import httpx
import pytest

from lisa.domain.identity import Principal, TokenKind
from lisa.usecases.tokens import Wanted
from tests.api.conftest import Api


def worded(title: str = "tutor", **more: object) -> dict[str, object]:
    return {"title": title, "type": "persona", "body": "You teach.", **more}


async def member(api: Api, name: str, *groups: str) -> httpx.AsyncClient:
    """Return a client of somebody in these groups."""
    assert api.services.identity
    wanted = Wanted(name=name, owner=name, kind=TokenKind.SERVICE, groups=frozenset(groups))
    root = Principal(subject="root", admin=True)
    secret = (await api.services.identity.tokens.issue(root, wanted)).secret
    return api.client(authorization=f"Bearer {secret}")


async def listed(client: httpx.AsyncClient, whose: str, limit: int = 50) -> list[str]:
    """Return all titles, page by page."""
    titles: list[str] = []
    cursor = ""
    while True:
        query: dict[str, Any] = {"whose": whose, "limit": limit, "cursor": cursor}
        page = (await client.get("/prompts", params=query)).json()
        titles += [each["title"] for each in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            return titles


async def test_a_prompt_is_its_owners_alone_until_it_is_shared(api: Api) -> None:
    made = await api.alice.post("/prompts", json=worded())
    assert made.status_code == 201
    path = f"/{made.headers['location']}"
    assert (await api.bob.get(path)).status_code == 404
    shared = await api.alice.put(path, json=worded(groups=["lisa:public"], version=1))
    assert (shared.json()["version"], shared.json()["may_change"]) == (2, True)
    seen = (await api.bob.get(path)).json()
    assert (seen["is_owner"], seen["may_change"], seen["title"]) == (False, False, "tutor")
    assert await listed(api.bob, "shared") == ["tutor"]
    assert (await api.bob.put(path, json=worded("mine"))).status_code == 403
    assert (await api.bob.delete(path)).status_code == 403
    await api.alice.put(path, json=worded())
    assert (await api.bob.get(path)).status_code == 404
    assert await listed(api.bob, "shared") == []


async def test_a_group_sees_what_is_shared_with_it_once(api: Api) -> None:
    carol = await member(api, "carol", "research", "staff")
    dave = await member(api, "dave", "sales")
    for title, groups in (
        ("both", ["research", "staff"]),
        ("open", ["lisa:public", "research"]),
        ("staff", ["staff"]),
        ("none", []),
    ):
        await carol.post("/prompts", json=worded(title, groups=groups))
    erin = await member(api, "erin", "research", "staff")
    assert sorted(await listed(erin, "shared", limit=1)) == ["both", "open", "staff"]
    assert await listed(dave, "shared") == ["open"]
    assert sorted(await listed(carol, "mine", limit=3)) == ["both", "none", "open", "staff"]


async def test_one_shares_only_with_groups_of_ones_own(api: Api) -> None:
    refused = await api.alice.post("/prompts", json=worded(groups=["sales"]))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    made = await api.admin.post("/prompts", json=worded(groups=["sales"]))
    assert made.status_code == 201
    audited = (await api.admin.get("/audit")).json()["items"]
    assert [(each["kind"], each["verb"]) for each in audited if each["kind"] == "prompt"] == [
        ("prompt", "create")
    ]


async def test_a_change_is_a_new_version_and_the_former_ones_are_kept(api: Api) -> None:
    path = f"/prompts/{(await api.alice.post('/prompts', json=worded())).json()['id']}"
    await api.alice.put(path, json=worded("better", version=1))
    late = await api.alice.put(path, json=worded("late", version=1))
    assert (late.status_code, late.json()["error"]["code"]) == (409, "version_differs")
    await api.admin.put(path, json=worded("best"))
    kept = (await api.alice.get(f"{path}/revisions")).json()["items"]
    assert [(each["version"], each["title"], each["changed_by"]) for each in kept] == [
        (3, "best", "admin"),
        (2, "better", "alice"),
        (1, "tutor", "alice"),
    ]
    assert kept[0]["owner"] == "alice"


async def test_a_deleted_prompt_is_gone_with_all_its_versions(api: Api) -> None:
    path = f"/prompts/{(await api.alice.post('/prompts', json=worded())).json()['id']}"
    await api.alice.put(path, json=worded(groups=["lisa:public"]))
    assert (await api.alice.delete(path)).status_code == 204
    for answer in (await api.alice.get(path), await api.alice.get(f"{path}/revisions")):
        assert answer.status_code == 404
    assert await listed(api.alice, "mine") == await listed(api.bob, "shared") == []


async def test_only_administrators_list_everybodys(api: Api) -> None:
    await api.alice.post("/prompts", json=worded())
    assert await listed(api.admin, "all") == ["tutor"]
    assert (await api.alice.get("/prompts", params={"whose": "all"})).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        worded(""),
        worded("x" * 201),
        worded(body="x" * 50_001),
        worded(body="a\x00b"),
        worded(type="king"),
        worded(groups=["a\nb"]),
        worded(groups=[f"g{number}" for number in range(33)]),
        worded(owner="bob"),
        {},
    ],
)
async def test_a_nonsense_prompt_gets_a_clear_4xx(api: Api, body: dict[str, object]) -> None:
    answer = await api.alice.post("/prompts", json=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA==", "WyJzYWxlcyIsIiJd", "WyJsaXNhOnB1YmxpYyIsIngiXQ=="]
)
async def test_a_strange_cursor_of_shared_prompts_is_refused(api: Api, cursor: str) -> None:
    answer = await api.alice.get("/prompts", params={"whose": "shared", "cursor": cursor})
    assert answer.status_code == 400


async def test_the_library_can_be_switched_off(api: Api) -> None:
    off = {"enabledComponents": {"showPromptTemplateLibrary": False}}
    await api.admin.put("/configurations/current", json={"version": 0, "configuration": off})
    api.clock.advance(2)
    for path in ("/prompts", "/prompt-templates"):
        answer = await api.alice.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "switched_off")


async def test_lisas_clients_find_their_templates(api: Api) -> None:
    carol = await member(api, "carol", "research")
    wanted = worded(groups=["group:research"], id="forged", owner="bob", revision=7)
    made = (await carol.post("/prompt-templates", json=wanted)).json()
    assert (made["owner"], made["revision"], made["latest"]) == ("carol", 1, True)
    assert made["groups"] == ["group:research"]
    path = f"/prompt-templates/{made['id']}"
    assert (await carol.get(path)).json()["isOwner"] is True
    assert [each["id"] for each in (await carol.get("/prompt-templates")).json()["Items"]] == [
        made["id"]
    ]
    erin = await member(api, "erin", "research")
    seen = (await erin.get("/prompt-templates", params={"public": "true"})).json()["Items"]
    assert [each["id"] for each in seen] == [made["id"]]
    assert (await api.alice.get(path)).status_code == 404
    everybodys = await api.admin.get("/prompt-templates", params={"public": "true"})
    assert len(everybodys.json()["Items"]) == 1
    revised = await carol.put(path, json={**made, "title": "new"})
    assert (revised.json()["revision"], revised.json()["title"]) == (2, "new")
    assert (await carol.put(path, json={**made, "id": "another"})).status_code == 400
    assert (await carol.delete(path)).json() == {"status": "ok"}
    assert (await carol.get(path)).status_code == 404
