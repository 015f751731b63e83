"""An issuer that others wrote (npm's `oidc-provider`), accepted by configuration alone."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.environment import read
from lisa.declared.settings import LocalSettings
from lisa.http.app import create_app
from tests.standins.third_party_issuer.process import ThirdPartyIssuer, authorize, redeem


@pytest.fixture(scope="module")
def issuer() -> Iterator[ThirdPartyIssuer]:
    running = ThirdPartyIssuer()
    yield running
    running.stop()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime.now(UTC))


@pytest.fixture
async def lisa(issuer: ThirdPartyIssuer, clock: ManualClock) -> AsyncIterator[httpx.AsyncClient]:
    """Configure LISA as an operator would: by two variables for the issuer, two for its groups."""
    environment = {
        "LISA_ISSUERS": json.dumps([{"issuer": issuer.url, "audience": "lisa"}]),
        "LISA_USER_GROUP": "staff",
        "LISA_ADMIN_GROUP": "admins",
    }
    settings = read(LocalSettings, environment)
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), MemoryBlobs())
    app = create_app(assemble(ports, identity=settings))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://lisa.test"
    ) as client:
        yield client


async def signed_in(
    issuer: ThirdPartyIssuer, person: str, resource: str = "urn:lisa"
) -> dict[str, str]:
    code = await authorize(issuer.url, person, resource)
    answer = await redeem(issuer.url, code, resource=resource)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_person_signs_in_there_and_their_groups_arrive(
    issuer: ThirdPartyIssuer, lisa: httpx.AsyncClient
) -> None:
    token = (await signed_in(issuer, "alice"))["access_token"]
    me = (await lisa.get("/me", headers=bearer(token))).json()
    assert (me["subject"], me["groups"], me["admin"]) == ("alice", ["research", "staff"], False)
    made = await lisa.post("/sessions", json={}, headers=bearer(token))
    assert made.status_code == 201


async def test_a_group_there_makes_an_administrator_here_and_another_leaves_out(
    issuer: ThirdPartyIssuer, lisa: httpx.AsyncClient
) -> None:
    root = (await signed_in(issuer, "root"))["access_token"]
    assert (await lisa.get("/me", headers=bearer(root))).json()["admin"] is True
    guest = (await signed_in(issuer, "guest"))["access_token"]
    answer = await lisa.get("/me", headers=bearer(guest))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_in_group")


async def test_a_token_for_another_audience_and_an_id_token_are_refused(
    issuer: ThirdPartyIssuer, lisa: httpx.AsyncClient
) -> None:
    other = (await signed_in(issuer, "alice", "urn:other"))["access_token"]
    id_token = (await signed_in(issuer, "alice"))["id_token"]
    for token in (other, id_token):
        assert (await lisa.get("/me", headers=bearer(token))).status_code == 401


async def test_its_keys_are_rotated_without_anybody_touching_lisa(
    issuer: ThirdPartyIssuer, lisa: httpx.AsyncClient, clock: ManualClock
) -> None:
    former = (await signed_in(issuer, "alice"))["access_token"]
    assert (await lisa.get("/me", headers=bearer(former))).status_code == 200
    issuer.rotate()
    present = (await signed_in(issuer, "alice"))["access_token"]
    clock.advance(31)  # an unknown key is asked for at most every 30 seconds
    for token in (present, former):
        assert (await lisa.get("/me", headers=bearer(token))).status_code == 200


async def test_it_redeems_no_code_with_another_verifier(issuer: ThirdPartyIssuer) -> None:
    """Shows that the stand-in holds to PKCE, else the tests above would show little."""
    code = await authorize(issuer.url, "alice")
    answer = await redeem(issuer.url, code, verifier="x" * 64)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
