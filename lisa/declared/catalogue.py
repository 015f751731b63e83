"""Models that are known to go with an engine: data to begin from, any other id works as well."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue

from lisa.domain.hosting import EngineName, Hosting, HostKind, Weights
from lisa.domain.model import ModelType
from lisa.domain.weights import ModelFacts

# Where no source tells of its date, this is the day on which it was read.
READ: Final = "2026-11-21"
MLC: Final = "github.com/mlc-ai/mlc-llm python/mlc_llm/model/model_preset.py"
LITGPT: Final = "github.com/Lightning-AI/litgpt litgpt/config.py"
XINFERENCE: Final = "github.com/xorbitsai/inference xinference/model/embedding/model_spec.json"
SHAPE: Final = "computed from the shape of the model"


@dataclass(frozen=True)
class Fact:
    """A number with where it comes from and of when; None with the reason why it isn't known."""

    value: int | None
    source: str
    date: str


def unverified(reason: str) -> Fact:
    """Return what nobody has told us."""
    return Fact(None, f"unverified: {reason}", READ)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One model and the smallest hosting we suggest for it.

    `cache_bytes` is what one token takes of the KV cache at 16 bits; `options` are the engine's.
    """

    id: str
    name: str
    type: ModelType
    engine: EngineName
    instance_type: str
    context: Fact
    parameters: Fact
    dimension: Fact | None = None
    cache_bytes: Fact | None = None
    options: Mapping[str, JsonValue] = field(default_factory=dict)
    remark: str = ""

    def hosting(self, kind: HostKind, source: str = "") -> Hosting:
        """Return the suggested hosting; `source` is where the weights lie, else the hub."""
        on_aws = kind is HostKind.CLOUDFORMATION
        return Hosting(
            kind=kind,
            engine=self.engine,
            weights=Weights(source=source or self.id),
            options=self.options,
            instance_type=self.instance_type if on_aws else "",
            gpus=1 if on_aws else 0,
            disk_gb=100,
        )


CATALOGUE: Final[tuple[Entry, ...]] = (
    Entry(
        id="meta-llama/Llama-3.1-8B-Instruct",
        name="Llama 3.1 8B",
        type=ModelType.TEXT,
        engine=EngineName.VLLM,
        instance_type="g6.2xlarge",
        context=Fact(131_072, MLC, "2026-04-21"),
        parameters=Fact(8_030_261_248, SHAPE, "2026-04-21"),
        cache_bytes=Fact(131_072, SHAPE, "2026-04-21"),
        options={"max_model_len": 24_576},
        remark="Its whole window needs more memory than this GPU has: take a g6e.2xlarge.",
    ),
    Entry(
        id="microsoft/Phi-3-medium-128k-instruct",
        name="Phi-3 medium 128k",
        type=ModelType.TEXT,
        engine=EngineName.VLLM,
        instance_type="g6e.2xlarge",
        context=Fact(
            128_000,
            "github.com/rifx-online/rifx.online phi-3-medium-128k-instruct.md",
            "2024-11-11",
        ),
        parameters=Fact(13_960_238_080, f"{SHAPE}, which is that of the 4k variant", READ),
        cache_bytes=Fact(204_800, f"{SHAPE}, which is that of the 4k variant", READ),
        options={"max_model_len": 65_536},
        remark="Its whole window needs more memory than one of these GPUs has.",
    ),
    Entry(
        id="mistralai/Mistral-7B-Instruct-v0.3",
        name="Mistral 7B",
        type=ModelType.TEXT,
        engine=EngineName.VLLM,
        instance_type="g6.2xlarge",
        context=Fact(32_768, MLC, "2026-04-21"),
        parameters=Fact(7_248_023_552, SHAPE, "2026-04-21"),
        cache_bytes=Fact(131_072, SHAPE, "2026-04-21"),
        options={"max_model_len": 32_768},
    ),
    Entry(
        id="Qwen/Qwen3-8B",
        name="Qwen3 8B",
        type=ModelType.TEXT,
        engine=EngineName.VLLM,
        instance_type="g6.2xlarge",
        context=Fact(40_960, LITGPT, "2026-03-25"),
        parameters=Fact(8_190_735_360, f"{SHAPE}, taken as untied", "2026-03-25"),
        cache_bytes=Fact(147_456, SHAPE, "2026-03-25"),
        options={"max_model_len": 16_384},
        remark="Its whole window needs more memory than this GPU has: take a g6e.2xlarge.",
    ),
    Entry(
        id="sentence-transformers/all-MiniLM-L6-v2",
        name="MiniLM L6",
        type=ModelType.EMBEDDING,
        engine=EngineName.TEI,
        instance_type="g6.xlarge",
        context=Fact(256, "public page of the model, BERT MiniLM L6 v2", READ),
        parameters=Fact(22_713_216, SHAPE, READ),
        dimension=Fact(384, "config.json of nreimers/MiniLM-L6-H384-uncased", READ),
    ),
    Entry(
        id="BAAI/bge-large-en-v1.5",
        name="BGE large",
        type=ModelType.EMBEDDING,
        engine=EngineName.TEI,
        instance_type="g6.xlarge",
        context=Fact(512, XINFERENCE, "2026-08-23"),
        parameters=Fact(335_141_888, SHAPE, "2026-08-23"),
        dimension=Fact(1024, XINFERENCE, "2026-08-23"),
    ),
    Entry(
        id="intfloat/e5-mistral-7b-instruct",
        name="E5 Mistral 7B",
        type=ModelType.EMBEDDING,
        engine=EngineName.VLLM,
        instance_type="g6.2xlarge",
        context=unverified("its own config wasn't found, and pages about it disagree"),
        parameters=unverified("only its name says 7B"),
        dimension=Fact(4096, "github.com/vitrivr/feature-extraction-server e5mistral7b", READ),
        options={"max_model_len": 4_096},
    ),
)


def facts_of(source: str) -> ModelFacts | None:
    """Return what is known of a model whose weights lie on the hub."""
    entry = next((each for each in CATALOGUE if each.id == source), None)
    if entry is None:
        return None
    dimension = entry.dimension.value if entry.dimension else None
    return ModelFacts(
        context_window=entry.context.value,
        parameters=entry.parameters.value,
        dimension=dimension,
    )
