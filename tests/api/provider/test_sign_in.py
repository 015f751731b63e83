"""The way from a page of ours to tokens, and what the tokens are good for."""

import json
from datetime import timedelta

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.api.provider.dance import PASSWORD, ROOT, SCOPE, Dance, Hidden, audited, query_of

pytestmark = pytest.mark.slow  # each test has a server of its own


async def test_discovery_describes_what_there_is(dance: Dance) -> None:
    answer = await dance.browser.get("/oidc/.well-known/openid-configuration")
    document = answer.json()
    issuer = f"{dance.origin}/oidc"
    assert document["issuer"] == issuer
    assert document["code_challenge_methods_supported"] == ["S256"]
    for name, path in {
        "authorization_endpoint": "/authorize",
        "token_endpoint": "/token",
        "jwks_uri": "/jwks",
        "userinfo_endpoint": "/userinfo",
        "end_session_endpoint": "/logout",
        "revocation_endpoint": "/revoke",
    }.items():
        assert document[name] == issuer + path
    [key] = (await dance.browser.get("/oidc/jwks")).json()["keys"]
    assert (key["alg"], key["use"], "d" in key) == ("ES256", "sig", False)


async def test_name_and_password_lead_to_tokens_that_the_api_believes(dance: Dance) -> None:
    page = await dance.ask()
    assert page.status_code == 200
    back = await dance.fill_in(page)
    assert back.headers["location"].startswith(dance.redirect_uri + "?")
    answer = query_of(back)
    assert answer["state"] == "a state"
    assert answer["iss"] == f"{dance.origin}/oidc"
    given = await dance.exchange(answer["code"])
    assert given.headers["cache-control"] == "no-store"
    tokens = given.json()
    assert tokens["token_type"] == "Bearer"
    assert (tokens["expires_in"], tokens["scope"]) == (600, SCOPE)
    me = (await dance.me(tokens["access_token"])).json()
    assert (me["subject"], me["groups"], me["admin"]) == ("alice", ["staff"], False)


async def test_the_tokens_say_what_their_standards_ask_for(dance: Dance) -> None:
    tokens = await dance.tokens()
    [key] = (await dance.browser.get("/oidc/jwks")).json()["keys"]
    access, about = (
        jwt.decode(tokens[name], ECKey.import_key(key), algorithms=["ES256"])
        for name in ("access_token", "id_token")
    )
    now = int(dance.clock.now().timestamp())
    assert access.header == {"alg": "ES256", "typ": "at+jwt", "kid": ECKey.import_key(key).kid}
    assert access.claims.pop("jti")
    common = {"iss": f"{dance.origin}/oidc", "sub": "alice", "iat": now, "exp": now + 600}
    common = common | {"auth_time": now}
    more = {"aud": "lisa", "client_id": "lisa-ui", "scope": SCOPE, "groups": ["staff"]}
    assert access.claims == common | more
    assert about.claims == common | {"aud": "lisa-ui", "nonce": "a nonce"}
    assert (await dance.me(tokens["id_token"])).status_code == 401


async def test_whoever_is_signed_in_is_not_asked_again_for_twelve_hours(dance: Dance) -> None:
    await dance.tokens()
    assert "code" in query_of(await dance.ask(prompt="none"))
    dance.clock.advance(12 * 3600 - 1)
    assert "code" in query_of(await dance.ask())
    dance.clock.advance(2)
    assert (await dance.ask()).status_code == 200
    assert query_of(await dance.ask(prompt="none"))["error"] == "login_required"


async def test_a_page_may_ask_that_people_sign_in_anew(dance: Dance) -> None:
    await dance.tokens()
    assert (await dance.ask(prompt="login")).status_code == 200
    assert "code" in query_of(await dance.ask(max_age="60"))
    dance.clock.advance(61)
    assert (await dance.ask(max_age="60")).status_code == 200
    late = await dance.ask(max_age="60", prompt="none")
    assert query_of(late)["error"] == "login_required"
    assert (await dance.tokens(prompt="login"))["access_token"]


