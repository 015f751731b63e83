"""Text Generation Inference: text, from a folder or a hub."""

from typing import Annotated, Final, Literal

from pydantic import Field

from lisa.declared.engine_options import refusals
from lisa.declared.engine_options.engine import (
    Count,
    Engine,
    EngineOptions,
    Place,
    Registry,
    Share,
    unfit,
)
from lisa.declared.engine_options.flags import Flag, Way
from lisa.domain.hosting import EngineName, Hosting
from lisa.domain.model import ModelType
from lisa.domain.weights import Origin


class TgiOptions(EngineOptions):
    """Options of TGI."""

    num_shard: Annotated[
        Annotated[int, Field(ge=1, le=16)] | None,
        Field(description="GPUs that share the model; all of the replica's if not given."),
    ] = None
    quantize: Annotated[
        Literal[
            "awq",
            "compressed-tensors",
            "eetq",
            "exl2",
            "gptq",
            "marlin",
            "bitsandbytes",
            "bitsandbytes-nf4",
            "bitsandbytes-fp4",
            "fp8",
        ]
        | None,
        Flag("--quantize"),
        Field(description="Quantise while loading; not for weights that are quantised already."),
    ] = None
    dtype: Annotated[
        Literal["float16", "bfloat16"] | None,
        Flag("--dtype"),
        Field(description="Number format of the computation; not with quantize."),
    ] = None
    kv_cache_dtype: Annotated[
        Literal["fp8_e4m3fn", "fp8_e5m2"] | None,
        Flag("--kv-cache-dtype"),
        Field(description="Number format of the KV cache."),
    ] = None
    speculate: Annotated[
        Count | None, Flag("--speculate"), Field(description="Tokens guessed ahead.")
    ] = None
    max_concurrent_requests: Annotated[
        Count | None,
        Flag("--max-concurrent-requests"),
        Field(description="Calls taken at once; more are refused."),
    ] = None
    max_input_tokens: Annotated[
        Count | None, Flag("--max-input-tokens"), Field(description="Tokens of a prompt.")
    ] = None
    max_total_tokens: Annotated[
        Count | None,
        Flag("--max-total-tokens"),
        Field(description="Tokens of prompt and answer together."),
    ] = None
    max_batch_prefill_tokens: Annotated[
        Count | None,
        Flag("--max-batch-prefill-tokens"),
        Field(description="Tokens of prompts read in one step."),
    ] = None
    max_batch_total_tokens: Annotated[
        Count | None,
        Flag("--max-batch-total-tokens"),
        Field(description="Tokens of a whole batch; measured by TGI if not given."),
    ] = None
    waiting_served_ratio: Annotated[
        Annotated[float, Field(gt=0, le=1000)] | None,
        Flag("--waiting-served-ratio"),
        Field(description="How many wait, against how many are served, before they are let in."),
    ] = None
    max_waiting_tokens: Annotated[
        Count | None,
        Flag("--max-waiting-tokens"),
        Field(description="Tokens that may be written before those who wait are let in."),
    ] = None
    max_client_batch_size: Annotated[
        Count | None, Flag("--max-client-batch-size"), Field(description="Inputs of one call.")
    ] = None
    cuda_graphs: Annotated[
        Annotated[tuple[Annotated[int, Field(ge=0, le=4096)], ...], Field(max_length=32)] | None,
        Flag("--cuda-graphs", Way.LIST),
        Field(description="Batch sizes that get a CUDA graph; 0 alone: none."),
    ] = None
    cuda_memory_fraction: Annotated[
        Share | None,
        Flag("--cuda-memory-fraction"),
        Field(description="Share of a GPU's memory that may be used."),
    ] = None
    payload_limit: Annotated[
        Count | None, Flag("--payload-limit"), Field(description="Bytes of a call.")
    ] = None
    graceful_termination_timeout: Annotated[
        Annotated[int, Field(ge=1, le=3600)] | None,
        Flag("--graceful-termination-timeout"),
        Field(description="Seconds that running calls get when it is stopped."),
    ] = None

    def arguments(self, hosting: Hosting, place: Place) -> list[str]:
        """Return the model, its address and its GPUs; then the rest."""
        shards = self.shards(hosting.gpus)
        revision = hosting.weights.revision
        return [
            *("--model-id", place.weights),
            *("--hostname", place.address, "--port", str(place.port)),
            *("--prometheus-port", str(place.side_port), "--usage-stats", "off"),
            *(("--num-shard", str(shards)) if shards > 1 else ()),
            *(("--revision", revision) if revision and place.origin is Origin.HUB else ()),
            *(("--trust-remote-code",) if hosting.weights.trust_remote_code else ()),
            *self.written(place.folder),
        ]

    def refuse_unfit(self, hosting: Hosting) -> None:
        """Raise `Invalid` where formats, lengths or GPUs contradict."""
        if self.num_shard and self.num_shard > max(hosting.gpus, 1):
            raise unfit(
                f"num_shard spreads the model over {self.num_shard} GPUs, it has {hosting.gpus}",
                "give it more GPUs, or leave num_shard out",
            )
        if self.dtype and self.quantize:
            raise unfit("TGI takes no dtype where it quantises", "leave one of them out")
        if (self.max_input_tokens or 0) >= (self.max_total_tokens or 10**10):
            raise unfit(
                "max_input_tokens leaves no token of max_total_tokens for an answer",
                "make max_total_tokens larger",
            )

    def window(self) -> int | None:
        """Return the longest call that was asked for."""
        return self.max_total_tokens

    def shards(self, gpus: int) -> int:
        """Return how many GPUs share the model: as asked for, else all."""
        return self.num_shard or max(1, gpus)


TGI: Final = Engine(
    name=EngineName.TGI,
    image="huggingface/text-generation-inference",
    tag="3.3.7",
    registry=Registry.GITHUB,
    program=("text-generation-launcher",),
    port=3000,
    options=TgiOptions,
    serves=frozenset({ModelType.TEXT}),
    waiting="tgi_queue_size",
    running="tgi_batch_current_size",
    reads_capitals=True,
    variables=frozenset({"HF_TOKEN"}),
    runs_model_code=True,
    refused={
        **refusals.EVERYWHERE,
        "sharded": "it follows from num_shard",
        "usage_stats": "it is always off",
        "max_input_length": "it is called max_input_tokens",
        "lora_adapters": refusals.ADAPTERS,
    },
)
