"""What watches calls: totals for Prometheus, a line for the log, and the cache of answers."""

import json
import logging
from collections import Counter
from typing import Any

import pytest

from lisa.adapters.memory.clock import START, ManualClock
from lisa.domain.errors import Unauthenticated
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.usage import Call, Counts
from lisa.domain.usage_sums import Sums, count, percentile
from lisa.gateway.asgi import Message
from lisa.gateway.metrics import MetricsApp, prometheus_text
from lisa.ports.calls import Ask
from lisa.usecases.answer_cache import AnswerCache, CacheKey, KeptAnswer, cache_key
from lisa.usecases.call_lines import CallLines
from lisa.usecases.metering_totals import OTHERS, MeteringTotals

ALICE = Principal(subject="alice")
MODEL = Model(id="m", created=START, changed=START, cache_seconds=60)
ASKED: dict[str, Any] = {
    "caller": ALICE,
    "model": MODEL,
    "endpoint": "chat",
    "body": b"{}",
    "streams": False,
    "headers": {},
}
CALL = Call(
    id="call_1",
    at=START,
    subject="alice",
    model='m"1',
    endpoint="chat",
    status=200,
    counts=Counts(prompt=7, completion=3),
    cost=0.5,
    first_byte_ms=15.04,
    total_ms=1500,
)


def test_totals_are_written_as_prometheus_reads_them() -> None:
    totals = MeteringTotals()
    totals.begin(Ask("call_2", ALICE, MODEL, "chat", 1, 1))
    totals.note(CALL)
    totals.note(CALL.model_copy(update={"status": 502, "ended": "failed"}))

    lines = prometheus_text(totals).splitlines()
    assert 'lisa_requests_total{model="m\\"1",endpoint="chat",status="502"} 1' in lines
    assert 'lisa_tokens_total{model="m\\"1",kind="prompt"} 14' in lines
    assert 'lisa_errors_total{model="m\\"1"} 1' in lines
    assert 'lisa_cost_dollars_total{model="m\\"1"} 1.0' in lines
    assert 'lisa_requests_under_way{model="m"} 1' in lines
    assert 'lisa_request_seconds_bucket{model="m\\"1",endpoint="chat",le="1"} 0' in lines
    assert 'lisa_request_seconds_bucket{model="m\\"1",endpoint="chat",le="2"} 2' in lines
    assert 'lisa_request_seconds_bucket{model="m\\"1",endpoint="chat",le="+Inf"} 2' in lines
    assert 'lisa_request_seconds_sum{model="m\\"1",endpoint="chat"} 3.0' in lines


def test_the_number_of_series_is_bounded() -> None:
    totals = MeteringTotals(most_series=2)
    for number in range(5):
        totals.note(CALL.model_copy(update={"model": f"m{number}"}))

    assert [series.model for series in totals.sums] == ["m0", "m1", OTHERS]


@pytest.mark.parametrize(
    ("host", "headers", "credential", "status"),
    [
        ("127.0.0.1", [], "", 200),
        ("::1", [], "", 200),
        ("127.0.0.1", [(b"x-forwarded-for", b"10.1.2.3")], "", 401),
        ("10.1.2.3", [], "", 401),
        ("10.1.2.3", [], "alice", 403),
        ("10.1.2.3", [], "root", 200),
        ("", [], "", 401),
    ],
)
async def test_metrics_are_for_this_machine_and_for_administrators(
    host: str, headers: list[tuple[bytes, bytes]], credential: str, status: int
) -> None:
    async def authenticate(method: str, headers: object) -> Principal:
        del method, headers
        if not credential:
            raise Unauthenticated("who are you?")
        return Principal(subject=credential, admin=credential == "root")

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "client": (host, 1), "headers": headers}
    app = MetricsApp(authenticate, MeteringTotals())
    await app(scope, receive, send)
    assert sent[0]["status"] == status
    assert (b"lisa_" in bytes(str(sent[1]["body"]), "ascii")) == (status == 200)


def test_a_call_is_one_line_of_json(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "lisa.calls"):
        CallLines().note(CALL)

    [line] = [json.loads(record.message) for record in caplog.records]
    assert line["caller"] == "alice"
    assert (line["status"], line["first_byte_ms"], line["prompt_tokens"]) == (200, 15.0, 7)
    assert "_aws" not in line
    assert "token" not in line


def test_with_a_namespace_the_line_is_a_metric_of_cloudwatch() -> None:
    line = CallLines("lisa").line(CALL.model_copy(update={"first_byte_ms": None}))

    [embedded] = line["_aws"]["CloudWatchMetrics"]
    assert embedded["Namespace"] == "lisa"
    assert line["_aws"]["Timestamp"] == 1_893_456_001_500
    assert all(each["Name"] in line for each in embedded["Metrics"])
    assert all(name in line for names in embedded["Dimensions"] for name in names)


def test_percentiles_lie_where_the_calls_do() -> None:
    sums: Sums = Counter()
    for milliseconds in [1500] + [3] * 18 + [90_000]:
        count([CALL.model_copy(update={"total_ms": float(milliseconds)})], sums)

    assert percentile(sums, "total", 0.5) == pytest.approx(2 + 3 * 10 / 18)
    assert percentile(sums, "total", 0.95) == pytest.approx(2000)
    assert percentile(sums, "total", 1) == 60_000
    assert percentile({}, "total", 0.5) is None


def key(**changed: Any) -> CacheKey | None:
    return cache_key(**(ASKED | changed))


def kept(key: CacheKey | None) -> CacheKey:
    assert key
    return key


def test_answers_are_remembered_for_the_same_question_of_the_same_caller() -> None:
    clock = ManualClock()
    cache, answer = AnswerCache(clock), KeptAnswer(b"hi", "application/json", Counts())
    mine = kept(key())
    cache.keep(mine, 200, answer)
    assert 'lisa_cache_lookups_total{result="hit"} 0' in prometheus_text(MeteringTotals(), cache)

    assert cache.lookup(kept(key())) is answer
    for changed in (
        {"caller": Principal(subject="bob")},
        {"body": b"[]"},
        {"endpoint": "embeddings"},
        {"model": MODEL.model_copy(update={"version": 2})},
        {"model": MODEL.model_copy(update={"id": "n"})},
    ):
        assert cache.lookup(kept(key(**changed))) is None
    assert (cache.hits, cache.misses) == (1, 5)
    clock.advance(60)
    assert cache.lookup(mine) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"streams": True},
        {"endpoint": "images"},
        {"headers": {"cache-control": "max-age=0, No-Store"}},
        {"model": MODEL.model_copy(update={"cache_seconds": 0})},
    ],
)
def test_nothing_is_remembered_that_must_not_be(changed: dict[str, object]) -> None:
    assert key(**changed) is None


def test_the_cache_stays_within_its_bounds_and_keeps_good_answers_only() -> None:
    cache = AnswerCache(ManualClock(), most_bytes=10_000)
    keys = [kept(key(body=f"{number}".encode())) for number in range(6)]
    cache.keep(keys[0], 500, KeptAnswer(b"", "text/plain", Counts()))
    cache.keep(keys[0], 200, KeptAnswer(b"x" * 6000, "text/plain", Counts()))
    for each in keys[1:]:
        cache.keep(each, 200, KeptAnswer(b"x" * 2000, "text/plain", Counts()))
        cache.keep(each, 200, KeptAnswer(b"x" * 2000, "text/plain", Counts()))

    assert [number for number, each in enumerate(keys) if cache.lookup(each)] == [2, 3, 4, 5]
