"""What every maker of stores keeps to, whatever it makes them of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from lisa.domain.knowledge.repository import Repository, RepositoryStatus, Store
from lisa.domain.knowledge.store_offer import Offer
from lisa.ports.hosts import HostState
from lisa.ports.store_hosts import Made, StoreHost

AT = datetime(2026, 11, 21, tzinfo=UTC)
UID, OTHER = "r_0123456789abcdef0123456789abcdef", "r_ffffffffffffffffffffffffffffffff"
LOOKS = 50


def repository_of(offer: Offer, uid: str = UID) -> Repository:
    """Return a repository whose store is such a one, with all that is usual."""
    return Repository(
        id=f"papers-{uid[2:6]}",
        uid=uid,
        name="Papers",
        store=Store(
            kind=offer.kind, serverless=offer.serverless, own=True, options=offer.completed({})
        ),
        facts={},
        status=RepositoryStatus.CREATING,
        created=AT,
        created_by="root",
        updated=AT,
    )


@dataclass(frozen=True)
class Tried:
    """A host, one of its offers, and how a moment passes for it."""

    host: StoreHost
    offer: Offer
    moment: Callable[[], Awaitable[None]]

    async def made(self, uid: str = UID) -> Made:
        await self.host.ensure(repository_of(self.offer, uid))
        for _ in range(LOOKS):
            seen = await self.host.observe(uid)
            if seen.state is HostState.READY:
                return seen
            await self.moment()
        raise AssertionError(seen)

    async def gone(self, uid: str = UID) -> None:
        for _ in range(LOOKS):
            await self.host.remove(uid)
            if not await self.host.leftovers(uid):
                return
            await self.moment()
        raise AssertionError(await self.host.leftovers(uid))


async def says_what_is_absent(tried: Tried) -> None:
    assert (await tried.host.observe(UID)).state is HostState.ABSENT
    assert not await tried.host.leftovers(UID)


async def makes_what_it_offers_and_says_where(tried: Tried) -> None:
    made = await tried.made()
    assert made.address
    assert await tried.host.leftovers(UID)


async def does_nothing_twice(tried: Tried) -> None:
    made = await tried.made()
    await tried.host.ensure(repository_of(tried.offer))
    assert await tried.host.observe(UID) == made


async def keeps_stores_apart(tried: Tried) -> None:
    one, two = await tried.made(), await tried.made(OTHER)
    assert one.address != two.address
    await tried.gone()
    assert (await tried.host.observe(OTHER)).state is HostState.READY
    assert await tried.host.leftovers(OTHER)


async def leaves_nothing(tried: Tried) -> None:
    await tried.made()
    await tried.gone()
    await tried.gone()
    assert (await tried.host.observe(UID)).state is HostState.ABSENT


async def removes_what_it_protects(tried: Tried) -> None:
    await tried.made()
    await tried.host.keep(UID)
    await tried.host.keep(UID)
    assert (await tried.host.observe(UID)).state is HostState.READY
    await tried.gone()


async def removes_what_never_was(tried: Tried) -> None:
    await tried.gone()
    await tried.host.keep(UID)
    assert (await tried.host.observe(UID)).state is HostState.ABSENT


async def makes_it_again(tried: Tried) -> None:
    await tried.made()
    await tried.gone()
    assert (await tried.made()).address


DEMANDS = (
    says_what_is_absent,
    makes_what_it_offers_and_says_where,
    does_nothing_twice,
    keeps_stores_apart,
    leaves_nothing,
    removes_what_it_protects,
    removes_what_never_was,
    makes_it_again,
)
