"""The server of llama.cpp: text, embeddings and reranking from one GGUF file, also without GPU."""

from typing import Annotated, Final, Literal

from pydantic import Field

from lisa.declared.engine_options import refusals
from lisa.declared.engine_options.engine import (
    Count,
    Engine,
    EngineOptions,
    FileName,
    Place,
    Registry,
    Template,
    unfit,
)
from lisa.declared.engine_options.flags import Flag, Way
from lisa.domain.hosting import EngineName, Hosting
from lisa.domain.model import ModelType
from lisa.domain.weights import Origin

CacheType = Literal["f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "iq4_nl", "q5_0", "q5_1"]
MODES: Final = {ModelType.EMBEDDING: ("--embedding",), ModelType.RERANK: ("--rerank",)}


class LlamaCppOptions(EngineOptions):
    """Options of llama.cpp's server."""

    ctx_size: Annotated[
        Count | None,
        Flag("--ctx-size"),
        Field(description="Tokens of context, shared by all slots; from the model if not given."),
    ] = None
    parallel: Annotated[
        Annotated[int, Field(ge=1, le=1024)] | None,
        Flag("--parallel"),
        Field(description="Slots: calls computed at once."),
    ] = None
    n_gpu_layers: Annotated[
        Annotated[int, Field(ge=0, le=10_000)] | Literal["auto", "all"] | None,
        Flag("--n-gpu-layers"),
        Field(description="Layers that are kept on the GPU."),
    ] = None
    tensor_split: Annotated[
        Annotated[tuple[Annotated[float, Field(ge=0, le=1000)], ...], Field(max_length=16)] | None,
        Flag("-ts", Way.LIST),
        Field(description="How much of the model each GPU takes, against the others."),
    ] = None
    main_gpu: Annotated[
        Annotated[int, Field(ge=0, le=15)] | None,
        Flag("-mg"),
        Field(description="Which of the GPUs computes what isn't split."),
    ] = None
    batch_size: Annotated[
        Count | None, Flag("-b"), Field(description="Tokens of a batch, as it is put together.")
    ] = None
    ubatch_size: Annotated[
        Count | None, Flag("-ub"), Field(description="Tokens of a batch, as it is computed.")
    ] = None
    threads: Annotated[
        Annotated[int, Field(ge=1, le=512)] | None,
        Flag("--threads"),
        Field(description="Threads of the CPU."),
    ] = None
    flash_attn: Annotated[
        Literal["auto", "on", "off"] | None,
        Flag("--flash-attn"),
        Field(description="Attention that needs less memory."),
    ] = None
    cache_type_k: Annotated[
        CacheType | None, Flag("-ctk"), Field(description="Number format of the cache's keys.")
    ] = None
    cache_type_v: Annotated[
        CacheType | None, Flag("-ctv"), Field(description="Number format of the cache's values.")
    ] = None
    pooling: Annotated[
        Literal["none", "mean", "cls", "last", "rank"] | None,
        Flag("--pooling"),
        Field(description="How tokens become one vector; from the model if not given."),
    ] = None
    chat_template: Annotated[
        Template | None,
        Flag("--chat-template"),
        Field(description="A chat template instead of the model's, as its text."),
    ] = None
    chat_template_file: Annotated[
        FileName | None,
        Flag("--chat-template-file", Way.FILE),
        Field(description="The same, as a file beside the weights."),
    ] = None
    timeout: Annotated[
        Annotated[int, Field(ge=1, le=86_400)] | None,
        Flag("--timeout"),
        Field(description="Seconds that reading or writing a call may take."),
    ] = None
    sse_ping_interval: Annotated[
        Annotated[int, Field(ge=1, le=3600)] | None,
        Flag("--sse-ping-interval"),
        Field(description="Seconds between comments on a silent stream."),
    ] = None

    def arguments(self, hosting: Hosting, place: Place) -> list[str]:
        """Return the model, its name and address and what it is for; then the rest."""
        del hosting
        return [
            *self._model(place),
            *("--alias", place.model_id),
            *("--host", place.address, "--port", str(place.port), "--metrics"),
            *MODES.get(place.type, ()),
            *self.written(place.folder),
        ]

    def refuse_unfit(self, hosting: Hosting) -> None:
        """Raise `Invalid` where templates contradict, or a revision can't be chosen."""
        if self.chat_template and self.chat_template_file:
            raise unfit("chat_template and chat_template_file are both given", "give one of them")
        if hosting.weights.revision:
            raise unfit("llama.cpp takes no revision of the weights", "leave the revision out")

    def window(self) -> int | None:
        """Return what one slot gets of the context."""
        return self.ctx_size // (self.parallel or 1) if self.ctx_size else None

    def _model(self, place: Place) -> list[str]:
        if place.origin is Origin.HUB:
            return ["--hf-repo", place.weights]
        return ["--model", _file(place), "--offline"]


def _file(place: Place) -> str:
    """Return the one file that is loaded; where a model has several, the first names the rest."""
    if place.weights.endswith(".gguf"):
        return place.weights
    found = [name for name in place.facts.files if name.endswith(".gguf")]
    if not found:
        raise unfit(
            "llama.cpp loads a GGUF file, and none is known of these weights",
            "name the file itself as the source of the weights",
        )
    return f"{place.folder}/{found[0]}"


def tagged(hosting: Hosting, tag: str) -> str:
    """Return the tag of the image for a GPU, or of the one for none."""
    return f"{tag}-cuda" if hosting.gpus else tag


LLAMA_CPP: Final = Engine(
    name=EngineName.LLAMA_CPP,
    image="ggml-org/llama.cpp",
    tag="server",
    registry=Registry.GITHUB,
    program=("llama-server",),
    port=8080,
    options=LlamaCppOptions,
    serves=frozenset({ModelType.TEXT, ModelType.EMBEDDING, ModelType.RERANK}),
    waiting="llamacpp:requests_deferred",
    running="llamacpp:requests_processing",
    sealed=("LLAMA_",),
    tagged=tagged,
    refused={
        **refusals.EVERYWHERE,
        **dict.fromkeys(("api_key_file", "ssl_key_file", "ssl_cert_file"), refusals.KEY),
        **dict.fromkeys(("hf_repo", "hff", "offline"), refusals.WEIGHTS),
        **dict.fromkeys(("embedding", "rerank"), refusals.TYPE),
        **dict.fromkeys(("lora", "lora_scaled", "lora_init_without_apply"), refusals.ADAPTERS),
        "alias": refusals.NAME,
        "api_prefix": refusals.ADDRESS,
        "metrics": "they are always on",
        "sleep_idle_seconds": refusals.ASLEEP,
    },
)
