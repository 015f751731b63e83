"""The configuration, natively: the current version, its change, its history."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from lisa.domain.configuration import Reason, Version
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, Limit
from lisa.http.services import Caller, ConfigurationServices, Given
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/configurations",
    tags=["configuration"],
    route_class=StrictRoute,
    responses=may_answer(400, 409),
)


class ConfigurationChange(BaseModel):
    """The whole document as it shall be; `version` is the one it is based on."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=0, le=10**9)]
    configuration: dict[str, JsonValue]
    reason: Reason = ""


class VersionOut(BaseModel):
    """One version; version 0 is what nobody changed yet. Others than administrators don't see
    who changed it and why.
    """

    version: int
    configuration: dict[str, JsonValue]
    changed: datetime | None
    changed_by: str
    reason: str

    @classmethod
    def of(cls, version: Version) -> "VersionOut":
        """Show a version."""
        return cls(
            version=version.number,
            configuration=version.configuration.wire(),
            changed=version.changed,
            changed_by=version.changed_by,
            reason=version.reason,
        )


class VersionPage(BaseModel):
    """Versions, newest first."""

    items: list[VersionOut]
    next_cursor: str


def configuration_services(given: Given) -> ConfigurationServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.configuration is None:
        raise LookupError("this app was not given a configuration")
    return given.configuration


Uses = Annotated[ConfigurationServices, Depends(configuration_services)]


@router.get("/current")
async def current(uses: Uses, caller: Caller) -> VersionOut:
    """Return the configuration as it is now."""
    return VersionOut.of(await uses.configurations.current(caller))


@router.put("/current")
async def change(uses: Uses, caller: Caller, wanted: ConfigurationChange) -> VersionOut:
    """Change it, if it is still at the version the change is based on."""
    changed = await uses.configurations.change(
        caller,
        version=wanted.version,
        document=wanted.configuration,
        reason=wanted.reason,
    )
    return VersionOut.of(changed)


@router.get("/history")
async def history(
    uses: Uses,
    caller: Caller,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> VersionPage:
    """List who changed what, when and why."""
    versions, go_on = await uses.configurations.history(caller, limit=limit, cursor=cursor)
    return VersionPage(items=[VersionOut.of(each) for each in versions], next_cursor=go_on)
