"""The local profile's app: API, file links, UI and health, over Postgres and plain files."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from lisa.adapters.argon2.passwords import Argon2Passwords
from lisa.adapters.ec2.instance_types import SdkInstanceTypes
from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.files.key_files import KeyFiles
from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.probe.prober import HttpProber, LiteLlmService
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.hosting import LocalWaker, lifecycle_of
from lisa.bootstrap.local_addresses import origin_of, own_origins
from lisa.bootstrap.local_gateway import (
    NOTHING_BESIDE,
    LocalUpstreams,
    keep_built_in,
    local_gateway,
)
from lisa.bootstrap.local_hosting import LateRuns, dbos_url, local_hosts
from lisa.bootstrap.local_knowledge import keep_a_repository, local_knowledge
from lisa.bootstrap.local_ports import local_ports, text_of, write_private
from lisa.bootstrap.local_provider import (
    own_client,
    provider_services,
    sign_in_settings,
    trusting,
)
from lisa.bootstrap.model_routes import ModelPorts
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.tool_calls_when_asked import ToolServersWhenAsked
from lisa.bootstrap.tool_routes import ToolPorts
from lisa.declared.entry_points import STAGE
from lisa.declared.home import CLI_TOKEN, KEYS
from lisa.declared.settings import LocalSettings
from lisa.declared.tables import SIGN_INS
from lisa.domain.errors import Unavailable
from lisa.domain.identity import MACHINE_OWNER, Principal, digest
from lisa.domain.provider.client import PATH, OwnClient
from lisa.http.app import create_app
from lisa.http.errors import render
from lisa.http.files import file_app
from lisa.http.provider.app import provider_app
from lisa.http.services import Services
from lisa.http.serving import product_version
from lisa.http.ui import UiFiles
from lisa.ports.secrets import Secrets
from lisa.ports.table import Key
from lisa.ports.workflows import Workflows
from lisa.stores.models import ModelStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.tokens import Wanted

OWNER: Final = Principal(subject=MACHINE_OWNER, admin=True)


def build(
    settings: LocalSettings, conninfo: str, beside: LocalUpstreams = NOTHING_BESIDE
) -> Starlette:
    """Return the app; what it serves is put together when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as undo:
            app.router.routes.extend(await _served(settings, conninfo, beside, undo))
            yield

    return Starlette(lifespan=lifespan)


async def _served(
    settings: LocalSettings, conninfo: str, beside: LocalUpstreams, undo: AsyncExitStack
) -> list[BaseRoute]:
    """Open everything, to be closed by `undo`, and return the routes to it."""
    pool = await undo.enter_async_context(open_pool(conninfo))
    ports, blobs = await local_ports(settings, pool)
    await blobs.clear_leftovers()
    client, passwords = own_client(settings), Argon2Passwords()
    secrets_here = secrets_of(os.environ)
    runs = LateRuns(dbos_url(conninfo))
    documents = local_knowledge(settings, conninfo, ports, secrets_here, runs)
    knowledge = await undo.enter_async_context(documents)
    models = model_ports(settings, ports, secrets_here, beside, runs)
    services = assemble(
        ports,
        own_origins(settings),
        trusting(settings, client),
        passwords=passwords if client else None,
        models=models,
        tools=tool_ports(settings, secrets_here),
        knowledge=knowledge,
    )
    await keep_built_in(ModelStore(ports.tables), beside.built_in)
    await keep_a_repository(ports, beside.built_in)
    waker = LocalWaker(lifecycle_of(ports, models.hosts, runs))
    gateway, routes = await local_gateway(
        settings, ports, services.authenticate, secrets_here, beside, waker, knowledge
    )
    if client:
        provider = await provider_services(client, ports, passwords, settings.home)
        routes.append(Mount(PATH, provider_app(provider)))
    await _renew_cli_token(settings.home / CLI_TOKEN, services, TokenStore(ports.tables))
    await undo.enter_async_context(gateway.running())
    await undo.enter_async_context(runs.loading())
    return [*routes, *_routes(services, ports, blobs, _ui(settings, client))]


def model_ports(
    settings: LocalSettings,
    ports: ContentPorts,
    secrets: Secrets,
    beside: LocalUpstreams,
    runs: Workflows,
) -> ModelPorts:
    """Choose where keys given to us lie, how upstreams are tried, and who runs models."""
    has_litellm = bool(beside.litellm_url)
    litellm = LiteLlmService(beside.litellm_url, beside.litellm_secret) if has_litellm else None
    prober = HttpProber(secrets, litellm)
    hosts = local_hosts(settings, ports, secrets, prober).of
    return ModelPorts(KeyFiles(settings.home / KEYS), prober, SdkInstanceTypes(), hosts, runs)


def tool_ports(settings: LocalSettings, secrets: Secrets) -> ToolPorts:
    """Choose where tool servers' credentials lie; they may be programs of this machine."""
    return ToolPorts(KeyFiles(settings.home / KEYS), ToolServersWhenAsked(secrets, programs=True))


def _routes(
    services: Services, ports: ContentPorts, blobs: FileBlobs, ui: UiFiles
) -> list[BaseRoute]:
    async def health(request: Request) -> Response:
        del request
        try:
            await ports.tables.get(SIGN_INS, Key("health", "health"))
        except Unavailable as error:
            status, content = render(error)
            return JSONResponse(content, status)
        return JSONResponse({"status": "ok", "version": product_version()})

    return [
        Route("/health", health),
        Mount(f"/{STAGE}", create_app(services)),
        Mount("/files", file_app(blobs, services)),
        Mount("/", ui),
    ]


def _ui(settings: LocalSettings, client: OwnClient | None) -> UiFiles:
    """Return the pages; they may ask the issuer that people sign in with."""
    sign_in = sign_in_settings(settings, client)
    config = {
        "routing": "history",
        "apiBase": f"/{STAGE}",
        "signIn": sign_in,
        "users": client is not None,
        "branding": settings.branding.told(),
    }
    connect_to = [origin_of(str(sign_in["authority"]))] if sign_in else []
    return UiFiles(settings.ui, config, connect_to, settings.branding.logo)


async def _renew_cli_token(path: Path, services: Services, tokens: TokenStore) -> None:
    """Give the token of the last start another secret, so that sign-ins by its links go on."""
    if services.identity is None:
        return
    former = await tokens.by_digest(digest(text_of(path)))
    if former:
        issued = await services.identity.tokens.rotate(OWNER, former.id)
    else:
        wanted = Wanted(name=OWNER.subject, admin=True)
        issued = await services.identity.tokens.issue(OWNER, wanted)
    write_private(path, issued.secret)
