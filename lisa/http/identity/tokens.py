"""Tokens, natively: made, listed, changed, rotated, revoked."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from lisa.domain.identity import SUBJECT_PATTERN
from lisa.http.answers import may_answer
from lisa.http.identity.routes import IF_SWITCHED_ON, Uses
from lisa.http.identity.schemas import (
    TokenChange,
    TokenCreate,
    TokenIssued,
    TokenOut,
    TokenPage,
    TokenRotate,
)
from lisa.http.paging import Cursor
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/tokens", tags=["tokens"], route_class=StrictRoute, responses=may_answer(400, 404, 409)
)


@router.post("", status_code=201, dependencies=IF_SWITCHED_ON)
async def issue(uses: Uses, caller: Caller, wanted: TokenCreate) -> TokenIssued:
    """Make a token. Its secret is in this answer and nowhere else."""
    return TokenIssued.of_issued(await uses.tokens.issue(caller, wanted.wanted()))


@router.get("")
async def page(
    uses: Uses,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = "",
    owner: Annotated[str, Query(pattern=f"^$|{SUBJECT_PATTERN}")] = "",
) -> TokenPage:
    """List tokens: an administrator sees all, or one owner's; others see their own."""
    found, go_on = await uses.tokens.page(caller, limit=limit, cursor=cursor, owner=owner)
    return TokenPage(items=[TokenOut.of(token) for token in found], next_cursor=go_on)


@router.get("/{token_id}")
async def get(uses: Uses, caller: Caller, token_id: str) -> TokenOut:
    """Return one token."""
    return TokenOut.of(await uses.tokens.get(caller, token_id))


@router.patch("/{token_id}")
async def change(uses: Uses, caller: Caller, token_id: str, wanted: TokenChange) -> TokenOut:
    """Rename a token, or switch it off or on; off, its use is refused within a second."""
    token = await uses.tokens.change(caller, token_id, name=wanted.name, disabled=wanted.disabled)
    return TokenOut.of(token)


@router.post("/{token_id}/rotate", dependencies=IF_SWITCHED_ON)
async def rotate(uses: Uses, caller: Caller, token_id: str, wanted: TokenRotate) -> TokenIssued:
    """Get another secret for a token; the former one works for `overlap_seconds` more."""
    overlap = timedelta(seconds=wanted.overlap_seconds)
    issued = await uses.tokens.rotate(caller, token_id, overlap=overlap, expires=wanted.expires)
    return TokenIssued.of_issued(issued)


@router.delete("/{token_id}", status_code=204)
async def revoke(uses: Uses, caller: Caller, token_id: str) -> None:
    """Revoke a token: within a second its use is refused."""
    await uses.tokens.revoke(caller, token_id)
