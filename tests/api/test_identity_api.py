"""Tokens, the one-time link and its cookie, over HTTP."""

import httpx
import pytest

from tests.api.conftest import ORIGIN, Api


async def signed_in(api: Api) -> httpx.AsyncClient:
    code = (await api.admin.post("/sign-in/codes")).json()["code"]
    browser = api.client()
    assert (await browser.post("/sign-in", json={"code": code})).status_code == 204
    return browser


@pytest.mark.parametrize("header", ["authorization", "api-key", "x-api-key"])
async def test_a_token_is_taken_from_every_header_clients_use(api: Api, header: str) -> None:
    token = await api.token("carol")
    assert (await api.client(**{header: token}).get("/me")).json()["subject"] == "carol"


@pytest.mark.parametrize("token", ["", "lisa_", "lisa_" + "0" * 72, "x" * 10_000, "é", "Bearer"])
async def test_a_made_up_token_is_401(api: Api, token: str) -> None:
    answer = await api.anonymous.get("/me", headers={b"authorization": b"Bearer " + token.encode()})
    assert answer.status_code == 401


async def test_a_revoked_token_is_refused_within_a_second(api: Api) -> None:
    issued = (await api.admin.post("/tokens", json={"name": "ci"})).json()
    client = api.client(authorization=issued["token"])
    assert (await client.get("/me")).status_code == 200
    assert (await api.admin.delete(f"/tokens/{issued['id']}")).status_code == 204
    api.clock.advance(1)
    assert (await client.get("/me")).status_code == 401
    assert (await api.admin.delete(f"/tokens/{issued['id']}")).status_code == 404


async def test_a_token_ends_at_its_expiry(api: Api) -> None:
    wanted = {"name": "ci", "expires": "2030-01-02T00:00:00Z"}
    issued = (await api.admin.post("/tokens", json=wanted)).json()
    client = api.client(authorization=issued["token"])
    assert (await client.get("/me")).status_code == 200
    api.clock.advance(24 * 3600)
    assert (await client.get("/me")).status_code == 401
    past = await api.admin.post("/tokens", json={"name": "ci", "expires": "2029-01-01T00:00:00Z"})
    assert past.status_code == 400


async def test_lists_of_tokens_show_no_secret_and_others_only_their_own(api: Api) -> None:
    await api.alice.post("/tokens", json={"name": "laptop"})
    listed = (await api.alice.get("/tokens")).json()["items"]
    assert {token["owner"] for token in listed} == {"alice"}
    everything = await api.admin.get("/tokens")
    assert {token["owner"] for token in everything.json()["items"]} == {"admin", "alice", "bob"}
    assert "lisa_" not in everything.text


async def test_an_administrator_lists_one_owners_tokens_in_pages(api: Api) -> None:
    for number in range(5):
        for client in (api.alice, api.bob):
            await client.post("/tokens", json={"name": f"n{number}"})
        api.clock.advance(1)
    found: list[dict[str, str]] = []
    cursor = ""
    while True:
        params: dict[str, str | int] = {"owner": "bob", "limit": 2, "cursor": cursor}
        page = (await api.admin.get("/tokens", params=params)).json()
        found += page["items"]
        if not (cursor := page["next_cursor"]):
            break
    assert {token["owner"] for token in found} == {"bob"}
    assert [token["name"] for token in found if token["name"].startswith("n")] == [
        f"n{number}" for number in reversed(range(5))
    ]
    assert (await api.alice.get("/tokens", params={"owner": "alice"})).status_code == 200
    assert (await api.alice.get("/tokens", params={"owner": "bob"})).status_code == 403
    assert (await api.admin.get("/tokens", params={"owner": "\x00"})).status_code == 422


async def test_nobody_gives_a_token_more_than_they_have(api: Api) -> None:
    assert (await api.alice.post("/tokens", json={"name": "x", "admin": True})).status_code == 403
    assert (await api.alice.post("/tokens", json={"name": "x", "groups": ["g"]})).status_code == 403
    assert (await api.alice.post("/sign-in/codes")).status_code == 403
    theirs = (await api.admin.get("/tokens")).json()["items"]
    ids = [token["id"] for token in theirs if token["owner"] != "alice"]
    assert {(await api.alice.delete(f"/tokens/{i}")).status_code for i in ids} == {404}


async def test_a_sign_in_link_works_once_and_for_ten_minutes(api: Api) -> None:
    code = (await api.admin.post("/sign-in/codes")).json()["code"]
    answer = await api.client().post("/sign-in", json={"code": code})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert (await api.client().post("/sign-in", json={"code": code})).status_code == 401
    late = (await api.admin.post("/sign-in/codes")).json()["code"]
    api.clock.advance(601)
    assert (await api.client().post("/sign-in", json={"code": late})).status_code == 401


async def test_a_cookie_reads_anywhere_and_writes_only_from_our_own_page(api: Api) -> None:
    browser = await signed_in(api)
    assert (await browser.get("/sessions")).status_code == 200
    assert (await browser.post("/sessions", json={})).status_code == 403
    foreign = {"origin": "http://evil.test"}
    assert (await browser.post("/sessions", json={}, headers=foreign)).status_code == 403
    own = {"origin": ORIGIN}
    assert (await browser.post("/sessions", json={}, headers=own)).status_code == 201
    rebound = {"host": "evil.test"}
    assert (await browser.get("/sessions", headers=rebound)).status_code == 403


async def test_a_bad_token_beside_a_good_cookie_is_refused(api: Api) -> None:
    browser = await signed_in(api)
    assert (await browser.get("/me", headers={"authorization": "Bearer no"})).status_code == 401


async def test_signing_out_forgets_the_cookie_on_the_server_too(api: Api) -> None:
    browser = await signed_in(api)
    cookies = dict(browser.cookies)
    answer = await browser.post("/sign-out", headers={"origin": ORIGIN})
    assert answer.status_code == 204
    again = api.client(cookie="; ".join(f"{name}={value}" for name, value in cookies.items()))
    assert (await again.get("/me")).status_code == 401
