"""Stores that are made for one repository: which there are to be had, and having one made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.repository import Repository, Store, StoreKind
from lisa.domain.knowledge.store_offer import Offer, StoreOption
from lisa.usecases.knowledge.store_runs import StoreRuns


@dataclass(frozen=True)
class Available:
    """A kind of store that a repository can have; one that is not made is there already."""

    kind: StoreKind
    serverless: bool
    made: bool
    options: Mapping[str, StoreOption] = field(default_factory=dict)


THERE: Final = (
    Available(StoreKind.PGVECTOR, serverless=False, made=False),
    Available(StoreKind.OPENSEARCH, serverless=False, made=False),
    Available(StoreKind.OPENSEARCH, serverless=True, made=False),
)


@dataclass(frozen=True)
class StoreOrders:
    """Has stores made; without runs there are none to be had.

    Of the kinds in `there` the deployment has one of its own.
    """

    offers: Sequence[Offer] = ()
    there: frozenset[StoreKind] = frozenset()
    runs: StoreRuns | None = None

    def kinds(self) -> Sequence[Available]:
        """Return what a repository can have."""
        made = [
            Available(each.kind, each.serverless, made=True, options=each.options)
            for each in self.offers
        ]
        return [*made, *THERE]

    def accepted(self, store: Store) -> Store:
        """Return a store that can be made, with all its options; others as they are.

        One without an address is the deployment's own; where that has none, one is made.
        """
        if not store.own and not self._is_missing(store):
            return store
        for offer in self.offers:
            if (offer.kind, offer.serverless) == (store.kind, store.serverless):
                chosen = {"own": True, "options": offer.completed(store.options)}
                return store.model_copy(update=chosen)
        kinds = [f"{each.kind}{' serverless' * each.serverless}" for each in self.offers]
        raise Invalid(
            f"this LISA can't make a store of the kind {store.kind}",
            next_step=f"choose one of: {', '.join(kinds) or 'none'}; or leave out `own`",
            code="bad_store",
        )

    def _is_missing(self, store: Store) -> bool:
        """Tell whether this is nowhere, and can be made."""
        can_be_made = any(each.kind is store.kind for each in self.offers)
        return can_be_made and not store.address and store.kind not in self.there

    async def begin(self, repository: Repository) -> None:
        """Begin to make a repository's store."""
        if self.runs:
            await self.runs.begin(repository)

    async def give_up(self, former: Repository) -> None:
        """Make it no longer."""
        if self.runs:
            await self.runs.give_up(former)
