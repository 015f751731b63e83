"""Tokens over HTTP: natively and as in LISA."""

import asyncio

import pytest

from tests.api.conftest import Api

REMEMBERED = 1  # seconds for which a door may go on without asking the store


async def test_a_token_shows_all_it_was_made_with_but_not_its_secret(api: Api) -> None:
    wanted = {
        "name": "nightly",
        "groups": ["research"],
        "scopes": ["control", "inference", "model:m"],
        "limits": {"requests_per_minute": 60, "budget_usd_per_month": 12.5},
        "expires": "2030-02-01T00:00:00Z",
    }
    made = (await api.admin.post("/tokens", json=wanted)).json()
    shown = (await api.admin.get(f"/tokens/{made['id']}")).json()
    assert made.pop("token").startswith("lisa_")
    assert made == shown
    assert shown["limits"]["tokens_per_minute"] is None
    del wanted["limits"]
    assert {name: shown[name] for name in wanted} == wanted
    facts = (shown["owner"], shown["kind"], shown["created_by"], shown["disabled"])
    assert facts == ("nightly", "service", "admin", False)


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": ""},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["model:m"]},
        {"name": "x", "limits": {"requests_per_minute": 0}},
        {"name": "x", "limits": {"budget_usd_per_month": -1}},
        {"name": "x", "limits": {"unknown": 1}},
        {"name": "x", "kind": "other"},
        {"name": "x", "digest": "0" * 64},
    ],
)
async def test_a_malformed_wish_is_422(api: Api, wanted: dict[str, object]) -> None:
    assert (await api.admin.post("/tokens", json=wanted)).status_code == 422


@pytest.mark.parametrize(
    "expires", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2029-12-31T23:59:59"]
)
async def test_an_expiry_out_of_reason_is_400(api: Api, expires: str) -> None:
    answer = await api.admin.post("/tokens", json={"name": "x", "expires": expires})
    assert answer.status_code == 400


async def test_a_scoped_token_is_refused_outside_its_scopes(api: Api) -> None:
    wanted = {"name": "bot", "scopes": ["inference"]}
    token = (await api.alice.post("/tokens", json=wanted)).json()["token"]
    answer = await api.client(authorization=token).get("/sessions")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "out_of_scope")
    wider = {"name": "bot", "scopes": ["control"]}
    token = (await api.alice.post("/tokens", json=wider)).json()["token"]
    assert (await api.client(authorization=token).get("/sessions")).status_code == 200


async def test_a_rotated_token_works_with_both_secrets_for_a_while(api: Api) -> None:
    made = (await api.alice.post("/tokens", json={"name": "ci"})).json()
    path = f"/tokens/{made['id']}/rotate"
    rotated = (await api.alice.post(path, json={"overlap_seconds": 60})).json()
    assert rotated["id"] == made["id"]
    former, present = (api.client(authorization=each["token"]) for each in (made, rotated))
    assert (await former.get("/me")).status_code == (await present.get("/me")).status_code == 200
    api.clock.advance(60)
    assert (await former.get("/me")).status_code == 401
    assert (await present.get("/me")).status_code == 200
    assert (await api.alice.post(path, json={"overlap_seconds": -1})).status_code == 422


async def test_a_disabled_token_is_refused_and_an_enabled_one_works(api: Api) -> None:
    made = (await api.alice.post("/tokens", json={"name": "ci"})).json()
    client, path = api.client(authorization=made["token"]), f"/tokens/{made['id']}"
    for disabled, status in ((True, 401), (False, 200)):
        shown = (await api.alice.patch(path, json={"disabled": disabled})).json()
        assert shown["disabled"] is disabled
        api.clock.advance(REMEMBERED)
        assert (await client.get("/me")).status_code == status
    renamed = await api.alice.patch(path, json={"name": "other"})
    assert renamed.json()["name"] == "other"
    assert (await api.alice.patch(path, json={"admin": True})).status_code == 422


@pytest.mark.parametrize(
    ("method", "place", "body"),
    [("DELETE", "", None), ("PATCH", "", {"disabled": True}), ("POST", "/rotate", {})],
)
async def test_no_request_passes_that_begins_a_second_after_a_token_was_ended(
    api: Api, method: str, place: str, body: dict[str, bool] | None
) -> None:
    made = (await api.alice.post("/tokens", json={"name": "ci"})).json()
    client, path = api.client(authorization=made["token"]), f"/tokens/{made['id']}"
    ended = asyncio.Event()

    async def use() -> None:
        statuses = []
        while not ended.is_set():
            statuses.append((await client.get("/sessions")).status_code)
        assert statuses == sorted(statuses), "once refused, always refused"

    async def finish() -> None:
        answer = await api.alice.request(method, f"{path}{place}", json=body)
        assert answer.is_success
        api.clock.advance(REMEMBERED)
        late = await asyncio.gather(*(client.get("/sessions") for _ in range(20)))
        ended.set()
        assert {each.status_code for each in late} == {401}

    await asyncio.gather(*(use() for _ in range(5)), finish())


