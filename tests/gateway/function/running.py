"""The gateway as a function, over memory: its real loop, and Lambda's Runtime API played to it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from lambdas.serve.runtime_api import RuntimeApi
from lambdas.serve.streaming import answer_all
from lisa.adapters.ec2.instance_types import SdkInstanceTypes
from lisa.bootstrap.administration_routes import identity_services
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.serve_function import ServeFunction
from lisa.bootstrap.tool_calls_when_asked import ToolServersWhenAsked
from lisa.declared.settings import ServeSettings
from lisa.domain.identity import Limits, TokenKind
from lisa.domain.model import Model
from lisa.domain.usage import Call as Used
from lisa.stores.models import ModelStore
from lisa.stores.usage.records import CallSearch, UsageRecords
from lisa.usecases.tokens import Wanted
from tests.gateway.running import KNOWN, ROOT, to
from tests.gateway.turns.running import memory
from tests.standins.engine.server import Engine
from tests.standins.lambda_runtime.server import Call, LambdaRuntime

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}


def a_token(**more: Any) -> Wanted:
    """Return what to ask for to be alice."""
    return Wanted(name="alice", owner="alice", kind=TokenKind.SERVICE, **more)


@dataclass(repr=False)
class Functioning:
    """A function that waits for calls."""

    runtime: LambdaRuntime
    function: ServeFunction
    ports: ContentPorts
    token: str

    async def sign_in(self, **limits: Any) -> None:
        """Be somebody with these limits from now on."""
        tokens = identity_services(self.ports).tokens
        self.token = (await tokens.issue(ROOT, a_token(limits=Limits(**limits)))).secret

    def event(self, path: str, says: Any = None, **more: Any) -> dict[str, Any]:
        """Return what API Gateway hands over."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers = sent | more.get("headers", {})
        return {
            "resource": "/v1/{proxy+}",
            "path": path,
            "httpMethod": "POST" if says is not None else "GET",
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {"stage": "api", "identity": {"sourceIp": "192.0.2.1"}},
            "body": None if says is None else json.dumps(says),
            "isBase64Encoded": False,
        } | {name: value for name, value in more.items() if name != "headers"}

    async def chat(self, seconds: float = 60, **more: Any) -> Call:
        """Ask for a completion; return when the function is done with it."""
        event = self.event("/v1/chat/completions", ASKED | more)
        return await self.runtime.whole(event, seconds)

    async def begin_chat(self, **more: Any) -> Call:
        """Ask for a completion."""
        return await self.runtime.begin(self.event("/v1/chat/completions", ASKED | more))

    async def used(self) -> list[Used]:
        """Return what is stored of the calls so far: nobody stores anything any more."""
        now = self.ports.clock.now()
        search = CallSearch(since=now - timedelta(hours=1), until=now + timedelta(hours=1))
        calls, _ = await UsageRecords(self.ports.tables).page(search)
        return calls

    async def add(self, name: str, engine: Engine, **more: Any) -> None:
        """Add a model."""
        now = self.ports.clock.now()
        upstream = to(engine, key="env:ENGINE_KEY")
        model = Model(id=name, upstreams=(upstream,), created=now, changed=now, **more)
        await ModelStore(self.ports.tables).add(model)


@asynccontextmanager
async def functioning(engine: Engine, journal: Path) -> AsyncIterator[Functioning]:
    """Run the function's loop."""
    ports = memory()
    tables = {
        name: name for name in ServeSettings.model_fields if name.startswith(("table_", "bucket_"))
    }
    settings = ServeSettings(**tables, serve_journal=journal)
    authenticate = authenticator(ports.tables, ports.clock, settings)
    function = ServeFunction(
        settings, ports, authenticate, KNOWN, ToolServersWhenAsked(KNOWN), SdkInstanceTypes()
    )
    async with LambdaRuntime() as runtime:
        made = Functioning(runtime, function, ports, "")
        await made.sign_in()
        await made.add("tiny", engine)
        loop = asyncio.create_task(answer_all(RuntimeApi(runtime.address), function))
        await runtime.waiting.wait()
        yield made
        runtime.leave()
        with suppress(OSError):
            await loop
        assert runtime.faults == []
