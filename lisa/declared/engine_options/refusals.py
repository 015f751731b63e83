"""Why some options of engines are never passed on."""

from collections.abc import Mapping
from typing import Final

ADDRESS: Final = "LISA chooses where an engine listens"
KEY: Final = "an engine is reached by the gateway alone, and keys never stand in a model's record"
WEIGHTS: Final = "it follows from the weights of the model"
NAME: Final = "calls name the model by its id in LISA"
CODE: Final = "it would load code into the engine"
REMOTE_CODE: Final = "code of a model runs only by trust_remote_code of its weights"
FILES: Final = "it would open files outside the weights"
BROWSERS: Final = "browsers never call an engine"
TELEMETRY: Final = "it would send what is measured to another address"
ADAPTERS: Final = "LISA doesn't manage adapters yet"
TYPE: Final = "it follows from the type of the model"
ASLEEP: Final = "LISA itself stops and wakes models"

# What nearly every engine has, under one of these names.
EVERYWHERE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("host", "hostname", "port", "prometheus_port", "uds_path"), ADDRESS),
    **dict.fromkeys(("api_key", "hf_token"), KEY),
    **dict.fromkeys(("model", "model_id", "revision"), WEIGHTS),
    **dict.fromkeys(("huggingface_hub_cache", "download_dir"), FILES),
    **dict.fromkeys(("otlp_endpoint", "otlp_traces_endpoint"), TELEMETRY),
    "served_model_name": NAME,
    "trust_remote_code": REMOTE_CODE,
}
BY_VLLM: Final[Mapping[str, str]] = {
    **EVERYWHERE,
    **dict.fromkeys(("uds", "root_path"), ADDRESS),
    **dict.fromkeys(("ssl_keyfile", "ssl_certfile"), KEY),
    **dict.fromkeys(("runner", "convert"), TYPE),
    **dict.fromkeys(("tool_parser_plugin", "logits_processors", "worker_extension_cls"), CODE),
    **dict.fromkeys(("enable_lora", "lora_modules", "lora_dtype"), ADAPTERS),
    **dict.fromkeys(("max_loras", "max_lora_rank", "max_cpu_loras"), ADAPTERS),
    "allowed_origins": BROWSERS,
    "distributed_executor_backend": "a replica stands on one machine",
    "enable_sleep_mode": ASLEEP,
    "enable_auto_tool_choice": "tool_call_parser says so",
    "enable_log_requests": "what people write doesn't belong into logs",
    "enable_force_include_usage": "the gateway asks for usage itself",
}
