"""What engines are never told, and what is said to who tries."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lisa.declared.engines import ENGINES, checked, command, environment, refuse_unfit
from lisa.domain.errors import Invalid
from lisa.domain.hosting import EngineName, Weights
from lisa.domain.model import ModelType
from lisa.domain.weights import ModelFacts
from tests.unit.engines.hostings import EMBEDDING, FOLDER, hosting, place

VLLM, TGI, TEI, LLAMA = EngineName.VLLM, EngineName.TGI, EngineName.TEI, EngineName.LLAMA_CPP
EVERYWHERE = ("host", "port", "api_key", "model", "revision", "trust_remote_code", "hf_token")


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: str(engine.name))
@pytest.mark.parametrize("name", EVERYWHERE)
@pytest.mark.parametrize("spelling", ["{}", "--{}"])
def test_options_that_lisa_decides_are_refused_in_every_spelling(
    engine: Any, name: str, spelling: str
) -> None:
    with pytest.raises(Invalid, match="isn't taken: ") as refused:
        checked(engine, {spelling.format(name.replace("_", "-")): True})
    assert refused.value.precise_code == "option_refused"


@pytest.mark.parametrize(
    ("engine", "name", "reason"),
    [
        (VLLM, "tool_parser_plugin", "load code"),
        (VLLM, "ssl_keyfile", "keys never stand"),
        (VLLM, "download_dir", "files outside the weights"),
        (VLLM, "lora_modules", "adapters"),
        (VLLM, "otlp_traces_endpoint", "another address"),
        (VLLM, "enable_auto_tool_choice", "tool_call_parser says so"),
        (TGI, "usage_stats", "always off"),
        (TEI, "prometheus_port", "where an engine listens"),
        (LLAMA, "api_key_file", "keys never stand"),
        (LLAMA, "alias", "by its id"),
    ],
)
def test_a_refusal_says_why(engine: EngineName, name: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        checked(ENGINES[engine], {name: "x"})


@pytest.mark.parametrize(
    ("name", "near"),
    [("max_model_length", "max_model_len"), ("--max-model-len", "max_model_len")],
)
def test_an_unknown_option_is_refused_with_the_nearest_name(name: str, near: str) -> None:
    with pytest.raises(Invalid, match="no option") as refused:
        checked(ENGINES[VLLM], {name: 1})
    assert refused.value.next_step == f"did you mean {near}?"


@pytest.mark.parametrize(
    "options",
    [
        {"max_model_len": "4096"},
        {"max_model_len": True},
        {"max_model_len": 0},
        {"dtype": "--trust-remote-code"},
        {"quantization": "--api-key"},
        {"tool_call_parser": "-x"},
        {"chat_template": "/etc/passwd"},
        {"chat_template_file": "../secret"},
        {"chat_template_file": "/etc/passwd"},
        {"load_format": "pt"},
        {"model_loader_extra_config": {"path": "/"}},
        {"gpu_memory_utilization": float("nan")},
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_its_name(options: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=next(iter(options))) as refused:
        checked(ENGINES[VLLM], options)
    assert refused.value.precise_code == "option_invalid"


@settings(deadline=None)
@given(st.sampled_from(sorted(ENGINES)), st.data())
def test_no_text_of_an_option_is_ever_read_as_a_flag(name: EngineName, data: st.DataObject) -> None:
    engine = ENGINES[name]
    field = data.draw(st.sampled_from(sorted(engine.options.model_fields)))
    text = data.draw(st.text(max_size=12).map(lambda each: f"-{each}"))
    with pytest.raises(Invalid):
        checked(engine, {field: text})


@pytest.mark.parametrize(
    ("engine", "name", "value"),
    [
        (VLLM, "VLLM_API_KEY", "x"),
        (VLLM, "VLLM_SERVER_DEV_MODE", "1"),
        (VLLM, "VLLM_ALLOW_RUNTIME_LORA_UPDATING", "1"),
        (VLLM, "VLLM_PLUGINS", "x"),
        (VLLM, "LD_PRELOAD", "/x.so"),
        (VLLM, "PYTHONPATH", "/x"),
        (VLLM, "ld_preload", "/x.so"),
        (VLLM, "AWS_ACCESS_KEY_ID", "x"),
        (VLLM, "LISA_MODEL", "x"),
        (VLLM, "CUDA_VISIBLE_DEVICES", "0"),
        (VLLM, "PATH", "/x"),
        (VLLM, "HF_HUB_TRUST_REMOTE_CODE", "1"),
        (TGI, "TRUST_REMOTE_CODE", "true"),
        (TGI, "MODEL_ID", "x"),
        (TGI, "MAX_TOTAL_TOKENS", "9"),
        (TEI, "HOSTNAME", "0.0.0.0"),  # noqa: S104 - an address that must be refused
        (LLAMA, "LLAMA_ARG_HOST", "0.0.0.0"),  # noqa: S104 - an address that must be refused
    ],
)
def test_nothing_gets_around_the_options_by_the_environment(
    engine: EngineName, name: str, value: str
) -> None:
    with pytest.raises(Invalid, match=f"the variable {name} isn't taken"):
        environment(hosting(engine, environment={name: value}))


def test_a_secret_never_stands_in_a_models_record() -> None:
    with pytest.raises(Invalid, match="would keep a secret"):
        environment(hosting(environment={"HF_TOKEN": "hf_abc"}))


@pytest.mark.parametrize("engine", [VLLM, TGI, TEI, LLAMA])
def test_ones_own_variables_and_references_are_taken(engine: EngineName) -> None:
    given = {"OMP_NUM_THREADS": "2", "HF_TOKEN": "secret:hub", "PATHWAYS": "on"}
    taken = environment(hosting(engine, environment=given))
    assert (taken["OMP_NUM_THREADS"], taken["PATHWAYS"]) == ("2", "on")


@pytest.mark.parametrize(
    ("given", "model_type", "words"),
    [
        (hosting(TEI), ModelType.TEXT, "doesn't serve"),
        (hosting(VLLM), ModelType.IMAGE, "doesn't serve"),
        (hosting(TEI, gpus=2), EMBEDDING, "computes on 1 GPU, not on 2"),
        (hosting(VLLM, options={"tensor_parallel_size": 2}), ModelType.TEXT, "2 GPUs, it has 0"),
        (hosting(TGI, options={"num_shard": 2}, gpus=1), ModelType.TEXT, "2 GPUs, it has 1"),
        (
            hosting(TGI, options={"dtype": "float16", "quantize": "awq"}),
            ModelType.TEXT,
            "no dtype where it quantises",
        ),
        (
            hosting(TGI, options={"max_input_tokens": 9, "max_total_tokens": 9}),
            ModelType.TEXT,
            "leaves no token",
        ),
        (
            hosting(TEI, options={"default_prompt": "q", "default_prompt_name": "q"}),
            EMBEDDING,
            "both given",
        ),
        (
            hosting(VLLM, options={"model_loader_extra_config": {"concurrency": 2}}),
            ModelType.TEXT,
            "only for streamed weights",
        ),
        (
            hosting(VLLM, "s3://weights/tiny", options={"load_format": "safetensors"}),
            ModelType.TEXT,
            "from S3, vLLM loads by",
        ),
        (
            hosting(VLLM, "owner/tiny", options={"chat_template_file": "x.jinja"}),
            ModelType.TEXT,
            "lie in no folder",
        ),
        (
            hosting(LLAMA, weights=Weights(source=FOLDER, trust_remote_code=True)),
            ModelType.TEXT,
            "none to trust",
        ),
        (
            hosting(VLLM, weights=Weights(source="owner/tiny", revision="--trust-remote-code")),
            ModelType.TEXT,
            "no revision",
        ),
        (hosting(VLLM, "--trust-remote-code"), ModelType.TEXT, "no folder, no place in S3"),
    ],
)
def test_parts_of_a_hosting_that_cant_go_together_are_refused(
    given: Any, model_type: ModelType, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        refuse_unfit(given, model_type)


def test_engines_that_read_folders_are_not_given_a_place_in_s3() -> None:
    with pytest.raises(Invalid, match="loads weights from a folder"):
        command(hosting(TGI, "s3://weights/tiny"), place("s3://weights/tiny"))


def test_llama_cpp_needs_to_know_its_file() -> None:
    with pytest.raises(Invalid, match="loads a GGUF file"):
        command(hosting(LLAMA), place())


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (ModelFacts(context_window=512), "takes 512 tokens, 1024 were asked for"),
        (ModelFacts(attention_heads=40), "40 attention heads can't be shared by 3 GPUs"),
    ],
)
def test_what_the_model_itself_cant_do_is_refused(facts: ModelFacts, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        command(hosting(gpus=3, options={"max_model_len": 1024}), place(facts=facts))
