"""What an app can be given to serve, and how routes get at it and at their caller."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from lisa.domain.identity import Principal
from lisa.usecases.authenticate import Authenticate
from lisa.usecases.files import Files
from lisa.usecases.history import History
from lisa.usecases.identity import SignIn, TokenUses
from lisa.usecases.sessions import Sessions


@dataclass(frozen=True)
class SessionServices:
    """What the routes of sessions call."""

    sessions: Sessions
    history: History
    files: Files


@dataclass(frozen=True)
class IdentityServices:
    """What the routes of tokens and sign-in call."""

    tokens: TokenUses
    sign_in: SignIn


@dataclass(frozen=True)
class Services:
    """Everything one app serves; a door that lacks a noun has no routes for it."""

    authenticate: Authenticate
    sessions: SessionServices | None = None
    identity: IdentityServices | None = None


def services_of(request: Request) -> Services:
    """Return what this app was given."""
    return cast("Services", request.app.state.services)


async def caller_of(request: Request) -> Principal:
    """Authenticate the caller; every route but signing in asks for this."""
    caller = await services_of(request).authenticate(request.method, request.headers)
    request.scope.setdefault("state", {})["caller"] = caller.subject
    return caller


Caller = Annotated[Principal, Depends(caller_of)]
Given = Annotated[Services, Depends(services_of)]
