"""A secret between LISA's own processes goes to nobody whom an administrator names."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import pytest

from lisa.domain.model import Upstream
from tests.gateway.running import KNOWN, running_gateway
from tests.standins.engine.server import Engine

OWN = "secret:lisa/passes"
SPELLED = {
    OWN: "before now later",
    "secret:arn:aws:secretsmanager:eu-central-1:1234:secret:lisa/passes": "before now later",
    "secret:copied": "now",
    "secret:theirs": "sk-theirs",
}


@dataclass(frozen=True)
class Vault:
    """Where some secrets lie, the same one by several names."""

    secrets: Mapping[str, str]

    async def resolve(self, reference: str) -> str:
        return self.secrets.get(reference) or await KNOWN.resolve(reference)

    def forget(self, reference: str) -> None:
        """Remember nothing anyway."""


@pytest.mark.parametrize("reference", SPELLED)
async def test_only_a_key_that_is_not_ours_is_sent(engine: Engine, reference: str) -> None:
    async with running_gateway(
        engine, models=(), secrets=Vault(SPELLED), own_secrets=(OWN,)
    ) as gateway:
        await gateway.add("direct", Upstream(url=engine.url, key=reference))
        headers = {"authorization": f"Bearer {await gateway.token()}"}
        body = {"model": "direct", "messages": [{"role": "user", "content": "hi"}]}
        async with httpx.AsyncClient(headers=headers, timeout=10) as client:
            answer = await client.post(f"{gateway.openai}/chat/completions", json=body)

    if reference == "secret:theirs":
        assert answer.status_code == 200
        assert [each.headers["authorization"] for each in engine.seen] == ["Bearer sk-theirs"]
    else:
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "own_secret")
        assert "now" not in answer.text
        assert engine.seen == []
