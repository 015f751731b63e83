"""Which path is answered by which function of the SDK, and what of a body may reach it.

LiteLLM takes its controls (addresses, keys, credentials, mocks, fallbacks ...) by the same keyword
arguments as a request's fields. So a body is never handed on whole: only what is listed here is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lisa.domain.errors import Invalid

ANTHROPIC: Final = "anthropic"
OPENAI: Final = "openai"


@dataclass(frozen=True)
class Endpoint:
    """One path: what answers it, what it needs, and what else it takes."""

    function: str
    needs: Mapping[str, type | tuple[type, ...]]
    takes: frozenset[str] = frozenset()
    shape: str = OPENAI
    extras: bool = False  # unknown fields go on to providers that speak OpenAI themselves


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CHAT: Final = _names("""
    audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens
    max_tokens modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key
    reasoning_effort response_format safety_identifier seed service_tier stop store stream
    stream_options temperature thinking tool_choice tools top_logprobs top_p user verbosity
    web_search_options
""")
_COMPLETION: Final = _names("""
    best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop
    stream stream_options suffix temperature top_p user
""")
_IMAGES: Final = _names(
    "background moderation n output_compression output_format quality response_format size style "
    "user"
)
_RERANK: Final = _names("max_chunks_per_doc max_tokens_per_doc rank_fields return_documents top_n")
_TRANSCRIPTION: Final = _names("language prompt response_format temperature")
_MESSAGES: Final = _names("""
    metadata output_config output_format stop_sequences stream system temperature thinking
    tool_choice tools top_k top_p
""")

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "/v1/chat/completions": Endpoint("acompletion", {"messages": list}, _CHAT, extras=True),
    "/v1/completions": Endpoint(
        "atext_completion", {"prompt": (str, list)}, _COMPLETION, extras=True
    ),
    "/v1/embeddings": Endpoint(
        "aembedding", {"input": (str, list)}, _names("dimensions user"), extras=True
    ),
    "/v1/images/generations": Endpoint("aimage_generation", {"prompt": str}, _IMAGES),
    "/v1/rerank": Endpoint("arerank", {"query": str, "documents": list}, _RERANK),
    "/v1/audio/transcriptions": Endpoint("atranscription", {"file": tuple}, _TRANSCRIPTION),
    "/v1/audio/speech": Endpoint(
        "aspeech", {"input": str, "voice": str}, _names("instructions response_format speed")
    ),
    "/v1/messages": Endpoint(
        "anthropic_messages", {"messages": list, "max_tokens": int}, _MESSAGES, ANTHROPIC
    ),
    "/v1/messages/count_tokens": Endpoint(
        "acount_tokens", {"messages": list}, _names("system tools"), ANTHROPIC
    ),
}

_SAMPLING: Final = _names("top_k min_p repetition_penalty")  # known to many, not to OpenAI
_CONTROLS: Final = re.compile(
    r"_|(api|aws|azure|vertex|litellm|mock|s3|gcs|sagemaker|bedrock|watsonx|sap|oci|extra|"
    r"(in|out)put_cost|cache|proxy|router|client|base|custom|default|ssl|use|langfuse|user)_|"
    r"(model|metadata|headers|organization|project|timeout|region_name|hf_model_name|config|"
    r"model_list|deployment_id|num_retries|max_retries|request_timeout|drop_params|mode|"
    r"additional_drop_params|allowed_openai_params|encoding_format|callbacks|success_callback|"
    r"container|context_management|http_client|include_server_side_tool_invocations|is_async|"
    r"mcp_servers|provider)$"
)
_OTHER_MODELS: Final = ("advisor", "mcp")  # tools by which LiteLLM would call somebody else


def arguments(
    endpoint: Endpoint, body: Mapping[str, Any], controls: frozenset[str], *, speaks_openai: bool
) -> dict[str, Any]:
    """Return what of a body goes to the SDK; `controls` are its own names for its controls."""
    _check(endpoint, body)
    known = endpoint.takes | endpoint.needs.keys()
    given = {name: value for name, value in body.items() if name in known and value is not None}
    if "metadata" in given:
        given["metadata"] = _only_the_user(given["metadata"])
    unknown = body.keys() - known - controls if endpoint.extras else frozenset()
    unknown = {name for name in unknown if not _CONTROLS.match(name)}
    if speaks_openai:
        given["extra_body"] = {name: body[name] for name in unknown}
    else:
        given |= {name: body[name] for name in unknown & _SAMPLING}
    return given


def _check(endpoint: Endpoint, body: Mapping[str, Any]) -> None:
    for name, kinds in endpoint.needs.items():
        if not isinstance(body.get(name), kinds) or body[name] is True:
            raise Invalid(f"`{name}` is missing or of the wrong kind")
    for name in ("messages", "tools"):
        _check_objects(name, body.get(name) or [])
    for tool in body.get("tools") or []:
        if str(tool.get("type", "")).startswith(_OTHER_MODELS):
            raise Invalid(f"tools of type `{tool['type']}` aren't offered here")
    if not isinstance(body.get("stream") or False, bool):
        raise Invalid("`stream` must be true or false")


def _check_objects(name: str, value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Invalid(f"`{name}` must be a list of objects")


def _only_the_user(metadata: object) -> dict[str, str] | None:
    """LiteLLM keeps controls of its own in metadata; Anthropic's has one field."""
    user = metadata.get("user_id") if isinstance(metadata, dict) else None
    return {"user_id": user} if isinstance(user, str) else None
