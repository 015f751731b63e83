"""The commands, environments and images that engines are started with."""

from typing import Any

import pytest

from lisa.declared.engines import (
    ENGINES,
    command,
    context_window,
    environment,
    health_path,
    image,
    reads_s3,
    secrets,
)
from lisa.domain.errors import Invalid
from lisa.domain.hosting import EngineName, HealthCheck, HostKind, Weights
from lisa.domain.model import ModelType
from lisa.domain.weights import ModelFacts
from tests.unit.engines.hostings import EMBEDDING, FOLDER, hosting, place

AT = ["--host", "127.0.0.1", "--port", "8123"]
NAMED_AT = ["--hostname", "127.0.0.1", "--port", "8123", "--prometheus-port", "9000"]
BUCKET = "s3://weights/tiny"


def test_vllm_serves_a_folder_under_the_models_id() -> None:
    start = ["vllm", "serve", FOLDER, "--served-model-name", "tiny", *AT]
    assert command(hosting(), place()) == start


def test_options_become_flags_in_the_order_they_are_declared() -> None:
    options = {
        "tool_call_parser": "hermes",
        "max_model_len": 1024,
        "enable_prefix_caching": False,
        "enforce_eager": True,
        "gpu_memory_utilization": 0.5,
        "default_chat_template_kwargs": {"enable_thinking": False},
        "chat_template_file": "chat.jinja",
    }
    assert command(hosting(options=options), place())[9:] == [
        "--enable-auto-tool-choice",
        *("--max-model-len", "1024"),
        *("--gpu-memory-utilization", "0.5"),
        "--no-enable-prefix-caching",
        "--enforce-eager",
        *("--chat-template", "/models/tiny/chat.jinja"),
        *("--default-chat-template-kwargs", '{"enable_thinking":false}'),
        *("--tool-call-parser", "hermes"),
    ]


@pytest.mark.parametrize(
    ("gpus", "options", "shards"),
    [
        (0, {}, None),
        (1, {}, None),
        (4, {}, "4"),
        (4, {"pipeline_parallel_size": 2}, "2"),
        (4, {"tensor_parallel_size": 2}, "2"),
    ],
)
def test_vllm_shares_layers_by_all_gpus_unless_told(
    gpus: int, options: dict[str, Any], shards: str | None
) -> None:
    found = command(hosting(gpus=gpus, options=options), place())
    given = found[found.index("--tensor-parallel-size") + 1] if shards else None
    assert given == shards
    assert shards or "--tensor-parallel-size" not in found


def test_vllm_streams_from_s3() -> None:
    options = {"model_loader_extra_config": {"concurrency": 8}}
    found = command(hosting(source=BUCKET, options=options), place(BUCKET))
    assert found[2] == BUCKET
    assert found[9:] == [
        *("--load-format", "runai_streamer"),
        *("--model-loader-extra-config", '{"concurrency":8}'),
    ]


def test_vllm_embeds_by_its_pooling_runner() -> None:
    assert command(hosting(), place(type=EMBEDDING))[9:] == ["--runner", "pooling"]


@pytest.mark.parametrize("engine", [EngineName.VLLM, EngineName.TGI])
def test_code_of_a_model_is_trusted_by_its_weights_alone(engine: EngineName) -> None:
    weights = Weights(source="Qwen/Qwen3-8B", revision="main", trust_remote_code=True)
    found = command(hosting(engine, weights=weights), place("Qwen/Qwen3-8B"))
    assert found[-3:] == ["--revision", "main", "--trust-remote-code"]
    assert "--trust-remote-code" not in command(hosting(engine), place())


def test_tgi_shares_a_model_by_all_gpus() -> None:
    options = {"max_total_tokens": 4096, "cuda_graphs": [1, 2]}
    assert command(hosting(EngineName.TGI, gpus=2, options=options), place()) == [
        *("text-generation-launcher", "--model-id", FOLDER),
        *NAMED_AT,
        *("--usage-stats", "off", "--num-shard", "2"),
        *("--max-total-tokens", "4096", "--cuda-graphs", "1,2"),
    ]


def test_tei_embeds_under_the_models_id() -> None:
    options = {"auto_truncate": False, "default_prompt": "query: "}
    assert command(hosting(EngineName.TEI, options=options), place(type=EMBEDDING)) == [
        *("text-embeddings-router", "--model-id", FOLDER, "--served-model-name", "tiny"),
        *NAMED_AT,
        *("--auto-truncate", "false", "--default-prompt", "query: "),
    ]


@pytest.mark.parametrize(
    ("weights", "files", "model"),
    [
        ("/models/tiny.gguf", (), ["--model", "/models/tiny.gguf", "--offline"]),
        (FOLDER, ("a.gguf", "b.gguf"), ["--model", "/models/tiny/a.gguf", "--offline"]),
        ("owner/tiny:Q4_K_M", (), ["--hf-repo", "owner/tiny:Q4_K_M"]),
    ],
)
def test_llama_cpp_loads_one_file(weights: str, files: tuple[str, ...], model: list[str]) -> None:
    found = command(
        hosting(EngineName.LLAMA_CPP, weights), place(weights, facts=ModelFacts(files=files))
    )
    assert found == ["llama-server", *model, "--alias", "tiny", *AT, "--metrics"]


