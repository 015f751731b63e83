"""The whole control API in one app: the routes whose use cases it is given."""

from dataclasses import fields, replace
from functools import cache
from typing import Any, cast

from fastapi import APIRouter, FastAPI

from lisa.http.identity.users import router as users
from lisa.http.planes.administration import AUDIT, CONFIGURATION, IDENTITY, USAGE
from lisa.http.planes.chat import PROMPTS, SESSIONS
from lisa.http.planes.knowledge import KNOWLEDGE
from lisa.http.planes.models import MODELS
from lisa.http.planes.tools import TOOL_SERVERS
from lisa.http.services import Services
from lisa.http.serving import serve


def create_app(services: Services, *, root_path: str = "") -> FastAPI:
    """Build the app; it describes every route there is, also those it doesn't serve."""
    return serve(services, routers_of(services), root_path=root_path, description=description)


def routers_of(services: Services) -> list[APIRouter]:
    """Return the routes of every noun that is served."""
    nouns: list[tuple[object, tuple[APIRouter, ...]]] = [
        (services.sessions, SESSIONS),
        (services.prompts, PROMPTS),
        (services.identity, IDENTITY),
        (services.accounts, (users,)),
        (services.configuration, CONFIGURATION),
        (services.audit, AUDIT),
        (services.models, MODELS),
        (services.tool_servers, TOOL_SERVERS),
        (services.usage, USAGE),
        (services.knowledge, KNOWLEDGE),
    ]
    return [router for given, routers in nouns if given for router in routers]


@cache
def description(accounts: bool) -> dict[str, Any]:  # noqa: FBT001 - one word, and it is cached
    """Describe every route there is, with those of the local profile's accounts or without."""
    nothing = cast("Any", object())
    services = Services(*[nothing] * len(fields(Services)))
    return create_app(services if accounts else replace(services, accounts=None)).openapi()
