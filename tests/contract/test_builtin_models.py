"""The built-in models, asked as the gateway asks them and through the `openai` package."""

import base64
import struct
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from operator import mul
from typing import Any

import httpx
import pytest
from openai import OpenAI

from local.builtin.demo import FOOTER
from local.builtin.names import DEMO, EMBEDDER
from local.builtin.quoting import NEAR
from tests.contract.builtin_models import SECRET, running

# The example and the figures of the sentence-transformers documentation (sbert.net, quickstart).
PUBLISHED = {
    ("The weather is lovely today.", "It's so sunny outside!"): 0.6660,
    ("The weather is lovely today.", "He drove to the stadium."): 0.1046,
    ("It's so sunny outside!", "He drove to the stadium."): 0.1411,
}
PARAPHRASES = [
    ("How do I reset my password?", "I forgot my password and need a new one."),
    ("The cat sleeps on the sofa.", "A kitten is napping on the couch."),
    ("Refunds are paid within 14 days.", "You get your money back in two weeks."),
    ("The server ran out of memory.", "There was not enough RAM on the machine."),
]
POLICY = (
    "Refunds are paid within 14 days of the return. Our offices are in Berlin and Oslo. "
    "Items may be returned for 30 days. The gateway is owned by the platform team."
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running(tmp_path_factory.mktemp("cache")) as client:
        yield client


@pytest.fixture
def openai(client: httpx.Client) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{client.base_url}/v1", api_key=SECRET, max_retries=0) as openai:
        yield openai


def embed(client: httpx.Client, texts: Sequence[str]) -> list[list[float]]:
    answer = client.post("/v1/embeddings", json={"model": EMBEDDER, "input": list(texts)})
    return [each["embedding"] for each in answer.json()["data"]]


def alike(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(map(mul, one, other)))


def refused(client: httpx.Client, path: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = client.post(path, json=body)
    return answer.status_code, answer.json()["error"]["message"]


def test_likeness_is_what_the_model_is_published_with(client: httpx.Client) -> None:
    for pair, expected in PUBLISHED.items():
        assert alike(*embed(client, pair)) == pytest.approx(expected, abs=5e-5)


def test_a_paraphrase_is_nearer_than_anything_else(client: httpx.Client) -> None:
    vectors = embed(client, [text for pair in PARAPHRASES for text in pair])
    pairs = [(vectors[place], vectors[place + 1]) for place in range(0, len(vectors), 2)]
    within = [alike(*pair) for pair in pairs]
    across = [alike(a, b) for one, other in combinations(pairs, 2) for a in one for b in other]
    assert max(across) < NEAR < min(within)


def test_every_vector_has_384_numbers_and_the_length_1(client: httpx.Client) -> None:
    for vector in embed(client, ["one", "Grüße aus Köln 🙂", "x" * 500, "word " * 200]):
        assert len(vector) == 384
        assert alike(vector, vector) == pytest.approx(1, abs=1e-5)


def test_what_is_computed_together_with_a_text_does_not_change_its_vector(
    client: httpx.Client,
) -> None:
    texts = ["short", "word " * 250, *(f"text number {number}" for number in range(30))]
    together = embed(client, texts)
    with ThreadPoolExecutor(8) as threads:
        alone = [vector for (vector,) in threads.map(lambda text: embed(client, [text]), texts)]
    for one, other in zip(together, alone, strict=True):
        assert one == pytest.approx(other, abs=1e-6)


def test_base64_says_the_same_as_floats(client: httpx.Client) -> None:
    body = {"model": EMBEDDER, "input": "the same", "encoding_format": "base64"}
    packed = client.post("/v1/embeddings", json=body).json()["data"][0]["embedding"]
    numbers = struct.unpack("<384f", base64.b64decode(packed))
    assert list(numbers) == pytest.approx(embed(client, ["the same"])[0], abs=1e-7)


def test_the_openai_package_reads_embeddings_and_their_usage(openai: OpenAI) -> None:
    answer = openai.embeddings.create(model=EMBEDDER, input=["hello world", "hello"])
    assert [each.index for each in answer.data] == [0, 1]
    assert [len(each.embedding) for each in answer.data] == [384, 384]
    assert answer.usage.prompt_tokens == 4 + 3  # with the two around each text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"input": "word " * 255}, "257 tokens"),
        ({"input": "word " * 100_000}, "500000 characters"),
        ({"input": ["one", ""]}, "empty"),
        ({"input": []}, "1 to 2048"),
        ({"input": ["text"] * 2049}, "1 to 2048"),
        ({"input": [[101, 102]]}, "check_embedding_ctx_length=False"),
        ({"dimensions": 256}, "384"),
        ({"encoding_format": "int8"}, "base64"),
    ],
)
def test_what_it_cannot_embed_is_refused_with_the_reason(
    client: httpx.Client, change: dict[str, Any], words: str
) -> None:
    body = {"model": EMBEDDER, "input": "text", **change}
    status, message = refused(client, "/v1/embeddings", body)
    assert status == 400
    assert words in message


