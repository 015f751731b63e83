"""Where the built-in identity provider runs, under which name, and who trusts it."""

import logging
from typing import Any

import pytest

from lisa.bootstrap.local_addresses import own_origins
from lisa.bootstrap.local_provider import own_client, sign_in_settings, trusting
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import Invalid

PARTNER = {"issuer": "https://partner.test", "audience": "lisa", "prefix": "partner:"}
LAN = {"host": "192.0.2.7"}
EVERYWHERE = ".".join("0000")


def settings(**more: Any) -> LocalSettings:
    return LocalSettings.model_validate(more)


@pytest.mark.parametrize(
    ("given", "runs"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"provider": "off"}, False),
        ({"issuers": [PARTNER]}, False),
        ({"issuers": [PARTNER], "provider": "on"}, True),
        (LAN, False),
        ({"host": EVERYWHERE}, False),
        (LAN | {"provider": "on"}, True),
        (LAN | {"public_url": "https://lisa.test"}, False),
    ],
)
def test_it_runs_on_loopback_and_elsewhere_only_when_told_so(
    given: dict[str, Any], *, runs: bool
) -> None:
    chosen = settings(**given)
    assert (own_client(chosen) is not None) is runs
    assert (sign_in_settings(chosen, own_client(chosen)) is not None) is runs
    assert len(trusting(chosen, own_client(chosen)).issuers) == len(chosen.issuers) + runs


@pytest.mark.parametrize(
    ("given", "issuer", "keys"),
    [
        ({}, "http://127.0.0.1:8080/oidc", "http://127.0.0.1:8080/oidc/jwks"),
        (
            LAN | {"provider": "on"},
            "http://192.0.2.7:8080/oidc",
            "http://192.0.2.7:8080/oidc/jwks",
        ),
        (
            {"host": EVERYWHERE, "provider": "on", "public_url": "https://Lisa.test:443/"},
            "https://lisa.test/oidc",
            "http://127.0.0.1:8080/oidc/jwks",
        ),
        ({"port": 80}, "http://127.0.0.1/oidc", "http://127.0.0.1/oidc/jwks"),
    ],
)
def test_its_name_is_the_public_one_and_its_keys_come_from_this_machine(
    given: dict[str, Any], issuer: str, keys: str
) -> None:
    client = own_client(settings(**given))
    assert client
    trusted = trusting(settings(**given), client).issuers[-1]
    assert (client.issuer, trusted.issuer, trusted.jwks_url) == (issuer, issuer, keys)
    assert (trusted.audience, trusted.algorithms, trusted.prefix) == (("lisa",), ("ES256",), "")


def test_our_pages_lie_under_every_name_a_browser_may_use() -> None:
    chosen = settings(**LAN, provider="on", public_url="https://lisa.test")
    origins = {
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://192.0.2.7:8080",
        "https://lisa.test",
    }
    assert own_origins(chosen) == origins
    client = own_client(chosen)
    assert client
    assert client.redirects == {f"{origin}/signed-in" for origin in origins}


def test_beside_an_issuer_without_a_prefix_it_refuses() -> None:
    bare = PARTNER | {"prefix": ""}
    with pytest.raises(Invalid, match="names of another issuer"):
        own_client(settings(issuers=[bare], provider="on"))


def test_it_is_not_configured_a_second_time() -> None:
    itself = PARTNER | {"issuer": "http://127.0.0.1:8080/oidc"}
    chosen = settings(issuers=[itself], provider="on")
    with pytest.raises(Invalid, match="is the built-in identity provider itself"):
        trusting(chosen, own_client(chosen))


def test_passwords_that_cross_a_network_in_the_clear_are_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING, "lisa.identity"):
        own_client(settings(**LAN, provider="on", public_url="https://lisa.test"))
        assert not caplog.records
        own_client(settings(**LAN, provider="on"))
    assert "unencrypted" in caplog.text


def test_pages_are_told_where_to_sign_in() -> None:
    chosen = settings()
    assert sign_in_settings(chosen, own_client(chosen)) == {
        "authority": "http://127.0.0.1:8080/oidc",
        "clientId": "lisa-ui",
        "scope": "openid profile email offline_access",
        "parameters": {},
    }
    elsewhere = {"authority": "https://id.test", "client_id": "c", "parameters": {"audience": "x"}}
    chosen = settings(provider="off", sign_in=elsewhere)
    assert sign_in_settings(chosen, own_client(chosen)) == {
        "authority": "https://id.test",
        "clientId": "c",
        "scope": "openid profile email",
        "parameters": {"audience": "x"},
    }
