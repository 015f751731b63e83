"""Promises and defects of identity that no other test would notice.

Where the others are: L9 and L14 in `test_oidc_api`, L10 in `test_third_party_issuer`, L12, L13 and
L15 in `test_rights`, H6 in `test_identity_api`.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.content_ports import ContentPorts
from lisa.declared.settings import IdentitySettings
from lisa.domain.errors import Forbidden
from lisa.domain.identity import Principal, TokenKind
from lisa.http.files import file_app
from lisa.http.services import Services
from lisa.usecases.tokens import Wanted
from tests.api.conftest import ORIGIN, served_by

Caller = httpx.AsyncClient
ROOT = Principal(subject="root", admin=True)
PROMPT = "my-own-words-about-a-secret-project"
OFF = {"enabledComponents": {"enableUserApiTokens": False}}


@dataclass
class Fleet:
    """Two instances over the same tables, each with a memory of its own."""

    clock: ManualClock
    tables: MemoryTables
    instances: list[Services]

    def at(self, instance: int, **headers: str) -> Caller:
        """Return a client of one instance that sends these headers."""
        transport = httpx.ASGITransport(served_by(self.instances[instance], instance))
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async def token(self, name: str, *, admin: bool = False) -> str:
        assert self.instances[0].identity
        wanted = Wanted(name=name, owner=name, kind=TokenKind.USER, admin=admin)
        return (await self.instances[0].identity.tokens.issue(ROOT, wanted)).secret


@pytest.fixture
def fleet() -> Fleet:
    clock = ManualClock()
    tables = MemoryTables(clock)
    ports = ContentPorts(tables, clock, RandomIds(), MemoryBlobs())
    return Fleet(clock, tables, [assemble(ports, frozenset({ORIGIN})) for _ in range(2)])


@pytest.fixture
async def admin(fleet: Fleet) -> AsyncIterator[Caller]:
    async with fleet.at(0, authorization=await fleet.token("adam", admin=True)) as client:
        yield client


async def end(fleet: Fleet, admin: Caller, how: str, token_id: str) -> None:
    path = f"/tokens/{token_id}"
    if how == "disabled":
        assert (await admin.patch(path, json={"disabled": True})).is_success
    elif how == "revoked":
        assert (await admin.delete(path)).is_success
    elif how == "rotated":
        assert (await admin.post(f"{path}/rotate", json={})).is_success
    else:
        fleet.clock.advance(3600)


async def made(fleet: Fleet, by: Caller, **wanted: object) -> dict[str, str]:
    """Make a token that lives for an hour."""
    expires = (fleet.clock.now() + timedelta(hours=1)).isoformat()
    answer = await by.post("/tokens", json={"name": "n", "expires": expires, **wanted})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("how", ["disabled", "revoked", "rotated", "expired"])
async def test_l11_and_defect_1_a_token_ended_at_one_instance_is_refused_at_every_other(
    fleet: Fleet, admin: Caller, how: str
) -> None:
    token = await made(fleet, admin)
    callers = [fleet.at(each, authorization=token["token"]) for each in range(2)]
    assert [(await each.get("/me")).status_code for each in callers] == [200, 200]
    await end(fleet, admin, how, token["id"])
    fleet.clock.advance(1)
    assert [(await each.get("/me")).status_code for each in callers] == [401, 401]


async def test_l62_where_own_tokens_are_switched_off_none_is_made_or_rotated_anywhere(
    fleet: Fleet, admin: Caller
) -> None:
    alice = fleet.at(1, authorization=await fleet.token("alice"))
    own = (await alice.post("/tokens", json={"name": "before"})).json()
    await switch(admin, 0, OFF)
    fleet.clock.advance(1)
    rotating = f"/tokens/{own['id']}/rotate"
    wishes = [("/tokens", {"name": "n"}), ("/api-tokens", {"name": "n"}), (rotating, {})]
    for path, body in wishes:
        answer = await alice.post(path, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "switched_off")
        assert (await fleet.at(1).post(path, json=body)).status_code == 401
    await switch(admin, 1, {})
    fleet.clock.advance(1)
    assert [(await alice.post(path, json=body)).is_success for path, body in wishes] == [True] * 3


async def test_l62_switched_off_own_tokens_work_on_and_can_be_revoked_and_administrators_make_some(
    fleet: Fleet, admin: Caller
) -> None:
    alice = fleet.at(0, authorization=await fleet.token("alice"))
    own = (await alice.post("/tokens", json={"name": "before"})).json()
    await switch(admin, 0, OFF)
    assert (await fleet.at(0, authorization=own["token"]).get("/me")).status_code == 200
    assert (await alice.delete(f"/tokens/{own['id']}")).status_code == 204
    assert (await admin.post("/tokens", json={"name": "n"})).status_code == 201
    assert (await admin.post("/api-tokens/alice", json={"name": "n"})).status_code == 200


async def switch(admin: Caller, version: int, document: Mapping[str, object]) -> None:
    body = {"version": version, "configuration": document}
    assert (await admin.put("/configurations/current", json=body)).status_code == 200


async def signed_in(fleet: Fleet, token: str) -> Caller:
    """Return a browser that came by a link made with this token."""
    code = (await fleet.at(0, authorization=token).post("/sign-in/codes")).json()["code"]
    browser = fleet.at(0)
    assert (await browser.post("/sign-in", json={"code": code})).status_code == 204
    return browser


@pytest.mark.parametrize("how", ["disabled", "revoked", "expired"])
async def test_h21_a_browser_is_signed_out_when_the_token_ends_that_its_link_was_made_with(
    fleet: Fleet, admin: Caller, how: str
) -> None:
    token = await made(fleet, admin, admin=True)
    browser, other = await signed_in(fleet, token["token"]), await signed_in(fleet, token["token"])
    stays = await signed_in(fleet, await fleet.token("eve", admin=True))
    assert (await browser.get("/me")).status_code == 200
    await end(fleet, admin, how, token["id"])
    fleet.clock.advance(1)
    for ended in (browser, other):
        answer = await ended.get("/me")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signed_out")
    assert (await stays.get("/me")).status_code == 200


async def test_h21_a_browser_stays_signed_in_when_that_token_gets_another_secret(
    fleet: Fleet, admin: Caller
) -> None:
    token = await made(fleet, admin, admin=True)
    browser = await signed_in(fleet, token["token"])
    await end(fleet, admin, "rotated", token["id"])
    fleet.clock.advance(1)
    assert (await browser.get("/me")).status_code == 200


async def test_h21_a_link_is_worth_nothing_once_the_token_has_ended_that_made_it(
    fleet: Fleet, admin: Caller
) -> None:
    token = await made(fleet, admin, admin=True)
    answer = await fleet.at(0, authorization=token["token"]).post("/sign-in/codes")
    await end(fleet, admin, "revoked", token["id"])
    browser = fleet.at(0)
    await browser.post("/sign-in", json={"code": answer.json()["code"]})
    assert (await browser.get("/me")).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "anything"},
        {"authorization": "Bearer anything"},
        {"authorization": "Basic YWRtaW46YWRtaW4="},
        {"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."},
        {"authorization": "Bearer lisa_" + "0" * 72},
        {"api-key": "admin"},
        {"x-api-key": "sk-anything"},
        {"cookie": "lisa_session=anything"},
        {"x-amzn-oidc-identity": "admin"},
    ],
)
async def test_v17_and_defect_10_an_authorizer_with_default_settings_lets_nobody_in(
    headers: dict[str, str],
) -> None:
    clock = ManualClock()
    authenticate = authenticator(MemoryTables(clock), clock, IdentitySettings())
    with pytest.raises(Forbidden):
        await authenticate("GET", headers)


async def test_h21_and_defect_6_no_row_and_no_log_line_holds_a_secret_and_no_line_a_prompt(
    fleet: Fleet, admin: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = await made(fleet, admin, admin=True)
    browser = await signed_in(fleet, token["token"])
    alice = fleet.at(0, authorization=token["token"])
    item = {"role": "user", "parts": [{"type": "text", "text": PROMPT}]}
    assert (await alice.post("/sessions", json={"id": "s1", "name": PROMPT})).is_success
    assert (await alice.post("/sessions/s1/items", json={"items": [item]})).is_success
    await alice.get(f"/sessions/{PROMPT}", params={"cursor": token["token"]})
    await fleet.at(0, authorization=f"{token['token']}0").get(f"/tokens/{token['token']}")
    await browser.post("/sessions", json={"id": PROMPT})
    rows = repr(vars(fleet.tables))
    ours = [record for record in caplog.records if record.name.startswith("lisa")]
    lines = "\n".join(record.getMessage() for record in ours)
    for secret in (token["token"], browser.cookies["lisa_session"]):
        assert secret not in rows
        assert secret not in lines
    assert "caller" in lines
    assert PROMPT not in lines


async def test_defect_6_an_audit_of_everything_above_masks_what_is_secret(
    fleet: Fleet, admin: Caller
) -> None:
    token = await made(fleet, admin)
    await fleet.at(0).get(f"/tokens/{token['token']}")
    await fleet.at(0, authorization=token["token"]).get(f"/policy/explain?as={token['token']}")
    for path in ("/audit", "/audit/export", "/audit/export?format=csv", "/tokens", "/api-tokens"):
        answer = await admin.get(path)
        assert answer.status_code == 200
        assert token["id"] in answer.text
        assert token["token"] not in answer.text


async def test_a_refused_link_to_a_file_is_in_the_audit(
    fleet: Fleet, admin: Caller, tmp_path: Path
) -> None:
    blobs = FileBlobs(tmp_path, b"0" * 32, fleet.clock, ORIGIN)
    transport = httpx.ASGITransport(file_app(blobs, fleet.instances[0]))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as stranger:
        for method in ("GET", "PUT"):
            answer = await stranger.request(method, "/u-alice/files/file_1?signature=forged")
            assert answer.status_code == 403
    entries = (await admin.get("/audit", params={"kind": "request"})).json()["items"]
    [entry] = [each for each in entries if each["object_id"].endswith("/u-alice/files/file_1")]
    assert (entry["outcome"], entry["count"], entry["ip"]) == ("denied", 2, "127.0.0.1")
    assert "forged" not in str(entry)
