"""Preferences: one small document per user."""

import pytest

from lisa.domain.errors import TooLarge
from lisa.stores.preferences import PreferencesStore
from lisa.usecases.preferences import Preferences
from tests.unit.conftest import ALICE, BOB, House


async def test_everybody_keeps_the_own_ones(house: House) -> None:
    preferences = Preferences(PreferencesStore(house.tables))
    assert await preferences.get(ALICE) is None
    await preferences.put(ALICE, {"theme": "dark", "deep": [{"a": None}], "n": 0.5})
    await preferences.put(BOB, {})
    assert await preferences.get(ALICE) == {"theme": "dark", "deep": [{"a": None}], "n": 0.5}
    assert await preferences.get(BOB) == {}


async def test_32_kb_are_kept_and_more_is_refused(house: House) -> None:
    preferences = Preferences(PreferencesStore(house.tables))
    most = {"x": "y" * (32 * 1024 - len('{"x": ""}'))}
    await preferences.put(ALICE, {**most})
    with pytest.raises(TooLarge):
        await preferences.put(ALICE, {"x": most["x"] + "y"})
    assert await preferences.get(ALICE) == most
