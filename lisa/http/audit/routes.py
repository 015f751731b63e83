"""The audit: searched in pages, and downloaded; for administrators."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator, BaseModel

from lisa.domain.audit import Entry
from lisa.domain.errors import Invalid
from lisa.domain.identity import SUBJECT_PATTERN
from lisa.http.answers import may_answer
from lisa.http.audit import export
from lisa.http.paging import next_page
from lisa.http.services import AuditServices, Caller, Given
from lisa.http.strict_json import StrictRoute
from lisa.stores.audit import Search

router = APIRouter(
    prefix="/audit", tags=["audit"], route_class=StrictRoute, responses=may_answer(400)
)

EXPORTED_AT_ONCE: Final = 1000


class AuditPage(BaseModel):
    """Entries, newest first."""

    items: list[Entry]
    next_cursor: str


def audit_services(given: Given) -> AuditServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.audit is None:
        raise LookupError("this app was not given an audit")
    return given.audit


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise Invalid("this time is outside the calendar", code="bad_time") from error


Moment = Annotated[datetime, AfterValidator(_in_utc)]


def searched(
    cursor: Annotated[str, Query(max_length=200)] = "",
    actor: Annotated[str, Query(pattern=f"^$|{SUBJECT_PATTERN}")] = "",
    kind: Annotated[str, Query(max_length=64)] = "",
    verb: Annotated[str, Query(max_length=64)] = "",
    since: Moment | None = None,
    until: Moment | None = None,
) -> Search:
    """Read what is wanted: `since` belongs to it, `until` doesn't."""
    return Search(cursor=cursor, actor=actor, kind=kind, verb=verb, since=since, until=until)


Uses = Annotated[AuditServices, Depends(audit_services)]
Wanted = Annotated[Search, Depends(searched)]


@router.get("")
async def page(
    uses: Uses, caller: Caller, wanted: Wanted, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> AuditPage:
    """Search the audit. A page may hold fewer entries than asked for and still go on."""
    entries, go_on = await uses.audit.page(caller, replace(wanted, limit=limit))
    return AuditPage(items=entries, next_cursor=go_on)


@router.get(
    "/export",
    response_class=Response,
    responses={200: {"content": {each: {} for each in export.MEDIA_TYPES.values()}}},
)
async def export_page(
    uses: Uses,
    caller: Caller,
    request: Request,
    wanted: Wanted,
    format: Literal["csv", "jsonl"] = "jsonl",  # noqa: A002 - the wire's own word
) -> Response:
    """Download what a search finds; what is over 1000 entries goes on at the `Link`."""
    entries, go_on = await uses.audit.page(caller, replace(wanted, limit=EXPORTED_AT_ONCE))
    response = export.answer(entries, format, first=not wanted.cursor)
    if go_on:
        kept = dict(request.query_params) | {"cursor": go_on}
        response.headers["link"] = next_page(request, **kept)
    return response
