"""What serves routes: an app with the middleware, headers and errors that all of them share."""

from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lisa.http import errors
from lisa.http.answers import ANY_ROUTE_MAY, DescribedApi
from lisa.http.audit.circumstances import CallCircumstances
from lisa.http.limits import BodyLimit
from lisa.http.log import RequestLog
from lisa.http.services import Caller, Given, Services

Description = Callable[[bool], dict[str, Any]]
SECURITY_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
}


def serve(
    services: Services,
    routers: Iterable[APIRouter],
    *,
    root_path: str = "",
    description: Description | None = None,
) -> DescribedApi:
    """Build the app; `root_path` is the stage under which API Gateway serves it.

    A door names its own routers: to import those of others would make its function start slower.
    `description` tells of the whole API, with routes of the local profile's accounts or without.
    """
    app = DescribedApi(
        title="LISA",
        version=product_version(),
        root_path=root_path,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        responses=ANY_ROUTE_MAY,
    )
    app.state.services = services
    for router in routers:
        app.include_router(router)
    if description:
        app.include_router(describing(description))
    errors.install(app)
    app.add_middleware(CallCircumstances)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog)
    return app


def describing(description: Description) -> APIRouter:
    """Return the route that describes the API."""
    router = APIRouter()

    @router.get("/openapi.json", include_in_schema=False)
    async def openapi(given: Given, caller: Caller) -> JSONResponse:
        """Return the description of the whole API, to whoever may call it."""
        del caller
        return JSONResponse(description(given.accounts is not None))

    return router


def product_version() -> str:
    """Return the version of this LISA."""
    try:
        return version("lisa")
    except PackageNotFoundError:  # a Lambda's bundle has no package data
        return "0"


class SecurityHeaders:
    """Adds what every answer of the API bears."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sent)
