"""The function as Lambda starts it: by the wrapper in a process of its own, or by its handler."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lambdas.serve.calls import whole
from lisa.declared.settings import ServeSettings
from tests.gateway.function.running import ASKED, Functioning
from tests.standins.engine.answers import WORDS
from tests.standins.lambda_runtime.server import LambdaRuntime

ROOT = Path(__file__).parents[3]
WRAPPER = ROOT / "lambdas" / "serve" / "stream"
SAID = "".join(WORDS)
ALIVE: dict[str, Any] = {
    "resource": "/v1/{proxy+}",
    "path": "/v1/health/liveliness",
    "httpMethod": "GET",
    "headers": {},
    "requestContext": {},
    "body": None,
}


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return what Lambda and the stack would set; the tables are away."""
    fields = [name for name in ServeSettings.model_fields if name.startswith(("table_", "bucket_"))]
    return {
        **{f"LISA_{name.upper()}": name for name in fields},
        "LISA_SERVE_JOURNAL": str(folder / "journal"),
        "LAMBDA_TASK_ROOT": str(ROOT),
        "PATH": os.environ["PATH"],
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        **more,
    }


@asynccontextmanager
async def started(environ: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the wrapper with the arguments that Lambda gives it."""
    process = await asyncio.create_subprocess_exec(
        str(WRAPPER), sys.executable, "/var/runtime/bootstrap.py", env=environ
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_the_wrapper_starts_the_loop(tmp_path: Path) -> None:
    async with LambdaRuntime() as runtime:
        environ = environment(tmp_path, AWS_LAMBDA_RUNTIME_API=runtime.address)
        async with started(environ):
            for _ in range(2):
                call = await runtime.whole(ALIVE)
                assert (call.status, call.says) == (200, {"status": "OK"})

    assert runtime.faults == []


async def test_a_function_without_its_settings_says_so_to_lambda(tmp_path: Path) -> None:
    async with LambdaRuntime() as runtime:
        environ = environment(tmp_path, AWS_LAMBDA_RUNTIME_API=runtime.address)
        del environ["LISA_TABLE_MODELS"]
        async with started(environ) as process, asyncio.timeout(30):
            assert await process.wait() != 0

    [told] = runtime.failed_to_start
    assert "LISA_TABLE_MODELS" in told["errorMessage"]


def context(seconds: float) -> Any:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: int(seconds * 1000))


@pytest.mark.parametrize("streams", [False, True])
async def test_without_streaming_an_answer_comes_as_a_whole(
    gateway: Functioning, *, streams: bool
) -> None:
    event = gateway.event("/v1/chat/completions", ASKED | {"stream": streams})
    answer = await whole(gateway.function, event, context(29))

    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"] is False
    if streams:
        assert answer["body"].endswith("data: [DONE]\n\n")
    else:
        assert json.loads(answer["body"])["choices"][0]["message"]["content"] == SAID
    assert len(await gateway.used()) == 1


async def test_without_streaming_a_call_ends_in_time_too(gateway: Functioning) -> None:
    event = gateway.event("/v1/chat/completions", ASKED | {"engine": {"hang": True}})
    answer = await whole(gateway.function, event, context(2))

    assert answer["statusCode"] == 504
