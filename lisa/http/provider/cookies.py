"""The provider's cookies, which only its own routes see, and whether a form comes from our page."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lisa.domain.errors import Forbidden
from lisa.domain.provider.client import PATH
from lisa.domain.provider.grants import SESSION_LIFE
from lisa.http.provider.services import provider_of

SESSION: Final = "lisa_provider"
BROWSER: Final = "lisa_browser"


def session_of(request: Request) -> str:
    """Return the cookie of who is signed in here."""
    return request.cookies.get(SESSION, "")


def browser_of(request: Request) -> str:
    """Return the cookie that ties a form to the browser it was shown to."""
    return request.cookies.get(BROWSER, "")


def keep_session(request: Request, response: Response, cookie: str) -> None:
    """Let the browser stay signed in."""
    _keep(request, response, SESSION, cookie, int(SESSION_LIFE.total_seconds()))


def keep_browser(request: Request, response: Response, cookie: str) -> None:
    """Let the browser be known again until it is closed."""
    _keep(request, response, BROWSER, cookie, None)


def forget_session(response: Response) -> None:
    """Let the browser forget who was signed in."""
    response.delete_cookie(SESSION, path=PATH)


def refuse_foreign_page(request: Request) -> None:
    """Refuse a form that another site, or a page that hides its origin, has sent."""
    if request.headers.get("origin", "") not in provider_of(request).client.origins:
        raise Forbidden(
            "this form may only be sent from LISA's own page",
            next_step="open LISA under the address that `lisa status` prints",
            code="foreign_page",
        )


def _keep(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=provider_of(request).client.issuer.startswith("https://"),
    )