def test_a_text_of_256_tokens_is_whole(client: httpx.Client) -> None:
    body = {"model": EMBEDDER, "input": "word " * 254, "dimensions": 384}
    assert client.post("/v1/embeddings", json=body).json()["usage"]["prompt_tokens"] == 256


def test_nobody_without_the_secret_gets_more_than_its_health(client: httpx.Client) -> None:
    stranger = {"authorization": "Bearer guess"}
    assert client.get("/health", headers=stranger).json() == {"status": "ok"}
    for path in ("/v1/models", "/v1/embeddings", "/elsewhere"):
        assert client.get(path, headers=stranger).status_code == 401


def test_both_models_are_listed_and_no_other_answers(client: httpx.Client, openai: OpenAI) -> None:
    assert [model.id for model in openai.models.list()] == [DEMO, EMBEDDER]
    for path, model in (("/v1/embeddings", DEMO), ("/v1/chat/completions", EMBEDDER)):
        body = {"model": model, "input": "x", "messages": [{"role": "user", "content": "x"}]}
        assert refused(client, path, body)[0] == 404


def test_the_demonstration_quotes_what_was_sent_the_nearest_first(openai: OpenAI) -> None:
    answer = openai.chat.completions.create(
        model=DEMO,
        messages=[
            {"role": "system", "content": POLICY},
            {"role": "user", "content": "How long do I have to send an item back?"},
        ],
    )
    content = answer.choices[0].message.content or ""
    quotes = [line[2:] for line in content.splitlines() if line.startswith("> ")][::2]
    assert quotes[0] == "Items may be returned for 30 days."
    assert all(quote in POLICY for quote in quotes)
    assert content.endswith(FOOTER)
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_a_stream_says_the_same_and_counts_when_asked(openai: OpenAI) -> None:
    content = [{"type": "text", "text": POLICY}, {"type": "text", "text": "Who owns the gateway?"}]
    asked: dict[str, Any] = {"model": DEMO, "messages": [{"role": "user", "content": content}]}
    whole = openai.chat.completions.create(**asked)
    chunks = list(
        openai.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    *said, last, counted = chunks
    assert "".join(each.choices[0].delta.content or "" for each in said) == (
        whole.choices[0].message.content
    )
    assert last.choices[0].finish_reason == whole.choices[0].finish_reason == "stop"
    assert counted.usage == whole.usage


def test_an_answer_ends_where_it_was_told_to(openai: OpenAI) -> None:
    asked: dict[str, Any] = {"model": DEMO, "messages": [{"role": "user", "content": "Hello"}]}
    short = openai.chat.completions.create(**asked, max_tokens=5)
    assert short.choices[0].message.content == "I am demo-extract"
    assert short.choices[0].finish_reason == "length"
    assert short.usage is not None
    assert short.usage.completion_tokens == 5
    stopped = openai.chat.completions.create(**asked, stop=["built-in", "never"])
    assert stopped.choices[0].message.content == "I am demo-extractive, LISA's "
    assert stopped.choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "cannot write JSON"),
        ({"response_format": {"type": "json_object"}}, "cannot write JSON"),
        ({"n": 2}, "one answer only"),
        ({"logprobs": True}, "logprobs"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "king", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "image_url"),
    ],
)
def test_what_it_cannot_answer_is_refused_with_the_reason(
    client: httpx.Client, change: dict[str, Any], words: str
) -> None:
    body = {"model": DEMO, "messages": [{"role": "user", "content": "x"}], **change}
    status, message = refused(client, "/v1/chat/completions", body)
    assert status == 400
    assert words in message
