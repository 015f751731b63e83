"""The gateway: who calls, what for, and may they? Then the call goes on, or is refused."""

import json
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Protocol

from lisa.domain.errors import Forbidden, Invalid, LisaError, NotFound, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.policy import require_plane
from lisa.domain.scopes import Plane
from lisa.gateway.asgi import BORNE_BY_ALL, RawHeaders, Receive, Scope, Send, header_names
from lisa.gateway.asking import Asked, read_body
from lisa.gateway.bodies import CallerGone, Incoming
from lisa.gateway.calls import Calls, usable
from lisa.gateway.cors import Cors
from lisa.gateway.denials import Denials
from lisa.gateway.errors import body_of, headers_of, status_of
from lisa.gateway.listing import describe, list_models, model_info
from lisa.gateway.reply import Reply
from lisa.gateway.surface import (
    ALIVE,
    INSTANCES,
    MODEL_INFO,
    MODELS,
    ONE_MODEL,
    Body,
    Dialect,
    Endpoint,
    dialect_of,
    find,
)
from lisa.ports.ids import Ids
from lisa.ports.instance_types import InstanceTypes

GIVEN_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
LARGEST_BODY: Final = 32 * 1024 * 1024
NO_ORIGINS: Final = Cors()
log = logging.getLogger("lisa.gateway")


class Authenticator(Protocol):
    """Tells who calls."""

    async def __call__(self, method: str, headers: Mapping[str, str]) -> Principal:
        """Return the caller, or raise `Unauthenticated`."""


class Further(Protocol):
    """Answers more than calls of models."""

    def noun(self, path: str) -> str:
        """Return what a path is about, if it is one of its own."""

    async def answers(
        self, caller: Principal, scope: Scope, incoming: Incoming, reply: Reply
    ) -> bool:
        """Answer, if the path is one of its own; tell whether it is."""


@dataclass(slots=True)
class Request:
    """A request before anything of its body is read."""

    id: str
    request_id: str
    method: str
    path: str
    headers: dict[str, str]
    endpoint: Endpoint | None
    named: str
    dialect: Dialect
    started: float
    route: str = "unmatched"


@dataclass(frozen=True)
class Gateway:
    """The inference plane as an ASGI app."""

    authenticate: Authenticator
    calls: Calls
    ids: Ids
    cors: Cors = NO_ORIGINS
    largest_body: int = LARGEST_BODY
    instance_types: InstanceTypes | None = None
    denials: Denials = field(default_factory=Denials)
    further: Further | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; whatever goes wrong, in the shape the caller's SDK understands."""
        if scope["type"] != "http":
            return
        request = self._request(scope)
        reply = Reply(send, receive, self._borne(request))
        if request.method == "OPTIONS":
            await reply.start(HTTPStatus.NO_CONTENT, self.cors.preflight(request.headers))
            await reply.end()
            return
        incoming = Incoming(request.headers, receive)
        try:
            await self._answer(request, scope, incoming, reply)
        except CallerGone:
            return
        except LisaError as error:
            await _refuse(error, request, incoming, reply)
        except Exception:
            log.exception("unexpected failure in request %s", request.request_id)
            await _refuse(_our_bug(), request, incoming, reply)

    def _request(self, scope: Scope) -> Request:
        path, headers = scope["path"], header_names(scope)
        endpoint, named = find(path)
        fresh = self.ids.new("call")
        given = headers.get("x-request-id", "")
        return Request(
            id=fresh,
            request_id=given if GIVEN_ID.fullmatch(given) else fresh,
            method=scope["method"],
            path=path,
            headers=headers,
            endpoint=endpoint,
            named=named,
            dialect=dialect_of(path, endpoint, headers),
            started=time.perf_counter(),
            route=(endpoint.name if endpoint else self._noun(path)) or "unmatched",
        )

    def _noun(self, path: str) -> str:
        return self.further.noun(path) if self.further else ""

    def _borne(self, request: Request) -> RawHeaders:
        named = (b"x-request-id", request.request_id.encode())
        return [named, *BORNE_BY_ALL, *self.cors.headers(request.headers)]

    async def _answer(
        self, request: Request, scope: Scope, incoming: Incoming, reply: Reply
    ) -> None:
        endpoint = request.endpoint
        if endpoint and endpoint.public and request.method == endpoint.method:
            await self._health(endpoint, reply)
            return
        caller = await self._admitted(request, scope)
        if endpoint is None:
            if self.further and await self.further.answers(caller, scope, incoming, reply):
                return
            raise NotFound(f"there is no {request.path[:200]}", code="unknown_url")
        if request.method != endpoint.method:
            raise Invalid(f"this takes {endpoint.method}", code="wrong_method")
        if not self.calls.registry.loaded:
            raise Unavailable("the gateway is starting", next_step="try again in a moment")
        if endpoint.body is Body.NONE:
            await reply.document(HTTPStatus.OK, await self._told(request, endpoint, caller))
            return
        body = await incoming.whole(self.largest_body)
        read, prompt = await read_body(endpoint, body, request.headers)
        asked = Asked(
            id=request.id,
            request_id=request.request_id,
            endpoint=endpoint,
            dialect=request.dialect,
            caller=caller,
            headers=request.headers,
            body=read,
            prompt_estimate=prompt,
            started=request.started,
        )
        await self.calls.serve(asked, reply)

    async def _admitted(self, request: Request, scope: Scope) -> Principal:
        caller = None
        try:
            caller = await self.authenticate(request.method, request.headers)
            require_plane(caller, Plane.INFERENCE)
        except Forbidden as refusal:
            self.denials.note(refusal, caller, scope, request.route, request.request_id)
            raise
        return caller

    async def _told(self, request: Request, endpoint: Endpoint, caller: Principal) -> object:
        """Return what there is to know about models."""
        if endpoint is MODELS:
            return list_models(self.calls, caller, request.dialect)
        if endpoint is ONE_MODEL:
            model = usable(self.calls.registry, caller, request.named)
            return describe(model, request.dialect)
        if endpoint is MODEL_INFO:
            return model_info(self.calls, caller)
        if endpoint is INSTANCES:
            return list(await self.instance_types.names()) if self.instance_types else []
        raise NotFound(f"there is no {request.path[:200]}", code="unknown_url")

    async def _health(self, endpoint: Endpoint, reply: Reply) -> None:
        well = endpoint is ALIVE or self.calls.registry.loaded
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        await reply.document(status, {"status": "OK" if well else "UNHEALTHY"})


async def _refuse(error: LisaError, request: Request, incoming: Incoming, reply: Reply) -> None:
    """Answer with an error; who is still sending is heard out first, so that it reads this."""
    if reply.started:
        return
    status, headers = status_of(error), headers_of(error)
    log.info("%s", _line(request, status, error))
    try:
        if not await incoming.drained():
            headers["connection"] = "close"
    except CallerGone:
        return
    if request.endpoint and status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = request.endpoint.method
    await reply.document(status, body_of(error, request.dialect, request.request_id), headers)


def _line(request: Request, status: int, error: LisaError) -> str:
    return json.dumps(
        {
            "request_id": request.request_id,
            "method": request.method,
            "endpoint": request.route,
            "status": int(status),
            "code": error.precise_code,
            "ms": round((time.perf_counter() - request.started) * 1000, 1),
        }
    )


def _our_bug() -> LisaError:
    return LisaError(
        "something broke on our side",
        next_step="try again; if it stays so, give the request id to an administrator",
        code="internal",
    )
