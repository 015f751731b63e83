"""What a deployment may choose about documents: whether, from where, and what reads them."""

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from stacks.inference import Buckets, of_one_version

MEMORY_OF: Final = {  # what Fargate offers with so much of a processor: from, to, in steps of
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16_384, 1024),
    4096: (8192, 30_720, 1024),
    8192: (16_384, 61_440, 4096),
    16_384: (32_768, 122_880, 8192),
}


class KnowledgeConfig(BaseModel):
    """Documents that are found, made only with the gateway.

    Pipelines load from `source_buckets`, no others. `tasks` of containers read documents, each of
    `cpu` and `memory_mb`; those of up to `small_mb` a function reads as well, which begins within a
    second. Without tasks it reads all. `image` is one that is built already.
    `serverless_endpoint` is how the network reaches OpenSearch Serverless, for which it can have
    one endpoint: `make`, or the id of the one there is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    source_buckets: Buckets = ()
    tasks: Annotated[int, Field(ge=0, le=10)] = 1
    cpu: Literal[512, 1024, 2048, 4096, 8192, 16_384] = 1024
    memory_mb: Annotated[int, Field(ge=3072)] = 4096  # two documents take up to a gigabyte each
    small_mb: Annotated[int, Field(ge=1, le=200)] = 10
    image: Annotated[str, AfterValidator(of_one_version)] = ""
    serverless_endpoint: Annotated[str, Field(pattern=r"^(make|vpce-[0-9a-f]+)?$")] = ""

    @model_validator(mode="after")
    def _fargate_offers_it(self) -> Self:
        least, most, step = MEMORY_OF[self.cpu]
        if self.memory_mb not in range(least, most + 1, step):
            raise ValueError(
                f"with cpu = {self.cpu} Fargate offers memory_mb from {least} to {most} in steps "
                f"of {step}"
            )
        return self
