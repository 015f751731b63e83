"""What the gateway served, in Prometheus' text format: for this machine and administrators."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

from lisa.domain.errors import LisaError
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.usage_sums import BOUNDS, NANO, Sums, Timing
from lisa.gateway.app import Authenticator
from lisa.gateway.asgi import BORNE_BY_ALL, Receive, Scope, Send, header_names
from lisa.gateway.errors import status_of
from lisa.usecases.answer_cache import AnswerCache
from lisa.usecases.metering_totals import MeteringTotals

CONTENT_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
FORWARDED: Final = {"forwarded", "x-forwarded-for", "via"}
TOKENS: Final = ("prompt", "completion", "cached", "reasoning")
MILLISECONDS: Final = 1000
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MetricsApp:
    """Answers `/metrics` as an ASGI app."""

    authenticate: Authenticator
    totals: MeteringTotals
    cache: AnswerCache | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell the numbers to who may know them."""
        del receive
        status, text = HTTPStatus.OK, ""
        try:
            await self._require(scope)
            text = prometheus_text(self.totals, self.cache)
        except LisaError as error:
            status, text = status_of(error), f"{error.message}\n"
        headers = [(b"content-type", CONTENT_TYPE), *BORNE_BY_ALL]
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})

    async def _require(self, scope: Scope) -> None:
        headers = header_names(scope)
        if not _is_from_here(scope, headers):
            caller = await self.authenticate(scope["method"], headers)
            require(caller, Verb.LIST_ALL, Thing(Kind.USAGE))


def prometheus_text(totals: MeteringTotals, cache: AnswerCache | None = None) -> str:
    """Write all series, each name with its type once."""
    looked_up = _looked_up(cache) if cache else ()
    return "".join(f"{line}\n" for line in (*_lines(totals), *looked_up))


def _lines(totals: MeteringTotals) -> Iterator[str]:
    by_model: dict[Labels, Sums] = {}
    by_endpoint: dict[Labels, Sums] = {}
    requests: dict[Labels, int] = {}
    for series, sums in totals.sums.items():
        model, endpoint = ("model", series.model), ("endpoint", series.endpoint)
        by_model.setdefault((model,), Counter()).update(sums)
        by_endpoint.setdefault((model, endpoint), Counter()).update(sums)
        requests[model, endpoint, ("status", str(series.status))] = sums["requests"]
    yield from _family("lisa_requests_total", "counter", requests)
    yield from _family("lisa_tokens_total", "counter", _tokens(by_model))
    cost = {labels: sums["cost"] / NANO for labels, sums in by_model.items()}
    yield from _family("lisa_cost_dollars_total", "counter", cost)
    for name in ("errors", "cache_hits", "unsettled"):
        counted = {labels: sums[name] for labels, sums in by_model.items()}
        yield from _family(f"lisa_{name}_total", "counter", counted)
    under_way: dict[Labels, int] = {(("model", name),): n for name, n in totals.under_way().items()}
    yield from _family("lisa_requests_under_way", "gauge", under_way)
    yield from _histogram("lisa_request_seconds", "total", by_endpoint)
    yield from _histogram("lisa_first_byte_seconds", "first_byte", by_endpoint)


def _looked_up(cache: AnswerCache) -> Iterator[str]:
    results: dict[Labels, int] = {
        (("result", "hit"),): cache.hits,
        (("result", "miss"),): cache.misses,
    }
    yield from _family("lisa_cache_lookups_total", "counter", results)


def _tokens(by_model: Mapping[Labels, Sums]) -> dict[Labels, int]:
    return {
        (*labels, ("kind", kind)): sums[kind]
        for labels, sums in by_model.items()
        for kind in TOKENS
    }


def _family(name: str, kind: str, values: Mapping[Labels, float]) -> Iterator[str]:
    yield f"# TYPE {name} {kind}"
    for labels, value in sorted(values.items()):
        yield _sample(name, labels, value)


def _histogram(name: str, timing: Timing, summed: Mapping[Labels, Sums]) -> Iterator[str]:
    yield f"# TYPE {name} histogram"
    for labels, sums in sorted(summed.items(), key=lambda each: each[0]):
        count = 0
        for number, bound in enumerate((*BOUNDS, None)):
            count += sums[f"{timing}{number}"]
            limit = "+Inf" if bound is None else f"{bound / MILLISECONDS:g}"
            yield _sample(f"{name}_bucket", (*labels, ("le", limit)), count)
        yield _sample(f"{name}_sum", labels, sums[f"{timing}_ms"] / MILLISECONDS)
        yield _sample(f"{name}_count", labels, count)


def _sample(name: str, labels: Labels, value: float) -> str:
    written = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{written}}} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _is_from_here(scope: Scope, headers: Mapping[str, str]) -> bool:
    """Tell whether a program on this machine asks, and not for another one."""
    host, _ = scope.get("client") or ("", 0)
    try:
        return ip_address(host).is_loopback and not FORWARDED & headers.keys()
    except ValueError:
        return False
