"""Where the OIDC adapter gets keys from, how often it asks, and what it does without an answer."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from joserfc.jwk import Key

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.oidc.access_tokens import OidcAccessTokens
from lisa.domain.errors import Unauthenticated, Unavailable
from lisa.domain.issuers import Issuer
from tests.standins.issuer.issuer import WELL_KNOWN, StandInIssuer, ec_key, rsa_key

Establish = Callable[..., StandInIssuer]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def establish(clock: ManualClock) -> Iterator[Establish]:
    """Return what starts issuers; they stop with the test."""
    standing: list[StandInIssuer] = []

    def one_more(*keys: Key) -> StandInIssuer:
        standing.append(StandInIssuer(clock, *keys))
        return standing[-1]

    yield one_more
    for issuer in standing:
        issuer.stop()


@pytest.fixture
def issuer(establish: Establish) -> StandInIssuer:
    return establish(rsa_key("first"))


@pytest.fixture
def verifier(issuer: StandInIssuer, clock: ManualClock) -> OidcAccessTokens:
    return OidcAccessTokens([issuer.trusted()], clock)


async def subject(verifier: OidcAccessTokens, token: str) -> object:
    return (await verifier.verify(token)).values["sub"]


async def test_keys_are_discovered_once_and_a_warm_decision_asks_nobody(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    for _ in range(5):
        await verifier.verify(issuer.token())
    assert issuer.pages.asked == [WELL_KNOWN, "/jwks"]


async def test_a_configured_address_of_keys_needs_no_discovery(
    issuer: StandInIssuer, clock: ManualClock
) -> None:
    elsewhere = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"
    trusted = issuer.trusted(issuer=elsewhere, jwks_url=f"{issuer.url}/jwks")
    assert await subject(OidcAccessTokens([trusted], clock), issuer.token(iss=elsewhere)) == "alice"
    assert issuer.pages.asked == ["/jwks"]


async def test_a_new_key_is_fetched_when_it_is_first_seen(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    before = issuer.token()
    await verifier.verify(before)
    issuer.keys.append(ec_key("second"))
    clock.advance(30)
    assert await subject(verifier, issuer.token(sub="bob")) == "bob"
    assert await subject(verifier, before) == "alice"


async def test_a_withdrawn_key_ends_within_ten_minutes(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    token = issuer.token(exp=int(clock.now().timestamp()) + 3600)
    await verifier.verify(token)
    issuer.keys = [ec_key("second")]
    clock.advance(599)
    await verifier.verify(token)
    clock.advance(1)
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_fifty_unknown_keys_at_once_are_one_request_and_the_next_half_a_minute_later(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    await verifier.verify(issuer.token())
    clock.advance(30)
    issuer.pages.asked.clear()

    async def fifty() -> None:
        tokens = [issuer.token(header={"kid": f"unknown-{number}"}) for number in range(50)]
        outcomes = await asyncio.gather(
            *(verifier.verify(token) for token in tokens), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {Unauthenticated}

    await fifty()
    assert issuer.pages.asked == [WELL_KNOWN, "/jwks"]
    clock.advance(29)
    await fifty()
    assert issuer.pages.asked == [WELL_KNOWN, "/jwks"]
    clock.advance(1)
    await fifty()
    assert issuer.pages.asked == [WELL_KNOWN, "/jwks"] * 2


async def test_fifty_callers_of_a_cold_verifier_are_one_request(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    token = issuer.token()
    await asyncio.gather(*(verifier.verify(token) for _ in range(50)))
    assert issuer.pages.asked == [WELL_KNOWN, "/jwks"]


async def test_a_caller_that_gives_up_takes_nobody_along(
    verifier: OidcAccessTokens, issuer: StandInIssuer
) -> None:
    issuer.pages.held.clear()
    impatient, patient = (
        asyncio.create_task(verifier.verify(issuer.token())) for _ in ("one", "another")
    )
    assert await asyncio.to_thread(issuer.pages.reached.wait, 20)
    impatient.cancel()
    issuer.pages.held.set()
    assert (await patient).values["sub"] == "alice"
    assert issuer.pages.asked == [WELL_KNOWN, "/jwks"]


async def test_known_keys_work_while_the_issuer_is_away_and_unknown_ones_are_refused(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    await verifier.verify(issuer.token())
    issuer.pages.go()
    clock.advance(24 * 3600)
    assert await subject(verifier, issuer.token()) == "alice"
    with pytest.raises(Unauthenticated):
        await verifier.verify(issuer.token(key=ec_key("second")))


async def test_known_keys_work_while_the_issuer_does_not_answer(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    await verifier.verify(issuer.token())
    issuer.pages.held.clear()
    clock.advance(601)
    assert await subject(verifier, issuer.token()) == "alice"
    issuer.pages.held.set()


async def test_without_any_key_an_absent_issuer_is_unavailable_until_it_is_back(
    verifier: OidcAccessTokens, issuer: StandInIssuer, clock: ManualClock
) -> None:
    issuer.pages.go()
    for _ in range(2):
        with pytest.raises(Unavailable) as caught:
            await verifier.verify(issuer.token())
        assert caught.value.precise_code == "keys_unavailable"
    issuer.pages.come()
    clock.advance(3)
    assert await subject(verifier, issuer.token()) == "alice"


async def test_several_issuers_are_strangers(
    establish: Establish, issuer: StandInIssuer, clock: ManualClock
) -> None:
    partner = establish(ec_key("first"))
    both = [issuer.trusted(), partner.trusted(prefix="partner:")]
    verifier = OidcAccessTokens(both, clock)
    for each, trusted in zip((issuer, partner), both, strict=True):
        assert (await verifier.verify(each.token())).issuer == trusted
    with pytest.raises(Unauthenticated):
        await verifier.verify(partner.token(iss=issuer.url))
    partner.pages.go()
    clock.advance(3600)
    assert await subject(verifier, issuer.token()) == "alice"


async def test_an_issuer_nobody_configured_is_never_asked(
    verifier: OidcAccessTokens, establish: Establish
) -> None:
    evil = establish(rsa_key("evil"))
    with pytest.raises(Unauthenticated):
        await verifier.verify(evil.token())
    assert evil.pages.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b"{}"),
        (302, {"location": "/elsewhere"}, b""),
        (200, {}, b"<html>"),
        (200, {}, b"[]"),
        (200, {}, b"[" * 100_000),
        (200, {}, b"\xff\xfe"),
        (200, {}, b'{"issuer": "https://another.test", "jwks_uri": "https://another.test/k"}'),
        (200, {"content-encoding": "gzip"}, b"\x1f\x8b\x08\x00"),
        (200, {}, b'{"keys": [' + b" " * 300_000 + b"]}"),
    ],
    ids=lambda answer: answer[2][:8].decode("ascii", "replace"),
)
async def test_an_answer_that_makes_no_sense_is_no_key(
    verifier: OidcAccessTokens,
    issuer: StandInIssuer,
    answer: tuple[int, dict[str, str], bytes],
) -> None:
    issuer.pages.instead = answer
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())


@pytest.mark.parametrize("address", ["http://169.254.169.254/keys", "file:///etc/passwd", "", 7])
async def test_an_issuer_cannot_send_us_to_an_unsafe_address(
    verifier: OidcAccessTokens, issuer: StandInIssuer, address: object
) -> None:
    issuer.pages.pages[WELL_KNOWN] = lambda: {"issuer": issuer.url, "jwks_uri": address}
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.token())


@pytest.mark.parametrize("keys", [None, {}, "x"])
async def test_a_key_document_without_a_list_of_keys_is_no_answer(
    issuer: StandInIssuer, clock: ManualClock, keys: object
) -> None:
    issuer.pages.pages["/jwks"] = lambda: {"keys": keys}
    trusted: Issuer = issuer.trusted(jwks_url=f"{issuer.url}/jwks")
    with pytest.raises(Unavailable):
        await OidcAccessTokens([trusted], clock).verify(issuer.token())


async def test_keys_on_this_machine_are_asked_for_past_any_proxy(
    verifier: OidcAccessTokens, issuer: StandInIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert await subject(verifier, issuer.token()) == "alice"
