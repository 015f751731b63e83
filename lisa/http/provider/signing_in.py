"""Where browsers are sent to sign in: `/authorize`, and the form it shows."""

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lisa.domain.errors import Invalid, LimitReached, Unauthenticated
from lisa.domain.provider.client import PATH
from lisa.domain.provider.requests import Destination, SignInRequest
from lisa.http.provider.answers import for_people, seconds_of, sentence, to
from lisa.http.provider.cookies import (
    browser_of,
    keep_browser,
    keep_session,
    refuse_foreign_page,
    session_of,
)
from lisa.http.provider.pages import page_response, sign_in_page
from lisa.http.provider.parameters import form_of, parameters_of, parsed
from lisa.http.provider.services import provider_of

TOO_OLD: Final = "this page was open for too long, or was sent before: sign in again"


@for_people
async def authorize(request: Request) -> Response:
    """Send the browser back with a code or an error, or ask for name and password."""
    provider = provider_of(request)
    given = await parameters_of(request)
    destination = Destination.of(given, provider.client)
    try:
        wanted = SignInRequest.of(given, destination)
        address = await provider.authorize.decide(wanted, session_of(request))
    except Invalid as error:
        return to(destination.with_error(error))
    return to(address) if address else _ask(request, wanted, wanted.login_hint)


@for_people
async def sign_in(request: Request) -> Response:
    """Take name and password, and send the browser back with a code."""
    provider = provider_of(request)
    refuse_foreign_page(request)
    given = await form_of(request)
    asked = parsed(given.get("request", ""))
    wanted = SignInRequest.of(asked, Destination.of(asked, provider.client))
    name = given.get("name", "")
    if not await provider.forms.is_ours(given.get("form", ""), wanted.text, browser_of(request)):
        return _ask(request, wanted, name, TOO_OLD, HTTPStatus.BAD_REQUEST)
    try:
        signed_in, cookie = await provider.sign_in.sign_in(
            name, given.get("password", ""), request.client.host if request.client else ""
        )
    except Unauthenticated as error:
        return _ask(request, wanted, name, error.message, HTTPStatus.FORBIDDEN)
    except LimitReached as error:
        status = HTTPStatus.TOO_MANY_REQUESTS
        return _ask(request, wanted, name, error.message, status, seconds_of(error))
    response = to(await provider.authorize.grant(wanted, signed_in))
    keep_session(request, response, cookie)
    return response


def _ask(
    request: Request,
    wanted: SignInRequest,
    name: str,
    failure: str = "",
    status: int = HTTPStatus.OK,
    seconds: int = 0,
) -> Response:
    provider = provider_of(request)
    known = browser_of(request)
    browser = known or provider.forms.new_browser()
    hidden = {"request": wanted.text, "form": provider.forms.mark(wanted.text, browser)}
    page = sign_in_page(f"{PATH}/sign-in", hidden, name, sentence(failure) if failure else "")
    response = page_response(page, provider.client.origins, status, seconds)
    if not known:
        keep_browser(request, response, browser)
    return response
