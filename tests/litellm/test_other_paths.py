"""Everything that isn't a chat: texts, embeddings, pictures, sound, ranks, prices."""

import struct
from base64 import b64decode
from typing import Any

import pytest

from tests.litellm.service import Service
from tests.standins.providers.bedrock import StandInBedrock
from tests.standins.providers.cohere import StandInCohere
from tests.standins.providers.openai_like import StandInOpenAI

TITAN = "bedrock/amazon.titan-embed-text-v2:0"


def test_a_text_is_completed(service: Service, vllm: StandInOpenAI) -> None:
    body = {"model": "ours", "prompt": "Hallo", "max_tokens": 5}
    answer = service.call("/v1/completions", "hosted_vllm/m", f"{vllm.url}/v1", body).json()
    assert answer["choices"][0]["text"] == "Grüße 👋"


@pytest.mark.parametrize("provider", ["vllm", "bedrock"])
def test_embeddings_come_as_numbers_or_packed(
    service: Service, provider: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(provider).url
    target, url = (TITAN, url) if provider == "bedrock" else ("hosted_vllm/m", f"{url}/v1")
    body: dict[str, Any] = {"model": "ours", "input": ["Hallo"]}
    plain = service.call("/v1/embeddings", target, url, body)
    assert plain.json()["data"][0]["embedding"][:2] == [0.5, -0.25]
    packed = service.call("/v1/embeddings", target, url, body | {"encoding_format": "base64"})
    assert struct.unpack("<3f", b64decode(packed.json()["data"][0]["embedding"]))[:2] == (
        0.5,
        -0.25,
    )
    assert plain.json()["usage"]["prompt_tokens"] == 3


def test_a_picture_is_made(service: Service, vllm: StandInOpenAI) -> None:
    body = {"model": "ours", "prompt": "a cat", "n": 1, "size": "256x256"}
    answer = service.call("/v1/images/generations", "openai/m", f"{vllm.url}/v1", body)
    assert answer.json()["data"][0]["b64_json"] == "aGk="


def test_documents_are_ranked(service: Service, cohere: StandInCohere) -> None:
    body = {"model": "ours", "query": "q", "documents": ["a", "b", "c"], "top_n": 2}
    target = "cohere/rerank-v3.5"
    answer = service.call("/v1/rerank", target, cohere.url, body, "env:KEY_OF_COHERE")
    found = [(each["index"], each["relevance_score"]) for each in answer.json()["results"]]
    assert found == [(2, 0.3), (1, 0.2)]


@pytest.mark.parametrize("kind", ["json", "text"])
def test_sound_is_written_down(service: Service, vllm: StandInOpenAI, kind: str) -> None:
    answer = service.client.post(
        "/v1/audio/transcriptions",
        files={"file": ("a.wav", b"\r\n--x\n\x00\r\nRIFF", "audio/wav")},
        data={"model": "ours", "language": "de", "response_format": kind},
        headers=service.headers("openai/m", f"{vllm.url}/v1"),
    )
    assert (answer.json()["text"] if kind == "json" else answer.text) == "Grüße 👋"
    assert b'name="model"\r\n\r\nm\r\n' in vllm.asked[0].raw


def test_a_text_is_spoken(service: Service, vllm: StandInOpenAI) -> None:
    body = {"model": "ours", "input": "Hallo", "voice": "alloy"}
    answer = service.call("/v1/audio/speech", "openai/m", f"{vllm.url}/v1", body)
    assert answer.content == b"\xff\xfbsound"
    assert answer.headers["content-type"] == "audio/mpeg"


def test_prices_are_those_of_the_package(service: Service) -> None:
    headers = service.headers("")
    target = "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0"
    answer = service.client.get("/prices", params={"target": target}, headers=headers)
    assert answer.json() == {
        "prompt": 3.0,
        "completion": 15.0,
        "cached_prompt": 0.3,
        "source": "litellm 1.106.2",
        "context_window": 200000,
        "max_tokens": 4096,
    }


@pytest.mark.parametrize("target", ["", "openai/nobody-knows-it", "ollama/llama3"])
def test_an_unknown_price_is_not_found(service: Service, target: str) -> None:
    answer = service.client.get("/prices", params={"target": target}, headers=service.headers(""))
    assert answer.status_code == 404


def test_a_bedrock_request_carries_what_the_caller_wanted(
    service: Service, bedrock: StandInBedrock
) -> None:
    body = {
        "model": "ours",
        "messages": [{"role": "user", "content": "Hallo"}],
        "max_tokens": 9,
        "temperature": 0.5,
        "stop": ["x"],
        "logit_bias": {"1": 1},  # Converse doesn't know it: left out
    }
    answer = service.call("/v1/chat/completions", "bedrock/amazon.nova-pro-v1:0", bedrock.url, body)
    assert answer.status_code == 200
    wanted = {"maxTokens": 9, "temperature": 0.5, "stopSequences": ["x"]}
    assert bedrock.asked[0].body["inferenceConfig"] == wanted
