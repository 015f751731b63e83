"""A page of ours and the browser it runs in, speaking with the provider over real HTTP."""

import base64
import hashlib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.domain.identity import Principal
from lisa.http.services import Services
from lisa.usecases.accounts import Accounts
from lisa.usecases.tokens import Wanted

ROOT = Principal(subject="root", admin=True)
PASSWORD = "correct horse battery"
VERIFIER = "v" * 43
SCOPE = "openid profile email offline_access"


def challenge(verifier: str = VERIFIER) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Hidden(HTMLParser):
    """Reads the hidden fields of a form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.fields[str(found["name"])] = str(found["value"])


def query_of(answer: httpx.Response) -> dict[str, str]:
    """Return what a redirect carries."""
    assert answer.status_code == 303, answer.text
    parsed = parse_qs(urlsplit(answer.headers["location"]).query, strict_parsing=True)
    return {name: only for name, [only] in parsed.items()}


@dataclass
class Dance:
    """The provider, the API that trusts it, and one browser."""

    origin: str
    services: Services
    clock: ManualClock
    tables: MemoryTables
    browser: httpx.AsyncClient

    @property
    def redirect_uri(self) -> str:
        return f"{self.origin}/signed-in"

    @property
    def accounts(self) -> Accounts:
        assert self.services.accounts
        return self.services.accounts.accounts

    def another_browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.origin, timeout=30)

    def request(self, **more: str | None) -> dict[str, str]:
        """Return a good request; `None` leaves a parameter out."""
        good: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "lisa-ui",
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (good | more).items() if value is not None}

    async def ask(self, **more: str | None) -> httpx.Response:
        return await self.browser.get("/oidc/authorize", params=self.request(**more))

    async def fill_in(
        self,
        page: httpx.Response,
        name: str = "alice",
        password: str = PASSWORD,
        origin: str | None = None,
    ) -> httpx.Response:
        """Send the form as a browser would, from our own page unless told otherwise."""
        form = Hidden(page.text).fields | {"name": name, "password": password}
        headers = {"origin": self.origin if origin is None else origin}
        return await self.browser.post("/oidc/sign-in", data=form, headers=headers)

    async def code(self, **more: str | None) -> str:
        """Sign in if asked to, and return the code."""
        page = await self.ask(**more)
        answer = await self.fill_in(page) if page.status_code == 200 else page
        return query_of(answer)["code"]

    async def post(self, path: str, form: dict[str, str]) -> httpx.Response:
        return await self.browser.post(f"/oidc{path}", data=form)

    async def exchange(self, code: str, **more: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": "lisa-ui",
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
        }
        return await self.post("/token", form | more)

    async def refresh(self, refresh_token: str, **more: str) -> httpx.Response:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": "lisa-ui",
        }
        return await self.post("/token", form | more)

    async def tokens(self, **more: str | None) -> dict[str, Any]:
        """Do the whole dance."""
        answer = await self.exchange(await self.code(**more))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def me(self, access_token: str) -> httpx.Response:
        return await self.browser.get(
            "/api/me", headers={"authorization": f"Bearer {access_token}"}
        )


async def audited(dance: Dance) -> list[dict[str, Any]]:
    """Return what an administrator reads in the audit."""
    assert dance.services.identity
    admin = await dance.services.identity.tokens.issue(ROOT, Wanted(name="a", admin=True))
    headers = {"authorization": f"Bearer {admin.secret}"}
    answer = await dance.browser.get("/api/audit", headers=headers)
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def refused(answer: httpx.Response) -> bool:
    """Tell whether a grant was refused as OAuth says."""
    is_refusal = answer.status_code == 400 and answer.json()["error"] == "invalid_grant"
    return is_refusal and answer.headers["cache-control"] == "no-store"