async def test_the_last_use_is_shown(api: Api) -> None:
    made = (await api.alice.post("/tokens", json={"name": "ci"})).json()
    assert made["last_used"] is None
    api.clock.advance(3600)
    assert (await api.client(authorization=made["token"]).get("/me")).status_code == 200
    shown = (await api.alice.get(f"/tokens/{made['id']}")).json()
    assert shown["last_used"] == api.clock.now().isoformat().replace("+00:00", "Z")


async def test_an_administrators_and_a_persons_deeds_with_tokens_are_recorded(api: Api) -> None:
    made = (await api.alice.post("/tokens", json={"name": "ci"})).json()
    await api.alice.post(f"/tokens/{made['id']}/rotate", json={})
    await api.admin.patch(f"/tokens/{made['id']}", json={"disabled": True})
    await api.admin.delete(f"/tokens/{made['id']}")
    entries = (await api.admin.get("/audit", params={"kind": "token"})).json()["items"]
    told = [(each["who"], each["verb"]) for each in entries if each["object_id"] == made["id"]]
    assert sorted(told) == [
        ("admin", "change"),
        ("admin", "delete"),
        ("alice", "change"),
        ("alice", "create"),
    ]


class TestAsInLisa:
    async def test_one_makes_a_token_for_oneself(self, api: Api) -> None:
        answer = await api.alice.post("/api-tokens", json={"name": "laptop", "unknown": 1})
        made = answer.json()
        assert answer.status_code == 200
        assert made.pop("token").startswith("lisa_")
        expires = int(api.clock.now().timestamp()) + 90 * 24 * 3600
        assert made == {
            "tokenUUID": made["tokenUUID"],
            "tokenExpiration": expires,
            "createdDate": int(api.clock.now().timestamp()),
            "username": "alice",
            "name": "laptop",
            "groups": [],
            "isSystemToken": False,
        }
        again = await api.alice.post("/api-tokens", json={"name": "second"})
        assert again.status_code == 200

    async def test_an_administrator_makes_tokens_for_people_and_programs(self, api: Api) -> None:
        wanted = {"name": "n", "groups": ["research"], "isSystemToken": True}
        made = (await api.admin.post("/api-tokens/robot", json=wanted)).json()
        assert (made["username"], made["groups"]) == ("robot", ["research"])
        assert made["isSystemToken"] is True
        me = (await api.client(authorization=made["token"]).get("/me")).json()
        assert (me["subject"], me["groups"], me["admin"]) == ("robot", ["research"], False)
        refused = await api.alice.post("/api-tokens/alice", json={"name": "n"})
        assert refused.status_code == 403

    async def test_an_administrators_own_token_is_an_administrators(self, api: Api) -> None:
        made = (await api.admin.post("/api-tokens", json={"name": "n"})).json()
        assert (await api.client(authorization=made["token"]).get("/me")).json()["admin"] is True

    async def test_tokens_are_listed_shown_and_deleted(self, api: Api) -> None:
        made = (await api.alice.post("/api-tokens", json={"name": "laptop"})).json()
        listed = (await api.alice.get("/api-tokens")).json()["tokens"]
        one = (await api.alice.get(f"/api-tokens/{made['tokenUUID']}")).json()
        assert one in listed
        assert (one["createdBy"], one["isExpired"], one["isLegacy"]) == ("alice", False, False)
        assert "token" not in one
        path = f"/api-tokens/{made['tokenUUID']}"
        assert (await api.bob.delete(path)).status_code == 404
        assert (await api.alice.delete(path)).json()["tokenUUID"] == made["tokenUUID"]
        assert (await api.alice.get(path)).status_code == 404

    async def test_an_expired_token_is_still_listed_as_such(self, api: Api) -> None:
        soon = int(api.clock.now().timestamp()) + 60
        wanted = {"name": "laptop", "tokenExpiration": soon}
        made = (await api.alice.post("/api-tokens", json=wanted)).json()
        api.clock.advance(60)
        one = (await api.alice.get(f"/api-tokens/{made['tokenUUID']}")).json()
        assert (one["isExpired"], one["tokenExpiration"]) == (True, soon)
        assert (await api.client(authorization=made["token"]).get("/me")).status_code == 401

    @pytest.mark.parametrize("expiration", [0, 1, 2**33])
    async def test_an_expiration_in_the_past_or_after_a_century_is_400(
        self, api: Api, expiration: int
    ) -> None:
        wanted = {"name": "laptop", "tokenExpiration": expiration}
        assert (await api.alice.post("/api-tokens", json=wanted)).status_code == 400


class TestExplain:
    async def test_an_administrator_learns_the_rule(self, api: Api) -> None:
        asked = {"as": "bob", "can": "read", "kind": "session", "owner": "alice"}
        told = (await api.admin.get("/policy/explain", params=asked)).json()
        assert told == {"allowed": False, "because": "only the object's owner may read it"}
        asked = {"as": "bob", "can": "use", "kind": "model", "id": "m"} | {"group": "research"}
        asked |= {"object_group": "research"}
        told = (await api.admin.get("/policy/explain", params=asked)).json()
        assert told["allowed"] is True
        assert "groups" in told["because"]

    async def test_an_unknown_verb_is_422(self, api: Api) -> None:
        asked = {"as": "bob", "can": "fly", "kind": "session"}
        assert (await api.admin.get("/policy/explain", params=asked)).status_code == 422
