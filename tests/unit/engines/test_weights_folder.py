"""A folder of weights: what it says of its model, and how torn and missing files are named."""

from pathlib import Path
from typing import Any

import pytest

from lisa.domain.errors import Invalid
from lisa.domain.weights import Origin, origin_of
from lisa.domain.weights_folder import read_weights
from tests.unit.engines.weights_files import folder_of, gguf, safetensors

CONFIG: dict[str, Any] = {
    "architectures": ["LlamaForCausalLM"],
    "max_position_embeddings": 131_072,
    "num_attention_heads": 32,
    "torch_dtype": "bfloat16",
}
LLAMA: dict[str, Any] = {
    "config.json": CONFIG,
    "tokenizer.json": {},
    "tokenizer_config.json": {
        "model_max_length": 10**30,
        "chat_template": "{% if tools %}{{ tools }}{% endif %}<think>",
    },
    "model.safetensors": safetensors(),
}


def test_a_chat_model_tells_its_window_its_kind_and_its_features(tmp_path: Path) -> None:
    facts = read_weights(folder_of(tmp_path, LLAMA))
    assert facts.context_window == 131_072
    assert facts.architectures == ("LlamaForCausalLM",)
    assert (facts.dtype, facts.quantisation, facts.attention_heads) == ("bfloat16", "", 32)
    assert facts.features == ("chat", "tools", "reasoning")
    assert (facts.parameters, facts.bytes) == (44, len(safetensors()))
    assert facts.dimension is None
    assert facts.files == ("model.safetensors",)


def test_a_model_of_several_senses_tells_of_its_text(tmp_path: Path) -> None:
    config = {"architectures": ["Seer"], "text_config": CONFIG, "vision_config": {"depth": 2}}
    facts = read_weights(folder_of(tmp_path, {**LLAMA, "config.json": config}))
    assert facts.context_window == 131_072
    assert facts.dtype == "bfloat16"
    assert "vision" in facts.features


def test_quantised_weights_say_so_and_not_how_many_parameters_they_were(tmp_path: Path) -> None:
    config = {**CONFIG, "quantization_config": {"quant_method": "awq"}, "auto_map": {"A": "b.C"}}
    facts = read_weights(folder_of(tmp_path, {**LLAMA, "config.json": config}))
    assert (facts.quantisation, facts.parameters, facts.brings_code) == ("awq", None, True)


@pytest.mark.parametrize(
    ("dense", "dimension"), [({}, 384), ({"2_Dense/config.json": {"out_features": 256}}, 256)]
)
def test_an_embedder_tells_its_dimension_and_its_shortest_window(
    tmp_path: Path, dense: dict[str, Any], dimension: int
) -> None:
    files = {
        "config.json": {"architectures": ["BertModel"], "max_position_embeddings": 512},
        "vocab.txt": b"a",
        "sentence_bert_config.json": {"max_seq_length": 256},
        "1_Pooling/config.json": {"word_embedding_dimension": 384},
        "model.safetensors": safetensors(),
    }
    facts = read_weights(folder_of(tmp_path, {**files, **dense}))
    assert (facts.dimension, facts.context_window, facts.dtype) == (dimension, 256, "BF16")


def test_a_template_in_a_file_of_its_own_counts(tmp_path: Path) -> None:
    files = {**LLAMA, "tokenizer_config.json": {}, "chat_template.jinja": b"{{ messages }}"}
    assert read_weights(folder_of(tmp_path, files)).features == ("chat",)


def test_a_gguf_file_tells_the_same(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"tiny.gguf": gguf(), "mmproj-tiny.gguf": b"another's"})
    facts = read_weights(folder)
    assert facts == read_weights(folder / "tiny.gguf")
    assert (facts.context_window, facts.attention_heads) == (8192, 8)
    assert (facts.quantisation, facts.parameters) == ("Q8_0", 64)
    assert facts.features == ("chat", "tools")
    assert facts.files == ("tiny.gguf",)


def test_all_parts_of_a_gguf_model_are_read_and_missing_ones_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {f"tiny-0000{at}-of-00003.gguf": gguf() for at in (1, 3)})
    with pytest.raises(Invalid, match=r"tiny-00002-of-00003\.gguf: it is missing"):
        read_weights(folder)
    assert read_weights(folder_of(tmp_path, {"tiny-00002-of-00003.gguf": gguf()})).parameters == 192


def test_all_torn_and_missing_files_are_named_at_once(tmp_path: Path) -> None:
    files = {
        "model.safetensors.index.json": {
            "weight_map": {"a": "1.safetensors", "b": "2.safetensors"}
        },
        "1.safetensors": safetensors()[:-1],
        "tokenizer_config.json": b"{",
        "config.json": CONFIG,
    }
    with pytest.raises(Invalid) as refused:
        read_weights(folder_of(tmp_path, files))
    told = refused.value.message
    assert "1.safetensors: it should hold 96 bytes of weights and holds 95" in told
    assert "2.safetensors: it is missing" in told
    assert "tokenizer_config.json: it isn't the JSON it should be" in told
    assert "tokenizer.json: it is missing" in told


@pytest.mark.parametrize("named", ["../secret", "/etc/passwd", "a/b", 3, None])
def test_an_index_that_names_files_elsewhere_is_refused(tmp_path: Path, named: Any) -> None:
    files = {**LLAMA, "model.safetensors.index.json": {"weight_map": {"a": named}}}
    with pytest.raises(Invalid, match="names no files of weights"):
        read_weights(folder_of(tmp_path, files))


def test_pickled_weights_are_refused_because_they_can_run_code(tmp_path: Path) -> None:
    files = {key: value for key, value in LLAMA.items() if not key.endswith("safetensors")}
    with pytest.raises(Invalid, match="can run code"):
        read_weights(folder_of(tmp_path, {**files, "pytorch_model.bin": b""}))


def test_a_folder_that_isnt_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no folder"):
        read_weights(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("/models/tiny", Origin.FOLDER),
        ("s3://bucket/models/tiny", Origin.S3),
        ("Qwen/Qwen3-8B", Origin.HUB),
        ("owner/tiny:Q4_K_M", Origin.HUB),
    ],
)
def test_a_source_of_weights_is_known_by_its_look(source: str, origin: Origin) -> None:
    assert origin_of(source) is origin


@pytest.mark.parametrize(
    "source",
    ["tiny", "-m/x", "../x", "/models/../etc", "s3://", "s3://B_/x", "http://h/x", "a/b/c"],
)
def test_what_is_no_source_of_weights_is_refused(source: str) -> None:
    with pytest.raises(Invalid, match="no folder, no place in S3"):
        origin_of(source)
