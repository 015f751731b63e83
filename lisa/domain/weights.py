"""What a model's weights say of themselves: told from their files' contents, wherever they lie."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.foreign_json import Json, object_in, torn, whole
from lisa.domain.frozen import Frozen
from lisa.domain.gguf import Gguf
from lisa.domain.safetensors import Tensors

CONFIG: Final = "config.json"
INDEX: Final = "model.safetensors.index.json"
TEMPLATE: Final = "chat_template.jinja"
POOLING: Final = "1_Pooling/config.json"
DOCUMENTS: Final = (
    CONFIG,
    INDEX,
    TEMPLATE,
    POOLING,
    "tokenizer_config.json",
    "generation_config.json",
    "sentence_bert_config.json",
    "2_Dense/config.json",
)
TOKENIZERS: Final = frozenset(
    {
        "tokenizer.json",
        "tokenizer.model",
        "tekken.json",
        "spiece.model",
        "sentencepiece.bpe.model",
        "vocab.json",
        "vocab.txt",
    }
)
PICKLED: Final = (".bin", ".pt", ".pth", ".ckpt")
MOST_TOKENS: Final = 10**9  # tokenizers say 10^30 where they know no limit
WINDOWS: Final = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length")
NAME: Final = re.compile(r"^[\w.-]{1,255}$")
BUCKET: Final = re.compile(r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\x00-\x20]+)?$")
HUB_ID: Final = re.compile(r"^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}(:[\w.-]{1,32})?$")


class Origin(StrEnum):
    """Where weights come from."""

    FOLDER = "folder"
    S3 = "s3"
    HUB = "hub"


class ModelFacts(Frozen):
    """What is known of a model before it runs; None and empty where its files don't say.

    `dimension` is that of its embeddings, `files` its weights in their order, `bytes` their
    length, and `brings_code` tells that it names Python code of its own.
    """

    context_window: int | None = None
    architectures: tuple[str, ...] = ()
    dtype: str = ""
    dimension: int | None = None
    features: tuple[str, ...] = ()
    parameters: int | None = None
    bytes: int | None = None
    quantisation: str = ""
    attention_heads: int | None = None
    brings_code: bool = False
    files: tuple[str, ...] = ()


def origin_of(source: str) -> Origin:
    """Tell what the source of weights is; what is none is refused."""
    if source.startswith("/") and ".." not in source.split("/"):
        return Origin.FOLDER
    if BUCKET.fullmatch(source):
        return Origin.S3
    if HUB_ID.fullmatch(source):
        return Origin.HUB
    raise Invalid(
        "these weights are no folder, no place in S3 and no id of a hub",
        next_step="give a whole path, s3://BUCKET/PREFIX or OWNER/NAME",
        code="weights_source",
    )


def shards_in(index: bytes) -> list[str]:
    """Return the files that an index of weights names."""
    named = object_in(index, INDEX).get("weight_map")
    files = set(named.values()) if isinstance(named, dict) and _all_texts(named) else set()
    if not files or not all(NAME.fullmatch(each) for each in files):
        raise torn(INDEX, "it names no files of weights")
    return sorted(files)


def what_lacks(names: Sequence[str]) -> list[str]:
    """Say which files a folder of safetensors lacks, from the names of those it has."""
    faults = [] if CONFIG in names else [f"{CONFIG}: it is missing"]
    if TOKENIZERS.isdisjoint(names):
        faults.append("tokenizer.json: it is missing, and so is every other tokenizer")
    if any(name.endswith(".safetensors") for name in names):
        return faults
    if any(name.endswith(PICKLED) for name in names):
        return [*faults, "model.safetensors: there are only pickled weights, which can run code"]
    return [*faults, "model.safetensors: it is missing"]


def refuse_torn_document(name: str, raw: bytes) -> None:
    """Raise `Invalid` where a document isn't what its name promises."""
    if name.endswith(".json"):
        object_in(raw, name)


