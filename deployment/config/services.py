"""What a deployment may choose about inference: gateway, LiteLLM service and tracing."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from deployment.config.values import Certificate, Cidr, Domain, Image, InstanceType, Part, Secret
from lisa.declared.variables import MostHeld, Origins, UsageDays
from lisa.domain.issuers import is_http_url

OF_CONTAINERS: Final = (
    "image",
    "instance_type",
    "max_instances",
    "idle_seconds",
    "drain_seconds",
    "capacity",
    "facing",
    "callers",
    "certificate",
    "domain",
    "plain_http",
    "workers",
    "wake_most",
)


class Capacity(Part):
    """How many tasks there may be, of what size, and when there are more."""

    cpu: Annotated[int, Field(ge=256, le=16_384)] = 1024
    """Size of a task, in units of 1/1024 of a processor."""
    memory_mb: Annotated[int, Field(ge=512, le=122_880)] = 2048
    """Memory of a task, in MB."""
    min_tasks: Annotated[int, Field(ge=1, le=1000)] = 2
    """How many run at least; with two, one may fail."""
    max_tasks: Annotated[int, Field(ge=1, le=1000)] = 10
    """How many run at most."""
    busy_percent: Annotated[int, Field(ge=10, le=90)] = 60
    """There come to be more when the processor is busier than that."""
    busy_requests: Annotated[int, Field(ge=1)] = 10_000  # a minute, of one task
    """There come to be more when one task has more calls a minute."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_tasks > self.max_tasks:
            raise ValueError("min_tasks is more than max_tasks")
        return self


class ContainerConfig(Part):
    """What the gateway and the LiteLLM service have in common.

    `image` is one that is built already; without one the deployment builds it.
    """

    image: Image = ""
    """One that is built already; empty: built while deploying."""
    instance_type: InstanceType = "m6i.large"
    """The machines that tasks run on, where `launch` is `ec2`."""
    max_instances: Annotated[int, Field(ge=1, le=1000)] = 10
    """How many of those machines there may be."""
    idle_seconds: Annotated[int, Field(ge=60, le=4000)] = 600
    """How long a connection may be silent."""
    drain_seconds: Annotated[int, Field(ge=1, le=110)] = 110
    """How long a call may go on in a task that is told to stop."""
    capacity: Capacity = Capacity()
    """How many tasks there may be, of what size, and when there are more."""


class ServeConfig(ContainerConfig):
    """The gateway and its balancer, the one entry of all inference.

    `callers` are the networks that may connect, to `domain`, the name that `certificate` is for:
    leading it to the balancer is up to you. Without a certificate calls come in plain HTTP: allowed
    on an `internal` balancer only, where `plain_http` says why that is acceptable. Single calls are
    listed for `usage_days`. Each process holds `wake_most` calls of a model that is being woken.
    """

    enabled: bool = False
    """Make the gateway; without it there are no models, no documents, no network."""
    launch: Literal["fargate", "ec2", "function"] = "fargate"
    """What tasks run on; or a `function` behind the control API, which costs nothing while nobody
    calls: without network, balancer and LiteLLM service, models of our own and documents."""
    streaming: bool = True
    """Whether the function answers piece by piece, for up to 15 minutes; else each as a whole,
    within 29 seconds."""
    facing: Literal["internal", "internet"] = "internal"
    """Where the balancer listens."""
    callers: tuple[Cidr, ...] = ()
    """Networks that may connect; nobody else is answered."""
    certificate: Certificate = ""
    """ARN of the balancer's certificate, in the region of the deployment."""
    domain: Domain = ""
    """The name that `certificate` is for, which you lead to the balancer."""
    plain_http: str = ""
    """Why an internal balancer may do without a certificate."""
    origins: Origins = ()
    """Pages elsewhere that may call from a browser."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes of one task."""
    usage_days: UsageDays = 90
    """How long single calls are listed."""
    wake_most: MostHeld = 256
    """How many calls of a model that is being woken each process holds."""

    @property
    def is_function(self) -> bool:
        """Tell whether it is a function, which is in no network."""
        return self.enabled and self.launch == "function"

    @property
    def in_network(self) -> bool:
        """Tell whether it runs in a network, with models and documents beside it."""
        return self.enabled and self.launch != "function"

    @model_validator(mode="after")
    def _is_all_that_a_function_takes(self) -> Self:
        """Refuse what would have no effect: the API says who may connect, and by what name."""
        usual = {name: field.default for name, field in type(self).model_fields.items()}
        given = [name for name in OF_CONTAINERS if getattr(self, name) != usual[name]]
        if self.is_function and given:
            raise ValueError(
                f"launch: function has no use for {', '.join(given)}: leave that out; where the "
                "gateway is reached is the business of api"
            )
        return self

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if not self.in_network:
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
    """Ids or ARNs of the models of Bedrock that it may call; no others."""
    sagemaker_endpoints: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,63}$")], ...] = ()
    """Names of the endpoints of SageMaker that it may call; no others."""
    capacity: Capacity = Capacity(busy_requests=3000)
    """How many tasks there may be, of what size, and when there are more."""


def _collector(url: str) -> str:
    if url and not is_http_url(url):
        raise ValueError("must be an http:// or https:// address without credentials")
    return url.rstrip("/")


class TracingConfig(Part):
    """Where the gateway sends OpenTelemetry's spans, by OTLP over HTTP; without `endpoint` nowhere.

    `headers` is the ARN of a secret whose text goes along: `name=value`, several with commas
    between. `sampled` is the share of calls that leave a span, of those whose caller didn't decide.
    """

    endpoint: Annotated[str, AfterValidator(_collector)] = ""
    """A collector that speaks OTLP over HTTP; empty: spans go nowhere."""
    headers: Secret = ""
    """ARN of the secret that goes along: `name=value`, several with commas between."""
    sampled: Annotated[float, Field(ge=0, le=1)] = 1.0
    """The share of calls that leave a span, of those whose caller didn't decide."""

    @model_validator(mode="after")
    def _headers_stay_secret(self) -> Self:
        if self.headers and not self.endpoint.startswith("https://"):
            raise ValueError("headers are secret: endpoint must be an https:// address")
        return self
