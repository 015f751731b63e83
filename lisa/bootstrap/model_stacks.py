"""Models as stacks on AWS: what their replicas run, and the templates they are put into."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from lisa.adapters.cloudformation.calls import Calls, Clients
from lisa.adapters.cloudformation.host import CloudFormationHost
from lisa.adapters.cloudformation.wanted import Container
from lisa.adapters.s3.blobs import S3Blobs
from lisa.adapters.s3.client import make_client
from lisa.declared import engines
from lisa.declared.engine_options.engine import Place
from lisa.declared.metrics import models_metrics
from lisa.declared.model_stack import WEIGHTS_FOLDER, Site
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.hosting import EngineName, Hosting, HostKind
from lisa.domain.model import ModelType
from lisa.domain.weights import Origin, origin_of
from lisa.ports.hosts import Host
from lisa.ports.table import Tables
from lisa.stores.models import ModelStore

ECR: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[a-z0-9.]+/(?P<name>[^:@]+)"
)
SERVICES: Final = {"secret": "secretsmanager", "parameter": "ssm"}
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - its security group lets in the balancer alone


def hosts_on_aws(site: Site | None, tables: Tables) -> Mapping[HostKind, Host]:
    """Return the hosts of a deployment; without a site there is none."""
    if site is None:
        return {}
    containers = ContainersOnAws(site, ModelStore(tables))
    host = CloudFormationHost(Calls(Clients()), site, containers)
    return {HostKind.CLOUDFORMATION: host}


@dataclass(frozen=True)
class ContainersOnAws:
    """Says what the replicas of a model run."""

    site: Site
    models: ModelStore

    async def __call__(self, model_id: str, hosting: Hosting) -> Container:
        """Return the container of a model, in the template of its engine."""
        image = hosting.image or self.site.images.get(hosting.engine, "")
        if not image and _is_loaded_from_s3(hosting):
            raise Invalid(
                f"{hosting.engine}'s own image loads no weights from S3",
                next_step="build containers/engines, and name the image in [models.images]",
                code="image_missing",
            )
        return Container(
            template=await self._template(hosting.engine),
            image=image or engines.image(hosting),
            command=engines.command(hosting, await self._place(model_id, hosting)),
            environment={**engines.environment(hosting), **self._told(model_id, hosting)},
            secrets={
                name: _arn(self.site, reference)
                for name, reference in engines.secrets(hosting).items()
            },
            repository=_repository(self.site, image),
        )

    def _told(self, model_id: str, hosting: Hosting) -> dict[str, str]:
        """Return what our images want to know, see `containers/engines/README.md`."""
        source = hosting.weights.source
        weights = {"LISA_WEIGHTS": source} if origin_of(source) is Origin.S3 else {}
        return {
            "AWS_REGION": self.site.arns.split(":")[0],
            "LISA_MODEL": model_id,
            "LISA_QUEUE_NAMESPACE": models_metrics(self.site.deployment),
            **weights,
        }

    @cached_property
    def _templates(self) -> S3Blobs:
        return S3Blobs(make_client(), self.site.template_bucket)

    async def _template(self, engine: EngineName) -> str:
        content = await self._templates.get(self.site.templates[engine])
        if content is None:
            raise Unavailable(
                f"the template of {engine} is gone", next_step="deploy the models' stack again"
            )
        return content.decode()

    async def _place(self, model_id: str, hosting: Hosting) -> Place:
        model = await self.models.by_id(model_id)
        return Place(
            model_id,
            _weights(hosting),
            engines.engine_of(hosting).port,
            type=model.type if model else ModelType.TEXT,
            address=EVERYWHERE,
        )


def _weights(hosting: Hosting) -> str:
    """Return where the engine itself finds its weights."""
    source = hosting.weights.source
    if not _is_loaded_from_s3(hosting):
        return source
    name = source.rpartition("/")[2]
    return f"{WEIGHTS_FOLDER}/{name}" if name.endswith(".gguf") else WEIGHTS_FOLDER


def _is_loaded_from_s3(hosting: Hosting) -> bool:
    """Tell whether weights are put into a folder before the engine starts."""
    return origin_of(hosting.weights.source) is Origin.S3 and not engines.reads_s3(hosting)


def _repository(site: Site, image: str) -> str:
    """Return the ARN of an image's repository in ECR; empty for one that lies elsewhere."""
    found = ECR.match(image)
    if not found:
        return ""
    place = f"{found['region']}:{found['account']}:repository/{found['name']}"
    return f"arn:{site.partition}:ecr:{place}"


def _arn(site: Site, reference: str) -> str:
    """Return the ARN of what a reference names."""
    kind, _, name = reference.partition(":")
    if name.startswith("arn:"):
        return name
    if kind not in SERVICES:
        raise Invalid(
            f"a model on AWS can't be given {kind}:...",
            next_step="say where the secret lies, as secret:NAME or parameter:NAME",
            code="secret_out_of_reach",
        )
    resource = f"secret:{name}" if kind == "secret" else f"parameter{_rooted(name)}"
    return f"arn:{site.partition}:{SERVICES[kind]}:{site.arns}:{resource}"


def _rooted(name: str) -> str:
    return re.sub("^/?", "/", name)
