"""Nothing in a body decides where a call goes, with which key, or whether it is made at all."""

import json
import subprocess
from typing import Any, Final

import pytest

from tests.litellm.routes import HELLO, Route, named
from tests.litellm.service import KEYS, PYTHON, SECRET, Service
from tests.standins.providers.anthropic_api import StandInAnthropic
from tests.standins.providers.bedrock import StandInBedrock
from tests.standins.providers.openai_like import StandInOpenAI

CHAT, TEXT, EMBED, MESSAGES = (
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/messages",
)
BODIES: Final[dict[str, dict[str, Any]]] = {
    CHAT: {"messages": HELLO},
    TEXT: {"prompt": "Hallo"},
    EMBED: {"input": "Hallo"},
    MESSAGES: {"messages": HELLO, "max_tokens": 5},
}
FOUND_BY_READING: Final = (
    "api_base", "base_url", "api_key", "api_type", "api_version", "custom_llm_provider", "provider",
    "extra_headers", "headers", "default_headers", "extra_body", "extra_query", "client",
    "http_client", "aws_access_key_id", "aws_secret_access_key", "aws_session_token",
    "aws_region_name", "aws_role_name", "aws_session_name", "aws_profile_name",
    "aws_web_identity_token", "aws_sts_endpoint", "aws_bedrock_runtime_endpoint",
    "sagemaker_base_url", "vertex_project", "vertex_location", "vertex_credentials",
    "azure_ad_token", "azure_endpoint", "organization", "project", "deployment_id", "model_list",
    "fallbacks", "mock_response", "mock_tool_calls", "mock_delay", "mock_timeout", "metadata",
    "litellm_metadata", "litellm_params", "litellm_logging_obj", "timeout", "request_timeout",
    "num_retries", "max_retries", "drop_params", "additional_drop_params", "allowed_openai_params",
    "cache", "caching", "callbacks", "success_callback", "logger_fn", "prompt_id", "guardrails",
    "proxy_server_request", "context_management", "mcp_servers", "container", "is_async",
    "acompletion", "aembedding", "_skip_mcp_handler", "_skip_responses_api_bridge",
    "stream_chunk_size",
)  # fmt: skip
ASK_THE_SDK: Final = """
import inspect, json, os
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm
functions = ("acompletion", "completion", "embedding", "text_completion", "anthropic_messages")
signatures = [inspect.signature(getattr(litellm, f)) for f in functions]
names = {n for each in signatures for n, p in each.parameters.items() if "VAR" not in p.kind.name}
print(json.dumps(sorted({*names, *litellm.types.utils.all_litellm_params})))
"""
MEANT: Final = {*StandInOpenAI.known(), *StandInAnthropic.known()} - {"container", "metadata"}


@pytest.fixture(scope="session")
def controls() -> set[str]:
    """Collect every name by which the SDK could be told something."""
    asked = subprocess.run(
        [PYTHON, "-c", ASK_THE_SDK], capture_output=True, check=True, timeout=60, env={}
    )
    return {*json.loads(asked.stdout), *FOUND_BY_READING} - MEANT


@pytest.mark.parametrize("path", [CHAT, TEXT, EMBED, MESSAGES])
@pytest.mark.parametrize("nested", [False, True], ids=["text", "object"])
def test_no_control_of_the_sdk_in_a_body_has_any_effect(
    service: Service, vllm: StandInOpenAI, controls: set[str], path: str, *, nested: bool
) -> None:
    """The stand-in refuses what it doesn't know, so an answer proves that all were removed."""
    decoy = StandInOpenAI()
    value: Any = {"api_base": decoy.url, "api_key": "evil"} if nested else f"{decoy.url}/v1"
    body = {**dict.fromkeys(controls, value), "model": "evil/model", **BODIES[path]}
    answer = service.call(path, "hosted_vllm/m", f"{vllm.url}/v1", body, "env:KEY_OF_VLLM")
    decoy.stop()
    assert answer.status_code == 200, answer.text
    assert decoy.asked == []
    [asked] = vllm.asked
    assert asked.headers["authorization"] == f"Bearer {KEYS['KEY_OF_VLLM']}"
    assert asked.body["model"] == "m"
    assert "evil" not in asked.raw.decode()


