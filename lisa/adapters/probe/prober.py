"""Calls an upstream over HTTP: once, bounded in time and size, never by a redirect or a proxy."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import httpx

from lisa.adapters.probe.causes import NO_SERVICE, NOT_TESTABLE, Cause, of_answer, of_failure
from lisa.adapters.probe.places import Place, places_of
from lisa.adapters.probe.trials import LISTING, Trial, trials_of
from lisa.domain.audit import MASK, masked_text
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.model import ModelType, Upstream
from lisa.ports.prober import Probe
from lisa.ports.secrets import Secrets

SECONDS: Final = 20.0  # for everything; API Gateway waits 29
SECONDS_TO_CONNECT: Final = 5.0
LONGEST_ANSWER: Final = 512 * 1024
UPSTREAM_HEADER: Final = "x-lisa-upstream"


@dataclass(frozen=True)
class LiteLlmService:
    """Where the LiteLLM service answers, and where the secret lies that it wants to see."""

    url: str
    secret: str


@dataclass(frozen=True)
class _Target:
    """Where calls go and what they bear."""

    url: str
    model: str
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class HttpProber:
    """Tries upstreams; those of LiteLLM through its service, where there is one."""

    secrets: Secrets
    litellm: LiteLlmService | None = None
    seconds: float = SECONDS

    async def probe(self, name: str, kind: ModelType, upstream: Upstream) -> Probe:
        """Call one."""
        begun = time.perf_counter()
        cause = await self._cause(name, kind, upstream)
        took = round((time.perf_counter() - begun) * 1000)
        if cause is None:
            return Probe(upstream.id, took)
        message = masked_text(cause.message)
        return Probe(upstream.id, took, cause.name, message, cause.next_step)

    async def _cause(self, name: str, kind: ModelType, upstream: Upstream) -> Cause | None:
        """Return why it doesn't work; nothing, if it does."""
        host = urlsplit(upstream.url).netloc or "the LiteLLM service"
        try:
            async with asyncio.timeout(self.seconds):
                if upstream.kind == "litellm":
                    return await self._through_litellm(kind, upstream)
                model = upstream.target or name
                key = await self.secrets.resolve(upstream.key) if upstream.key else ""
                headers = {"authorization": f"Bearer {key}"} if key else {}
                cause = await _tried(kind, _Target(upstream.url, model, headers))
                return _without(key, cause)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            return of_failure(error, host)
        except Unavailable as error:
            return Cause("key_missing", error.message, error.next_step or "check the reference")
        except Invalid as error:
            return Cause(error.precise_code, error.message, error.next_step)

    async def _through_litellm(self, kind: ModelType, upstream: Upstream) -> Cause | None:
        if self.litellm is None:
            return NO_SERVICE
        if trials_of(kind, "") == (LISTING,):
            return NOT_TESTABLE
        if upstream.url:
            await places_of(upstream.url)  # which that service will call
        secret = await self.secrets.resolve(self.litellm.secret)
        told = {"target": upstream.target, "url": upstream.url, "key": upstream.key}
        headers = {
            "authorization": f"Bearer {secret}",
            UPSTREAM_HEADER: json.dumps(told),
        }
        url = f"{self.litellm.url.rstrip('/')}/v1"
        return await _tried(kind, _Target(url, upstream.target, headers))


async def _tried(kind: ModelType, target: _Target) -> Cause | None:
    cause = None
    places = await places_of(target.url)
    async with _client() as client:
        for trial in trials_of(kind, target.model):
            status, answer = await _called(client, places, target, trial)
            if status == HTTPStatus.OK and trial.proves(answer):
                return None
            cause = of_answer(status, answer)
            if status != HTTPStatus.BAD_REQUEST:
                return cause
    return cause


def _without(key: str, cause: Cause | None) -> Cause | None:
    """Mask our key, which a server may repeat when it refuses it."""
    if cause is None or not key:
        return cause
    return replace(cause, message=cause.message.replace(key, MASK))


def _client() -> httpx.AsyncClient:
    timeout = httpx.Timeout(SECONDS, connect=SECONDS_TO_CONNECT)
    return httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False)


async def _called(
    client: httpx.AsyncClient, places: list[Place], target: _Target, trial: Trial
) -> tuple[int, bytes]:
    """Call the first of a host's addresses at which something listens."""
    for place in places[:-1]:
        try:
            return await _sent(client, place, target, trial)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _sent(client, places[-1], target, trial)


async def _sent(
    client: httpx.AsyncClient, place: Place, target: _Target, trial: Trial
) -> tuple[int, bytes]:
    """Send one call; read as sent, as an answer that unpacks itself could grow beyond its bound."""
    request = client.build_request(
        trial.method,
        place.url.rstrip("/") + trial.path,
        headers={**target.headers, "host": place.host, "accept-encoding": "identity"},
        json=trial.body,
        extensions={"sni_hostname": place.name},
    )
    answer = await client.send(request, stream=True)
    body = bytearray()
    try:
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > LONGEST_ANSWER:
                break
    finally:
        await answer.aclose()
    return answer.status_code, bytes(body)
