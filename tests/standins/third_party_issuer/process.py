"""Runs the issuer of `issuer.mjs`, and signs people in at it as a browser would."""

import base64
import hashlib
import json
import re
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx

PROGRAM: Final = Path(__file__).with_name("issuer.mjs")
CLIENT: Final = "lisa-ui"
REDIRECT: Final = "http://127.0.0.1/callback"
RESOURCE: Final = "urn:lisa"
MOST_STEPS: Final = 12


class ThirdPartyIssuer:
    """The program, running; its warnings go where the tests' own errors go."""

    def __init__(self) -> None:
        """Start it; without node that is an error that says so."""
        self._process = subprocess.Popen(
            ["node", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.url = str(self._said()["issuer"])

    def rotate(self) -> None:
        """Let it sign with another key from now on."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._said()

    def stop(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=10)

    def _said(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the issuer ended; what node says of it stands above"
        return dict(json.loads(line))


@dataclass(frozen=True)
class Code:
    """What the browser brings back from signing in, and the secret of who sent it there."""

    code: str
    verifier: str


async def authorize(issuer: str, person: str, resource: str = RESOURCE) -> Code:
    """Go through the pages of sign-in and consent."""
    verifier = secrets.token_urlsafe(48)
    async with httpx.AsyncClient(base_url=issuer, timeout=10) as browser:
        answer = await browser.get("/auth", params=_request(verifier, resource))
        for _ in range(MOST_STEPS):
            if answer.is_redirect and answer.headers["location"].startswith(REDIRECT):
                brought = parse_qs(urlsplit(answer.headers["location"]).query)
                assert "code" in brought, brought
                return Code(brought["code"][0], verifier)
            answer = await _next(browser, answer, person)
    raise AssertionError(f"no end of sign-in in {MOST_STEPS} steps")


async def redeem(
    issuer: str, code: Code, verifier: str = "", resource: str = RESOURCE
) -> httpx.Response:
    """Exchange the code."""
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "code": code.code,
        "code_verifier": verifier or code.verifier,
        "resource": resource,
    }
    async with httpx.AsyncClient(base_url=issuer, timeout=10) as client:
        return await client.post("/token", data=form)


def _request(verifier: str, resource: str) -> dict[str, str]:
    digest = hashlib.sha256(verifier.encode()).digest()
    return {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "scope": "openid chat",
        "resource": resource,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }


async def _next(browser: httpx.AsyncClient, answer: httpx.Response, person: str) -> httpx.Response:
    """Follow a redirect, or fill in the form that the page shows."""
    if answer.is_redirect:
        return await browser.get(answer.headers["location"])
    assert answer.status_code == 200, answer.text
    action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
    prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
    assert action, answer.text
    assert prompt, answer.text
    form = {"prompt": prompt[1], "login": person, "password": "any"}
    return await browser.post(action[1], data=form)