@named("converse", "claude-on-bedrock", "sagemaker", "anthropic", "openai", "gemini")
@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_no_provider_is_left_for_another(
    service: Service, controls: set[str], route: Route, path: str
) -> None:
    decoy = StandInOpenAI()
    body = {**dict.fromkeys(controls, f"{decoy.url}/v1"), "model": "openai/x", **BODIES[path]}
    answer = service.call(path, route.target, route.url, body, route.key)
    decoy.stop()
    assert answer.status_code == 200, answer.text
    assert decoy.asked == []
    assert len(route.provider.asked) == 1
    assert decoy.url not in route.provider.asked[0].raw.decode()


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "advisor_20260301", "name": "advisor", "model": "openai/x"},
        {"type": "mcp", "server_label": "x", "server_url": "litellm_proxy"},
    ],
    ids=lambda tool: str(tool["type"]),
)
@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_a_tool_by_which_somebody_else_would_be_called_is_refused(
    service: Service, bedrock: StandInBedrock, path: str, tool: dict[str, str]
) -> None:
    decoy = StandInOpenAI()
    tool = tool | {"api_base": f"{decoy.url}/v1", "api_key": "evil"}
    body = BODIES[path] | {"tools": [tool]}
    answer = service.call(path, "bedrock/amazon.nova-pro-v1:0", bedrock.url, body)
    decoy.stop()
    assert answer.status_code == 400
    assert decoy.asked == bedrock.asked == []


def test_a_picture_is_not_fetched_from_inside_the_network(
    service: Service, bedrock: StandInBedrock
) -> None:
    decoy = StandInOpenAI()
    picture = {"type": "image_url", "image_url": {"url": f"{decoy.url}/latest/meta-data"}}
    body = {"messages": [{"role": "user", "content": [picture]}]}
    answer = service.call(CHAT, "bedrock/amazon.nova-pro-v1:0", bedrock.url, body)
    decoy.stop()
    assert answer.status_code >= 400
    assert decoy.asked == bedrock.asked == []


def test_a_provider_without_a_key_gets_none_from_the_environment(
    service: Service, vllm: StandInOpenAI
) -> None:
    service.call(CHAT, "openai/m", f"{vllm.url}/v1", BODIES[CHAT])
    assert vllm.asked[0].headers["authorization"] == "Bearer none"


@pytest.mark.parametrize("reference", ["own", "env:LISA_LITELLM_SECRET"])
def test_the_gateways_own_secret_is_sent_to_nobody(
    service: Service, vllm: StandInOpenAI, reference: str
) -> None:
    key = service.secret_reference if reference == "own" else reference
    answer = service.call(CHAT, "openai/m", f"{vllm.url}/v1", BODIES[CHAT], key)
    assert answer.status_code in {400, 503}
    assert SECRET not in answer.text
    assert vllm.asked == []


def test_fields_that_only_the_provider_knows_reach_it(
    service: Service, vllm: StandInOpenAI
) -> None:
    extra = {"top_k": 3, "min_p": 0.1, "chat_template_kwargs": {"enable_thinking": False}}
    body = BODIES[CHAT] | extra | {"temperature": 0}
    service.call(CHAT, "hosted_vllm/m", f"{vllm.url}/v1", body)
    assert vllm.asked[0].body == {**body, "model": "m"}


def test_the_way_is_named_by_the_gateway_alone(service: Service) -> None:
    for upstream in ("", "[]", "{}", '{"target": "no-provider"}', '{"target": "a/b", "url": "x"}'):
        headers = service.headers("") | {"x-lisa-upstream": upstream}
        answer = service.client.post(CHAT, json=BODIES[CHAT], headers=headers)
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"
