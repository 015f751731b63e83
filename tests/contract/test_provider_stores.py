"""What the identity provider keeps, where many come at once: in memory and in Postgres."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.schema import create_tables, table_name
from lisa.adapters.postgres.tables import PostgresTables
from lisa.declared.tables import PROVIDER
from lisa.domain.errors import ConditionFailed, LimitReached
from lisa.domain.provider.grants import CODE_LIFE, Code, Family, Grant, SignedIn
from lisa.ports.table import Tables
from lisa.stores.provider.attempts import AttemptStore
from lisa.stores.provider.grants import GrantStore
from lisa.stores.provider.sign_ins import ProviderSignIns
from lisa.usecases.provider.attempts import Guesses

GRANT = Grant(
    signed_in=SignedIn(account="alice", at=START, session="a-session"),
    client_id="lisa-ui",
    scopes=("openid", "offline_access"),
)
CODE = Code(
    grant=GRANT,
    redirect_uri="http://127.0.0.1/signed-in",
    challenge="c" * 43,
    nonce="",
    family="family_1",
    expires=START + CODE_LIFE,
)
FAMILY = Family.begun("family_1", GRANT, "first", START)


@pytest.fixture(params=["memory", "postgres"])
async def tables(
    request: pytest.FixtureRequest, postgres: str, clock: ManualClock
) -> AsyncIterator[Tables]:
    if request.param == "memory":
        yield MemoryTables(clock)
        return
    async with open_pool(postgres) as pool:
        async with pool.connection() as connection:
            await create_tables(connection, (PROVIDER,))
            await connection.execute(b"DELETE FROM " + table_name(PROVIDER).as_bytes(None))
        yield PostgresTables(pool, clock)


async def test_of_many_who_use_one_code_one_does_and_only_its_family_is_there(
    tables: Tables,
) -> None:
    grants = GrantStore(tables)
    await grants.add_code("digest", CODE)
    families = [
        FAMILY.model_copy(update={"id": f"family_{number}", "live": (str(number),)})
        for number in range(10)
    ]
    used = await asyncio.gather(*(grants.use_code("digest", family) for family in families))
    assert used.count(True) == 1
    found = [await grants.family(family.id) is not None for family in families]
    assert found == used


async def test_of_many_who_follow_on_one_token_one_does(tables: Tables) -> None:
    grants = GrantStore(tables)
    await grants.add_code("digest", CODE)
    assert await grants.use_code("digest", FAMILY)
    family = await grants.family("family_1")
    assert family == FAMILY
    following = [FAMILY.followed_by("first", f"fresh{number}", START) for number in range(10)]
    tried = [grants.replace(each) for each in following if each]
    outcomes = await asyncio.gather(*tried, return_exceptions=True)
    assert [each for each in outcomes if not isinstance(each, ConditionFailed)] == [None]


async def test_a_family_that_has_ended_stays_ended(tables: Tables) -> None:
    grants = GrantStore(tables)
    await grants.add_code("digest", CODE)
    await grants.use_code("digest", FAMILY)
    following = FAMILY.followed_by("first", "fresh", START)
    assert following
    await grants.end("family_1")
    with pytest.raises(ConditionFailed):
        await grants.replace(following)
    assert await grants.family("family_1") is None


async def test_signing_out_ends_every_family_of_the_sign_in_and_no_other(tables: Tables) -> None:
    grants = GrantStore(tables)
    other = GRANT.model_copy(
        update={"signed_in": GRANT.signed_in.model_copy(update={"session": "another"})}
    )
    for number in range(150):
        grant = other if number == 0 else GRANT
        await grants.add_code(f"digest{number}", CODE)
        family = Family.begun(f"family_{number}", grant, "first", START)
        await grants.use_code(f"digest{number}", family)
    await grants.end_all("a-session")
    left = [number for number in range(150) if await grants.family(f"family_{number}")]
    assert left == [0]


async def test_everything_expires(tables: Tables, clock: ManualClock) -> None:
    grants, sign_ins = GrantStore(tables), ProviderSignIns(tables)
    await grants.add_code("digest", CODE)
    await grants.use_code("digest", FAMILY)
    await sign_ins.add(GRANT.signed_in)
    await sign_ins.use_form("form", START + timedelta(minutes=30))
    clock.advance(12 * 3600 + 1)
    assert await grants.code("digest") is None
    assert await grants.family("family_1") is None
    assert await sign_ins.get("a-session") is None
    assert await sign_ins.use_form("form", clock.now() + timedelta(minutes=30))


async def test_many_guesses_at_once_are_counted_each(tables: Tables, clock: ManualClock) -> None:
    guesses = Guesses(AttemptStore(tables), clock)
    tried = (guesses.begin("alice", "192.0.2.1") for _ in range(12))
    outcomes = await asyncio.gather(*tried, return_exceptions=True)
    let_in = [each for each in outcomes if not isinstance(each, LimitReached)]
    assert 1 <= len(let_in) <= 5
    assert not any(isinstance(each, BaseException) for each in let_in)
