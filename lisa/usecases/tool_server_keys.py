"""The credentials of tool servers: kept where secrets are, by reference in the server."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lisa.domain.errors import Conflict, Invalid, LisaError
from lisa.domain.tool_server import ToolServer
from lisa.ports.ids import Ids
from lisa.ports.secrets import SecretStore
from lisa.stores.tool_servers import ToolServerStore


@dataclass(frozen=True)
class ToolServerKeys:
    """Keeps credentials as long as their server needs them; no two servers share one."""

    store: ToolServerStore
    vault: SecretStore
    ids: Ids

    @asynccontextmanager
    async def kept_with(
        self, server: ToolServer, secrets: Mapping[str, str]
    ) -> AsyncIterator[ToolServer]:
        """Give the server its credentials, and take them back if it can't be saved.

        Where nobody knows whether it was saved they stay: one too many does no harm.
        """
        references = await self._put(secrets)
        credentials = {**server.credentials, **references}
        try:
            yield server.model_copy(update={"credentials": credentials})
        except (Conflict, Invalid):
            await self._remove({*references.values()})
            raise

    async def forget_unused(self, former: ToolServer) -> None:
        """Remove the credentials of a former state of a server which it hasn't any more."""
        now = await self.store.by_id(former.id)
        used = {*now.credentials.values()} if now else set()
        await self._remove({*former.credentials.values()} - used)

    async def _put(self, secrets: Mapping[str, str]) -> dict[str, str]:
        references: dict[str, str] = {}
        try:
            for header, value in secrets.items():
                references[header] = await self.vault.put(self.ids.new("tool-key"), value)
        except LisaError:
            await self._remove({*references.values()})
            raise
        return references

    async def _remove(self, references: set[str]) -> None:
        for reference in references:
            await self.vault.remove(reference)
