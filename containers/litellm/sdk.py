"""Loads the `litellm` SDK with everything off that reaches out, keeps or prints by itself."""

import logging
import os
from typing import Any, Final

from containers.litellm import mends

BEFORE_IMPORT: Final = {
    "LITELLM_MODE": "PRODUCTION",  # otherwise it loads a `.env` file
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # otherwise it fetches prices, and so on
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_LOG": "CRITICAL",  # its own lines may hold requests
    "LITELLM_RUST": "False",  # one way through the SDK, the one that is tested
    "LITELLM_DONT_SHOW_FEEDBACK_BOX": "True",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",  # tokenizers come with the package or are done without
}
LOGGERS: Final = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "httpx", "openai")


def load() -> Any:
    """Import the SDK; this takes seconds."""
    os.environ.update(BEFORE_IMPORT)
    mends.stand_in_for_the_proxy()
    import litellm  # noqa: PLC0415  # it reads the environment while it is imported

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.disable_streaming_logging = True
    litellm.disable_hf_tokenizer_download = True
    litellm.callbacks = []
    litellm.num_retries = 0  # the gateway alone tries again
    litellm.drop_params = True  # what a provider doesn't know is left out, as LISA does it
    litellm.use_chat_completions_url_for_anthropic_messages = True  # not OpenAI's Responses
    litellm.user_url_validation = True  # never fetch a picture from inside the network
    mends.mend(litellm)
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm
