"""The local profile tells a collector of its calls, where the environment names one."""

from pathlib import Path

import httpx

from lisa.declared.home import CLI_TOKEN
from tests.local.supervised import Local
from tests.standins.collector.server import running_collector


def test_a_call_to_a_built_in_model_becomes_a_span(
    home: Path, command_environ: dict[str, str]
) -> None:
    with running_collector() as collector:
        named = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SERVICE_NAME": "laptop"}
        lisa = Local(home, command_environ | named)
        try:
            lisa.up()
            token = (lisa.home / CLI_TOKEN).read_text().strip()
            listed = lisa.get("/v1/models").json()["data"]
            chat = next(each["id"] for each in listed if "extractive" in each["id"])
            asked = {"model": chat, "messages": [{"role": "user", "content": "Hello"}]}
            headers = {"authorization": f"Bearer {token}"}
            answer = httpx.post(
                f"{lisa.url}/v1/chat/completions", json=asked, headers=headers, timeout=60
            )
        finally:
            lisa.end()
    assert answer.status_code == 200, answer.text
    [span] = collector.wait_for(1)
    assert (span.name, span.service) == (f"chat {chat}", "laptop")
