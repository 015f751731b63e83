"""Our own processes call models for somebody: it counts to that person, and nothing else goes."""

import base64
import json
import math
from datetime import timedelta

import httpx
import pytest

from lisa.adapters.gateway.calls import GatewayCalls
from lisa.adapters.gateway.embedding import GatewayEmbedder
from lisa.adapters.gateway.reranking import GatewayReranker
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.domain.errors import Forbidden, Invalid, LimitReached, NotFound, Unavailable
from lisa.domain.identity import Limits, TokenKind
from lisa.domain.model import ModelType
from lisa.domain.people import Person
from lisa.ports.embedding import OnBehalf
from lisa.stores.models import ModelStore
from lisa.stores.people import PeopleStore
from lisa.usecases.passes import LIFE, PassWriter
from lisa.usecases.tokens import Wanted
from tests.gateway.running import PASSES_SECRET, ROOT, Running, to
from tests.standins.engine.server import Engine

ALICE = OnBehalf("alice")


def calls_of(gateway: Running, secret: bytes = PASSES_SECRET) -> GatewayCalls:
    return GatewayCalls(gateway.url, PassWriter(gateway.models, secret, gateway.clock))


async def embedded(
    gateway: Running, model: str, *texts: str, whose: OnBehalf = ALICE
) -> list[float]:
    calls = calls_of(gateway)
    try:
        vectors = await GatewayEmbedder(calls).embed(model, texts, whose)
    finally:
        await calls.close()
    assert all(math.isclose(math.hypot(*each), 1) for each in vectors)
    return [each[0] for each in vectors]


async def with_pass(gateway: Running, credential: str, path: str, model: str = "tiny") -> int:
    async with httpx.AsyncClient() as http:
        body = {"model": model, "input": "x", "messages": [{"role": "user", "content": "x"}]}
        headers = {"authorization": f"Bearer {credential}"}
        answer = await http.post(f"{gateway.openai}{path}", json=body, headers=headers)
        return answer.status_code


async def test_texts_become_vectors_of_unit_length_and_count_to_the_person(
    gateway: Running, engine: Engine
) -> None:
    await gateway.add("words", to(engine), type=ModelType.EMBEDDING, groups={"research"})
    short, long = await embedded(gateway, "words", "a", "a longer text")
    assert short < long
    call = await gateway.books.last_call()
    assert (call.subject, call.model) == ("alice", "words")


async def test_a_pass_with_a_token_counts_within_the_tokens_limits(
    gateway: Running, engine: Engine
) -> None:
    limits = Limits(requests_per_minute=7)
    wanted = Wanted(name="bob", owner="bob", kind=TokenKind.SERVICE, limits=limits)
    token = (await gateway.tokens.issue(ROOT, wanted)).token
    await gateway.add("words", to(engine), type=ModelType.EMBEDDING)
    await embedded(gateway, "words", "a", whose=OnBehalf("bob", token.id))
    assert gateway.books.permits[-1].ask.caller.limits == limits
    assert gateway.books.permits[-1].ask.caller.token_id == token.id
    with pytest.raises(Forbidden):
        await embedded(gateway, "words", "a", whose=OnBehalf("bob", "token_unknown"))


async def test_the_groups_of_a_pass_are_the_persons_and_never_the_models(
    gateway: Running, engine: Engine
) -> None:
    people = PeopleStore(gateway.models.tables)
    await people.write(Person(subject="alice", groups=frozenset({"lab"})))
    await gateway.add("words", to(engine), type=ModelType.EMBEDDING, groups={"research"})
    for whose, groups in (
        (ALICE, {"lab"}),
        (OnBehalf("alice", groups=frozenset({"office"})), {"office"}),
        (OnBehalf("pipeline:papers"), set()),
    ):
        await embedded(gateway, "words", "a", whose=whose)
        assert gateway.books.permits[-1].ask.caller.groups == groups


async def test_a_pass_is_good_for_its_model_only(gateway: Running, engine: Engine) -> None:
    await gateway.add("other", to(engine))
    await gateway.add("labs", to(engine), groups={"lab"})
    credential = await PassWriter(gateway.models, PASSES_SECRET, gateway.clock).write(ALICE, "tiny")
    assert await with_pass(gateway, credential, "/embeddings") == 200
    assert await with_pass(gateway, credential, "/embeddings", "other") == 404
    in_lab = OnBehalf("alice", groups=frozenset({"lab"}))
    credential = await PassWriter(gateway.models, PASSES_SECRET, gateway.clock).write(
        in_lab, "tiny"
    )
    assert await with_pass(gateway, credential, "/embeddings", "labs") == 404


async def test_what_was_not_written_with_the_secret_is_nothing(gateway: Running) -> None:
    writer = PassWriter(gateway.models, PASSES_SECRET, gateway.clock)
    good = await writer.write(ALICE, "tiny")
    head, told, mac = good.split(".")
    said = json.loads(base64.urlsafe_b64decode(told)) | {"subject": "root"}
    forged = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
    foreign = await PassWriter(gateway.models, b"other", gateway.clock).write(ALICE, "tiny")
    for bad in (f"{head}.{forged}.{mac}", f"{head}.{told}.", f"{head}..{mac}", f"{good}.", foreign):
        assert await with_pass(gateway, bad, "/embeddings") == 401


async def test_an_old_pass_is_nothing(gateway: Running) -> None:
    clock = ManualClock(gateway.clock.now() - LIFE - timedelta(seconds=1))
    old = await PassWriter(gateway.models, PASSES_SECRET, clock).write(ALICE, "tiny")
    assert await with_pass(gateway, old, "/embeddings") == 401


async def test_nobody_writes_a_pass_for_a_model_that_is_not_there() -> None:
    clock = ManualClock()
    with pytest.raises(NotFound):
        await PassWriter(ModelStore(MemoryTables(clock)), b"", clock).write(ALICE, "missing")


async def test_what_the_gateway_says_is_said_in_our_words(gateway: Running, engine: Engine) -> None:
    await gateway.add("words", to(engine), type=ModelType.EMBEDDING)
    gateway.books.denied = {"carol"}
    with pytest.raises(LimitReached) as limited:
        await embedded(gateway, "words", "a", whose=OnBehalf("carol"))
    assert limited.value.retry_after == 7
    for status, kind in ((400, Invalid), (413, Invalid), (503, Unavailable), (500, Unavailable)):
        engine.usually = {"status": status}
        with pytest.raises(kind):
            await embedded(gateway, "words", "a")
    await engine.go()
    with pytest.raises(Unavailable):
        await embedded(gateway, "words", "a")


async def test_a_gateway_that_is_away_is_unavailable() -> None:
    class Always:
        async def write(self, whose: OnBehalf, model_id: str) -> str:
            return f"{whose}{model_id}"

    calls = GatewayCalls("http://127.0.0.1:9", Always())
    with pytest.raises(Unavailable):
        await GatewayEmbedder(calls).embed("m", ["a"], ALICE)
    await calls.close()


async def test_texts_are_ranked(gateway: Running, engine: Engine) -> None:
    await gateway.add("judge", to(engine), type=ModelType.RERANK)
    calls = calls_of(gateway)
    scores = await GatewayReranker(calls).rank("judge", "which?", ["a", "b"], ALICE)
    await calls.close()
    assert scores == [0.5, 0.5]
