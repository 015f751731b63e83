"""What a warm decision of the authorizer costs in CPU: our promise is less than a millisecond.

Measured as the Lambda does it, with its own event loop and answer, keys and token being known.
Against an issuer in this process, so that the keys come over real HTTP, once.
"""

import asyncio
import json
import os
import platform
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from lambdas.authorizer.answers import allow
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.oidc.access_tokens import OidcAccessTokens
from lisa.adapters.system.clock import SystemClock
from lisa.bootstrap.authentication import admission, known_people, noting_people
from lisa.declared.settings import IdentitySettings
from lisa.domain.identity import Token, TokenKind, digest, write_token
from lisa.domain.issuers import Issuer
from lisa.stores.sign_ins import SignInStore
from lisa.usecases.authenticate import Authenticate
from lisa.usecases.recent_tokens import RecentTokens

METHOD = "arn:aws:execute-api:eu-central-1:424242424242:abc/api/GET/sessions"
ROUNDS, DECISIONS = 20, 200
KEYS: Mapping[str, Key] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "rsa"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
}


class Jwks(BaseHTTPRequestHandler):
    """Publishes the keys, and counts how often it was asked."""

    asked = 0

    def do_GET(self) -> None:
        """Answer every path with the keys."""
        type(self).asked += 1
        body = json.dumps({"keys": [key.as_dict(private=False) for key in KEYS.values()]})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Shelf(dict[str, Token]):
    """Tokens by their hash; what a table adds is no warm decision."""

    async def by_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this hash."""
        return self.get(digest)

    async def by_id(self, token_id: str) -> Token | None:
        """Return the token of this id; no decision that is measured here asks for it."""
        return self.get(token_id)


@contextmanager
def issuer() -> Iterator[Issuer]:
    """Start an issuer that publishes its keys on loopback."""
    server = HTTPServer(("127.0.0.1", 0), Jwks)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield Issuer(issuer=url, audience=("lisa",), jwks_url=f"{url}/jwks")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def credentials(trusted: Issuer, secret: str) -> dict[str, str]:
    """Return one credential of each kind."""
    now = int(time.time())
    groups = [f"group-{number}" for number in range(20)]
    claims = {"iss": trusted.issuer, "aud": "lisa", "sub": "alice", "groups": groups}
    times = {"iat": now, "nbf": now, "exp": now + 3600}
    signed = {
        f"access token, {name}": jwt.encode({"alg": name, "kid": key.kid}, claims | times, key)
        for name, key in KEYS.items()
    }
    return signed | {"API token": secret}


def door(trusted: Issuer, secret: str) -> Authenticate:
    """Put together what the authorizer asks."""
    clock, identity = SystemClock(), IdentitySettings(issuers=(trusted,))
    allowed, tables = admission(identity), MemoryTables(clock)
    token = Token(
        id="t",
        digest=digest(secret),
        name="bench",
        owner="alice",
        kind=TokenKind.USER,
        created=datetime.now(UTC),
    )
    asked = Authenticate(
        tokens=RecentTokens(Shelf({token.digest: token}), clock),
        sign_ins=SignInStore(tables),
        access_tokens=OidcAccessTokens(identity.issuers, clock),
        admission=allowed,
        clock=clock,
        people=known_people(tables, clock, identity, allowed.roles),
    )
    return noting_people(asked, tables, clock)


def cpu_milliseconds(runner: asyncio.Runner, ask: Authenticate, credential: str) -> list[float]:
    """Return the CPU time of a decision, as the mean of each round."""
    headers = {"authorization": f"Bearer {credential}"}

    def decide() -> None:
        answer = allow(runner.run(ask("GET", headers)), METHOD)
        assert answer["principalId"] == "alice"

    decide()
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(DECISIONS):
            decide()
        rounds.append((time.process_time() - started) * 1000 / DECISIONS)
    return rounds


def main() -> None:
    """Measure and print."""
    secret = write_token("0" * 64)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("| warm decision | CPU, ms median | CPU, ms worst of 20 rounds |")
    print("|---|---:|---:|")
    with issuer() as trusted, asyncio.Runner() as runner:
        ask = door(trusted, secret)
        for name, credential in credentials(trusted, secret).items():
            rounds = cpu_milliseconds(runner, ask, credential)
            print(f"| {name} | {statistics.median(rounds):.3f} | {max(rounds):.3f} |")
    print(f"\nThe issuer was asked {Jwks.asked} time.")


if __name__ == "__main__":
    main()