@pytest.mark.parametrize(("kind", "flag"), [("embedding", "--embedding"), ("rerank", "--rerank")])
def test_llama_cpp_is_told_what_it_is_for(kind: str, flag: str) -> None:
    given = place("/models/tiny.gguf", type=ModelType(kind))
    assert command(hosting(EngineName.LLAMA_CPP), given)[-1] == flag


def test_an_engines_environment_stays_off_the_hub_where_weights_are_ours() -> None:
    given = hosting(environment={"VLLM_LOGGING_LEVEL": "DEBUG", "HF_TOKEN": "secret:hub"})
    assert environment(given) == {
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_DO_NOT_TRACK": "1",
        "VLLM_HTTP_TIMEOUT_KEEP_ALIVE": "4100",
        "HF_HUB_OFFLINE": "1",
        "VLLM_LOGGING_LEVEL": "DEBUG",
    }
    assert secrets(given) == {"HF_TOKEN": "secret:hub"}
    assert "HF_HUB_OFFLINE" not in environment(hosting(source="Qwen/Qwen3-8B"))


@pytest.mark.parametrize(
    ("instance", "gpus", "name"),
    [
        ("g4dn.xlarge", 1, "turing-1.9"),
        ("p4d.24xlarge", 1, "1.9"),
        ("g5.xlarge", 1, "86-1.9"),
        ("g6e.xlarge", 1, "89-1.9"),
        ("p5en.48xlarge", 1, "hopper-1.9"),
        ("m7i.xlarge", 0, "cpu-1.9"),
        ("m7g.xlarge", 0, "cpu-arm64-1.9"),
    ],
)
def test_teis_image_is_that_of_the_gpu(instance: str, gpus: int, name: str) -> None:
    given = hosting(EngineName.TEI, instance_type=instance, gpus=gpus)
    assert image(given) == f"huggingface/text-embeddings-inference:{name}"


@pytest.mark.parametrize("instance", ["p3.2xlarge", "g5g.xlarge", "p6-b200.48xlarge", ""])
def test_a_gpu_that_tei_has_no_image_for_is_refused_unless_one_is_named(instance: str) -> None:
    given = hosting(EngineName.TEI, instance_type=instance, gpus=1)
    with pytest.raises(Invalid, match="TEI has no image"):
        image(given)
    assert image(given.model_copy(update={"image": "our/tei:1"})) == "our/tei:1"


@pytest.mark.parametrize(
    ("engine", "gpus", "tag", "name"),
    [
        (EngineName.VLLM, 1, "", "vllm/vllm-openai:v0.33.0"),
        (EngineName.VLLM, 1, "v0.34.0", "vllm/vllm-openai:v0.34.0"),
        (EngineName.TGI, 1, "", "huggingface/text-generation-inference:3.3.7"),
        (EngineName.LLAMA_CPP, 0, "", "ggml-org/llama.cpp:server"),
        (EngineName.LLAMA_CPP, 1, "", "ggml-org/llama.cpp:server-cuda"),
    ],
)
def test_the_tag_of_an_image_can_be_given(
    engine: EngineName, gpus: int, tag: str, name: str
) -> None:
    assert image(hosting(engine, gpus=gpus), tag) == name


def test_the_window_is_the_smaller_of_what_is_asked_for_and_what_the_model_takes() -> None:
    facts = ModelFacts(context_window=8192)
    options = {"ctx_size": 8192, "parallel": 4}
    assert context_window(hosting(options={"max_model_len": 1024}), facts) == 1024
    assert context_window(hosting(), facts) == 8192
    assert context_window(hosting(), ModelFacts()) is None
    assert context_window(hosting(EngineName.LLAMA_CPP, options=options), facts) == 2048


def test_vllm_alone_reads_s3_itself() -> None:
    assert [name for name in ENGINES if reads_s3(hosting(name))] == [EngineName.VLLM]


def test_a_health_check_of_ones_own_comes_before_the_engines() -> None:
    assert health_path(hosting()) == "/health"
    assert health_path(hosting(health=HealthCheck(path="/ping"))) == "/ping"


def test_every_engine_is_declared_and_none_is_privileged() -> None:
    assert set(ENGINES) == set(EngineName)
    assert [engine.privileges for engine in ENGINES.values()] == [{}] * len(ENGINES)


def test_every_option_has_help_and_no_option_is_refused_as_well() -> None:
    for engine in ENGINES.values():
        fields = engine.options.model_fields
        assert [name for name, told in fields.items() if not told.description] == []
        assert fields.keys().isdisjoint(engine.refused)


def test_a_hosting_on_aws_needs_an_image_for_its_gpu() -> None:
    given = hosting(EngineName.TEI, instance_type="p3.2xlarge", gpus=1)
    on_aws = given.model_copy(update={"kind": HostKind.CLOUDFORMATION})
    assert command(given, place(type=EMBEDDING))
    with pytest.raises(Invalid, match="TEI has no image"):
        command(on_aws, place(type=EMBEDDING))
