"""What a deployment may choose: a frozen, typed configuration read from one TOML file."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lisa.declared.pages import Branding
from lisa.declared.settings import IdentitySettings
from lisa.declared.variables import Origin, Origins
from lisa.domain.errors import Invalid
from lisa.domain.issuers import SignIn
from stacks.cognito import CognitoConfig, refuse_reserved
from stacks.inference import LiteLLMConfig, ModelsConfig, NetworkConfig, ServeConfig, TracingConfig
from stacks.knowledge_config import KnowledgeConfig

UNREACHABLE: Final = (
    "the pages come over https and browsers let them call the gateway over https only: set "
    "serve.certificate and serve.domain, the name it is for, or web.gateway to an https address "
    "that leads to the balancer, or web.enabled = false"
)
ROLES: Final = ("admin_group", "rag_admin_group", "user_group", "api_group")
GROUP: Final = re.compile(r"\S{0,128}")
ShortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")]


class Throttling(BaseModel):
    """How much the API takes before it answers 429, for all callers together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_per_second: Annotated[int, Field(ge=1, le=10_000)] = 200
    burst: Annotated[int, Field(ge=1, le=5_000)] = 400


class IdentityConfig(BaseModel):
    """Where people sign in.

    `cognito` makes a user pool, `issuers` believes only those of `[[doors.issuers]]`, `auto` makes
    a pool where there are none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Literal["auto", "cognito", "issuers"] = "auto"
    cognito: CognitoConfig = CognitoConfig()


class WebConfig(BaseModel):
    """The browser pages.

    `gateway` is where browsers reach it, if not at `serve.domain`. Without either, `plain_http` is
    why calls to the balancer's own name work: browsers refuse them to pages that come over https.
    `sign_in` is where people sign in, if not at the user pool; `sign_in_origins` are others that
    take part in it, such as that of the issuer's token endpoint.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    branding: Branding = Branding()
    gateway: Origin = ""
    plain_http: str = ""
    sign_in: SignIn | None = None
    sign_in_origins: Origins = ()


class DeploymentConfig(BaseModel):
    """One deployment of LISA. Every field has a default that is safe for production."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ShortName = "lisa"
    stage: ShortName = "dev"
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] | None = None
    data: Literal["retain", "destroy"] = "retain"
    log_days: Literal[7, 14, 30, 60, 90, 180, 365] = 90
    tags: dict[str, str] = Field(default_factory=dict)
    throttling: Throttling = Throttling()
    identity: IdentityConfig = IdentityConfig()
    doors: IdentitySettings = IdentitySettings()
    network: NetworkConfig = NetworkConfig()
    serve: ServeConfig = ServeConfig()
    litellm: LiteLLMConfig = LiteLLMConfig()
    models: ModelsConfig = ModelsConfig()
    knowledge: KnowledgeConfig = KnowledgeConfig()
    tracing: TracingConfig = TracingConfig()
    web: WebConfig = WebConfig()

    @property
    def secrets_prefix(self) -> str:
        """Return how the names of this deployment's own secrets begin."""
        return f"{self.name}/{self.stage}/"

    @property
    def full_name(self) -> str:
        """Return what no other deployment of the account is called."""
        return f"{self.name}-{self.stage}"

    @property
    def has_user_pool(self) -> bool:
        """Tell whether this deployment makes a user pool."""
        wanted = self.identity.provider
        return wanted == "cognito" or (wanted == "auto" and not self.doors.issuers)

    @property
    def has_knowledge(self) -> bool:
        """Tell whether documents are kept and searched, which takes a gateway that embeds them."""
        return self.serve.enabled and self.knowledge.enabled

    @model_validator(mode="after")
    def _people_can_sign_in(self) -> Self:
        """Refuse what would leave everybody outside, or mix up two people."""
        if self.has_user_pool:
            self._pool_can_be_made()
        elif not self.doors.issuers:
            raise ValueError("identity.provider 'issuers' needs [[doors.issuers]]")
        elif self.identity.cognito != CognitoConfig():
            raise ValueError("identity.cognito is for a user pool, and this makes none")
        return self

    @model_validator(mode="after")
    def _the_gateway_is_reached(self) -> Self:
        """Refuse pages whose calls every browser would refuse, and traces of no gateway."""
        if self.tracing.endpoint and not self.serve.enabled:
            raise ValueError("tracing.endpoint is for the gateway, which serve.enabled makes")
        if not (self.web.enabled and self.serve.enabled) or self.web.gateway or self.serve.domain:
            return self
        if self.serve.certificate or not self.web.plain_http.strip():
            raise ValueError(UNREACHABLE)
        return self

    @model_validator(mode="after")
    def _documents_are_embedded(self) -> Self:
        """Refuse documents whose readers couldn't call the gateway, or that nobody would read."""
        if self.knowledge.source_buckets and not self.has_knowledge:
            raise ValueError("knowledge.source_buckets needs serve.enabled and knowledge.enabled")
        if self.has_knowledge and self.serve.certificate and not self.serve.domain:
            raise ValueError(
                "what reads documents calls the gateway by the name its certificate is for: set "
                "serve.domain, or knowledge.enabled = false"
            )
        return self

    def _pool_can_be_made(self) -> None:
        if not (self.web.enabled or self.identity.cognito.callback_urls):
            raise ValueError("without pages identity.cognito.callback_urls can't be empty")
        if any(not issuer.prefix for issuer in self.doors.issuers):
            raise ValueError("beside a user pool each of doors.issuers needs a prefix")
        if self.identity.cognito.self_sign_up and not self.doors.user_group:
            raise ValueError("identity.cognito.self_sign_up lets anybody in without user_group")
        if not self.identity.cognito.login_prefix:
            refuse_reserved(f"{self.name}-{self.stage}")
        for role in ROLES:
            if not GROUP.fullmatch(getattr(self.doors, role)):
                raise ValueError(f"doors.{role} can't be the name of a group in Cognito: no spaces")

    def stack_name(self, part: str) -> str:
        """Return the name of the stack of that part of the deployment."""
        return f"{self.full_name}-{part}"


def read_config(path: Path) -> DeploymentConfig:
    """Read a configuration file; whatever is wrong with it is named by its key."""
    try:
        return DeploymentConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise Invalid(
            f"there is no configuration file {path}", next_step="choose one with -c config=FILE"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{path} is not TOML: {error}", next_step="mend that line") from error
    except ValidationError as error:
        raise Invalid(f"{path}: {_in_words(error)}", next_step="mend or remove it") from error


def _in_words(error: ValidationError) -> str:
    return "; ".join(
        ": ".join(filter(None, (".".join(map(str, problem["loc"])), problem["msg"])))
        for problem in error.errors()
    )
