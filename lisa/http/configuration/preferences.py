"""Preferences as LISA's clients keep them: `/user-preferences`, always the caller's own."""

from fastapi import APIRouter
from pydantic import BaseModel, JsonValue

from lisa.http.answers import may_answer
from lisa.http.configuration.routes import Uses
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/user-preferences",
    tags=["preferences, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400),
)


class PreferencesChange(BaseModel):
    """What to keep; a `user` beside it is ignored."""

    preferences: dict[str, JsonValue]


class PreferencesOut(PreferencesChange):
    """What is kept, and whose it is."""

    user: str


@router.get("")
async def get(uses: Uses, caller: Caller) -> PreferencesOut | None:
    """Return your preferences, or null."""
    kept = await uses.preferences.get(caller)
    return None if kept is None else PreferencesOut(user=caller.subject, preferences=kept)


@router.put("")
async def put(uses: Uses, caller: Caller, wanted: PreferencesChange) -> PreferencesOut:
    """Keep these preferences in place of the former ones; at most 32 KB."""
    await uses.preferences.put(caller, wanted.preferences)
    return PreferencesOut(user=caller.subject, preferences=wanted.preferences)
