"""vLLM: text and embeddings, from a folder, a hub or straight from S3."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, JsonValue

from lisa.declared.engine_options import refusals
from lisa.declared.engine_options.engine import (
    Count,
    Engine,
    EngineOptions,
    FileName,
    Place,
    Registry,
    Share,
    Template,
    Word,
    unfit,
)
from lisa.declared.engine_options.flags import Flag, Way
from lisa.domain.frozen import Frozen
from lisa.domain.hosting import EngineName, Hosting
from lisa.domain.model import ModelType
from lisa.domain.weights import Origin, origin_of

STREAMERS: Final = ("runai_streamer", "runai_streamer_sharded")
# Longer than any balancer in front keeps an idle connection (4000 s), or calls meet closed ones.
KEEP_ALIVE_SECONDS: Final = 4_100


class Streaming(Frozen):
    """How weights are streamed into memory."""

    model_config = ConfigDict(strict=True)

    distributed: Annotated[
        bool, Field(description="Let each GPU's process read a share and pass it on.")
    ] = False
    concurrency: Annotated[
        Annotated[int, Field(ge=1, le=1024)] | None, Field(description="Parallel reads.")
    ] = None
    memory_limit: Annotated[
        int | None, Field(ge=-1, description="Bytes of memory that may buffer the weights.")
    ] = None


class VllmOptions(EngineOptions):
    """Options of vLLM."""

    max_model_len: Annotated[
        Count | None,
        Flag("--max-model-len"),
        Field(description="Tokens of prompt and answer together; from the model if not given."),
    ] = None
    dtype: Annotated[
        Literal["auto", "half", "float16", "bfloat16", "float", "float32"] | None,
        Flag("--dtype"),
        Field(description="Number format of the computation."),
    ] = None
    quantization: Annotated[
        Word | None,
        Flag("--quantization"),
        Field(description="How the weights are quantised; read from the model if not given."),
    ] = None
    kv_cache_dtype: Annotated[
        Word | None, Flag("--kv-cache-dtype"), Field(description="Number format of the KV cache.")
    ] = None
    tensor_parallel_size: Annotated[
        Annotated[int, Field(ge=1, le=16)] | None,
        Field(description="GPUs that share each layer; all of the replica's if not given."),
    ] = None
    pipeline_parallel_size: Annotated[
        Annotated[int, Field(ge=1, le=16)] | None,
        Flag("--pipeline-parallel-size"),
        Field(description="Groups of GPUs that take layers in turn."),
    ] = None
    data_parallel_size: Annotated[
        Annotated[int, Field(ge=1, le=16)] | None,
        Flag("--data-parallel-size"),
        Field(description="Copies of the model inside one replica."),
    ] = None
    enable_expert_parallel: Annotated[
        bool,
        Flag("--enable-expert-parallel", Way.SWITCH),
        Field(description="Spread experts over GPUs instead of cutting each."),
    ] = False
    gpu_memory_utilization: Annotated[
        Share | None,
        Flag("--gpu-memory-utilization"),
        Field(description="Share of a GPU's memory that may be used."),
    ] = None
    kv_cache_memory_bytes: Annotated[
        Annotated[int, Field(ge=1, le=10**13)] | None,
        Flag("--kv-cache-memory-bytes"),
        Field(description="Bytes of KV cache on each GPU, instead of what is left over."),
    ] = None
    block_size: Annotated[
        Count | None, Flag("--block-size"), Field(description="Tokens of a block of the cache.")
    ] = None
    enable_prefix_caching: Annotated[
        bool | None,
        Flag("--enable-prefix-caching", Way.EITHER),
        Field(description="Reuse what equal beginnings of prompts computed."),
    ] = None
    enable_chunked_prefill: Annotated[
        bool | None,
        Flag("--enable-chunked-prefill", Way.EITHER),
        Field(description="Read long prompts in parts, between the answers of others."),
    ] = None
    max_num_seqs: Annotated[
        Count | None, Flag("--max-num-seqs"), Field(description="Calls computed at once.")
    ] = None
    max_num_batched_tokens: Annotated[
        Count | None,
        Flag("--max-num-batched-tokens"),
        Field(description="Tokens computed in one step."),
    ] = None
    enforce_eager: Annotated[
        bool,
        Flag("--enforce-eager", Way.SWITCH),
        Field(description="No CUDA graphs: a faster start, slower answers."),
    ] = False
    load_format: Annotated[
        Literal[
            "auto",
            "safetensors",
            "fastsafetensors",
            "mistral",
            "sharded_state",
            "runai_streamer",
            "runai_streamer_sharded",
            "dummy",
        ]
        | None,
        Field(description="How weights are loaded; from S3 they are streamed. dummy: random."),
    ] = None
    model_loader_extra_config: Annotated[
        Streaming | None, Field(description="How streaming loads; only with runai_streamer.")
    ] = None
    generation_config: Annotated[
        Literal["auto", "vllm"] | None,
        Flag("--generation-config"),
        Field(description="vllm: pass over the sampling defaults the model brings."),
    ] = None
    override_generation_config: Annotated[
        dict[str, JsonValue] | None,
        Flag("--override-generation-config", Way.JSON),
        Field(description="Sampling defaults.", max_length=32),
    ] = None
    chat_template: Annotated[
        Template | None,
        Flag("--chat-template"),
        Field(description="A chat template instead of the model's, as its text."),
    ] = None
    chat_template_file: Annotated[
        FileName | None,
        Flag("--chat-template", Way.FILE),
        Field(description="The same, as a file among the weights."),
    ] = None
    default_chat_template_kwargs: Annotated[
        dict[str, JsonValue] | None,
        Flag("--default-chat-template-kwargs", Way.JSON),
        Field(description="Default arguments of the chat template.", max_length=32),
    ] = None
    tool_call_parser: Annotated[
        Word | None,
        Flag("--tool-call-parser"),
        Field(description="Lets the model call tools; names how it writes calls."),
    ] = None
    reasoning_parser: Annotated[
        Word | None,
        Flag("--reasoning-parser"),
        Field(description="Names how the model marks its reasoning, which gets a field."),
    ] = None
    enable_prompt_tokens_details: Annotated[
        bool,
        Flag("--enable-prompt-tokens-details", Way.SWITCH),
        Field(description="Tell in usage how many tokens of the prompt came from the cache."),
    ] = False
    sse_keep_alive_interval: Annotated[
        Annotated[int, Field(ge=0, le=3600)] | None,
        Flag("--sse-keep-alive-interval"),
        Field(description="Seconds between comments on a silent stream."),
    ] = None

    def arguments(self, hosting: Hosting, place: Place) -> list[str]:
        """Return the model, its name and address, its GPUs and how it loads; then the rest."""
        shards = self.shards(hosting.gpus)
        revision = hosting.weights.revision
        return [
            place.weights,
            *("--served-model-name", place.model_id),
            *("--host", place.address, "--port", str(place.port)),
            *(("--runner", "pooling") if place.type is ModelType.EMBEDDING else ()),
            *(("--tensor-parallel-size", str(shards)) if shards > 1 else ()),
            *self._loading(streamed=place.origin is Origin.S3),
            *(("--revision", revision) if revision and place.origin is Origin.HUB else ()),
            *(("--trust-remote-code",) if hosting.weights.trust_remote_code else ()),
            *(("--enable-auto-tool-choice",) if self.tool_call_parser else ()),
            *self.written(place.folder),
        ]

    def refuse_unfit(self, hosting: Hosting) -> None:
        """Raise `Invalid` where GPUs, templates or the way of loading contradict."""
        needed = self.shards(hosting.gpus) * self._groups()
        if needed > max(hosting.gpus, 1):
            raise unfit(
                f"these options spread the model over {needed} GPUs, it has {hosting.gpus}",
                "give it more GPUs, or leave tensor_parallel_size out",
            )
        if self.chat_template and self.chat_template_file:
            raise unfit("chat_template and chat_template_file are both given", "give one of them")
        if origin_of(hosting.weights.source) is Origin.S3:
            self._refuse_unstreamed()
        elif self.model_loader_extra_config and self.load_format not in STREAMERS:
            raise unfit(
                "model_loader_extra_config is only for streamed weights",
                "choose the load_format runai_streamer, or leave it out",
            )

    def window(self) -> int | None:
        """Return the longest call that was asked for."""
        return self.max_model_len

    def shards(self, gpus: int) -> int:
        """Return how many GPUs share each layer: as asked for, else all of a group's."""
        return self.tensor_parallel_size or max(1, gpus // self._groups())

    def _refuse_unstreamed(self) -> None:
        if self.load_format not in (None, *STREAMERS):
            raise unfit(
                f"from S3, vLLM loads by {' or '.join(STREAMERS)}, not by {self.load_format}",
                "leave load_format out",
            )

    def _groups(self) -> int:
        return (self.pipeline_parallel_size or 1) * (self.data_parallel_size or 1)

    def _loading(self, *, streamed: bool) -> list[str]:
        form = self.load_format or (STREAMERS[0] if streamed else None)
        flag = Flag("--model-loader-extra-config", Way.JSON)
        extra = self.model_loader_extra_config
        told = extra.model_dump(exclude_none=True, exclude_defaults=True) if extra else {}
        return [
            *(("--load-format", form) if form else ()),
            *(flag.written(told, "") if told else ()),
        ]


VLLM: Final = Engine(
    name=EngineName.VLLM,
    image="vllm/vllm-openai",
    tag="v0.33.0",
    registry=Registry.DOCKER,
    program=("vllm", "serve"),
    port=8000,
    options=VllmOptions,
    serves=frozenset({ModelType.TEXT, ModelType.EMBEDDING}),
    waiting="vllm:num_requests_waiting",
    running="vllm:num_requests_running",
    environment={
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_DO_NOT_TRACK": "1",
        "VLLM_HTTP_TIMEOUT_KEEP_ALIVE": str(KEEP_ALIVE_SECONDS),
    },
    sealed=("VLLM_",),
    variables=frozenset(
        {
            "VLLM_LOGGING_LEVEL",
            "VLLM_CPU_KVCACHE_SPACE",
            "VLLM_ENGINE_READY_TIMEOUT_S",
            "VLLM_HTTP_TIMEOUT_KEEP_ALIVE",
        }
    ),
    s3_formats=STREAMERS,
    runs_model_code=True,
    refused=refusals.BY_VLLM,
)