def facts_of_documents(
    documents: Mapping[str, bytes], files: Mapping[str, int], tensors: Sequence[Tensors]
) -> ModelFacts:
    """Tell what documents beside safetensors say; `files` are the weights and their lengths."""
    found = {name: object_in(raw, name) for name, raw in documents.items() if _tells(name)}
    config = found.get(CONFIG, {})
    quantisation = _quantisation(config)
    return ModelFacts(
        context_window=_context_window(found),
        architectures=_texts(config.get("architectures")),
        dtype=_text(config, "dtype") or _text(config, "torch_dtype") or _commonest(tensors),
        dimension=_dimension(found),
        features=_features(found, documents.get(TEMPLATE, b"")),
        parameters=None if quantisation else sum(each.elements for each in tensors) or None,
        bytes=sum(files.values()) or None,
        quantisation=quantisation,
        attention_heads=_number(config, "num_attention_heads"),
        brings_code="auto_map" in config,
        files=tuple(files),
    )


def facts_of_gguf(parts: Sequence[Gguf], files: Mapping[str, int]) -> ModelFacts:
    """Tell what the parts of a GGUF model say; the first carries the metadata."""
    first = parts[0]
    pooled = first.number("pooling_type")
    kind = _commonest([each.tensors for each in parts])
    return ModelFacts(
        context_window=whole(first.number("context_length"), MOST_TOKENS) or None,
        architectures=_texts([first.text("general.architecture")]),
        dtype=kind,
        dimension=first.number("embedding_length") if pooled else None,
        features=_told_by_template(first.text("tokenizer.chat_template")),
        parameters=sum(each.tensors.elements for each in parts) or None,
        bytes=sum(files.values()) or None,
        quantisation="" if kind in {"F64", "F32", "F16", "BF16"} else kind,
        attention_heads=first.number("attention.head_count"),
        files=tuple(files),
    )


def _tells(name: str) -> bool:
    return name not in {INDEX, TEMPLATE}


def _context_window(found: Mapping[str, Json]) -> int | None:
    """Return the least of what the model, its tokenizer and its sentence encoder take."""
    config = found.get(CONFIG, {})
    said = (
        next((size for key in WINDOWS if (size := _number(config, key))), None),
        whole(found.get("tokenizer_config.json", {}).get("model_max_length"), MOST_TOKENS),
        whole(found.get("sentence_bert_config.json", {}).get("max_seq_length"), MOST_TOKENS),
    )
    return min((each for each in said if each), default=None)


def _dimension(found: Mapping[str, Json]) -> int | None:
    """Return the length of an embedding: a last dense layer's, else the pooled one's."""
    dense = found.get("2_Dense/config.json", {}).get("out_features")
    pooled = found.get(POOLING, {}).get("word_embedding_dimension")
    return whole(dense, MOST_TOKENS) or whole(pooled, MOST_TOKENS) or None


def _features(found: Mapping[str, Json], template: bytes) -> tuple[str, ...]:
    config = found.get(CONFIG, {})
    written = template.decode("utf-8", "replace") or _template(
        found.get("tokenizer_config.json", {}).get("chat_template")
    )
    senses = (("vision", "vision_config"), ("audio", "audio_config"))
    return (*_told_by_template(written), *(name for name, key in senses if config.get(key)))


def _template(told: object) -> str:
    """Return the chat template, or all of them where a model has several by name."""
    if isinstance(told, list):
        named = [each.get("template") for each in told if isinstance(each, dict)]
        return "\n".join(_texts(named))
    return told if isinstance(told, str) else ""


def _told_by_template(template: str) -> tuple[str, ...]:
    if not template:
        return ()
    tools = ("tools",) if re.search(r"\btools\b", template) else ()
    thinks = ("reasoning",) if re.search(r"\benable_thinking\b|<think>", template) else ()
    return ("chat", *tools, *thinks)


def _quantisation(config: Json) -> str:
    told = _inside(config, "quantization_config")
    method = told.get("quant_method") if isinstance(told, dict) else None
    if method is None and told:
        return "unnamed"
    return method if isinstance(method, str) else ""


def _inside(config: Json, key: str) -> object:
    """Look into a config, and into the part that models of several senses keep for their text."""
    nested = config.get("text_config")
    found = config.get(key)
    return nested.get(key) if found is None and isinstance(nested, dict) else found


def _number(config: Json, key: str) -> int | None:
    return whole(_inside(config, key), MOST_TOKENS)


def _text(config: Json, key: str) -> str:
    found = _inside(config, key)
    return found if isinstance(found, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(each for each in items if isinstance(each, str) and each)


def _all_texts(value: Mapping[str, object]) -> bool:
    return all(isinstance(each, str) for each in value.values())


def _commonest(tensors: Sequence[Tensors]) -> str:
    return max(tensors, key=lambda each: each.elements).kind if tensors else ""
