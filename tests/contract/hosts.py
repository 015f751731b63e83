"""What every host keeps to, whatever it runs models on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lisa.domain.hosting import EngineName, Hosting, HostKind, Scaling, Weights
from lisa.ports.hosts import Host, HostState, Observed

MODEL = "tiny"
LOOKS = 400
HOSTING = Hosting(
    kind=HostKind.PROCESSES, engine=EngineName.VLLM, weights=Weights(source="/weights/tiny")
)


@dataclass(frozen=True)
class Tried:
    """A host, and how a moment passes for it."""

    host: Host
    moment: Callable[[], Awaitable[None]]

    async def until(self, state: HostState) -> Observed:
        for _ in range(LOOKS):
            seen = await self.host.observe(MODEL)
            if seen.state is state:
                return seen
            await self.moment()
        raise AssertionError(f"not {state}, but {seen}")

    async def until_nothing_is_left(self) -> None:
        for _ in range(LOOKS):
            left = await self.host.leftovers(MODEL)
            if not left:
                return
            await self.moment()
        raise AssertionError(left)


async def says_what_is_absent(tried: Tried) -> None:
    assert (await tried.host.observe(MODEL)).state is HostState.ABSENT
    assert not await tried.host.leftovers(MODEL)


async def works_until_it_is_ready(tried: Tried) -> None:
    await tried.host.ensure(MODEL, HOSTING, 2)
    assert (await tried.host.observe(MODEL)).state is HostState.WORKING
    seen = await tried.until(HostState.READY)
    assert seen.words
    assert len({each.id for each in seen.replicas}) == 2
    assert all(each.healthy and each.address.endswith("/v1") for each in seen.replicas)


async def does_nothing_twice(tried: Tried) -> None:
    await tried.host.ensure(MODEL, HOSTING, 1)
    seen = await tried.until(HostState.READY)
    await tried.host.ensure(MODEL, HOSTING, 1)
    assert await tried.host.observe(MODEL) == seen


async def follows_the_newest_wish(tried: Tried) -> None:
    await tried.host.ensure(MODEL, HOSTING, 1)
    await tried.until(HostState.READY)
    await tried.host.ensure(MODEL, HOSTING, 2)
    assert (await tried.host.observe(MODEL)).state is HostState.WORKING
    assert len((await tried.until(HostState.READY)).replicas) == 2
    fewer = HOSTING.model_copy(update={"scaling": Scaling(maximum=2)})
    await tried.host.ensure(MODEL, fewer, 1)
    assert (await tried.host.observe(MODEL)).state is HostState.WORKING
    assert len((await tried.until(HostState.READY)).replicas) == 1


async def stops_and_starts(tried: Tried) -> None:
    await tried.host.ensure(MODEL, HOSTING, 1)
    await tried.until(HostState.READY)
    await tried.host.ensure(MODEL, HOSTING, 0)
    assert (await tried.host.observe(MODEL)).state is HostState.WORKING
    assert not (await tried.until(HostState.READY)).replicas
    await tried.host.ensure(MODEL, HOSTING, 1)
    assert len((await tried.until(HostState.READY)).replicas) == 1


async def leaves_nothing(tried: Tried) -> None:
    await tried.host.ensure(MODEL, HOSTING, 1)
    await tried.until(HostState.READY)
    assert await tried.host.leftovers(MODEL)
    await tried.host.remove(MODEL)
    await tried.host.remove(MODEL)
    await tried.until(HostState.ABSENT)
    await tried.until_nothing_is_left()


async def removes_what_never_was(tried: Tried) -> None:
    await tried.host.remove(MODEL)
    await tried.until(HostState.ABSENT)
    await tried.until_nothing_is_left()


async def shows_what_was_said(tried: Tried) -> None:
    await tried.host.ensure(MODEL, HOSTING, 1)
    (replica,) = (await tried.until(HostState.READY)).replicas
    page = await tried.host.logs(MODEL, replica.id, 10, "")
    assert page.lines
    again = await tried.host.logs(MODEL, replica.id, 10, page.cursor or "end")
    assert not again.lines


async def shows_what_was_said_last(tried: Tried) -> None:
    await tried.host.ensure(MODEL, HOSTING, 1)
    (replica,) = (await tried.until(HostState.READY)).replicas
    whole = await tried.host.logs(MODEL, replica.id, 10, "")
    page = await tried.host.logs(MODEL, replica.id, 1, "", backward=True)
    said = list(page.lines)
    assert len(said) == 1
    while page.earlier:
        page = await tried.host.logs(MODEL, replica.id, 1, page.earlier, backward=True)
        said = [*page.lines, *said]
    assert said[: len(whole.lines)] == whole.lines


DEMANDS = (
    says_what_is_absent,
    works_until_it_is_ready,
    does_nothing_twice,
    follows_the_newest_wish,
    stops_and_starts,
    leaves_nothing,
    removes_what_never_was,
    shows_what_was_said,
    shows_what_was_said_last,
)
