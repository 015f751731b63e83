"""Who guesses passwords waits: longer each time, and across a restart."""

import asyncio

import httpx
import pytest

from tests.api.provider.dance import PASSWORD, ROOT, Dance, query_of

pytestmark = pytest.mark.slow  # each test has a server of its own


async def wrong(dance: Dance, name: str = "alice") -> httpx.Response:
    return await dance.fill_in(await dance.ask(prompt="login"), name, "a guess")


async def test_after_five_failures_each_wait_is_twice_the_last_up_to_a_quarter_of_an_hour(
    dance: Dance,
) -> None:
    assert [(await wrong(dance)).status_code for _ in range(5)] == [403] * 5
    for expected in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        refused = await dance.fill_in(await dance.ask())
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == str(expected)
        unit = "second" if expected == 1 else "seconds"
        assert f"try again in {expected} {unit}" in refused.text
        dance.clock.advance(expected)
        assert (await wrong(dance)).status_code == 403


async def test_an_unknown_name_waits_alike(dance: Dance) -> None:
    known = [await wrong(dance) for _ in range(6)]
    unknown = [await wrong(dance, "nobody") for _ in range(6)]
    assert [each.status_code for each in known] == [each.status_code for each in unknown]
    assert known[-1].headers["retry-after"] == unknown[-1].headers["retry-after"]


async def test_success_forgets_the_failures(dance: Dance) -> None:
    for _ in range(3):
        for _ in range(4):
            await wrong(dance)
        answer = await dance.fill_in(await dance.ask(prompt="login"))
        assert query_of(answer)["code"]
        dance.browser.cookies.clear()


async def test_one_accounts_failures_are_not_anothers(dance: Dance) -> None:
    await dance.accounts.create(ROOT, "bob", PASSWORD, frozenset())
    for _ in range(6):
        await wrong(dance)
    assert query_of(await dance.fill_in(await dance.ask(), name="bob"))["code"]


async def test_an_address_that_tries_many_names_waits_too(dance: Dance) -> None:
    for number in range(20):
        assert (await wrong(dance, f"name{number}")).status_code == 403
    assert (await wrong(dance, "another")).status_code == 429
    dance.clock.advance(1)
    assert query_of(await dance.fill_in(await dance.ask()))["code"]
    assert (await wrong(dance, "another")).status_code == 403


async def test_a_hundred_guesses_at_once_are_five(dance: Dance) -> None:
    pages = [await dance.ask() for _ in range(25)]
    answers = await asyncio.gather(*(dance.fill_in(page, password="guess") for page in pages))
    assert sorted(each.status_code for each in answers) == [403] * 5 + [429] * 20


async def test_an_hour_of_peace_forgets(dance: Dance) -> None:
    for _ in range(5):
        await wrong(dance)
    dance.clock.advance(3603)
    assert [(await wrong(dance)).status_code for _ in range(5)] == [403] * 5
