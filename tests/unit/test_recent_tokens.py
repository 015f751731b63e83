"""An API token is read once for a burst of calls, and forgotten within a second."""

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.domain.identity import Token
from lisa.usecases.recent import MOST_REMEMBERED
from lisa.usecases.recent_tokens import RecentTokens


def token(digest: str) -> Token:
    return Token(id=f"id-{digest}", digest=digest, name="t", owner="alice", created=START)


class Shelf(dict[str, Token]):
    """Tokens by the hash of their secret, or by id."""

    async def by_digest(self, digest: str) -> Token | None:
        return self.get(digest)

    async def by_id(self, token_id: str) -> Token | None:
        return self.get(token_id)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(a=token("a"))


async def test_a_revoked_token_is_found_for_less_than_a_second(
    shelf: Shelf, clock: ManualClock
) -> None:
    recent = RecentTokens(shelf, clock)
    assert await recent.by_digest("a")
    shelf.clear()
    clock.advance(0.999)
    assert await recent.by_digest("a")
    clock.advance(0.001)
    assert await recent.by_digest("a") is None


async def test_use_does_not_prolong_what_is_remembered(shelf: Shelf, clock: ManualClock) -> None:
    recent = RecentTokens(shelf, clock)
    for _ in range(2):
        assert await recent.by_digest("a")
        clock.advance(0.6)
    shelf.clear()
    clock.advance(0.4)
    assert await recent.by_digest("a") is None


async def test_a_token_works_as_soon_as_it_exists(shelf: Shelf, clock: ManualClock) -> None:
    recent = RecentTokens(shelf, clock)
    assert await recent.by_digest("b") is None
    shelf["b"] = token("b")
    assert await recent.by_digest("b")


async def test_a_clock_that_is_put_back_prolongs_nothing(shelf: Shelf, clock: ManualClock) -> None:
    recent = RecentTokens(shelf, clock)
    assert await recent.by_digest("a")
    shelf.clear()
    clock.advance(-60)
    assert await recent.by_digest("a") is None


async def test_what_is_remembered_has_a_bound(shelf: Shelf, clock: ManualClock) -> None:
    recent = RecentTokens(shelf, clock)
    for number in range(MOST_REMEMBERED + 1):
        shelf[str(number)] = token(str(number))
        await recent.by_digest(str(number))
    shelf.clear()
    assert await recent.by_digest("0") is None
    assert await recent.by_digest("1")
