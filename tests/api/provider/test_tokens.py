"""Codes and refresh tokens: each for one page, one time, one way."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.provider.dance import ROOT, SCOPE, VERIFIER, Dance, audited, challenge, refused

pytestmark = pytest.mark.slow  # each test has a server of its own


async def test_a_code_works_once_and_a_replay_ends_what_came_of_it(dance: Dance) -> None:
    code = await dance.code()
    tokens = (await dance.exchange(code)).json()
    assert refused(await dance.exchange(code))
    assert refused(await dance.refresh(tokens["refresh_token"]))


async def test_of_many_who_redeem_one_code_at_once_one_gets_it(dance: Dance) -> None:
    code = await dance.code()
    answers = await asyncio.gather(*(dance.exchange(code) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [200] + [400] * 7
    assert all(refused(each) for each in answers if each.status_code == 400)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": challenge()},
        {"code_verifier": VERIFIER + "v"},
        {"code_verifier": "short"},
        {"code_verifier": "ü" * 43},
        {"redirect_uri": "http://localhost/signed-in"},
        {"code": "0" * 64},
        {"code": "ü"},
    ],
)
async def test_a_code_is_nothing_without_what_belongs_to_it(
    dance: Dance, wrong: dict[str, str]
) -> None:
    code = await dance.code()
    assert refused(await dance.exchange(**({"code": code} | wrong)))


async def test_a_code_shown_with_a_wrong_verifier_is_used_up(dance: Dance) -> None:
    code = await dance.code()
    assert refused(await dance.exchange(code, code_verifier="w" * 43))
    assert refused(await dance.exchange(code))


async def test_a_code_ends_after_a_minute(dance: Dance) -> None:
    in_time, late = await dance.code(), await dance.code()
    dance.clock.advance(59)
    assert (await dance.exchange(in_time)).status_code == 200
    dance.clock.advance(1)
    assert refused(await dance.exchange(late))


async def test_a_code_of_an_account_disabled_meanwhile_is_refused(dance: Dance) -> None:
    code = await dance.code()
    await dance.accounts.change(ROOT, "alice", disabled=True)
    assert refused(await dance.exchange(code))


async def test_without_offline_access_there_is_no_refresh_token(dance: Dance) -> None:
    tokens = await dance.tokens(scope="openid")
    assert tokens["scope"] == "openid"
    assert "refresh_token" not in tokens


async def test_a_refresh_follows_the_groups_and_keeps_the_time_of_the_sign_in(
    dance: Dance,
) -> None:
    tokens = await dance.tokens()
    dance.clock.advance(3600)
    await dance.accounts.change(ROOT, "alice", groups=frozenset({"lisa-admin"}))
    renewed = (await dance.refresh(tokens["refresh_token"])).json()
    assert renewed["refresh_token"] != tokens["refresh_token"]
    me = (await dance.me(renewed["access_token"])).json()
    assert (me["groups"], me["admin"]) == (["lisa-admin"], True)


async def test_a_refresh_token_used_twice_ends_all_that_followed_it(dance: Dance) -> None:
    first = await dance.tokens()
    second = (await dance.refresh(first["refresh_token"])).json()
    third = (await dance.refresh(second["refresh_token"])).json()
    assert refused(await dance.refresh(first["refresh_token"]))
    assert refused(await dance.refresh(third["refresh_token"]))
    [entry] = [each for each in await audited(dance) if each["outcome"] == "denied"]
    assert (entry["who"], entry["reason"]) == ("alice", "a refresh token was shown twice")


async def test_an_answer_that_was_lost_may_be_asked_for_again_for_ten_seconds(
    dance: Dance,
) -> None:
    first = await dance.tokens()
    await dance.refresh(first["refresh_token"])
    dance.clock.advance(9)
    again = (await dance.refresh(first["refresh_token"])).json()
    assert (await dance.refresh(again["refresh_token"])).status_code == 200
    assert refused(await dance.refresh(first["refresh_token"]))


async def test_after_ten_seconds_it_is_no_lost_answer_any_more(dance: Dance) -> None:
    first = await dance.tokens()
    lost = (await dance.refresh(first["refresh_token"])).json()
    dance.clock.advance(10)
    assert refused(await dance.refresh(first["refresh_token"]))
    assert refused(await dance.refresh(lost["refresh_token"]))


async def test_of_two_who_got_an_answer_to_one_token_the_slower_ends_both(dance: Dance) -> None:
    first = await dance.tokens()
    mine = (await dance.refresh(first["refresh_token"])).json()["refresh_token"]
    thiefs = (await dance.refresh(first["refresh_token"])).json()["refresh_token"]
    mine = (await dance.refresh(mine)).json()["refresh_token"]
    assert refused(await dance.refresh(thiefs))
    assert refused(await dance.refresh(mine))


async def test_two_tabs_that_refresh_at_once_stay_signed_in(dance: Dance) -> None:
    first = (await dance.tokens())["refresh_token"]
    answers = await asyncio.gather(dance.refresh(first), dance.refresh(first))
    assert [each.status_code for each in answers] == [200, 200]
    assert (await dance.refresh(answers[1].json()["refresh_token"])).status_code == 200


async def test_refresh_tokens_end_when_nobody_uses_them(dance: Dance) -> None:
    token = (await dance.tokens())["refresh_token"]
    dance.clock.advance(12 * 3600)
    assert refused(await dance.refresh(token))


async def test_refresh_tokens_end_after_a_week_however_much_they_are_used(dance: Dance) -> None:
    token = (await dance.tokens())["refresh_token"]
    for _ in range(20):
        dance.clock.advance(8 * 3600)
        token = (await dance.refresh(token)).json()["refresh_token"]
    dance.clock.advance(8 * 3600)
    assert refused(await dance.refresh(token))


@pytest.mark.parametrize("change", [{"disabled": True}, {"password": "another long password"}])
async def test_refresh_ends_with_the_sign_ins_of_the_account(
    dance: Dance, change: dict[str, Any]
) -> None:
    token = (await dance.tokens())["refresh_token"]
    dance.clock.advance(1)
    await dance.accounts.change(ROOT, "alice", **change)
    assert refused(await dance.refresh(token))
    await dance.accounts.change(ROOT, "alice", disabled=False)
    assert refused(await dance.refresh(token))


async def test_an_account_made_anew_inherits_no_sign_in(dance: Dance) -> None:
    tokens = await dance.tokens()
    dance.clock.advance(2)
    await dance.accounts.remove(ROOT, "alice")
    await dance.accounts.create(ROOT, "alice", "another long password", frozenset({"lisa-admin"}))
    assert refused(await dance.refresh(tokens["refresh_token"]))
    assert (await dance.ask()).status_code == 200
    dance.clock.advance(1)
    assert (await dance.me(tokens["access_token"])).status_code == 401


async def test_a_refresh_may_not_ask_for_more(dance: Dance) -> None:
    token = (await dance.tokens(scope="openid offline_access"))["refresh_token"]
    answer = await dance.refresh(token, scope=SCOPE)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert (await dance.refresh(token, scope="openid")).status_code == 200


async def test_a_revoked_refresh_token_ends_its_family(dance: Dance) -> None:
    first = (await dance.tokens())["refresh_token"]
    second = (await dance.refresh(first)).json()["refresh_token"]
    answer = await dance.post("/revoke", {"token": second, "client_id": "lisa-ui"})
    assert answer.status_code == 200
    assert refused(await dance.refresh(second))
    for unknown in ("nonsense", "family_x.y", first):
        again = await dance.post("/revoke", {"token": unknown, "client_id": "lisa-ui"})
        assert again.status_code == 200


@pytest.mark.parametrize(
    ("form", "error", "status"),
    [
        ({}, "invalid_request", 400),
        ({"grant_type": "password", "client_id": "lisa-ui"}, "unsupported_grant_type", 400),
        ({"grant_type": "authorization_code"}, "invalid_request", 400),
        ({"grant_type": "authorization_code", "client_id": "lisa-ui"}, "invalid_request", 400),
        ({"grant_type": "refresh_token", "client_id": "lisa-ui"}, "invalid_request", 400),
        (
            {"grant_type": "refresh_token", "client_id": "x", "refresh_token": "y"},
            "invalid_client",
            401,
        ),
    ],
)
async def test_what_is_no_request_for_tokens_is_told_in_oauths_words(
    dance: Dance, form: dict[str, str], error: str, status: int
) -> None:
    answer = await dance.post("/token", form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"grant_type": "refresh_token"}', {"content-type": "application/json"}),
        (b"grant_type=refresh_token", {}),
        (b"grant_type=a&grant_type=b", FORM),
        (b"grant_type", FORM),
        (b"grant_type=%ff", FORM),
        (b"grant_type=a%00b", FORM),
        (b"\xff\xfe", FORM),
        (b"&".join(b"a%d=1" % number for number in range(50)), FORM),
        (b"code=" + b"x" * 5000, FORM),
        (b"code[]=1&code[]=2", FORM),
    ],
)
async def test_nonsense_is_400(dance: Dance, body: bytes, headers: dict[str, str]) -> None:
    for path in ("token", "revoke"):
        answer = await dance.browser.post(f"/oidc/{path}", content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_huge_body_is_refused_and_not_read(dance: Dance) -> None:
    answer = await dance.browser.post("/oidc/token", content=b"a" * 10**6, headers=FORM)
    assert (answer.status_code, answer.json()["error"]) == (413, "invalid_request")


async def test_only_our_own_pages_may_call_from_a_script(dance: Dance) -> None:
    own = await _preflight(dance, dance.origin)
    assert own.headers["access-control-allow-origin"] == dance.origin
    foreign = await _preflight(dance, "https://evil.test")
    assert "access-control-allow-origin" not in foreign.headers
    headers = {"origin": "https://evil.test"}
    answer = await dance.browser.post("/oidc/token", data={}, headers=headers)
    assert "access-control-allow-origin" not in answer.headers


async def _preflight(dance: Dance, origin: str) -> httpx.Response:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    return await dance.browser.options("/oidc/userinfo", headers=headers)