async def test_the_cookie_is_for_the_provider_alone(dance: Dance) -> None:
    answer = await dance.fill_in(await dance.ask())
    [cookie] = [
        each for each in answer.headers.get_list("set-cookie") if each.startswith("lisa_provider")
    ]
    for attribute in ("HttpOnly", "Path=/oidc", "SameSite=lax", "Max-Age=43200"):
        assert attribute in cookie


async def test_only_hashes_are_kept(dance: Dance) -> None:
    code = await dance.code()
    tokens = (await dance.exchange(code)).json()
    kept = json.dumps(list(dance.tables._rows.values()), default=str)
    secrets = [code, tokens["refresh_token"], *dance.browser.cookies.values(), PASSWORD]
    assert [secret for secret in secrets if secret.rpartition(".")[2] in kept] == []


async def test_a_disabled_account_reads_like_a_wrong_password(dance: Dance) -> None:
    await dance.accounts.change(ROOT, "alice", disabled=True)
    disabled = await dance.fill_in(await dance.ask())
    unknown = await dance.fill_in(await dance.ask(), name="nobody")
    wrong = await dance.fill_in(await dance.ask(), password="something else")
    assert {each.status_code for each in (disabled, unknown, wrong)} == {403}
    for each in (disabled, unknown, wrong):
        assert "This name and password don&#x27;t belong together" in each.text


async def test_disabling_ends_the_sign_in_of_the_browser_and_the_access_token(
    dance: Dance,
) -> None:
    tokens = await dance.tokens()
    dance.clock.advance(2)
    await dance.accounts.change(ROOT, "alice", disabled=True)
    dance.clock.advance(1)
    assert (await dance.ask()).status_code == 200
    assert (await dance.me(tokens["access_token"])).status_code == 401
    assert (await userinfo(dance, tokens["access_token"])).status_code == 401


async def userinfo(dance: Dance, token: str) -> httpx.Response:
    return await dance.browser.get("/oidc/userinfo", headers={"authorization": f"Bearer {token}"})


async def test_userinfo_tells_of_the_person_to_whoever_has_an_access_token(dance: Dance) -> None:
    tokens = await dance.tokens()
    answer = await userinfo(dance, tokens["access_token"])
    assert answer.json() == {
        "sub": "alice",
        "groups": ["staff"],
        "name": "alice",
        "preferred_username": "alice",
    }
    for token in (tokens["id_token"], tokens["refresh_token"], "a.b.c", "ü"):
        headers = {b"authorization": b"Bearer " + token.encode()}
        wrong = await dance.browser.get("/oidc/userinfo", headers=headers)
        assert wrong.status_code == 401
        assert wrong.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    dance.clock.time += timedelta(minutes=10)
    assert (await userinfo(dance, tokens["access_token"])).status_code == 401


async def test_sign_ins_stand_in_the_audit_without_what_was_typed(dance: Dance) -> None:
    await dance.fill_in(await dance.ask(), password="not the password")
    await dance.fill_in(await dance.ask(), name="hunter2hunter2")
    await dance.fill_in(await dance.ask())
    recorded = await audited(dance)
    entries = [each for each in recorded if each["verb"] == "sign-in"]
    found = {(each["outcome"], each["object_id"], each["reason"]) for each in entries}
    assert found == {
        ("allowed", "alice", ""),
        ("denied", "alice", "wrong password of alice"),
        ("denied", "", "unknown name"),
    }
    assert {each["ip"] for each in entries} == {"127.0.0.1"}
    assert "hunter2" not in json.dumps(recorded)


@pytest.mark.parametrize("name", ["Alice", " alice ", "ALICE"])
async def test_a_name_may_be_typed_as_people_type(dance: Dance, name: str) -> None:
    assert query_of(await dance.fill_in(await dance.ask(), name=name))["code"]


async def test_the_form_needs_no_script_and_keeps_others_out(dance: Dance) -> None:
    page = await dance.ask(login_hint="alice")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert f"form-action 'self' {dance.origin}" in policy
    assert "<script" not in page.text
    assert 'value="alice"' in page.text
    assert 'aria-live="assertive"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert set(Hidden(page.text).fields) == {"request", "form"}
