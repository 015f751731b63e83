"""The control API: one app, made of the routes whose use cases it is given."""

from dataclasses import fields, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, cast

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lisa.http import errors
from lisa.http.answers import ANY_ROUTE_MAY, DescribedApi
from lisa.http.audit.circumstances import CallCircumstances
from lisa.http.audit.routes import router as audit
from lisa.http.configuration.lisa_routes import router as lisa_configuration
from lisa.http.configuration.preferences import router as preferences
from lisa.http.configuration.routes import router as configurations
from lisa.http.evaluations.routes import router as evaluations
from lisa.http.identity.lisa_tokens import router as lisa_tokens
from lisa.http.identity.routes import router as identity
from lisa.http.identity.tokens import router as tokens
from lisa.http.identity.users import router as users
from lisa.http.knowledge.documents import router as rag_documents
from lisa.http.knowledge.jobs import router as rag_jobs
from lisa.http.knowledge.lisa_collections import router as lisa_collections
from lisa.http.knowledge.lisa_documents import router as lisa_documents
from lisa.http.knowledge.lisa_repositories import router as lisa_repositories
from lisa.http.knowledge.pipelines import router as pipelines
from lisa.http.knowledge.repositories import router as repositories
from lisa.http.knowledge.search import router as knowledge_search
from lisa.http.knowledge.store_kinds import router as store_kinds
from lisa.http.limits import BodyLimit
from lisa.http.log import RequestLog
from lisa.http.models.looking import router as model_looks
from lisa.http.models.metadata import router as model_metadata
from lisa.http.models.routes import router as models
from lisa.http.models.schedules import router as model_schedules
from lisa.http.policy.routes import router as policy
from lisa.http.projects.lisa_routes import router as lisa_projects
from lisa.http.projects.routes import router as projects
from lisa.http.prompts.lisa_routes import router as lisa_prompts
from lisa.http.prompts.routes import router as prompts
from lisa.http.services import Caller, Given, Services
from lisa.http.sessions.file_routes import router as files
from lisa.http.sessions.lisa_routes import router as lisa_sessions
from lisa.http.sessions.routes import router as sessions
from lisa.http.sessions.transfer_routes import router as transfers
from lisa.http.tool_servers.lisa_routes import router as lisa_tool_servers
from lisa.http.tool_servers.routes import router as tool_servers
from lisa.http.usage.lisa_routes import router as lisa_usage
from lisa.http.usage.routes import router as usage

SECURITY_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
}
KNOWLEDGE: Final = [
    store_kinds,  # before the next, whose paths have ids in this place
    repositories,
    rag_documents,
    rag_jobs,
    pipelines,
    knowledge_search,
    evaluations,
    lisa_collections,
    lisa_repositories,  # before the next: it has paths that would else be documents
    lisa_documents,
]


def create_app(services: Services, *, root_path: str = "") -> FastAPI:
    """Build the app; `root_path` is the stage under which API Gateway serves it."""
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
    for router in routers_of(services):
        app.include_router(router)
    app.add_api_route("/openapi.json", openapi, include_in_schema=False)
    errors.install(app)
    app.add_middleware(CallCircumstances)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog)
    return app


def routers_of(services: Services) -> list[APIRouter]:
    """Return the routes of every noun that is served."""
    nouns: list[tuple[object, list[APIRouter]]] = [
        (services.sessions, [sessions, files, transfers, lisa_sessions, projects, lisa_projects]),
        (services.prompts, [prompts, lisa_prompts]),
        (services.identity, [identity, tokens, lisa_tokens, policy]),
        (services.accounts, [users]),
        (services.configuration, [configurations, lisa_configuration, preferences]),
        (services.audit, [audit]),
        (services.models, [model_metadata, model_schedules, model_looks, models]),
        (services.tool_servers, [tool_servers, lisa_tool_servers]),
        (services.usage, [usage, lisa_usage]),
        (services.knowledge, KNOWLEDGE),
    ]
    return [router for given, routers in nouns if given for router in routers]


async def openapi(given: Given, caller: Caller) -> JSONResponse:
    """Return the description of the whole API, to whoever may call it and at whatever door."""
    del caller
    return JSONResponse(description(accounts=given.accounts is not None))


@cache
def description(*, accounts: bool) -> dict[str, Any]:
    """Describe every route there is, with those of the local profile's accounts or without."""
    nothing = cast("Any", object())
    services = Services(*[nothing] * len(fields(Services)))
    return create_app(services if accounts else replace(services, accounts=None)).openapi()


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
