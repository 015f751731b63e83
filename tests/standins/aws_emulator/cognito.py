"""A person at the emulator's Cognito: made by an administrator, signing in as our pages do."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.standins.aws_emulator.access import published, session_of
from tests.standins.aws_emulator.process import Emulator

RETURN_TO: Final = "http://localhost:8080/"
SCOPE_OF_OTHERS: Final = "openid profile email"
SCOPE: Final = f"{SCOPE_OF_OTHERS} lisa/api"


class SignInRefused(Exception):
    """The login page or the token endpoint said no; the message holds its answer."""


@dataclass(frozen=True)
class UserPool:
    """The deployed user pool, as an administrator of the account and as a browser see it."""

    emulator: Emulator

    @property
    def id(self) -> str:
        """Return the pool's id."""
        return published(self.emulator, "identity/issuer").rsplit("/", 1)[-1]

    @property
    def client_id(self) -> str:
        """Return our pages' client."""
        return published(self.emulator, "identity/client")

    def add_person(self, groups: Sequence[str] = ()) -> "Person":
        """Make somebody with a password of their own, in these groups."""
        person = Person(f"{secrets.token_hex(4)}@example.org", f"Aa1-{secrets.token_hex(12)}")
        cognito = self._administrator()
        cognito.admin_create_user(
            UserPoolId=self.id,
            Username=person.email,
            UserAttributes=[
                {"Name": "email", "Value": person.email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        cognito.admin_set_user_password(
            UserPoolId=self.id, Username=person.email, Password=person.password, Permanent=True
        )
        for group in groups:
            cognito.admin_add_user_to_group(
                UserPoolId=self.id, Username=person.email, GroupName=group
            )
        cognito.close()
        return person

    def add_client(self) -> str:
        """Make a second client of the same pool; nobody lets it call us."""
        cognito = self._administrator()
        made = cognito.create_user_pool_client(
            UserPoolId=self.id,
            ClientName="another",
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=SCOPE_OF_OTHERS.split(),
            AllowedOAuthFlowsUserPoolClient=True,
            CallbackURLs=[RETURN_TO],
            SupportedIdentityProviders=["COGNITO"],
        )
        cognito.close()
        return str(made["UserPoolClient"]["ClientId"])

    def let_return_to(self, page: str) -> None:
        """Let people come back to the pages' address here; the pool knows the one on AWS."""
        cognito = self._administrator()
        ours = {"UserPoolId": self.id, "ClientId": self.client_id}
        client = cognito.describe_user_pool_client(**ours)["UserPoolClient"]
        # What isn't named is reset, and what the emulator tells as empty may not be named.
        told = {name for name, value in client.items() if value != ""}
        same = {name: client[name] for name in told - {"LastModifiedDate", "CreationDate"}}
        pages = sorted({*client["CallbackURLs"], page})
        cognito.update_user_pool_client(**same | {"CallbackURLs": pages, "LogoutURLs": pages})
        cognito.close()

    def sign_in(self, person: "Person", client_id: str = "", scope: str = SCOPE) -> dict[str, Any]:
        """Sign in with authorization code and PKCE; return the answer of the token endpoint."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "client_id": client_id or self.client_id,
            "redirect_uri": RETURN_TO,
            "response_type": "code",
            "scope": scope,
            "state": secrets.token_urlsafe(16),
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        with httpx.Client(base_url=self.emulator.endpoint, timeout=30) as browser:
            code = _code(browser, asked, person)
            form = {
                "grant_type": "authorization_code",
                "client_id": asked["client_id"],
                "redirect_uri": RETURN_TO,
                "code": code,
                "code_verifier": verifier,
            }
            answer = browser.post("/oauth2/token", data=form)
        if answer.status_code != httpx.codes.OK:
            raise SignInRefused(answer.text)
        return dict(answer.json())

    def signing_key(self) -> str:
        """Return the private key of access tokens: only an emulator gives it away."""
        keys = self.emulator.folder / "state" / "cognito-pool-keys"
        return (keys / f"{self.id}-access.pem").read_text()

    def _administrator(self) -> Any:
        return session_of().client("cognito-idp", endpoint_url=self.emulator.endpoint)


@dataclass(frozen=True)
class Person:
    """Somebody in the pool."""

    email: str
    password: str


def _code(browser: httpx.Client, asked: dict[str, str], person: Person) -> str:
    page = browser.get("/oauth2/authorize", params=asked)
    if page.status_code != httpx.codes.OK:
        raise SignInRefused(page.text)
    filled = asked | {"username": person.email, "password": person.password}
    answer = browser.post("/login", data=filled)
    back = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    if back.get("state") != [asked["state"]] or "code" not in back:
        raise SignInRefused(answer.text)
    return str(back["code"][0])
