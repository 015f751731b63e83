"""The service as a process: what it needs, what it leaves alone, how it begins and ends."""

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Final

import httpx
import psutil
import pytest

from tests.litellm.routes import HELLO
from tests.litellm.service import PYTHON, ROOT, SECRET, Service
from tests.standins.providers.openai_like import StandInOpenAI

LOAD: Final = """
import json, sys
tried = []
reaching_out = {"socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen"}
sys.addaudithook(lambda event, given: tried.append(event) if event in reaching_out else None)
from containers.litellm import sdk
litellm = sdk.load()
print(json.dumps({
    "tried": tried,
    "callbacks": [*litellm.callbacks, *litellm.success_callback, *litellm.failure_callback],
    "telemetry": litellm.telemetry,
    "proxy": [name for name in sys.modules if name.startswith(("fastapi", "prisma", "mcp."))],
}))
"""


def test_loading_the_sdk_reaches_out_to_nobody() -> None:
    loaded = subprocess.run(
        [PYTHON, "-c", LOAD], cwd=ROOT, env={}, capture_output=True, check=True, timeout=60
    )
    nothing = {"tried": [], "callbacks": [], "telemetry": False, "proxy": []}
    assert json.loads(loaded.stdout) == nothing


def test_a_served_call_reaches_out_to_its_provider_alone(
    service: Service, vllm: StandInOpenAI
) -> None:
    body = {"model": "ours", "messages": HELLO, "stream": True}
    service.call("/v1/chat/completions", "openai/m", f"{vllm.url}/v1", body)
    sockets = psutil.Process(service.pid).net_connections("inet")
    assert {each.raddr[0] for each in sockets if each.status == "ESTABLISHED"} == {"127.0.0.1"}


def test_it_listens_on_a_socket_for_its_owner_alone_and_ends_when_told(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    with socket.socket(socket.AF_UNIX) as leftover:
        leftover.bind(str(path))
    environ = {"LISA_LITELLM_SECRET": "env:GIVEN", "GIVEN": SECRET}
    process = subprocess.Popen(
        [PYTHON, "-m", "containers.litellm", "--socket", path], cwd=ROOT, env=environ
    )
    while not _is_taken(path):
        assert process.poll() is None
        time.sleep(0.05)
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), timeout=60) as client:
        assert client.get("http://litellm/health").json() == {"status": "ok"}
    assert path.stat().st_mode & 0o777 == 0o600
    process.terminate()
    process.wait(30)


def _is_taken(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(str(path)) == 0


@pytest.mark.parametrize("environ", [{}, {"LISA_LITELLM_SECRET": "not-a-reference"}])
def test_it_does_not_start_without_knowing_where_its_secret_lies(environ: dict[str, str]) -> None:
    started = subprocess.run(
        [PYTHON, "-m", "containers.litellm", "--port", "0"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert started.returncode != 0
    assert b"LISA_LITELLM_SECRET" in started.stderr
    assert b"not-a-reference" not in started.stderr
