"""The configuration as existing LISA clients know it: `/configuration`.

Other than there, only an administrator writes, under no name but the own, and a change that is not
based on the current version is a conflict.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, JsonValue

from lisa.domain.configuration import GLOBAL, Reason, Version
from lisa.domain.errors import Invalid
from lisa.http.answers import may_answer
from lisa.http.configuration.routes import Uses
from lisa.http.paging import Cursor, next_page
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/configuration",
    tags=["configuration, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400, 409),
)


class NextVersion(BaseModel):
    """A version as LISA's clients send it, already numbered; other keys are ignored."""

    config_scope: Annotated[str, Field(alias="configScope")] = GLOBAL
    version_id: Annotated[int, Field(alias="versionId", ge=1, le=10**9)]
    configuration: dict[str, JsonValue]
    change_reason: Annotated[Reason, Field(alias="changeReason")] = ""


@router.get("")
async def versions(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    scope: Annotated[str, Query(alias="configScope", max_length=64)] = GLOBAL,
    cursor: Cursor = "",
) -> list[dict[str, JsonValue]]:
    """List versions, newest first: all to administrators, the current one to others."""
    if scope != GLOBAL:
        return []
    if not caller.admin:
        return [_shown(await uses.configurations.current(caller))]
    found, go_on = await uses.configurations.history(caller, limit=100, cursor=cursor)
    if go_on:
        response.headers["link"] = next_page(request, configScope=scope, cursor=go_on)
    return [_shown(version) for version in found or [Version()]]


@router.put("/{scope}")
async def change(uses: Uses, caller: Caller, scope: str, wanted: NextVersion) -> dict[str, str]:
    """Make this the next version."""
    if {scope, wanted.config_scope} != {GLOBAL}:
        raise Invalid(
            f"the only scope of configuration is `{GLOBAL}`",
            next_step=f"send it to /configuration/{GLOBAL}",
            code="bad_scope",
        )
    await uses.configurations.change(
        caller,
        version=wanted.version_id - 1,
        document=wanted.configuration,
        reason=wanted.change_reason,
    )
    return {"status": "ok"}


def _shown(version: Version) -> dict[str, JsonValue]:
    return {
        "configScope": GLOBAL,
        "versionId": version.number,
        "configuration": version.configuration.wire(),
        "changedBy": version.changed_by,
        "changeReason": version.reason,
        "created_at": str(version.changed.timestamp()) if version.changed else "",
    }
