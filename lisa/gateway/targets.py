"""Where a call goes and with which headers: straight to an upstream, or through LiteLLM."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.model import Model, Upstream
from lisa.domain.rotating import read_rotating
from lisa.gateway.surface import Dialect, Endpoint
from lisa.ports.secrets import RenewableSecrets
from lisa.usecases.others_secrets import OthersSecrets

PASSED_ON: Final = (
    "accept",
    "anthropic-beta",
    "anthropic-version",
    "content-type",
    "openai-beta",
    "traceparent",
    "tracestate",
)
AS_IT_IS: Final = "identity"  # usage is read from the answer as it passes


@dataclass(slots=True)
class Target:
    """One upstream as a call meets it."""

    url: str
    name: str  # by which it knows the model
    headers: dict[str, str]
    key: str | None  # where the secret lies
    secret: str


@dataclass(frozen=True)
class Targets:
    """Knows how to reach upstreams.

    `litellm_url` is where the LiteLLM service listens, `litellm_key` where the secret lies that it
    wants to see; none of the `own_secrets` is a model's key.
    """

    secrets: RenewableSecrets
    litellm_url: str = ""
    litellm_key: str | None = None
    own_secrets: tuple[str, ...] = ()

    async def of(
        self, endpoint: Endpoint, model: Model, upstream: Upstream, sent: Mapping[str, str]
    ) -> Target:
        """Return where to send a call to, and with what."""
        headers = {name: sent[name] for name in PASSED_ON if name in sent}
        headers["accept-encoding"] = AS_IT_IS
        if upstream.kind == "litellm" or endpoint.dialect is Dialect.ANTHROPIC:
            return await self._through_litellm(endpoint, model, upstream, headers)
        name, url = upstream.target or model.id, _below(upstream.url, endpoint)
        others = OthersSecrets(self.secrets, self.own_secrets)
        secret = await others.resolve(upstream.key) if upstream.key else ""
        return _with_secret(Target(url, name, headers, upstream.key, secret))

    async def has_other_secret(self, target: Target) -> bool:
        """Tell whether there is another secret by now than the one we went with."""
        if target.key is None:
            return False
        self.secrets.forget(target.key)
        return await self._shown(target.key) != target.secret

    def probe_url(self, upstream: Upstream) -> str:
        """Return where to ask whether an upstream is there."""
        if upstream.kind == "litellm":
            return f"{self.litellm_url}/health"
        return f"{upstream.url.rstrip('/')}/models"

    async def _through_litellm(
        self, endpoint: Endpoint, model: Model, upstream: Upstream, headers: dict[str, str]
    ) -> Target:
        if endpoint.above_version:
            raise Invalid(
                f"this model's provider doesn't offer {endpoint.path}", code="not_offered"
            )
        if not self.litellm_url:
            raise Unavailable(
                "the LiteLLM service, which this model needs, isn't running",
                next_step="tell an administrator",
                code="litellm_missing",
            )
        target = upstream.target
        if upstream.kind == "openai":
            target = f"openai/{upstream.target or model.id}"
        described = {"target": target, "url": upstream.url, "key": upstream.key}
        headers["x-lisa-upstream"] = json.dumps(described)
        url = f"{self.litellm_url}/v1{endpoint.path}"
        secret = await self._shown(self.litellm_key) if self.litellm_key else ""
        return _with_secret(Target(url, target, headers, self.litellm_key, secret))

    async def _shown(self, key: str) -> str:
        """Return the secret, of which the LiteLLM service wants to see the current word."""
        secret = await self.secrets.resolve(key)
        return read_rotating(secret).current if key == self.litellm_key else secret


def _with_secret(target: Target) -> Target:
    if target.secret:
        target.headers["authorization"] = f"Bearer {target.secret}"
    return target


def _below(url: str, endpoint: Endpoint) -> str:
    base = url.rstrip("/")
    if not endpoint.above_version:
        return base + endpoint.path
    parts = urlsplit(base)
    return parts._replace(path=parts.path.removesuffix("/v1") + endpoint.path).geturl()
