"""Variables that LISA's containers pass on to their engines, and the options they are here.

Those that are no option stay variables, and are refused like any other where they can't be.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue, ValidationError

from lisa.declared.engines import ENGINES
from lisa.domain.errors import Invalid
from lisa.domain.faults import named
from lisa.domain.hosting import EngineName

REMOVED: Final = "LISA_MARKED_FOR_DELETION"  # the value of a variable that is to be removed
BY_VLLM: Final = (
    "tensor_parallel_size",
    "max_model_len",
    "max_num_seqs",
    "max_num_batched_tokens",
    "dtype",
    "quantization",
    "gpu_memory_utilization",
    "enable_prefix_caching",
    "enable_chunked_prefill",
    "tool_call_parser",
    "reasoning_parser",
)
BY_TEI: Final = (
    "max_concurrent_requests",
    "max_batch_tokens",
    "max_batch_requests",
    "max_client_batch_size",
    "tokenization_workers",
    "dtype",
    "pooling",
    "default_prompt_name",
    "default_prompt",
    "dense_path",
    "auto_truncate",
    "payload_limit",
)
OPTIONS: Final[Mapping[EngineName, Mapping[str, str]]] = {
    EngineName.VLLM: {
        **{f"VLLM_{name.upper()}": name for name in BY_VLLM},
        "MAX_TOTAL_TOKENS": "max_model_len",
    },
    EngineName.TGI: {
        "MAX_CONCURRENT_REQUESTS": "max_concurrent_requests",
        "MAX_INPUT_LENGTH": "max_input_tokens",
        "MAX_TOTAL_TOKENS": "max_total_tokens",
        "QUANTIZE": "quantize",
    },
    EngineName.TEI: {name.upper(): name for name in BY_TEI},
}
SAID_BY_THE_PARSER: Final = ("VLLM_ENABLE_AUTO_TOOL_CHOICE", "true")


def told_apart(
    engine: EngineName, given: Mapping[str, str]
) -> tuple[dict[str, JsonValue], dict[str, str]]:
    """Return the options, None for one that is to be removed, and the variables that remain."""
    known = OPTIONS.get(engine, {})
    options: dict[str, JsonValue] = {}
    for name in known.keys() & given.keys():
        option, value = known[name], _value(engine, name, given[name])
        if value is None:
            options.setdefault(option, None)
            continue
        if options.get(option) not in {None, value}:
            raise Invalid(
                f"two variables say what {option} is, and not the same",
                next_step="give one of them",
                code="bad_hosting",
            )
        options[option] = value
    rest = {name: value for name, value in given.items() if name not in known}
    if options.get("tool_call_parser") and SAID_BY_THE_PARSER in rest.items():
        del rest[SAID_BY_THE_PARSER[0]]
    return options, rest


def _value(engine: EngineName, variable: str, text: str) -> JsonValue:
    """Return what a variable says, in the type of its option; an empty one says nothing."""
    if text in {"", REMOVED}:
        return None
    option = OPTIONS[engine][variable]
    try:
        read = ENGINES[engine].options.model_validate_strings({option: text}, strict=False)
    except ValidationError as fault:
        raise Invalid(
            f"the variable {variable}: {named(fault)}",
            next_step="correct it",
            code="option_invalid",
        ) from fault
    value: JsonValue = getattr(read, option)
    return value
