"""Every route of the control API as every kind of caller, against what is declared in `rights`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, _IncludedRouter
from starlette.routing import BaseRoute

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.domain.identity import Principal, TokenKind
from lisa.http.app import create_app
from lisa.http.services import Services
from lisa.usecases.tokens import TokenUses, Wanted
from tests.api.conftest import ORIGIN, model_ports, tool_ports
from tests.api.knowledge import knowledge_ports
from tests.api.rights import (
    CALLERS,
    EMBEDDER,
    EXPECTED,
    GOLDEN,
    HOSTED,
    ITS_ID,
    KNOWN,
    OF_COLLECTION,
    PIXEL,
    PUBLIC,
    REPOSITORY,
    RUN,
    TOOL_SERVER,
)
from tests.api.staging import staged
from tests.passwords import PASSWORDS
from tests.zips import SAID, export_of

MARK = "alices-own-words"
IN_BODIES = ("document_id", "set_id")  # as `{document_id}`: alice's
ROOT = Principal(subject="root", admin=True)
PEOPLE = {
    "owner": Wanted(name="alice", groups=frozenset({"research"})),
    "other": Wanted(name="bob"),
    "member": Wanted(name="carol", groups=frozenset({"research"})),
    "admin": Wanted(name="adam", admin=True),
    "expired": Wanted(name="alice"),
    "revoked": Wanted(name="alice"),
    "disabled": Wanted(name="alice", admin=True),
    "scoped": Wanted(name="alice", admin=True, scopes=frozenset({"inference", "model:m"})),
}
ZOE = {"name": "zoe", "password": "four words at random"}
RAG_ADMIN = Wanted(name="rita", owner="rita", kind=TokenKind.SERVICE, rag_admin=True)


@dataclass
class World:
    """A LISA with a session and a token of alice's, and a credential for each caller."""

    app: FastAPI
    credentials: dict[str, str]
    names: dict[str, str]

    async def ask(
        self, caller: str, route: str, body: object = None, query: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send the request of that route about alice's objects."""
        method, _, template = route.partition(" ")
        names = self.names | (EXPECTED[route].about if route in EXPECTED else {})
        path = template.replace(":path", "").format(**names)
        headers = {}
        if caller in self.credentials:
            headers = {"authorization": f"Bearer {self.credentials[caller]}"}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            text = json.dumps(body)
            for each in IN_BODIES:
                text = text.replace(f"{{{each}}}", names.get(each, ""))
            said = json.loads(text)
            return await client.request(method, path, headers=headers, json=said, params=query)


async def built(app: FastAPI) -> World:
    """Build a world under this app, in place of the former one."""
    clock = ManualClock()
    services = served_on(clock)
    app.state.services = services
    world = World(app, {}, {})
    world.credentials |= await credentials(tokens_of(services), clock)
    session = await world.ask("owner", "POST /sessions", {"id": "s1", "name": MARK})
    assert session.status_code == 201
    token = (await world.ask("owner", "POST /tokens", {"name": MARK})).json()
    world.names |= {"session_id": "s1", "token_id": token["id"]}
    image = await world.ask("owner", "PUT /session/{session_id}/attachImage", {"message": PIXEL})
    world.names["file_id"] = image.json()["body"]["image_url"]["s3_key"].rpartition("/")[2]
    world.names["upload_id"] = await uploaded(world, services)
    said = {"id": "i1", "role": "user", "parts": []}
    await world.ask("owner", "POST /sessions/{session_id}/items", {"items": [said]})
    world.names["item_id"] = "i1"
    model = {"modelId": "m1", "allowedGroups": ["research"]}
    model |= {"modelName": "m", "modelUrl": "http://127.0.0.1:9/v1"}
    assert (await world.ask("admin", "POST /models", model)).status_code == 200
    assert (await world.ask("admin", "POST /models", HOSTED)).status_code == 200
    await world.ask("admin", "POST /users", ZOE)
    prompt = {"title": "for research", "type": "persona", "body": "b", "groups": ["research"]}
    made = (await world.ask("owner", "POST /prompts", prompt)).json()
    project = (await world.ask("owner", "POST /projects", {"name": MARK})).json()
    server = (await world.ask("owner", "POST /tool-servers", TOOL_SERVER)).json()
    shared = TOOL_SERVER | {"groups": ["research"]}
    await world.ask("admin", f"PUT /tool-servers/{server['id']}", shared)
    world.names |= {"server_id": server["id"]}
    world.names |= {"prompt_id": made["id"], "template_id": made["id"], "project_id": project["id"]}
    world.names |= {
        "name": "zoe",
        "token_uuid": token["id"],
        "username": "alice",
        "scope": "global",
        "model_id": "m1",
        "replica": "scripted-1",
    }
    await know(world, services)
    return world


async def know(world: World, services: Services) -> None:
    """Make a repository for research, with a document of alice's that is to be read."""
    assert (await world.ask("admin", "POST /models", EMBEDDER)).status_code == 200
    made = await world.ask("admin", "POST /repositories", REPOSITORY)
    assert made.status_code == 201, made.text
    world.names |= {"repository_id": "papers", "collection_id": "default", "pipeline_id": "p"}
    world.names["knowledge_base_id"] = "KB"
    upload = {"name": "shared.txt", "size": 1}
    link = (await world.ask("owner", f"POST {OF_COLLECTION}/uploads", upload)).json()
    world.names["document_id"] = link["documentId"]
    assert services.sessions
    key = link["url"].removeprefix("memory:").partition("?")[0]
    await services.sessions.files.blobs.put(key, b"x", "text/plain")
    begun = await world.ask("owner", f"POST {OF_COLLECTION}/documents", ITS_ID)
    world.names["job_id"] = begun.json()["job"]["jobId"]
    golden = (await world.ask("owner", "POST /evaluations/sets", GOLDEN)).json()
    world.names["set_id"] = golden["setId"]
    run = (await world.ask("owner", "POST /evaluations/runs", RUN)).json()
    world.names |= {"run_id": run["runId"], "other_id": run["runId"]}


async def uploaded(world: World, services: Services) -> str:
    """Put a zip where it waits to be imported; returns its id."""
    assert services.sessions
    link = (await world.ask("owner", "POST /sessions/import/archives", {"size": 1})).json()
    key = link["url"].removeprefix("memory:").partition("?")[0]
    await services.sessions.files.blobs.put(key, export_of([SAID]), "application/zip")
    return str(link["upload_id"])


def served_on(clock: ManualClock) -> Services:
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), MemoryBlobs())
    models = staged(ports, model_ports()).ports
    return assemble(
        ports,
        passwords=PASSWORDS,
        models=models,
        tools=tool_ports(),
        knowledge=knowledge_ports(),
    )


