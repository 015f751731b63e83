"""The stand-in does what it says a balancer does."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.availability.waiting import until
from tests.standins.balancer.server import Balancer
from tests.standins.engine.server import Engine

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}
PATH = "/v1/chat/completions"


@pytest.fixture
async def two() -> AsyncIterator[tuple[Engine, Engine]]:
    engines = Engine(), Engine()
    for engine in engines:
        await engine.come()
    yield engines
    for engine in engines:
        await engine.go()


@pytest.fixture
async def balancer(two: tuple[Engine, Engine]) -> AsyncIterator[Balancer]:
    async with Balancer("/v1/models").listening() as balancer:
        ports = [balancer.add(engine.port).port for engine in two]
        await until(lambda: balancer.sends_to(*ports))
        yield balancer


@pytest.fixture
async def http(balancer: Balancer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=balancer.url) as client:
        yield client


def calls_to(engine: Engine) -> int:
    return sum(seen.path == PATH for seen in engine.seen)


async def test_calls_go_to_both(http: httpx.AsyncClient, two: tuple[Engine, Engine]) -> None:
    answers = [await http.post(PATH, json=ASKED) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    assert [calls_to(engine) for engine in two] == [5, 5]


async def test_a_dead_target_is_502_until_checks_have_found_it(
    http: httpx.AsyncClient, balancer: Balancer, two: tuple[Engine, Engine]
) -> None:
    balancer.unwell_after = 1_000_000
    await two[0].go()
    answers = [await http.post(PATH, json=ASKED) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200, 502}
    balancer.unwell_after = 2
    await until(lambda: balancer.sends_to(two[1].port))
    answers = [await http.post(PATH, json=ASKED) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}


async def test_without_targets_it_is_503(http: httpx.AsyncClient, balancer: Balancer) -> None:
    for port in [*balancer.targets]:
        balancer.drain(port)
    assert (await http.post(PATH, json=ASKED)).status_code == 503


async def test_a_target_that_dies_in_its_answer_ends_the_callers_connection(
    http: httpx.AsyncClient, balancer: Balancer
) -> None:
    broken = ASKED | {"stream": True, "engine": {"break_after": 2, "pause": 0.02}}
    with pytest.raises(httpx.TransportError):
        await http.post(PATH, json=broken)
    assert (balancer.cut, balancer.refused) == (1, 0)


async def test_a_target_that_is_taken_out_finishes_what_it_has(
    http: httpx.AsyncClient, balancer: Balancer, two: tuple[Engine, Engine]
) -> None:
    slow = ASKED | {"stream": True, "engine": {"tokens": 20, "pause": 0.02}}
    async with http.stream("POST", PATH, json=slow) as answer:
        for port in [*balancer.targets]:
            balancer.drain(port)
        assert (await answer.aread()).endswith(b"data: [DONE]\n\n")
    assert sum(calls_to(engine) for engine in two) == 1


async def test_who_hangs_up_leaves_no_call_behind(
    http: httpx.AsyncClient, balancer: Balancer, two: tuple[Engine, Engine]
) -> None:
    hanging = ASKED | {"engine": {"hang": True}}
    with pytest.raises(httpx.ReadTimeout):
        await http.post(PATH, json=hanging, timeout=0.5)
    await until(lambda: sum(engine.hung_up_on for engine in two) == 1)
    await until(lambda: not any(each.under_way for each in balancer.targets.values()))
