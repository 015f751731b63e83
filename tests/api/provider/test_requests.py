"""Requests that are wrong, and forms that aren't sent from where they were shown."""

import pytest

from tests.api.provider.dance import PASSWORD, Dance, Hidden, audited, challenge, query_of

pytestmark = pytest.mark.slow  # each test has a server of its own

FOREIGN = [
    "https://evil.test/signed-in",
    "{origin}/signed-in/",
    "{origin}/signed-in?x=1",
    "{origin}/signed-in#x",
    "{origin}/Signed-In",
    "{origin}/",
    "{origin}@evil.test/signed-in",
    "{origin}/oidc/../signed-in",
    "http://127.1/signed-in",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("redirect", FOREIGN)
async def test_nobody_is_sent_to_an_address_that_is_not_ours(dance: Dance, redirect: str) -> None:
    await dance.tokens()
    answer = await dance.ask(redirect_uri=redirect.format(origin=dance.origin))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "evil.test" not in answer.text


@pytest.mark.parametrize("client", ["", "another", "LISA-UI", "lisa-ui "])
async def test_a_stranger_of_a_client_is_told_on_a_page(dance: Dance, client: str) -> None:
    answer = await dance.ask(client_id=client)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_the_page_may_lie_under_any_name_of_ours(dance: Dance) -> None:
    redirect = dance.redirect_uri.replace("127.0.0.1", "localhost")
    answer = await dance.fill_in(await dance.ask(redirect_uri=redirect))
    assert answer.headers["location"].startswith(redirect + "?code=")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "c" * 42}, "invalid_request"),
        ({"code_challenge": "c" * 129}, "invalid_request"),
        ({"code_challenge": challenge() + "="}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "sometimes"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "1e3"}, "invalid_request"),
        ({"max_age": "٣"}, "invalid_request"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.test"}, "request_uri_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
async def test_what_is_wrong_with_a_request_is_told_to_the_page(
    dance: Dance, wrong: dict[str, str | None], error: str
) -> None:
    answer = query_of(await dance.ask(**wrong))
    assert (answer["error"], answer["state"]) == (error, "a state")
    assert "code" not in answer


@pytest.mark.parametrize("state", ["", "a&b=c#d", "ünï", '"><script>', "x" * 4000])
async def test_the_state_comes_back_unchanged(dance: Dance, state: str) -> None:
    answer = query_of(await dance.fill_in(await dance.ask(state=state)))
    assert answer.get("state", "") == state


async def test_what_was_asked_can_be_posted_too(dance: Dance) -> None:
    page = await dance.browser.post("/oidc/authorize", data=dance.request())
    assert query_of(await dance.fill_in(page))["code"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "client_id=lisa-ui&client_id=lisa-ui",
        "client_id=lisa-ui&state=%ff",
        "client_id=lisa-ui&state=a%0d%0ab",
        "client_id=lisa-ui&state=%00",
        "client_id=lisa-ui&state=" + "x" * 5000,
        "client_id",
        "&&&",
        "client_id[$ne]=x",
    ],
)
async def test_nonsense_is_told_on_a_page(dance: Dance, query: str) -> None:
    for path in ("authorize", "logout"):
        if path == "logout" and not query:
            continue  # a request to sign out needs no parameter
        answer = await dance.browser.get(f"/oidc/{path}?{query}")
        if path == "authorize" or answer.status_code != 200:
            assert answer.status_code == 400
        assert answer.headers["content-type"].startswith("text/html")


async def test_no_header_changes_what_addresses_say(dance: Dance) -> None:
    tricks = {
        "host": "evil.test",
        "x-forwarded-host": "evil.test",
        "x-forwarded-proto": "https",
        "forwarded": "host=evil.test;proto=https",
        "x-original-url": "/api/me",
        "x-http-method-override": "POST",
    }
    plain = await dance.browser.get("/oidc/.well-known/openid-configuration")
    tricked = await dance.browser.get("/oidc/.well-known/openid-configuration", headers=tricks)
    assert tricked.json() == plain.json()
    page = await dance.browser.get("/oidc/authorize", params=dance.request(), headers=tricks)
    assert (page.status_code, "evil.test" in page.text) == (200, False)


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "", "http://127.0.0.1"])
async def test_a_form_sent_from_elsewhere_signs_nobody_in(dance: Dance, origin: str) -> None:
    answer = await dance.fill_in(await dance.ask(), origin=origin)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "foreign_page" in {each["reason"] for each in await audited(dance)}


async def test_a_form_shown_to_one_browser_is_nothing_in_another(dance: Dance) -> None:
    fields = Hidden((await dance.ask()).text).fields
    form = fields | {"name": "alice", "password": PASSWORD}
    async with dance.another_browser() as victim:
        await victim.get("/oidc/authorize", params=dance.request())
        headers = {"origin": dance.origin}
        answer = await victim.post("/oidc/sign-in", data=form, headers=headers)
    assert (answer.status_code, "lisa_provider" in victim.cookies) == (400, False)
    assert "sign in again" in answer.text


async def test_a_form_is_for_one_request_one_time_and_half_an_hour(dance: Dance) -> None:
    page = await dance.ask()
    assert query_of(await dance.fill_in(page))["code"]
    assert (await dance.fill_in(page)).status_code == 400
    late, fields = await dance.ask(prompt="login"), Hidden(page.text).fields
    swapped = Hidden(late.text).fields | {"request": fields["request"]}
    form = swapped | {"name": "alice", "password": PASSWORD}
    headers = {"origin": dance.origin}
    assert (await dance.browser.post("/oidc/sign-in", data=form, headers=headers)).is_error
    dance.clock.advance(30 * 60)
    assert (await dance.fill_in(late)).status_code == 400


async def test_a_page_sent_too_late_shows_a_new_form_that_works(dance: Dance) -> None:
    page = await dance.ask()
    dance.clock.advance(3600)
    again = await dance.fill_in(page)
    assert query_of(await dance.fill_in(again))["code"]


async def test_what_was_typed_is_shown_as_text(dance: Dance) -> None:
    answer = await dance.fill_in(await dance.ask(), name='"><script>alert(1)</script>')
    assert answer.status_code == 403
    assert "<script" not in answer.text
    assert PASSWORD not in answer.text


async def test_other_methods_and_paths_are_refused(dance: Dance) -> None:
    assert (await dance.browser.get("/oidc/token")).status_code == 405
    assert (await dance.browser.get("/oidc/sign-in")).status_code == 405
    assert (await dance.browser.delete("/oidc/authorize")).status_code == 405
    assert (await dance.browser.get("/oidc/token/")).status_code == 404
    assert (await dance.browser.get("/oidc/..%2fapi/me")).status_code == 404
