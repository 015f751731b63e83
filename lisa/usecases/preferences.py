"""What each user likes things to be: everybody reads and changes the own preferences."""

from dataclasses import dataclass

from pydantic import JsonValue

from lisa.domain.configuration import accepted_preferences
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.stores.preferences import PreferencesStore


@dataclass(frozen=True)
class Preferences:
    """The use cases of the noun."""

    store: PreferencesStore

    async def get(self, caller: Principal) -> dict[str, JsonValue] | None:
        """Return the caller's preferences, if there are any."""
        require(caller, Verb.READ, Thing(Kind.PREFERENCES, owner=caller.subject))
        return await self.store.get(caller.subject)

    async def put(self, caller: Principal, preferences: dict[str, JsonValue]) -> None:
        """Keep these preferences for the caller."""
        require(caller, Verb.CHANGE, Thing(Kind.PREFERENCES, owner=caller.subject))
        await self.store.put(caller.subject, accepted_preferences(preferences))
