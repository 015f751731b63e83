"""Which access tokens the OIDC adapter believes, against an issuer on loopback."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.oidc.access_tokens import OidcAccessTokens
from lisa.domain.errors import Unauthenticated
from tests.standins.issuer.issuer import (
    AUDIENCE,
    StandInIssuer,
    base64url,
    ec_key,
    ed_key,
    encoded,
    rsa_key,
)

REFUSAL = ("the token is unknown, expired or revoked", "token_refused")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def issuer(clock: ManualClock) -> Iterator[StandInIssuer]:
    standing = StandInIssuer(clock, rsa_key("first"))
    yield standing
    standing.stop()


@pytest.fixture
def verifier(issuer: StandInIssuer, clock: ManualClock) -> OidcAccessTokens:
    return OidcAccessTokens([issuer.trusted()], clock)


async def believed(verifier: OidcAccessTokens, token: str) -> None:
    assert (await verifier.verify(token)).values["sub"] == "alice"


async def refused(verifier: OidcAccessTokens, token: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await verifier.verify(token)
    assert (caught.value.message, caught.value.precise_code) == REFUSAL


@pytest.mark.parametrize("make", [rsa_key, ec_key, ed_key], ids=["RS256", "ES256", "EdDSA"])
async def test_a_good_token_is_believed(clock: ManualClock, make: Any) -> None:
    issuer = StandInIssuer(clock, make("one"), rsa_key("another"))
    verifier = OidcAccessTokens([issuer.trusted()], clock)
    try:
        claims = await verifier.verify(issuer.token(key=issuer.keys[0], sub="carol"))
    finally:
        issuer.stop()
    assert claims.values["sub"] == "carol"
    assert claims.issuer == issuer.trusted()


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": -60},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": 10**400},
        {"nbf": 61},
        {"nbf": "now"},
        {"iat": 61},
    ],
    ids=str,
)
async def test_a_token_counts_only_in_its_time(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock, wrong: dict[str, Any]
) -> None:
    now = int(clock.now().timestamp())
    claims: dict[str, Any] = {
        name: now + value if type(value) is int and abs(value) < 100 else value
        for name, value in wrong.items()
    }
    await refused(verifier, issuer.token(**claims))


async def test_a_clock_that_is_a_minute_off_is_borne_with(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    now = int(clock.now().timestamp())
    await believed(verifier, issuer.token(exp=now - 59))
    await believed(verifier, issuer.token(nbf=now + 60, iat=now + 60))
    clock.advance(359)
    await believed(verifier, issuer.token(exp=now + 300))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": None},
        {"aud": ["another", 5]},
        {"aud": {AUDIENCE: 1}},
        {"aud": None, "client_id": AUDIENCE},
        {"iss": "https://evil.test"},
        {"iss": None},
        {"iss": ["x"]},
    ],
    ids=str,
)
async def test_a_token_for_somebody_else_or_from_somebody_else_is_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer, claims: dict[str, Any]
) -> None:
    await refused(verifier, issuer.token(**claims))


async def test_an_issuer_must_match_to_the_letter(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    await refused(verifier, issuer.token(iss=issuer.url + "/"))
    await refused(verifier, issuer.token(iss=issuer.url.upper()))


async def test_one_audience_of_several_is_enough(issuer: StandInIssuer, clock: ManualClock) -> None:
    verifier = OidcAccessTokens([issuer.trusted(audience=["ui", "cli"])], clock)
    await believed(verifier, issuer.token(aud=["else", "cli"]))
    await believed(verifier, issuer.token(aud="ui"))
    await refused(verifier, issuer.token(aud="lisa"))


async def test_a_token_that_was_not_signed_by_the_issuer_is_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    forger = RSAKey.generate_key(2048, {"kid": "first"})
    await refused(verifier, issuer.token(key=forger))
    header, _, signature = issuer.token().split(".")
    await refused(verifier, f"{header}.{encoded(issuer.claims(sub='root'))}.{signature}")
    await refused(verifier, f"{header}.{encoded(issuer.claims())}.")


async def test_no_letter_of_a_token_can_be_another(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    token = issuer.token()
    await believed(verifier, token)
    for place, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        await refused(verifier, token[:place] + other + token[place + 1 :])
    for more in ("=", " ", "\n", ".", "A"):
        await refused(verifier, token + more)


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
async def test_an_unsigned_token_is_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer, name: str
) -> None:
    header = encoded({"alg": name, "kid": "first"})
    await refused(verifier, f"{header}.{encoded(issuer.claims())}.")


async def test_a_public_key_is_no_shared_secret(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    public = rsa_key("first")
    signed = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(issuer.claims())}"
    for secret in (public.as_pem(private=False), public.as_der(private=False), b""):
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        await refused(verifier, f"{signed}.{base64url(mac)}")


async def test_a_shared_secret_that_the_issuer_publishes_is_no_key(clock: ManualClock) -> None:
    issuer = StandInIssuer(clock)
    secret = {"kty": "oct", "kid": "shared", "k": base64url(b"s" * 32)}
    issuer.pages.pages["/jwks"] = lambda: {"keys": [secret]}
    verifier = OidcAccessTokens([issuer.trusted()], clock)
    signed = f"{encoded({'alg': 'HS256', 'kid': 'shared'})}.{encoded(issuer.claims())}"
    mac = hmac.new(b"s" * 32, signed.encode(), hashlib.sha256).digest()
    await refused(verifier, f"{signed}.{base64url(mac)}")
    issuer.stop()


async def test_an_algorithm_the_issuer_may_not_use_is_refused(
    issuer: StandInIssuer, clock: ManualClock
) -> None:
    only_ec = OidcAccessTokens([issuer.trusted(algorithms=["ES256"])], clock)
    await refused(only_ec, issuer.token())
    await refused(
        OidcAccessTokens([issuer.trusted()], clock), issuer.token(header={"alg": "RS512"})
    )


async def test_a_key_is_used_only_for_what_its_issuer_made_it(clock: ManualClock) -> None:
    key = RSAKey.generate_key(2048, {"kid": "k"})
    issuer = StandInIssuer(clock, key)
    published = key.as_dict(private=False)
    for more in ({"use": "enc"}, {"alg": "RS512"}, {"key_ops": ["encrypt"]}):
        issuer.pages.pages["/jwks"] = lambda more=more: {"keys": [published | more]}  # type: ignore[misc] # bound early
        await refused(OidcAccessTokens([issuer.trusted()], clock), issuer.token())
    issuer.pages.pages["/jwks"] = lambda: {"keys": [{"kty": "?"}, 7, {"kty": "RSA"}, published]}
    await believed(OidcAccessTokens([issuer.trusted()], clock), issuer.token())
    issuer.stop()


@pytest.mark.parametrize(
    "kid", ["../../dev/null", "/etc/passwd", "' OR 1=1 --", "first\x00", "", "unknown", "\ud800"]
)
async def test_a_kid_is_only_a_name_to_look_up(
    verifier: OidcAccessTokens, issuer: StandInIssuer, kid: str
) -> None:
    await refused(verifier, issuer.token(header={"kid": kid}))


@pytest.mark.parametrize("kid", [5, ["first"], {"first": 1}, True])
async def test_a_kid_that_is_no_text_is_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer, kid: object
) -> None:
    _, claims, signature = issuer.token().split(".")
    await refused(verifier, f"{encoded({'alg': 'RS256', 'kid': kid})}.{claims}.{signature}")


async def test_without_a_kid_the_only_key_that_fits_is_taken(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    issuer.keys = [rsa_key("first"), ec_key("second")]
    await believed(verifier, issuer.token(key=issuer.keys[0], header={"kid": None}))
    await believed(verifier, issuer.token(header={"kid": None}))


async def test_without_a_kid_several_keys_that_fit_are_too_many(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    issuer.keys = [rsa_key("first"), rsa_key("second")]
    await refused(verifier, issuer.token(header={"kid": None}))


async def test_a_key_the_token_brings_along_is_never_looked_at(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    evil = StandInIssuer(clock, RSAKey.generate_key(2048, {"kid": "evil"}))
    public = evil.keys[0].as_dict(private=False)
    for header in (
        {"jwk": public},
        {"jwk": public, "kid": "first"},
        {"jku": f"{evil.url}/jwks"},
        {"x5u": f"{evil.url}/jwks", "kid": "first"},
        {"x5c": ["MIIB"], "kid": None},
    ):
        await refused(verifier, issuer.token(key=evil.keys[0], header=header))
    assert evil.pages.asked == []
    evil.stop()


@pytest.mark.parametrize(
    "extension", [{"crit": ["b64"], "b64": False}, {"crit": ["exp"], "exp": 1}, {"crit": []}]
)
async def test_an_extension_that_must_be_understood_is_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer, extension: dict[str, Any]
) -> None:
    _, claims, signature = issuer.token().split(".")
    header = encoded({"alg": "RS256", "kid": "first"} | extension)
    await refused(verifier, f"{header}.{claims}.{signature}")


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({}, {"nonce": "n"}),
        ({}, {"at_hash": "h"}),
        ({}, {"typ": "ID"}),
        ({}, {"typ": "Refresh"}),
        ({}, {"token_use": "id"}),
        ({"typ": "logout+jwt"}, {}),
        ({"typ": "dpop+jwt"}, {}),
    ],
    ids=str,
)
async def test_a_token_made_for_something_else_gives_no_access(
    verifier: OidcAccessTokens,
    issuer: StandInIssuer,
    header: dict[str, Any],
    claims: dict[str, Any],
) -> None:
    await refused(verifier, issuer.token(header=header, **claims))


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "at+jwt"}, {}),
        ({"typ": "application/at+JWT"}, {"nonce": "n"}),
        ({"typ": None}, {}),
        ({}, {"typ": "Bearer", "nonce": "n"}),
        ({"x-unknown": 1}, {}),
    ],
    ids=str,
)
async def test_access_tokens_of_many_providers_are_believed(
    verifier: OidcAccessTokens,
    issuer: StandInIssuer,
    header: dict[str, Any],
    claims: dict[str, Any],
) -> None:
    await believed(verifier, issuer.token(header=header, **claims))


async def test_cognito_names_the_client_in_place_of_an_audience(
    issuer: StandInIssuer, clock: ManualClock
) -> None:
    verifier = OidcAccessTokens([issuer.trusted(kind="cognito")], clock)
    access: dict[str, Any] = {"aud": None, "client_id": AUDIENCE, "token_use": "access"}
    await believed(verifier, issuer.token(**access))
    await refused(verifier, issuer.token(**access | {"client_id": "another"}))
    await refused(verifier, issuer.token(**access | {"client_id": None, "aud": AUDIENCE}))
    await refused(verifier, issuer.token(**access | {"token_use": None}))
    await refused(verifier, issuer.token(aud=AUDIENCE, token_use="id"))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "..",
        "a.b.c",
        "a.b.c.d",
        "é.é.é",
        "\ud800.a.b",
        f"{encoded([])}.{encoded({})}.",
        f"{encoded('alg')}.{encoded({})}.",
        f"{encoded({'alg': 'RS256'})}.{encoded([])}.",
        f"{base64url(b'[' * 11_000)}.e30.",
        f"{base64url(b'9' * 11_000)}.e30.",
        "x" * 20_000 + ".y.z",
    ],
    ids=lambda token: token.encode("ascii", "replace").decode()[:12],
)
async def test_garbage_is_refused_and_asks_nobody(
    verifier: OidcAccessTokens, issuer: StandInIssuer, token: str
) -> None:
    await refused(verifier, token)
    assert issuer.pages.asked == []


async def test_deeply_nested_claims_are_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    header, _, signature = issuer.token().split(".")
    bomb = b'{"iss":"' + issuer.url.encode() + b'","x":' + b"[" * 9_000 + b"]" * 2_000 + b"}"
    await refused(verifier, f"{header}.{base64url(bomb)}.{signature}")


async def test_a_token_longer_than_sixteen_kilobytes_is_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    await believed(verifier, issuer.token(groups=["g" * 1000] * 10))
    await refused(verifier, issuer.token(groups=["g" * 1000] * 13))
