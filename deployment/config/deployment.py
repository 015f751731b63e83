"""The whole configuration of one deployment."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from deployment.availability import refusals
from deployment.config.account import (
    ArtifactsConfig,
    BootstrapConfig,
    EncryptionConfig,
    IamConfig,
)
from deployment.config.api import ApiConfig
from deployment.config.identity import CognitoConfig, IdentityConfig, refuse_reserved
from deployment.config.knowledge import KnowledgeConfig
from deployment.config.models import ModelsConfig
from deployment.config.network import NetworkConfig
from deployment.config.services import LiteLLMConfig, ServeConfig, TracingConfig
from deployment.config.values import Part
from deployment.config.watching import BackupConfig, ObservabilityConfig
from deployment.config.web import WebConfig
from deployment.partitions import Partition, PartitionName, partition_of
from lisa.declared import parts
from lisa.declared.settings import IdentitySettings
from lisa.domain.errors import Invalid

UNREACHABLE: Final = (
    "the pages come over https and browsers let them call the gateway over https only: set "
    "serve.certificate and serve.domain, the name it is for, or web.gateway to an https address "
    "that leads to the balancer, or web.enabled: false"
)
ROLES: Final = ("admin_group", "rag_admin_group", "user_group", "api_group")
GROUP: Final = re.compile(r"\S{0,128}")


def _known(region: str) -> str:
    try:
        partition_of(region)
    except Invalid as error:
        raise ValueError(f"{error.message}: {error.next_step}") from error
    return region


Region = Annotated[str, AfterValidator(_known)]
ShortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")]


class ChatConfig(Part):
    """Sessions, projects, prompts, files and tools of people; inference goes without."""

    enabled: bool = True
    """Make sessions, projects, prompts, files and tools of people."""


class DeploymentConfig(Part):
    """One deployment of LISA. Every field has a default that is safe for production."""

    name: ShortName = "lisa"
    """Stacks are called `<name>-<stage>-<part>`; an account can have several deployments."""
    stage: ShortName = "dev"
    """Tells deployments of one name from each other, such as `dev` and `prod`."""
    account: Annotated[str, Field(pattern=r"^(\d{12})?$")] = ""
    """Where it goes; empty: the account of your credentials."""
    region: Region | None = None
    """Where it goes; empty: the region of your credentials."""
    partition: PartitionName | None = None
    """Where `region` lies; need not be said, and said it must be true."""
    data: Literal["retain", "destroy"] = "retain"
    """Whether tables and buckets stay when their stack goes, or go with all that is in them."""
    log_days: Literal[7, 14, 30, 60, 90, 180, 365] = 90
    """How long logs are kept."""
    tags: dict[str, str] = Field(default_factory=dict)
    """Tags of every resource, by their names."""
    bootstrap: BootstrapConfig = BootstrapConfig()
    """How the account was made ready for the CDK."""
    iam: IamConfig = IamConfig()
    """What roles must look like, or which there are already."""
    encryption: EncryptionConfig = EncryptionConfig()
    """What data is encrypted with, and how often secrets are replaced."""
    artifacts: ArtifactsConfig = ArtifactsConfig()
    """What is built already."""
    identity: IdentityConfig = IdentityConfig()
    """Where people sign in."""
    doors: IdentitySettings = IdentitySettings()
    """What every function reads from its environment: whose tokens count, what groups mean."""
    api: ApiConfig = ApiConfig()
    """The control API: how much it takes, and from where."""
    network: NetworkConfig = NetworkConfig()
    """Where containers run."""
    serve: ServeConfig = ServeConfig()
    """The gateway and its balancer, the one entry of all inference."""
    litellm: LiteLLMConfig = LiteLLMConfig()
    """The service that calls models elsewhere, such as Bedrock's."""
    models: ModelsConfig = ModelsConfig()
    """Models that run in this account, made only with the gateway."""
    knowledge: KnowledgeConfig = KnowledgeConfig()
    """Documents that are found, made only with the gateway."""
    chat: ChatConfig = ChatConfig()
    """What people chat with; inference goes without."""
    tracing: TracingConfig = TracingConfig()
    """Where the gateway sends OpenTelemetry's spans."""
    web: WebConfig = WebConfig()
    """The browser pages."""
    observability: ObservabilityConfig = ObservabilityConfig()
    """Dashboards, alarms and traces of AWS's own."""
    backup: BackupConfig = BackupConfig()
    """Daily copies of data, besides what tables keep by themselves."""

    @property
    def home(self) -> Partition | None:
        """Return the partition that it goes to, where the configuration says so."""
        return partition_of(self.region) if self.region else None

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
        return self.serve.in_network and self.knowledge.enabled

    def has(self, part: parts.Part | None) -> bool:
        """Tell whether this deployment has a part; none in particular is of every deployment."""
        return (
            part is None
            or {
                parts.Part.INFERENCE: self.serve.in_network,
                parts.Part.CHAT: self.chat.enabled,
                parts.Part.KNOWLEDGE: self.has_knowledge,
                parts.Part.PAGES: self.web.enabled,
            }[part]
        )

    @model_validator(mode="after")
    def _keeps_every_rule(self) -> Self:
        """Apply the rules between parts one by one, so that all that is wrong is told at once."""
        faults = []
        for rule in (
            self._can_be_had_there,
            self._people_can_sign_in,
            self._parts_stand_on_each_other,
            self._the_gateway_is_reached,
            self._documents_are_embedded,
        ):
            try:
                rule()
            except ValueError as fault:
                faults.append(str(fault))
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _can_be_had_there(self) -> Self:
        """Refuse what the region doesn't have, and what an isolated one would have to fetch."""
        if not self.region or not self.home:
            return self
        if self.partition not in (None, self.home.name):
            raise ValueError(f"{self.region} lies in the partition {self.home.name}: say that")
        faults = self.refused_in(self.region)
        if self.home.isolated and (missing := self._built_while_deploying()):
            faults.append(f"no image can be built there: give {', '.join(missing)}")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _people_can_sign_in(self) -> Self:
        """Refuse what would leave everybody outside, or mix up two people."""
        if self.has_user_pool:
            self._pool_can_be_made()
        elif not self.doors.issuers:
            raise ValueError("identity.provider 'issuers' needs doors.issuers")
        elif self.identity.cognito != CognitoConfig():
            raise ValueError("identity.cognito is for a user pool, and this makes none")
        return self

    def _parts_stand_on_each_other(self) -> Self:
        """Refuse pages of people without what people do there, and an API that nobody reaches."""
        if self.web.enabled and not self.chat.enabled:
            raise ValueError(
                "pages begin with sessions: set web.enabled: false, or chat.enabled: true"
            )
        if self.api.private and not (self.api.vpc_endpoints or self.serve.in_network):
            raise ValueError(
                "a private API is reached through an endpoint in a network, and without "
                "a gateway of containers none is made: set api.vpc_endpoints"
            )
        return self

    def _the_gateway_is_reached(self) -> Self:
        """Refuse pages whose calls every browser would refuse, and traces of no gateway."""
        if self.tracing.endpoint and not self.serve.in_network:
            raise ValueError(
                "tracing.endpoint is for the gateway's containers, which serve.enabled makes and "
                "serve.launch: function doesn't"
            )
        if (
            not (self.web.enabled and self.serve.in_network)
            or self.web.gateway
            or self.serve.domain
        ):
            return self
        if self.serve.certificate or not self.web.plain_http.strip():
            raise ValueError(UNREACHABLE)
        return self

    def _documents_are_embedded(self) -> Self:
        """Refuse documents whose readers couldn't call the gateway, or that nobody would read."""
        if self.serve.is_function and self.knowledge.enabled:
            raise ValueError(
                "documents are read and kept in the network, which serve.launch: function goes "
                "without: set knowledge.enabled: false, or serve.launch: fargate"
            )
        if self.knowledge.source_buckets and not self.has_knowledge:
            raise ValueError("knowledge.source_buckets needs serve.enabled and knowledge.enabled")
        if self.has_knowledge and self.serve.certificate and not self.serve.domain:
            raise ValueError(
                "what reads documents calls the gateway by the name its certificate is for: set "
                "serve.domain, or knowledge.enabled: false"
            )
        return self

    def refused_in(self, region: str) -> list[str]:
        """Return what is asked for and can't be had in a region, with what to do instead."""
        return [*refusals(region, self._asked())]

    def _asked(self) -> dict[str, bool]:
        """Tell which parts that aren't to be had everywhere are wanted."""
        serves = self.serve.in_network
        return {
            "user_pool": self.has_user_pool,
            "bedrock": serves and bool(self.litellm.bedrock_models),
            "sagemaker": serves and bool(self.litellm.sagemaker_endpoints),
            "serverless": self.has_knowledge and bool(self.knowledge.serverless_endpoint),
            "backup": self.backup.enabled,
        }

    def _built_while_deploying(self) -> list[str]:
        """Return the keys of images that aren't given."""
        images = {
            "serve.image": self.serve.in_network and not self.serve.image,
            "litellm.image": self.serve.in_network and not self.litellm.image,
            "knowledge.image": (
                self.has_knowledge and bool(self.knowledge.tasks) and not self.knowledge.image
            ),
        }
        return [key for key, missing in images.items() if missing]

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
