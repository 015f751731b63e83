"""Signing in with a password at a LISA that runs as its users run it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from lisa.declared.home import CLI_TOKEN, PROVIDER_KEY
from tests.api.provider.dance import PASSWORD, VERIFIER, Hidden, challenge
from tests.local.supervised import Local


@pytest.fixture
def lisa(home: Path, command_environ: dict[str, str]) -> Iterator[Local]:
    lisa = Local(home, command_environ)
    yield lisa
    lisa.end()


def test_a_person_signs_in_and_stays_so_when_the_app_dies(lisa: Local) -> None:
    lisa.up()
    root = {"authorization": f"Bearer {(lisa.home / CLI_TOKEN).read_text().strip()}"}
    with httpx.Client(base_url=lisa.url, timeout=60) as browser:
        account = {"name": "alice", "password": PASSWORD, "groups": ["staff"]}
        assert browser.post("/api/users", json=account, headers=root).status_code == 201
        config = browser.get("/config.json").json()
        assert config["users"] is True
        tokens = _sign_in(browser, config["signIn"])
        assert _me(browser, tokens)["subject"] == "alice"
    app = lisa.child("local.app")
    assert app
    app.kill()
    app.wait()
    with httpx.Client(base_url=lisa.url, timeout=60) as browser:
        assert _me(browser, tokens)["groups"] == ["staff"]
        form = {
            "grant_type": "refresh_token",
            "refresh_token": tokens["refresh_token"],
            "client_id": "lisa-ui",
        }
        renewed = browser.post("/oidc/token", data=form)
        assert _me(browser, renewed.json())["subject"] == "alice"
    assert (lisa.home / PROVIDER_KEY).stat().st_mode & 0o777 == 0o600


def _sign_in(browser: httpx.Client, sign_in: dict[str, str]) -> dict[str, str]:
    origin = str(browser.base_url).rstrip("/")
    assert sign_in["authority"] == f"{origin}/oidc"
    redirect = f"{origin}/signed-in"
    page = browser.get(
        "/oidc/authorize",
        params={
            "response_type": "code",
            "client_id": sign_in["clientId"],
            "redirect_uri": redirect,
            "scope": sign_in["scope"],
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        },
    )
    typed = Hidden(page.text).fields | {"name": "alice", "password": PASSWORD}
    back = browser.post("/oidc/sign-in", data=typed, headers={"origin": origin})
    [code] = parse_qs(urlsplit(back.headers["location"]).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": sign_in["clientId"],
        "redirect_uri": redirect,
        "code_verifier": VERIFIER,
    }
    answer = browser.post("/oidc/token", data=form)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, str] = answer.json()
    return tokens


def _me(browser: httpx.Client, tokens: dict[str, str]) -> dict[str, object]:
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    answer = browser.get("/api/me", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found
