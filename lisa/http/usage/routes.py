"""Usage: summed up by hour or day, listed call by call, downloaded."""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from lisa.domain.errors import Invalid
from lisa.domain.identity import SUBJECT_PATTERN
from lisa.http.answers import may_answer
from lisa.http.audit.export import MEDIA_TYPES
from lisa.http.paging import next_page
from lisa.http.services import Caller, Given, UsageServices
from lisa.http.strict_json import StrictRoute
from lisa.http.usage import export
from lisa.http.usage.schemas import CallOut, CallPage, Moment, UsagePage, usage_page
from lisa.stores.usage.records import CallSearch
from lisa.usecases.usage import By, SumsWanted

router = APIRouter(
    prefix="/usage", tags=["usage"], route_class=StrictRoute, responses=may_answer(400)
)

EXPORTED_AT_ONCE: Final = 1000
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
Name = Annotated[str, Query(max_length=200)]
Subject = Annotated[str, Query(pattern=f"^$|{SUBJECT_PATTERN}")]
Since = Annotated[Moment | None, Query(alias="from")]
Until = Annotated[Moment | None, Query(alias="to")]


def usage_services(given: Given) -> UsageServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.usage is None:
        raise LookupError("this app was not given usage")
    return given.usage


Uses = Annotated[UsageServices, Depends(usage_services)]


def wanted_sums(  # noqa: PLR0913 - one for each parameter of the query
    since: Since = None,
    until: Until = None,
    by: By = "model",
    bucket: Literal["hour", "day"] = "day",
    subject: Subject = "",
    model: Name = "",
    token: Name = "",
    *,
    whole: bool = False,
) -> SumsWanted:
    """Read what is wanted: `from` belongs to it, `to` doesn't."""
    return SumsWanted(bucket, since, until, by, subject, model, token, whole)


class CallsWanted:
    """What is wanted of the list of calls."""

    def __init__(
        self,
        since: Since = None,
        until: Until = None,
        subject: Subject = "",
        model: Name = "",
        token: Name = "",
        cursor: Annotated[str, Query(max_length=400)] = "",
    ) -> None:
        """Read it: `from` belongs to it, `to` doesn't."""
        self.since, self.until = since, until
        self.subject, self.model, self.token, self.cursor = subject, model, token, cursor

    def search(self, limit: int) -> CallSearch:
        """Return the search for so many calls; its times are filled in by the use case."""
        return CallSearch(
            since=self.since or LONG_AGO,
            until=self.until or LONG_AGO,
            subject=self.subject,
            model=self.model,
            token=self.token,
            limit=limit,
            cursor=self.cursor,
        )


Sums = Annotated[SumsWanted, Depends(wanted_sums)]
Calls = Annotated[CallsWanted, Depends()]


@router.get("")
async def summary(
    uses: Uses,
    caller: Caller,
    wanted: Sums,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    cursor: Annotated[str, Query(pattern=r"^\d{0,9}$")] = "",
) -> UsagePage:
    """Sum up your usage, or everybody's if you are an administrator, by hour or day.

    With `whole` there is one line for each name, over the whole time.
    """
    found = await uses.usages.summary(caller, wanted)
    start = int(cursor or 0)
    if start > len(found.lines):
        raise Invalid("this cursor is beyond the end", next_step="begin again", code="bad_cursor")
    end = start + limit
    go_on = str(end) if end < len(found.lines) else ""
    return usage_page(found, list(found.lines[start:end]), go_on)


@router.get("/calls")
async def calls(
    uses: Uses,
    caller: Caller,
    wanted: Calls,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> CallPage:
    """List calls, newest first. A page may hold fewer than asked for and still go on."""
    found, go_on = await uses.usages.calls(caller, wanted.search(limit), wanted.since, wanted.until)
    return CallPage(items=[CallOut.of(call) for call in found], next_cursor=go_on)


@router.get(
    "/export",
    response_class=Response,
    responses={200: {"content": {each: {} for each in MEDIA_TYPES.values()}}},
)
async def export_page(
    uses: Uses,
    caller: Caller,
    request: Request,
    wanted: Calls,
    format: Literal["csv", "jsonl"] = "csv",  # noqa: A002 - the wire's own word
) -> Response:
    """Download calls; what is over 1000 of them goes on at the `Link`."""
    search = wanted.search(EXPORTED_AT_ONCE)
    found, go_on = await uses.usages.calls(caller, search, wanted.since, wanted.until)
    rows = [CallOut.of(call) for call in found]
    response = export.answer(rows, format, first=not wanted.cursor)
    if go_on:
        kept = dict(request.query_params) | {"cursor": go_on}
        response.headers["link"] = next_page(request, **kept)
    return response
