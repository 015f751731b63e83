"""What a deployment may choose about documents: whether, from where, and what reads them."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from deployment.config.values import Buckets, Image, Part

MEMORY_OF: Final = {  # what Fargate offers with so much of a processor: from, to, in steps of
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16_384, 1024),
    4096: (8192, 30_720, 1024),
    8192: (16_384, 61_440, 4096),
    16_384: (32_768, 122_880, 8192),
}


class KnowledgeConfig(Part):
    """Documents that are found, made only with the gateway.

    Pipelines load from `source_buckets`, no others. `tasks` of containers read documents, each of
    `cpu` and `memory_mb`; those of up to `small_mb` a function reads as well, which begins within a
    second. Without tasks it reads all. `image` is one that is built already.
    `serverless_endpoint` is how the network reaches OpenSearch Serverless, for which it can have
    one endpoint: `make`, or the id of the one there is.
    """

    enabled: bool = True
    """Keep and search documents, if there is a gateway that embeds them."""
    source_buckets: Buckets = ()
    """Buckets that pipelines may load from; they must tell EventBridge."""
    tasks: Annotated[int, Field(ge=0, le=10)] = 1
    """How many containers read documents all the time; with none a function reads all."""
    cpu: Literal[512, 1024, 2048, 4096, 8192, 16_384] = 1024
    """Size of such a container, in units of 1/1024 of a processor."""
    memory_mb: Annotated[int, Field(ge=3072)] = 4096  # two documents take up to a gigabyte each
    """Its memory, what Fargate offers with `cpu`; two documents take up to a gigabyte each."""
    small_mb: Annotated[int, Field(ge=1, le=200)] = 10
    """Documents of up to this size a function reads as well, which begins within a second."""
    image: Image = ""
    """One that is built already; empty: built while deploying."""
    serverless_endpoint: Annotated[str, Field(pattern=r"^(make|vpce-[0-9a-f]+)?$")] = ""
    """How the network reaches OpenSearch Serverless: `make` an endpoint, or the id of the only one
    it can have."""

    @model_validator(mode="after")
    def _fargate_offers_it(self) -> Self:
        least, most, step = MEMORY_OF[self.cpu]
        if self.memory_mb not in range(least, most + 1, step):
            raise ValueError(
                f"with cpu = {self.cpu} Fargate offers memory_mb from {least} to {most} in steps "
                f"of {step}"
            )
        return self
