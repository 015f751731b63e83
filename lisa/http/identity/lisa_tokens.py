"""Tokens as existing LISA clients know them: `/api-tokens`, success always 200.

Other than there, a person may have several, a failure is a true 4xx or 5xx, and a list that goes on
says so in `Link`.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from lisa.domain.identity import Principal, Token, TokenKind
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.http.answers import may_answer
from lisa.http.identity.routes import IF_SWITCHED_ON, Uses
from lisa.http.identity.schemas import Groups, Text
from lisa.http.paging import Cursor, next_page
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute
from lisa.usecases.tokens import Issued, Wanted

router = APIRouter(
    prefix="/api-tokens",
    tags=["tokens, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
)

LIFE: Final = timedelta(days=90)
LAST_SECOND: Final = 2**33
Username: TypeAlias = Annotated[Text, Path(description="Whom the token is for.")]


class OwnToken(BaseModel):
    """A token for the caller; other keys are ignored."""

    model_config = ConfigDict(alias_generator=to_camel)

    name: Text
    token_expiration: Annotated[int, Field(ge=0, le=LAST_SECOND)] | None = None

    def expires(self, now: datetime) -> datetime:
        """Return the asked time, else the one in 90 days."""
        asked = self.token_expiration
        return now + LIFE if asked is None else datetime.fromtimestamp(asked, UTC)


class TokenFor(OwnToken):
    """A token for somebody, or for a program."""

    groups: Groups = frozenset()
    is_system_token: bool = False


@router.post("/{username}")
async def issue_for(
    uses: Uses, caller: Caller, username: Username, wanted: TokenFor
) -> dict[str, JsonValue]:
    """Make a token for anybody; for administrators."""
    require(caller, Verb.CREATE, Thing(Kind.TOKEN))
    is_own = username == caller.subject and not wanted.is_system_token
    asked = Wanted(
        name=wanted.name,
        owner=username,
        kind=TokenKind.SERVICE if wanted.is_system_token else TokenKind.USER,
        groups=None if is_own else wanted.groups,
        expires=wanted.expires(uses.tokens.clock.now()),
    )
    return _issued(await uses.tokens.issue(caller, asked))


@router.post("", dependencies=IF_SWITCHED_ON)
async def issue(uses: Uses, caller: Caller, wanted: OwnToken) -> dict[str, JsonValue]:
    """Make a token for yourself, with your groups and roles."""
    return _issued(await uses.tokens.issue(caller, _own(caller, wanted, uses.tokens.clock.now())))


@router.get("")
async def page(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    cursor: Cursor = "",
) -> dict[str, JsonValue]:
    """List tokens: an administrator sees all, others their own."""
    tokens, go_on = await uses.tokens.page(caller, limit=limit, cursor=cursor)
    if go_on:
        response.headers["link"] = next_page(request, limit=str(limit), cursor=go_on)
    now = uses.tokens.clock.now()
    return {"tokens": [_info(token, now) for token in tokens]}


@router.get("/{token_uuid}")
async def get(uses: Uses, caller: Caller, token_uuid: str) -> dict[str, JsonValue]:
    """Return one token."""
    return _info(await uses.tokens.get(caller, token_uuid), uses.tokens.clock.now())


@router.delete("/{token_uuid}")
async def revoke(uses: Uses, caller: Caller, token_uuid: str) -> dict[str, str]:
    """Revoke a token: within a second its use is refused."""
    await uses.tokens.revoke(caller, token_uuid)
    return {"message": "Token deleted successfully", "tokenUUID": token_uuid}


def _own(caller: Principal, wanted: OwnToken, now: datetime) -> Wanted:
    return Wanted(
        name=wanted.name,
        kind=TokenKind.USER,
        admin=caller.admin,
        rag_admin=caller.rag_admin,
        expires=wanted.expires(now),
    )


def _issued(issued: Issued) -> dict[str, JsonValue]:
    return {"token": issued.secret, **_said(issued.token)}


def _info(token: Token, now: datetime) -> dict[str, JsonValue]:
    return {
        **_said(token),
        "createdBy": token.created_by,
        "isExpired": token.is_expired(now),
        "isLegacy": False,
    }


def _said(token: Token) -> dict[str, JsonValue]:
    return {
        "tokenUUID": token.id,
        "tokenExpiration": int(token.expires.timestamp()) if token.expires else None,
        "createdDate": int(token.created.timestamp()),
        "username": token.owner,
        "name": token.name,
        "groups": [*sorted(token.groups)],
        "isSystemToken": token.kind is TokenKind.SERVICE,
    }
