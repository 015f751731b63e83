"""Where a new repository's passages will be: in a store there is, or in one that is made."""

import pytest

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.repository import Store, StoreKind
from lisa.domain.knowledge.store_offer import Offer, StoreOption
from lisa.usecases.knowledge.store_orders import StoreOrders

OFFER = Offer(StoreKind.PGVECTOR, options={"storage_gb": StoreOption("Storage", 20)})
WITH_ONE = StoreOrders([OFFER], frozenset({StoreKind.PGVECTOR}))
WITH_NONE = StoreOrders([OFFER])


def store(kind: StoreKind = StoreKind.PGVECTOR, address: str = "", *, own: bool = False) -> Store:
    return Store(kind=kind, address=address, own=own, options={})


def test_a_store_without_an_address_is_the_deployments_own() -> None:
    assert WITH_ONE.accepted(store()) == store()


def test_where_the_deployment_has_none_it_is_made() -> None:
    made = WITH_NONE.accepted(store())
    assert (made.own, made.options) == (True, {"storage_gb": 20})


def test_one_at_an_address_and_one_that_nobody_can_make_stay_as_they_are() -> None:
    for each in (store(address="db:5432/papers"), store(StoreKind.OPENSEARCH)):
        assert WITH_NONE.accepted(each) == each


def test_who_asks_for_one_to_be_made_is_told_where_that_cannot_be() -> None:
    with pytest.raises(Invalid, match="can't make a store"):
        StoreOrders().accepted(store(own=True))
