"""What the page's program asks the provider for: its description, keys, tokens, and who it is."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lisa.domain.errors import Invalid, Unauthenticated
from lisa.http.provider.answers import for_programs
from lisa.http.provider.parameters import form_of
from lisa.http.provider.services import provider_of

NO_STORE: Final = {"cache-control": "no-store", "pragma": "no-cache"}


async def discovery(request: Request) -> Response:
    """Describe the provider."""
    return JSONResponse(provider_of(request).client.discovery())


async def jwks(request: Request) -> Response:
    """Publish the key by which our tokens are known."""
    return JSONResponse(provider_of(request).signing.public_keys())


@for_programs
async def token(request: Request) -> Response:
    """Give tokens for a code or a refresh token."""
    given = await form_of(request)
    tokens = provider_of(request).tokens
    grant = given.get("grant_type")
    if grant is None:
        raise Invalid("grant_type is missing", code="invalid_request")
    if grant == "authorization_code":
        return JSONResponse(await tokens.exchange(given), headers=NO_STORE)
    if grant == "refresh_token":
        return JSONResponse(await tokens.refresh(given), headers=NO_STORE)
    raise Invalid(
        "grant_type must be authorization_code or refresh_token", code="unsupported_grant_type"
    )


@for_programs
async def revoke(request: Request) -> Response:
    """End a refresh token and all that followed it."""
    await provider_of(request).tokens.revoke(await form_of(request))
    return Response(headers=NO_STORE)


@for_programs
async def userinfo(request: Request) -> Response:
    """Tell who an access token speaks of."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("this needs an access token", code="invalid_token")
    return JSONResponse(await provider_of(request).tokens.person(token.strip()))
