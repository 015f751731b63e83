"""CloudWatch is told how many calls wait, and the engine never hears of it."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from moto import mock_aws

from containers.engines.loading.settings import settings_of
from containers.engines.loading.waiting_calls import METRIC, publish
from tests.contract.weights.starting import started, until

ENGINE = """
import os, signal
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
print("up", flush=True)
signal.pause()
"""
NAMESPACE = "LISA/lisa-dev/Models"
METRICS = b'vllm:num_requests_waiting{engine="0"} 5.0\n'


@dataclass
class Listener:
    """An engine's metrics and CloudWatch at once, and what the latter was sent."""

    port: int = 0
    status: int = 200
    sent: list[bytes] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "LISA_MODEL": "tiny",
            "LISA_QUEUE_NAMESPACE": NAMESPACE,
            "LISA_ENGINE_METRICS": f"http://127.0.0.1:{self.port}/metrics",
            "LISA_ENGINE_WAITING": "vllm:num_requests_waiting",
            "LISA_QUEUE_SECONDS": "0.1",
        }


@contextmanager
def listening() -> Iterator[Listener]:
    told = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, METRICS)

        def do_POST(self) -> None:
            told.sent.append(self.rfile.read(int(self.headers["content-length"])))
            self._send(told.status, b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_metric_is_the_models_own() -> None:
    with mock_aws():
        client = boto3.client("cloudwatch")
        publish(client, settings_of(Listener().environment()), 5)
        [metric] = client.list_metrics(Namespace=NAMESPACE)["Metrics"]
    assert metric["MetricName"] == METRIC
    assert metric["Dimensions"] == [{"Name": "Model", "Value": "tiny"}]


def test_the_queue_is_told_again_and_again_until_the_engine_ends() -> None:
    with listening() as told:
        process = started(
            "containers.engines.loading", [sys.executable, "-c", ENGINE], told.environment()
        )
        until(lambda: len(told.sent) >= 2, process)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)  # ends when nobody holds its output any more
    assert process.returncode == 7
    assert b"WaitingPerReplica" in told.sent[0]


def test_a_queue_that_cant_be_told_is_one_line_and_no_trouble_for_the_engine() -> None:
    with listening() as told:
        told.status = 403
        process = started(
            "containers.engines.loading", [sys.executable, "-c", ENGINE], told.environment()
        )
        until(lambda: len(told.sent) >= 3, process)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 7
    assert said == "lisa: the queue isn't told (ClientError)\n"
