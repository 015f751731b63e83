"""Models, people and accounts on every store: what is there, in which order, and who was faster."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from lisa.adapters.memory.clock import START
from lisa.declared.tables import PEOPLE
from lisa.domain.accounts import Account
from lisa.domain.errors import ConditionFailed
from lisa.domain.identity import Limits
from lisa.domain.model import Model, ModelStatus, Prices, Upstream
from lisa.domain.people import Person
from lisa.ports.table import ABSENT, Put, Tables
from lisa.stores.accounts import AccountStore
from lisa.stores.models import ModelStore
from lisa.stores.people import PeopleStore

HERE = Upstream(url="http://127.0.0.1:1/v1", key="env:KEY", weight=3)
MODEL = Model(
    id="meta/llama:8b",
    upstreams=(HERE, Upstream(id="b", kind="litellm", target="bedrock/x")),
    groups=frozenset({"b", "a", "größer"}),
    limits=Limits(requests_per_minute=60, budget_usd_per_day=2.5),
    prices=Prices(prompt=0.15, completion=0.6, source="a list"),
    fallbacks=("other",),
    created=START,
    changed=START,
)
ACCOUNT = Account(
    name="ada",
    kept="what stands for a password",
    created=START,
    sessions_from=START,
    groups=frozenset({"x", "y"}),
)
ADA = Person(subject="ada", seen=START, groups=frozenset({"x"}))
IN_ONE_TRANSACTION = Put(PEOPLE, {"pk": "beside", "sk": "it"}, ABSENT)


def named(name: str) -> Model:
    return MODEL.model_copy(update={"id": name})


async def every_page(
    page: Callable[[int, str], Awaitable[tuple[Sequence[Any], str]]], limit: int
) -> list[Any]:
    """Read all pages, none of which is longer than asked for."""
    found: list[Any] = []
    cursor = ""
    while True:
        rows, cursor = await page(limit, cursor)
        assert len(rows) <= limit
        found += rows
        if not cursor:
            return found


async def winners(*tried: Awaitable[Any]) -> int:
    """Count those that came through; the others were told that somebody was faster."""
    outcomes = await asyncio.gather(*tried, return_exceptions=True)
    failures = [each for each in outcomes if isinstance(each, BaseException)]
    assert all(isinstance(each, ConditionFailed) for each in failures)
    return len(outcomes) - len(failures)


async def test_a_model_comes_back_as_it_was_stored_until_it_is_removed(tables: Tables) -> None:
    models = ModelStore(tables)
    assert await models.by_id(MODEL.id) is None
    await models.add(MODEL)
    assert await models.by_id(MODEL.id) == MODEL
    off = MODEL.model_copy(update={"status": ModelStatus.STOPPED, "prices": None})
    changed = await models.change(MODEL, off)
    assert changed == await models.by_id(MODEL.id)
    assert (changed.status, changed.prices, changed.version) == (ModelStatus.STOPPED, None, 2)
    await models.remove(changed)
    assert await models.by_id(MODEL.id) is None


async def test_models_are_listed_in_order_of_their_ids(tables: Tables) -> None:
    models = ModelStore(tables)
    ids = ["a", "a/b", "a:b", "aa", "b", "org/c"]
    for each in reversed(ids):
        await models.add(named(each))
    assert [each.id for each in await every_page(models.page, 2)] == sorted(ids)
    assert [each.id for each in await models.catalogue()] == sorted(ids)


async def test_the_catalogue_s_version_tells_every_change_and_nothing_else(tables: Tables) -> None:
    models = ModelStore(tables)
    told = [await models.catalogue_version()]
    await models.add(MODEL)
    told.append(await models.catalogue_version())
    changed = await models.change(MODEL, MODEL)
    told.append(await models.catalogue_version())
    with pytest.raises(ConditionFailed):
        await models.change(MODEL, MODEL)
    with pytest.raises(ConditionFailed):
        await models.add(MODEL)
    assert await models.catalogue_version() == told[-1]
    await models.remove(changed)
    told.append(await models.catalogue_version())
    assert len(set(told)) == len(told)


async def test_of_many_who_make_or_change_one_model_one_does(tables: Tables) -> None:
    models = ModelStore(tables)
    assert await winners(*(models.add(MODEL) for _ in range(5))) == 1
    assert await winners(*(models.change(MODEL, MODEL) for _ in range(5))) == 1
    with pytest.raises(ConditionFailed):
        await models.remove(MODEL)


async def test_what_belongs_to_a_change_is_stored_with_it_or_not_at_all(tables: Tables) -> None:
    models, accounts = ModelStore(tables), AccountStore(tables)
    await models.add(MODEL, IN_ONE_TRANSACTION)
    with pytest.raises(ConditionFailed):
        await models.add(named("second"), IN_ONE_TRANSACTION)
    with pytest.raises(ConditionFailed):
        await accounts.add(ACCOUNT, IN_ONE_TRANSACTION)
    assert await models.by_id("second") is None
    assert await accounts.by_name("ada") is None


async def test_an_account_lives_and_its_name_is_taken_once(tables: Tables) -> None:
    accounts = AccountStore(tables)
    assert await winners(*(accounts.add(ACCOUNT) for _ in range(5))) == 1
    assert await accounts.by_name("ada") == ACCOUNT
    off = ACCOUNT.model_copy(update={"disabled": True})
    changed = await accounts.change(ACCOUNT, off)
    assert await accounts.by_name("ada") == changed
    assert (changed.disabled, changed.version) == (True, ACCOUNT.version + 1)
    with pytest.raises(ConditionFailed):
        await accounts.change(ACCOUNT, ACCOUNT)
    with pytest.raises(ConditionFailed):
        await accounts.remove(ACCOUNT)
    await accounts.remove(changed)
    assert await accounts.by_name("ada") is None


async def test_accounts_are_listed_by_name(tables: Tables) -> None:
    accounts = AccountStore(tables)
    names = [f"user{number:02}" for number in range(7)]
    for name in reversed(names):
        await accounts.add(ACCOUNT.model_copy(update={"name": name}))
    assert [each.name for each in await every_page(accounts.page, 3)] == names


async def test_of_many_who_write_what_they_heard_of_a_person_one_does(tables: Tables) -> None:
    people = PeopleStore(tables)
    assert await people.by_subject("ada") is None
    assert await winners(*(people.write(ADA) for _ in range(5))) == 1
    known = await people.by_subject("ada")
    assert known == ADA.model_copy(update={"version": ADA.version + 1})
    assert await winners(*(people.write(known) for _ in range(5))) == 1
    with pytest.raises(ConditionFailed):
        await people.write(ADA)
