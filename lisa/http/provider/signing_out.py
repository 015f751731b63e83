"""Where browsers are sent to sign out: `/logout`, which asks first unless a page proves itself."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lisa.domain.provider.client import PATH
from lisa.http.provider.answers import for_people, to
from lisa.http.provider.cookies import (
    browser_of,
    forget_session,
    keep_browser,
    refuse_foreign_page,
    session_of,
)
from lisa.http.provider.pages import message_page, page_response, sign_out_page
from lisa.http.provider.parameters import parameters_of
from lisa.http.provider.services import provider_of

PURPOSE: Final = "sign out"
HANDED_ON: Final = ("post_logout_redirect_uri", "state")


@for_people
async def sign_out(request: Request) -> Response:
    """End the sign-in here and what came from it, then go on where the page asked."""
    provider = provider_of(request)
    given = await parameters_of(request)
    goodbye = provider.sign_out.goodbye(given)
    cookie = session_of(request)
    meant = await provider.sign_out.is_meant(given, cookie)
    if not meant and not await _is_confirmed(request, given):
        return _ask(request, given)
    await provider.sign_out.end(cookie)
    page = message_page("You are signed out")
    response = to(goodbye) if goodbye else page_response(page, provider.client.origins)
    forget_session(response)
    return response


async def _is_confirmed(request: Request, given: Mapping[str, str]) -> bool:
    """Tell whether a person has pressed the button of our own page."""
    if "form" not in given or request.method != "POST":
        return False
    refuse_foreign_page(request)
    return await provider_of(request).forms.is_ours(given["form"], PURPOSE, browser_of(request))


def _ask(request: Request, given: Mapping[str, str]) -> Response:
    provider = provider_of(request)
    known = browser_of(request)
    browser = known or provider.forms.new_browser()
    hidden = {name: given[name] for name in HANDED_ON if name in given}
    hidden["form"] = provider.forms.mark(PURPOSE, browser)
    page = sign_out_page(f"{PATH}/logout", hidden)
    response = page_response(page, provider.client.origins)
    if not known:
        keep_browser(request, response, browser)
    return response