async def credentials(tokens: TokenUses, clock: ManualClock) -> dict[str, str]:
    """Make a token for each caller, and let those end that shall have ended."""
    soon = clock.now() + timedelta(seconds=60)
    made = {}
    for caller, wanted in PEOPLE.items():
        whole = replace(wanted, owner=wanted.name, kind=TokenKind.USER)
        ending = replace(whole, expires=soon) if caller == "expired" else whole
        made[caller] = await tokens.issue(ROOT, ending)
    made["rag-admin"] = await tokens.issue(ROOT, RAG_ADMIN)
    await tokens.revoke(ROOT, made["revoked"].token.id)
    await tokens.change(ROOT, made["disabled"].token.id, disabled=True)
    clock.advance(60)
    return {caller: issued.secret for caller, issued in made.items()}


def tokens_of(services: Services) -> TokenUses:
    assert services.identity
    return services.identity.tokens


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(served_on(ManualClock()))


def every_route(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[str]:
    """Name every route; one of a sort we don't know is named too, and so has no expectation."""
    for route in routes:
        if isinstance(route, _IncludedRouter):
            inner = route.include_context.prefix
            yield from every_route(route.original_router.routes, prefix + inner)
        elif isinstance(route, APIRoute):
            yield from (f"{method} {prefix}{route.path}" for method in route.methods or ["?"])
        else:
            yield repr(route)


def test_every_route_has_an_expectation_and_every_expectation_a_route(app: FastAPI) -> None:
    assert sorted(every_route(app.routes)) == sorted(EXPECTED)


def test_every_expectation_names_every_caller_and_only_signing_in_is_public() -> None:
    assert {frozenset(each.statuses) for each in EXPECTED.values()} == {frozenset(CALLERS)}
    strangers = {"anonymous", "expired", "revoked", "disabled"}
    for route in EXPECTED.keys() - PUBLIC:
        assert {EXPECTED[route].statuses[caller] for caller in strangers} == {401}, route


@pytest.mark.parametrize("route", EXPECTED)
async def test_a_route_answers_each_caller_as_declared_and_leaks_nothing(
    route: str, app: FastAPI
) -> None:
    """A new world follows whoever may have changed one: a refusal or a look must not have."""
    expected = EXPECTED[route]
    got = {}
    world = await built(app)
    for caller in CALLERS:
        answer = await world.ask(caller, route, expected.body, expected.query)
        got[caller] = answer.status_code
        if caller != "owner":
            sees_tokens = caller == "admin" and ("tokens" in route or "audit" in route)
            assert sees_tokens or MARK not in answer.text, (caller, answer.text)
            await alices_things_are_as_before(world, tokens_may_differ=sees_tokens)
        if answer.is_success and not route.startswith("GET "):
            world = await built(app)
    assert got == expected.statuses


async def alices_things_are_as_before(world: World, *, tokens_may_differ: bool) -> None:
    session = await world.ask("owner", "GET /sessions/{session_id}")
    assert session.json()["name"] == MARK
    assert session.json()["item_count"] == 1
    token = await world.ask("owner", "GET /tokens/{token_id}")
    assert tokens_may_differ or token.json()["disabled"] is False


async def test_no_way_of_writing_a_path_lets_a_stranger_in(app: FastAPI) -> None:
    world = await built(app)
    for path in (
        "//tokens",
        "/tokens/",
        "/TOKENS",
        "/./tokens",
        "/%74okens",
        "/tokens;a",
        "/me/..",
    ):
        answer = await world.ask("anonymous", f"GET {path}")
        assert answer.status_code in {401, 404}, path


async def test_a_second_credential_beside_a_refused_one_does_not_count(app: FastAPI) -> None:
    world = await built(app)
    transport = httpx.ASGITransport(app)
    headers = {"authorization": world.credentials["revoked"], "x-api-key": "lisa_"}
    headers["api-key"] = world.credentials["admin"]
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
        assert (await client.get("/me")).status_code == 401


@pytest.mark.parametrize("caller", sorted(KNOWN))
async def test_a_header_that_claims_a_name_or_role_changes_nothing(
    caller: str, app: FastAPI
) -> None:
    world = await built(app)
    claims = {"x-user": "alice", "x-forwarded-user": "alice", "x-admin": "true", "x-groups": "a"}
    claims["authorization"] = world.credentials[caller]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=claims) as client:
        me = (await client.get("/me")).json()
    assert me == (await world.ask(caller, "GET /me")).json()
