"""Providers' keys that come with a model: kept where secrets are, by reference in the model."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lisa.domain.errors import Conflict, Invalid, LisaError
from lisa.domain.model import Model
from lisa.ports.ids import Ids
from lisa.ports.secrets import SecretStore
from lisa.stores.models import ModelStore


@dataclass(frozen=True)
class ModelKeys:
    """Keeps keys as long as a model needs them."""

    store: ModelStore
    vault: SecretStore
    ids: Ids

    @asynccontextmanager
    async def kept_with(self, model: Model, keys: Mapping[str, str]) -> AsyncIterator[Model]:
        """Give the model's upstreams their keys, and take them back if it can't be saved.

        Where nobody knows whether it was saved they stay: a key too many does no harm.
        """
        whole, references = await self._put(model, keys)
        try:
            yield whole
        except (Conflict, Invalid):
            await self._remove(references)
            raise

    @asynccontextmanager
    async def lent_to(self, model: Model, keys: Mapping[str, str]) -> AsyncIterator[Model]:
        """Give the model's upstreams their keys, for now."""
        whole, references = await self._put(model, keys)
        try:
            yield whole
        finally:
            await asyncio.shield(self._remove(references))

    async def forget_unused(self, former: Model) -> None:
        """Remove the keys of a former state of a model which no model has now."""
        if references := _references(former):
            used = [_references(model) for model in await self.store.catalogue()]
            await self._remove(references.difference(*used))

    async def _put(self, model: Model, keys: Mapping[str, str]) -> tuple[Model, set[str]]:
        if unknown := keys.keys() - {upstream.id for upstream in model.upstreams}:
            raise Invalid(f"there is a key for {', '.join(sorted(unknown))}, but no such upstream")
        references: dict[str, str] = {}
        try:
            for upstream_id, key in keys.items():
                references[upstream_id] = await self.vault.put(self.ids.new("model-key"), key)
        except LisaError:
            await self._remove({*references.values()})
            raise
        upstreams = tuple(
            each.model_copy(update={"key": references.get(each.id, each.key)})
            for each in model.upstreams
        )
        return model.model_copy(update={"upstreams": upstreams}), {*references.values()}

    async def _remove(self, references: set[str]) -> None:
        for reference in references:
            await self.vault.remove(reference)


def _references(model: Model) -> set[str]:
    return {upstream.key for upstream in model.upstreams if upstream.key}
