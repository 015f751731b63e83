"""Tokens, signing in by a one-time link, and who one is."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lisa.domain.identity import SUBJECT_PATTERN, Token
from lisa.http.services import Caller, Given, IdentityServices
from lisa.http.strict_json import StrictRoute
from lisa.usecases.authenticate import COOKIE_NAME
from lisa.usecases.identity import COOKIE_LIFE

router = APIRouter(tags=["identity"], route_class=StrictRoute)
Text = Annotated[str, Field(pattern=SUBJECT_PATTERN)]


class TokenCreate(BaseModel):
    """A token to make; for a program, give it the program's name."""

    model_config = ConfigDict(extra="forbid")

    name: Text
    admin: bool = False
    groups: Annotated[list[Text], Field(max_length=100)] = Field(default_factory=list)
    expires: datetime | None = None


class TokenOut(BaseModel):
    """A token, without its secret."""

    id: str
    name: str
    owner: str
    groups: list[str]
    admin: bool
    created: datetime
    expires: datetime | None

    @classmethod
    def of(cls, token: Token) -> "TokenOut":
        """Show a token."""
        return cls.model_validate(token.model_dump() | {"groups": sorted(token.groups)})


class TokenIssued(TokenOut):
    """A new token; its secret is shown this once."""

    token: str


class TokenPage(BaseModel):
    """Tokens, newest first."""

    items: list[TokenOut]
    next_cursor: str


class Me(BaseModel):
    """Who is calling."""

    subject: str
    groups: list[str]
    admin: bool


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


@router.get("/me")
async def me(caller: Caller) -> Me:
    """Tell who you are."""
    return Me(subject=caller.subject, groups=sorted(caller.groups), admin=caller.admin)


@router.post("/tokens", status_code=201)
async def issue(uses: Uses, caller: Caller, wanted: TokenCreate) -> TokenIssued:
    """Make a token. Its secret is in this answer and nowhere else."""
    expires = wanted.expires
    issued = await uses.tokens.issue(
        caller,
        name=wanted.name,
        admin=wanted.admin,
        groups=frozenset(wanted.groups),
        expires=expires.replace(tzinfo=expires.tzinfo or UTC) if expires else None,
    )
    shown = TokenOut.of(issued.token).model_dump()
    return TokenIssued(**shown, token=issued.secret)


@router.get("/tokens")
async def tokens(
    uses: Uses,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[str, Query(max_length=4096)] = "",
) -> TokenPage:
    """List tokens: an administrator sees all, others their own."""
    found, go_on = await uses.tokens.page(caller, limit=limit, cursor=cursor)
    return TokenPage(items=[TokenOut.of(token) for token in found], next_cursor=go_on)


@router.delete("/tokens/{token_id}", status_code=204)
async def revoke(uses: Uses, caller: Caller, token_id: str) -> None:
    """Revoke a token: its next use is refused."""
    await uses.tokens.revoke(caller, token_id)


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
