"""Gateways behind their balancer, each started for one test: with a collector, stopped, LiteLLM."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.deploy.conftest import Account
from tests.deploy.gateways import (
    ASKED,
    MODEL,
    Gateway,
    client_through_litellm,
    running_engine,
    running_gateway,
)
from tests.standins.collector.server import running_collector

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with running_engine() as engine:
        yield engine.url


@pytest.fixture
def gateway(account: Account, engine: str, tmp_path: Path) -> Iterator[Gateway]:
    """Run the gateway alone."""
    with running_gateway(account, engine, tmp_path) as gateway:
        yield gateway


def test_a_collector_that_the_environment_names_is_told_of_each_call(
    account: Account, engine: str, tmp_path: Path
) -> None:
    with running_collector() as collector:
        named = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        with (
            running_gateway(account, engine, tmp_path, **named) as gateway,
            gateway.client("ada") as client,
        ):
            client.chat.completions.create(model=MODEL, messages=ASKED)
        [span] = collector.wait_for(1)
    assert span.name == f"chat {MODEL}"


def test_told_to_stop_it_finishes_its_streams_and_takes_no_more(gateway: Gateway) -> None:
    slowly = {"engine": {"tokens": 20, "pause": 0.1}}
    with gateway.client("ada") as client:
        chunks = iter(
            client.chat.completions.create(
                model=MODEL, messages=ASKED, stream=True, extra_body=slowly
            )
        )
        pieces = [next(chunks)]
        gateway.process.terminate()
        pieces += chunks

    assert gateway.process.wait(30) == 0
    assert pieces[-1].choices[0].finish_reason == "stop"
    assert httpx.get(f"{gateway.task.address}/v1/models").status_code == 502


def test_an_anthropic_call_goes_through_the_litellm_service_behind_its_own_balancer(
    account: Account, engine: str, tmp_path: Path
) -> None:
    with client_through_litellm(account, engine, tmp_path) as client:
        message = client.messages.create(
            model=MODEL, max_tokens=50, messages=[{"role": "user", "content": "hello"}]
        )

    assert message.content[0].type == "text"
    assert message.usage.output_tokens > 0
