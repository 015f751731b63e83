"""Signing in at the deployed user pool, and calling the deployed API with what it gives."""

import time
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.deploy.conftest import Account
from tests.standins.aws_emulator.cognito import (
    SCOPE_OF_OTHERS,
    Person,
    SignInRefused,
    UserPool,
)

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys


@pytest.fixture(scope="module")
def pool(account: Account) -> UserPool:
    return UserPool(account.emulator)


@pytest.fixture(scope="module")
def person(pool: UserPool) -> Person:
    return pool.add_person()


@pytest.fixture(scope="module")
def tokens(pool: UserPool, person: Person) -> dict[str, Any]:
    return pool.sign_in(person)


def calling(account: Account, token: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.Client(base_url=account.deployed.url, headers=headers, timeout=60)


def claims_of(token: str, pool: UserPool) -> tuple[dict[str, Any], dict[str, Any]]:
    read = jwt.decode(token, RSAKey.import_key(pool.signing_key()))
    return dict(read.header), dict(read.claims)


def resigned(token: str, pool: UserPool, **changed: Any) -> str:
    """Write a token of the pool anew: by its own key, with other claims."""
    header, claims = claims_of(token, pool)
    return jwt.encode(header, claims | changed, RSAKey.import_key(pool.signing_key()))


def forged(token: str, pool: UserPool) -> str:
    header, claims = claims_of(token, pool)
    return jwt.encode(header, claims, RSAKey.generate_key(2048))


def test_somebody_signs_in_and_has_sessions_of_their_own(
    account: Account, pool: UserPool, tokens: dict[str, Any]
) -> None:
    _, claims = claims_of(tokens["access_token"], pool)
    with calling(account, tokens["access_token"]) as client:
        me = client.get("/me").json()
        made = client.post("/sessions", json={"name": "mine"})
        assert made.status_code == 201, made.text
        listed = [each["id"] for each in client.get("/sessions").json()["items"]]
        audit = client.get("/audit")

    assert (me["subject"], me["groups"], me["admin"]) == (claims["sub"], [], False)
    assert made.json()["id"] in listed
    assert audit.status_code == 403


def test_who_is_in_the_group_of_administrators_is_one(account: Account, pool: UserPool) -> None:
    boss = pool.add_person(["lisa-admin"])
    with calling(account, pool.sign_in(boss)["access_token"]) as client:
        me = client.get("/me").json()

        assert (me["admin"], me["groups"]) == (True, ["lisa-admin"])
        assert client.get("/audit").status_code == 200


# Each refusal costs the emulator a cold start, and none depends on whether IAM is enforced.
@pytest.mark.parametrize("account", ["iam enforced"], indirect=True)
def test_no_other_token_opens_it_and_the_audit_says_so(
    account: Account, pool: UserPool, person: Person, tokens: dict[str, Any]
) -> None:
    another = pool.add_client()
    with pytest.raises(SignInRefused):
        pool.sign_in(person, another)
    refused = [
        tokens["id_token"],
        pool.sign_in(person, another, SCOPE_OF_OTHERS)["access_token"],
        resigned(tokens["access_token"], pool, exp=int(time.time()) - 3600),
        forged(tokens["access_token"], pool),
    ]
    for token in refused:
        with calling(account, token) as client:
            answer = client.get("/me", params={"code": "confidential"})
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unauthenticated"
    with calling(account, resigned(tokens["access_token"], pool)) as client:
        assert client.get("/me").status_code == 200
    with account.client("root") as root:
        entries = root.get("/audit", params={"kind": "request", "limit": 200}).json()["items"]

    noted = [entry for entry in entries if entry["reason"] == "token_refused"]
    assert sum(entry["count"] for entry in noted) >= len(refused)
    assert {(entry["who"], entry["outcome"]) for entry in noted} == {("", "denied")}
    assert noted[0]["object_id"].endswith("/me")
    assert noted[0]["ip"]
    assert "confidential" not in str(entries)


def test_the_last_use_of_a_token_is_noted_at_whatever_door(account: Account) -> None:
    with account.client("root") as root:
        made = root.post("/tokens", json={"name": "used"}).json()
        bearer = {"authorization": f"Bearer {made['token']}"}
        with account.client() as program:
            assert program.get("/sessions", headers=bearer).status_code == 200
        listed = {each["id"]: each for each in root.get("/tokens").json()["items"]}

    assert listed[made["id"]]["last_used"]
