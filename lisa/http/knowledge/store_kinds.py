"""Which stores repositories can have: `/repositories/store-kinds`."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.repository import StoreKind
from lisa.domain.knowledge.store_offer import StoreOption
from lisa.http.knowledge.door import Uses, knowledge_router
from lisa.http.knowledge.shown import Shown
from lisa.http.services import Caller
from lisa.usecases.knowledge.store_orders import Available

router = knowledge_router()


class StoreOptionOut(Shown):
    """One of `choices`, or a number from `min` to `max`; without either, true or false."""

    label: str
    default: Fact
    choices: Sequence[Fact] | None
    min: int | None
    max: int | None

    @classmethod
    def of(cls, option: StoreOption) -> "StoreOptionOut":
        """Show what may be chosen."""
        return cls(
            label=option.label,
            default=option.usual,
            choices=option.choices or None,
            min=option.least,
            max=option.most,
        )


class StoreKindOut(Shown):
    """A kind of store. One that is `made` is LISA's to make, with `own`, for one repository."""

    kind: StoreKind
    serverless: bool
    made: bool = Field(description="Else it is the deployment's, or one at an address.")
    options: Mapping[str, StoreOptionOut]

    @classmethod
    def of(cls, available: Available) -> "StoreKindOut":
        """Show a kind."""
        return cls(
            kind=available.kind,
            serverless=available.serverless,
            made=available.made,
            options={name: StoreOptionOut.of(each) for name, each in available.options.items()},
        )


class StoreKindsOut(Shown):
    """The kinds of stores that a new repository can have."""

    kinds: list[StoreKindOut]


@router.get("/repositories/store-kinds")
async def kinds(uses: Uses, caller: Caller) -> StoreKindsOut:
    """List the stores that a new repository can have, and what may be chosen of each."""
    found = uses.repositories.store_kinds(caller)
    return StoreKindsOut(kinds=[StoreKindOut.of(each) for each in found])
