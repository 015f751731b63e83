"""Accounts over HTTP: made, listed, changed, removed; what it means for tokens and sign-ins."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.declared.settings import IdentitySettings
from lisa.domain.identity import Principal
from lisa.http.app import create_app
from lisa.usecases.tokens import Wanted
from tests.api.conftest import ORIGIN
from tests.passwords import PASSWORDS
from tests.standins.issuer.issuer import StandInIssuer

PASSWORD = "four words at random"
OTHER = "another four words"


@dataclass
class Office:
    """A LISA that keeps accounts; the stand-in issues the access tokens of their sign-ins."""

    http: httpx.AsyncClient
    clock: ManualClock
    issuer: StandInIssuer
    admin: str

    async def ask(
        self, method: str, path: str, body: object = None, *, by: str = ""
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {by or self.admin}"}
        return await self.http.request(method, path, json=body, headers=headers)

    async def add(self, name: str = "alice", *groups: str) -> dict[str, Any]:
        body = {"name": name, "password": PASSWORD, "groups": groups}
        made = await self.ask("POST", "/users", body)
        assert made.status_code == 201, made.text
        document: dict[str, Any] = made.json()
        return document

    def signed_in(self, *groups: str, name: str = "alice") -> str:
        return self.issuer.token(sub=name, groups=list(groups))

    async def token(self, *, by: str) -> str:
        """Make a token of their own for whoever is signed in."""
        made = await self.ask("POST", "/tokens", {"name": "own", "kind": "user"}, by=by)
        assert made.status_code == 201, made.text
        return str(made.json()["token"])

    async def me(self, credential: str) -> dict[str, Any] | int:
        """Return who that is, or how it is refused, when a second has passed."""
        self.clock.advance(1)
        answer = await self.ask("GET", "/me", by=credential)
        return answer.json() if answer.is_success else answer.status_code


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def issuer(clock: ManualClock) -> Iterator[StandInIssuer]:
    standing = StandInIssuer(clock)
    yield standing
    standing.stop()


@pytest.fixture
async def office(clock: ManualClock, issuer: StandInIssuer) -> AsyncIterator[Office]:
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), MemoryBlobs())
    identity = IdentitySettings(issuers=(issuer.trusted(),), admin_group="lisa-admin")
    services = assemble(ports, frozenset({ORIGIN}), identity, passwords=PASSWORDS)
    assert services.identity
    root = Principal(subject="root", admin=True)
    admin = await services.identity.tokens.issue(root, Wanted(name="root", admin=True))
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield Office(client, clock, issuer, admin.secret)


async def test_an_account_is_made_listed_changed_and_removed(office: Office) -> None:
    made = await office.add("alice", "research")
    assert made.items() >= {"name": "alice", "groups": ["research"], "disabled": False}.items()
    await office.add("bob")
    page = (await office.ask("GET", "/users?limit=1")).json()
    rest = (await office.ask("GET", f"/users?cursor={page['next_cursor']}")).json()
    assert [each["name"] for each in page["items"] + rest["items"]] == ["alice", "bob"]
    changed = await office.ask("PATCH", "/users/alice", {"groups": ["eval"], "disabled": True})
    assert (changed.json()["groups"], changed.json()["disabled"]) == (["eval"], True)
    assert (await office.ask("GET", "/users/alice")).json() == changed.json()
    assert (await office.ask("DELETE", "/users/alice")).status_code == 204
    assert (await office.ask("GET", "/users/alice")).status_code == 404
    assert (await office.ask("DELETE", "/users/alice")).status_code == 404


async def test_no_answer_and_no_record_shows_a_password_or_what_is_kept_of_it(
    office: Office,
) -> None:
    made = await office.add()
    changed = await office.ask("PATCH", "/users/alice", {"password": OTHER})
    record = await office.ask("GET", "/audit")
    malformed = await office.ask("POST", "/users", {"name": "Not A Name", "password": PASSWORD})
    assert malformed.status_code == 422
    told = "".join([str(made), changed.text, record.text, malformed.text])
    assert not [secret for secret in (PASSWORD, OTHER, "argon2") if secret in told]
    entries = [each for each in record.json()["items"] if each["kind"] == "account"]
    assert {(each["object_id"], each["who"]) for each in entries} == {("alice", "root")}
    assert {each["reason"] for each in entries} == {"", "new password"}


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 257, "Password123", "1234567890", "aaaaaaaaaaaa", "alice-in-chains"],
)
async def test_a_weak_password_is_refused_with_what_to_do(office: Office, password: str) -> None:
    body = {"name": "alice-in-chains", "password": password}
    refused = await office.ask("POST", "/users", body)
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "weak_password"
    assert refused.json()["error"]["next_step"]


@pytest.mark.parametrize("name", ["Alice", "", "a b", "../x", "-a", "a" * 65, "a\n"])
async def test_a_name_that_none_may_have_is_refused(office: Office, name: str) -> None:
    refused = await office.ask("POST", "/users", {"name": name, "password": PASSWORD})
    assert refused.status_code == 422


async def test_nobody_gets_the_name_of_the_machines_owner(office: Office) -> None:
    refused = await office.ask("POST", "/users", {"name": "local", "password": PASSWORD})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "name_reserved")


async def test_a_name_that_is_taken_is_refused_and_of_many_at_once_one_gets_it(
    office: Office,
) -> None:
    body = {"name": "alice", "password": PASSWORD}
    tries = await asyncio.gather(*(office.ask("POST", "/users", body) for _ in range(10)))
    assert sorted(each.status_code for each in tries) == [201, *[409] * 9]
    again = await office.ask("POST", "/users", body)
    assert again.json()["error"]["code"] == "account_exists"


async def test_a_change_of_what_somebody_else_changed_is_refused(office: Office) -> None:
    made = await office.add()
    changes = [
        office.ask("PATCH", "/users/alice", {"groups": [name], "version": made["version"]})
        for name in ("one", "two", "three")
    ]
    answers = await asyncio.gather(*changes)
    assert sorted(each.status_code for each in answers) == [200, 409, 409]
    assert {each.json()["error"]["code"] for each in answers if each.is_error} == {
        "version_conflict"
    }


async def test_changes_at_once_that_name_no_version_are_all_made(office: Office) -> None:
    await office.add()
    bodies: list[dict[str, object]] = [{"groups": ["research"]}, {"disabled": True}]
    answers = await asyncio.gather(*(office.ask("PATCH", "/users/alice", b) for b in bodies))
    assert {each.status_code for each in answers} == {200}
    found = (await office.ask("GET", "/users/alice")).json()
    assert (found["groups"], found["disabled"], found["version"]) == (["research"], True, 3)


async def test_a_token_loses_a_group_within_a_second_of_its_owner(office: Office) -> None:
    await office.add("alice", "research", "eval")
    token = await office.token(by=office.signed_in("research", "eval"))
    me = await office.me(token)
    assert isinstance(me, dict)
    assert me["groups"] == ["eval", "research"]
    await office.ask("PATCH", "/users/alice", {"groups": ["eval"]})
    me = await office.me(token)
    assert isinstance(me, dict)
    assert me["groups"] == ["eval"]


async def test_an_access_token_from_before_does_not_bring_a_lost_group_back(
    office: Office,
) -> None:
    await office.add("alice", "lisa-admin")
    access = office.signed_in("lisa-admin")
    token = await office.token(by=access)
    office.clock.advance(2)
    await office.ask("PATCH", "/users/alice", {"groups": []})
    for credential in (access, token):
        me = await office.me(credential)
        assert isinstance(me, dict)
        assert (me["admin"], me["groups"]) == (False, [])
    assert (await office.ask("GET", "/users", by=access)).status_code == 403


@pytest.mark.parametrize("ending", ["disable", "remove"])
async def test_who_is_disabled_or_removed_is_refused_within_a_second(
    office: Office, ending: str
) -> None:
    await office.add()
    access = office.signed_in()
    token = await office.token(by=access)
    if ending == "disable":
        await office.ask("PATCH", "/users/alice", {"disabled": True})
    else:
        await office.ask("DELETE", "/users/alice")
    assert (await office.me(token), await office.me(access)) == (401, 401)
    assert await office.me(office.signed_in("lisa-admin")) == 401


async def test_enabled_again_a_token_works_again(office: Office) -> None:
    await office.add()
    token = await office.token(by=office.signed_in())
    await office.ask("PATCH", "/users/alice", {"disabled": True})
    assert await office.me(token) == 401
    await office.ask("PATCH", "/users/alice", {"disabled": False})
    assert isinstance(await office.me(token), dict)


async def test_who_gets_a_name_after_somebody_else_does_not_get_their_tokens(
    office: Office,
) -> None:
    await office.add()
    token = await office.token(by=office.signed_in())
    await office.ask("DELETE", "/users/alice")
    office.clock.advance(1)
    await office.add()
    assert await office.me(token) == 401
    assert isinstance(await office.me(office.signed_in()), dict)


async def test_ones_own_password_needs_the_current_one_and_ends_all_sign_ins(
    office: Office,
) -> None:
    await office.add()
    access = office.signed_in()
    office.clock.advance(2)
    wrong = await office.ask("POST", "/me/password", {"current": OTHER, "new": OTHER}, by=access)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "wrong_password")
    body = {"current": PASSWORD, "new": OTHER}
    assert (await office.ask("POST", "/me/password", body, by=access)).status_code == 204
    assert await office.me(access) == 401
    fresh = office.signed_in()
    again = await office.ask("POST", "/me/password", {"current": OTHER, "new": PASSWORD}, by=fresh)
    assert again.status_code == 204


async def test_an_api_token_or_somebody_without_an_account_changes_no_password(
    office: Office,
) -> None:
    await office.add()
    token = await office.token(by=office.signed_in())
    body = {"current": PASSWORD, "new": OTHER}
    for credential in (token, office.signed_in(name="stranger")):
        refused = await office.ask("POST", "/me/password", body, by=credential)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_account")


async def test_whoever_guesses_a_password_is_slowed_down(office: Office) -> None:
    await office.add()
    access = office.signed_in()
    body = {"current": OTHER, "new": "yet another four words"}
    answers = [
        (await office.ask("POST", "/me/password", body, by=access)).status_code for _ in range(30)
    ]
    assert answers[0] == 403
    assert answers[-1] == 429


async def test_removal_and_change_at_once_leave_no_account_and_no_way_in(office: Office) -> None:
    for _ in range(5):
        await office.add()
        office.clock.advance(1)
        token = await office.token(by=office.signed_in())
        await asyncio.gather(
            office.ask("DELETE", "/users/alice"),
            office.ask("PATCH", "/users/alice", {"groups": ["lisa-admin"]}),
            office.ask("GET", "/me", by=office.signed_in("lisa-admin")),
        )
        assert (await office.ask("GET", "/users/alice")).status_code == 404
        assert await office.me(token) == 401
