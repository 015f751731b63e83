"""Access tokens of an identity provider at the control API, from the header to the session."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.declared.settings import IdentitySettings
from lisa.http.app import create_app
from tests.api.conftest import ORIGIN
from tests.standins.issuer.issuer import StandInIssuer, encoded

STAFF: dict[str, Any] = {"groups": ["staff"]}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def issuer(clock: ManualClock) -> Iterator[StandInIssuer]:
    standing = StandInIssuer(clock)
    yield standing
    standing.stop()


@pytest.fixture
async def client(clock: ManualClock, issuer: StandInIssuer) -> AsyncIterator[httpx.AsyncClient]:
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), MemoryBlobs())
    identity = IdentitySettings(
        issuers=(issuer.trusted(),), user_group="staff", admin_group="admins"
    )
    app = create_app(assemble(ports, frozenset({ORIGIN}), identity))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_person_with_an_access_token_has_sessions_of_their_own(
    client: httpx.AsyncClient, issuer: StandInIssuer
) -> None:
    alice, bob = bearer(issuer.token(**STAFF)), bearer(issuer.token(sub="bob", **STAFF))
    made = await client.post("/sessions", json={}, headers=alice)
    assert made.status_code == 201
    path = f"/sessions/{made.json()['id']}"
    assert (await client.get(path, headers=alice)).status_code == 200
    assert (await client.get(path, headers=bob)).status_code == 404


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("authorization", "Bearer {}"),
        ("authorization", "bearer  {} "),
        ("authorization", "{}"),
        ("api-key", "{}"),
        ("x-api-key", "{}"),
    ],
)
async def test_an_access_token_is_taken_from_every_header_clients_use(
    client: httpx.AsyncClient, issuer: StandInIssuer, header: str, form: str
) -> None:
    answer = await client.get("/me", headers={header: form.format(issuer.token(**STAFF))})
    assert answer.json()["subject"] == "alice"


async def test_groups_make_an_administrator(
    client: httpx.AsyncClient, issuer: StandInIssuer
) -> None:
    admin = bearer(issuer.token(groups=["admins"]))
    assert (await client.get("/me", headers=admin)).json()["admin"] is True
    assert (await client.get("/me", headers=bearer(issuer.token(**STAFF)))).json()["admin"] is False


async def test_a_valid_login_outside_the_app_wide_group_is_told_so(
    client: httpx.AsyncClient, issuer: StandInIssuer
) -> None:
    answer = await client.get("/sessions", headers=bearer(issuer.token(groups=["guests"])))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_in_group")


async def test_every_refused_token_gets_the_same_answer_and_learns_nothing(
    client: httpx.AsyncClient, issuer: StandInIssuer
) -> None:
    header, claims, signature = issuer.token(**STAFF).split(".")
    unsigned = encoded({"alg": "none"})
    refused = [
        issuer.token(exp=1, **STAFF),
        issuer.token(aud="another-audience", **STAFF),
        issuer.token(iss="https://evil.test", **STAFF),
        issuer.token(key=RSAKey.generate_key(2048, {"kid": "first"}), **STAFF),
        issuer.token(header={"kid": "../../secret"}, **STAFF),
        issuer.token(nonce="n", **STAFF),
        f"{unsigned}.{claims}.",
        f"{header}.{encoded(issuer.claims(sub='root', **STAFF))}.{signature}",
        "a.b.c",
        "a.b",
        "x" * 20_000,
        "lisa_.b.c",
    ]
    answers = [await client.get("/sessions", headers=bearer(token)) for token in refused]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
    assert len({_told(answer) for answer in answers}) == 1
    for answer in answers:
        for secret in (issuer.url, "audience", "kid", "first", "alice", "evil", "joserfc"):
            assert secret not in answer.text


def _told(answer: httpx.Response) -> tuple[Any, ...]:
    error = answer.json()["error"]
    return error["code"], error["message"], error["next_step"]


async def test_without_keys_the_answer_is_503_and_our_own_tokens_still_count(
    client: httpx.AsyncClient, issuer: StandInIssuer
) -> None:
    issuer.pages.go()
    answer = await client.get("/sessions", headers=bearer(issuer.token(**STAFF)))
    assert answer.status_code == 503
    assert issuer.url not in answer.text
    assert (await client.get("/sessions", headers=bearer("lisa_" + "0" * 72))).status_code == 401


async def test_an_access_token_ends_with_its_time(
    client: httpx.AsyncClient, issuer: StandInIssuer, clock: ManualClock
) -> None:
    alice = bearer(issuer.token(**STAFF))
    assert (await client.get("/me", headers=alice)).status_code == 200
    clock.advance(300 + 60)
    assert (await client.get("/me", headers=alice)).status_code == 401
