"""What a deployment may choose about inference: network, gateway, LiteLLM service and tracing."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lisa.declared.variables import MostHeld, Origins, UsageDays
from lisa.domain.hosting import EngineName
from lisa.domain.issuers import is_http_url

ARN: Final = r"arn:[a-z-]+:"
Cidr = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$")]
Subnets = tuple[Annotated[str, Field(pattern=r"^subnet-[0-9a-f]+$")], ...]
Certificate = Annotated[str, Field(pattern=rf"^({ARN}acm:.+)?$")]
Domain = Annotated[str, Field(pattern=r"^(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})?$")]
Secret = Annotated[
    str, Field(pattern=rf"^({ARN}secretsmanager:[a-z0-9-]+:\d{{12}}:secret:.+-\w{{6}})?$")
]
InstanceType = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]


def of_one_version(image: str) -> str:
    """Return an image, unless nobody could tell which version of it runs."""
    if image and not re.search(r"@sha256:[0-9a-f]{64}$|:[\w.-]+$", image):
        raise ValueError("needs a tag or a digest")
    return image


class NetworkConfig(BaseModel):
    """Where containers run: in a network made for them, or (`vpc_id`) in one that is there.

    Without NAT gateways a network that is made has no way out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cidr: Cidr = "10.42.0.0/16"
    zones: Annotated[int, Field(ge=2, le=3)] = 2
    nat_gateways: Annotated[int, Field(ge=0, le=3)] = 1
    vpc_id: Annotated[str, Field(pattern=r"^(vpc-[0-9a-f]+)?$")] = ""
    availability_zones: tuple[str, ...] = ()
    private_subnets: Subnets = ()
    public_subnets: Subnets = ()

    @model_validator(mode="after")
    def _is_made_or_there(self) -> Self:
        zones = len(self.availability_zones)
        if not self.vpc_id and (zones or self.private_subnets or self.public_subnets):
            raise ValueError("availability_zones and subnets are of a network with a vpc_id")
        if self.vpc_id and (zones < 2 or len(self.private_subnets) != zones):  # noqa: PLR2004 - a balancer's least
            raise ValueError("vpc_id needs two availability_zones and a private subnet in each")
        if self.public_subnets and len(self.public_subnets) != zones:
            raise ValueError("public_subnets must be one in each of availability_zones")
        return self

    @property
    def zone_count(self) -> int:
        """Return over how many zones everything is spread."""
        return len(self.availability_zones) or self.zones


class Capacity(BaseModel):
    """How many tasks there may be, of what size, and when there are more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cpu: Annotated[int, Field(ge=256, le=16_384)] = 1024
    memory_mb: Annotated[int, Field(ge=512, le=122_880)] = 2048
    min_tasks: Annotated[int, Field(ge=1, le=1000)] = 2
    max_tasks: Annotated[int, Field(ge=1, le=1000)] = 10
    busy_percent: Annotated[int, Field(ge=10, le=90)] = 60
    busy_requests: Annotated[int, Field(ge=1)] = 10_000  # a minute, of one task

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_tasks > self.max_tasks:
            raise ValueError("min_tasks is more than max_tasks")
        return self


class ContainerConfig(BaseModel):
    """What the gateway and the LiteLLM service have in common.

    `image` is one that is built already; without one the deployment builds it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    image: Annotated[str, AfterValidator(of_one_version)] = ""
    instance_type: InstanceType = "m6i.large"
    max_instances: Annotated[int, Field(ge=1, le=1000)] = 10
    idle_seconds: Annotated[int, Field(ge=60, le=4000)] = 600
    drain_seconds: Annotated[int, Field(ge=1, le=110)] = 110
    capacity: Capacity = Capacity()


class ServeConfig(ContainerConfig):
    """The gateway and its balancer, the one entry of all inference.

    `callers` are the networks that may connect, to `domain`, the name that `certificate` is for:
    leading it to the balancer is up to you. Without a certificate calls come in plain HTTP: allowed
    on an `internal` balancer only, where `plain_http` says why that is acceptable. Single calls are
    listed for `usage_days`. Each process holds `wake_most` calls of a model that is being woken.
    """

    enabled: bool = False
    launch: Literal["fargate", "ec2"] = "fargate"
    facing: Literal["internal", "internet"] = "internal"
    callers: tuple[Cidr, ...] = ()
    certificate: Certificate = ""
    domain: Domain = ""
    plain_http: str = ""
    origins: Origins = ()
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    usage_days: UsageDays = 90
    wake_most: MostHeld = 256

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if not self.enabled:
            return self
        if not self.callers:
            raise ValueError("callers must say which networks may connect")
        if not self.certificate and not (self.facing == "internal" and self.plain_http.strip()):
            raise ValueError(
                "needs a certificate; only facing 'internal' may go without, where plain_http says "
                "why that is acceptable"
            )
        if self.domain and not self.certificate:
            raise ValueError("domain is the name that a certificate is for, and there is none")
        return self


class LiteLLMConfig(ContainerConfig):
    """The LiteLLM service: which models of this account it may call."""

    bedrock_models: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9.:/_-]+$")], ...] = ()
    sagemaker_endpoints: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,63}$")], ...] = ()
    capacity: Capacity = Capacity(busy_requests=3000)


Topic = Annotated[str, Field(pattern=rf"^({ARN}sns:[a-z0-9-]+:\d{{12}}:[\w-]+)?$")]
Image = Annotated[str, AfterValidator(of_one_version)]
Buckets = tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")], ...]


class ModelsConfig(BaseModel):
    """Models that run in this account, in the network of the gateway; without it there are none.

    `alarms` is the topic that is told of replicas that aren't well. `images` take the place of the
    engines' own: those built from `containers/engines`, or copies in a registry of yours. Weights
    in `weights_buckets` are looked into before a model begins; engines read theirs without that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    alarms: Topic = ""
    images: dict[EngineName, Image] = Field(default_factory=dict)
    weights_buckets: Buckets = ()


def _collector(url: str) -> str:
    if url and not is_http_url(url):
        raise ValueError("must be an http:// or https:// address without credentials")
    return url.rstrip("/")


class TracingConfig(BaseModel):
    """Where the gateway sends OpenTelemetry's spans, by OTLP over HTTP; without `endpoint` nowhere.

    `headers` is the ARN of a secret whose text goes along: `name=value`, several with commas
    between. `sampled` is the share of calls that leave a span, of those whose caller didn't decide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: Annotated[str, AfterValidator(_collector)] = ""
    headers: Secret = ""
    sampled: Annotated[float, Field(ge=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _headers_stay_secret(self) -> Self:
        if self.headers and not self.endpoint.startswith("https://"):
            raise ValueError("headers are secret: endpoint must be an https:// address")
        return self
