"""Text Embeddings Inference: embeddings and reranking, from a folder or a hub."""

from typing import Annotated, Final, Literal

from pydantic import Field

from lisa.declared.engine_options import refusals
from lisa.declared.engine_options.engine import (
    Count,
    Engine,
    EngineOptions,
    FileName,
    Line,
    Place,
    Registry,
    unfit,
)
from lisa.declared.engine_options.flags import Flag
from lisa.declared.engine_options.gpus import gpu_of, is_arm
from lisa.domain.hosting import EngineName, Hosting
from lisa.domain.model import ModelType
from lisa.domain.weights import Origin

# What a tag begins with on each GPU; others have no image.
TAGS: Final = {
    "t4": "turing-",
    "a100": "",
    "a10g": "86-",
    "l4": "89-",
    "l40s": "89-",
    "h100": "hopper-",
    "h200": "hopper-",
}


class TeiOptions(EngineOptions):
    """Options of TEI."""

    dtype: Annotated[
        Literal["float16", "float32"] | None,
        Flag("--dtype"),
        Field(description="Number format of the computation."),
    ] = None
    pooling: Annotated[
        Literal["cls", "mean", "splade", "last-token"] | None,
        Flag("--pooling"),
        Field(description="How tokens become one vector; from the model if not given."),
    ] = None
    max_concurrent_requests: Annotated[
        Count | None,
        Flag("--max-concurrent-requests"),
        Field(description="Calls taken at once; more are refused."),
    ] = None
    max_batch_tokens: Annotated[
        Count | None,
        Flag("--max-batch-tokens"),
        Field(description="Tokens of a batch; as many as keep the GPU busy."),
    ] = None
    max_batch_requests: Annotated[
        Count | None, Flag("--max-batch-requests"), Field(description="Calls of a batch.")
    ] = None
    max_client_batch_size: Annotated[
        Count | None, Flag("--max-client-batch-size"), Field(description="Inputs of one call.")
    ] = None
    auto_truncate: Annotated[
        bool | None,
        Flag("--auto-truncate"),
        Field(description="Cut inputs that are too long; false refuses them."),
    ] = None
    default_prompt_name: Annotated[
        FileName | None,
        Flag("--default-prompt-name"),
        Field(description="Which of the model's own prompts precedes every input."),
    ] = None
    default_prompt: Annotated[
        Line | None, Flag("--default-prompt"), Field(description="What precedes every input.")
    ] = None
    dense_path: Annotated[
        FileName | None,
        Flag("--dense-path"),
        Field(description="The folder among the weights with the dense layer to use."),
    ] = None
    payload_limit: Annotated[
        Count | None, Flag("--payload-limit"), Field(description="Bytes of a call.")
    ] = None
    tokenization_workers: Annotated[
        Annotated[int, Field(ge=1, le=512)] | None,
        Flag("--tokenization-workers"),
        Field(description="Threads that cut texts into tokens."),
    ] = None

    def arguments(self, hosting: Hosting, place: Place) -> list[str]:
        """Return the model, its name and address; then the rest."""
        revision = hosting.weights.revision
        return [
            *("--model-id", place.weights, "--served-model-name", place.model_id),
            *("--hostname", place.address, "--port", str(place.port)),
            *("--prometheus-port", str(place.side_port)),
            *(("--revision", revision) if revision and place.origin is Origin.HUB else ()),
            *self.written(place.folder),
        ]

    def refuse_unfit(self, hosting: Hosting) -> None:
        """Raise `Invalid` where both ways of a prompt are given."""
        del hosting
        if self.default_prompt and self.default_prompt_name:
            raise unfit("default_prompt and default_prompt_name are both given", "give one of them")


def tagged(hosting: Hosting, tag: str) -> str:
    """Return the tag of the image that was built for the machine's GPU."""
    gpu = gpu_of(hosting)
    if gpu is None:
        return f"{'cpu-arm64-' if is_arm(hosting) else 'cpu-'}{tag}"
    if gpu not in TAGS:
        raise unfit(
            f"TEI has no image for {hosting.instance_type or 'a GPU of an unknown kind'}",
            "choose an instance type such as g6.xlarge, or name an image",
        )
    return f"{TAGS[gpu]}{tag}"


TEI: Final = Engine(
    name=EngineName.TEI,
    image="huggingface/text-embeddings-inference",
    tag="1.9",
    registry=Registry.GITHUB,
    program=("text-embeddings-router",),
    port=3000,
    options=TeiOptions,
    serves=frozenset({ModelType.EMBEDDING, ModelType.RERANK}),
    waiting="te_queue_size",
    reads_capitals=True,
    variables=frozenset({"HF_TOKEN"}),
    most_gpus=1,
    tagged=tagged,
    refused={
        **refusals.EVERYWHERE,
        "hf_api_token": refusals.KEY,
        "cors_allow_origin": refusals.BROWSERS,
        "otlp_service_name": refusals.TELEMETRY,
    },
)
