"""Whom a token of Cognito is for: its client, or whom a scope lets the client call."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lisa.adapters.oidc.checks import check_claims
from lisa.domain.errors import Unauthenticated
from lisa.domain.issuers import Issuer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POOL = Issuer(issuer="https://pool.test", audience=("lisa",), kind="cognito")


def check(**claims: Any) -> None:
    usual = {"iss": POOL.issuer, "token_use": "access", "exp": NOW.timestamp() + 60}
    check_claims(POOL, {}, {**usual, **claims}, NOW)


@pytest.mark.parametrize("scope", ["lisa/api", "openid email lisa/api", "other/all lisa/api"])
def test_a_client_that_was_given_our_scope_may_call(scope: str) -> None:
    check(client_id="whoever", scope=scope)


@pytest.mark.parametrize(
    "scope",
    [
        *(None, "", "openid profile email", "aws.cognito.signin.user.admin"),
        *("lisa", "/lisa", "api/lisa", "lisa/x/api", "notlisa/api"),
        *(["lisa/api"], {"lisa/api": 1}),
    ],
    ids=str,
)
def test_a_client_without_it_may_not(scope: object) -> None:
    with pytest.raises(Unauthenticated, match="another audience"):
        check(client_id="whoever", scope=scope)


def test_elsewhere_a_scope_is_no_audience() -> None:
    other = POOL.model_copy(update={"kind": "oidc"})
    claims = {"iss": other.issuer, "scope": "lisa/api", "exp": NOW.timestamp() + 60}

    with pytest.raises(Unauthenticated, match="another audience"):
        check_claims(other, {"typ": "at+jwt"}, claims, NOW)
