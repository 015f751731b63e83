"""Signing out of the provider: at a page's word if it proves itself, else after a question."""

import pytest

from tests.api.provider.dance import Dance, Hidden, refused

pytestmark = pytest.mark.slow  # each test has a server of its own


async def test_a_page_with_an_id_token_signs_out_and_gets_the_browser_back(dance: Dance) -> None:
    tokens = await dance.tokens()
    dance.clock.advance(3600)
    answer = await dance.browser.get(
        "/oidc/logout",
        params={
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": f"{dance.origin}/",
            "state": "s&s",
        },
    )
    assert answer.headers["location"] == f"{dance.origin}/?state=s%26s"
    assert (await dance.ask()).status_code == 200
    assert refused(await dance.refresh(tokens["refresh_token"]))


async def test_without_an_id_token_a_person_is_asked(dance: Dance) -> None:
    tokens = await dance.tokens()
    asked = await dance.browser.get("/oidc/logout")
    assert (asked.status_code, "Sign out?" in asked.text) == (200, True)
    assert (await dance.ask()).status_code == 303
    form = Hidden(asked.text).fields
    foreign = {"origin": "https://evil.test"}
    assert (await dance.browser.post("/oidc/logout", data=form, headers=foreign)).is_error
    assert (await dance.ask()).status_code == 303
    own = {"origin": dance.origin}
    done = await dance.browser.post("/oidc/logout", data=form, headers=own)
    assert "You are signed out" in done.text
    assert (await dance.ask()).status_code == 200
    assert refused(await dance.refresh(tokens["refresh_token"]))


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense"])
async def test_another_token_is_no_proof(dance: Dance, hint: str) -> None:
    tokens = await dance.tokens()
    params = {"id_token_hint": tokens.get(hint, hint)}
    answer = await dance.browser.get("/oidc/logout", params=params)
    assert "Sign out?" in answer.text
    assert (await dance.ask()).status_code == 303


@pytest.mark.parametrize("goodbye", ["https://evil.test/", "{origin}/sessions", "{origin}"])
async def test_nobody_is_sent_elsewhere_after_signing_out(dance: Dance, goodbye: str) -> None:
    address = goodbye.format(origin=dance.origin)
    answer = await dance.browser.get("/oidc/logout", params={"post_logout_redirect_uri": address})
    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_who_is_not_signed_in_is_sent_on_at_once(dance: Dance) -> None:
    params = {"post_logout_redirect_uri": f"{dance.origin}/", "client_id": "lisa-ui"}
    answer = await dance.browser.get("/oidc/logout", params=params)
    assert answer.headers["location"] == f"{dance.origin}/"
