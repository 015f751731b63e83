"""Signing in by a one-time link, and who one is."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lisa.http.services import Caller, Given, IdentityServices, may_make_own_tokens
from lisa.http.strict_json import StrictRoute
from lisa.usecases.authenticate import COOKIE_NAME
from lisa.usecases.sign_in import COOKIE_LIFE

router = APIRouter(tags=["identity"], route_class=StrictRoute)


class Me(BaseModel):
    """Who is calling, and what they may do."""

    subject: str
    groups: list[str]
    admin: bool
    rag_admin: bool
    may_make_tokens: bool
    scopes: list[str]


class CodeOut(BaseModel):
    """A code that signs a browser in, once."""

    code: str
    expires: datetime


class SignInRequest(BaseModel):
    """The code from the link's fragment."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=200)]


def identity_services(given: Given) -> IdentityServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.identity is None:
        raise LookupError("this app was not given identity")
    return given.identity


Uses = Annotated[IdentityServices, Depends(identity_services)]
IF_SWITCHED_ON: Final = [Depends(may_make_own_tokens)]


@router.get("/me")
async def me(caller: Caller) -> Me:
    """Tell who you are."""
    lists = {"groups": sorted(caller.groups), "scopes": sorted(caller.scopes)}
    return Me.model_validate(caller.model_dump() | lists)


@router.post("/sign-in/codes", status_code=201)
async def new_code(uses: Uses, caller: Caller) -> CodeOut:
    """Make a code for a one-time sign-in link; for administrators."""
    code, expires = await uses.sign_in.new_code(caller)
    return CodeOut(code=code, expires=expires)


@router.post("/sign-in", status_code=204)
async def sign_in(uses: Uses, response: Response, wanted: SignInRequest) -> None:
    """Exchange the link's code for a cookie."""
    cookie = await uses.sign_in.redeem(wanted.code)
    response.set_cookie(
        COOKIE_NAME,
        cookie,
        max_age=int(COOKIE_LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        path="/",
    )


@router.post("/sign-out", status_code=204)
async def sign_out(uses: Uses, request: Request, response: Response, caller: Caller) -> None:
    """Forget the cookie, here and in the browser."""
    del caller  # asked for, so that only our own page can sign a browser out
    await uses.sign_in.sign_out(request.cookies.get(COOKIE_NAME, ""))
    response.delete_cookie(COOKIE_NAME, path="/")
