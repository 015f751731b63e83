"""One log line per call, in JSON: who called what, how it ended; nothing of what was said.

With a namespace the line is one of CloudWatch's embedded metrics too, read there from the log.
"""

import json
import logging
from dataclasses import dataclass
from typing import Any, Final

from lisa.domain.usage import Call
from lisa.domain.usage_sums import ended_at, is_error
from lisa.ports.calls import Ask

log = logging.getLogger("lisa.calls")
DIMENSIONS: Final = [["model"], []]
METRICS: Final = [
    {"Name": "requests", "Unit": "Count"},
    {"Name": "errors", "Unit": "Count"},
    {"Name": "prompt_tokens", "Unit": "Count"},
    {"Name": "completion_tokens", "Unit": "Count"},
    {"Name": "cost", "Unit": "None"},
    {"Name": "total_ms", "Unit": "Milliseconds"},
    {"Name": "first_byte_ms", "Unit": "Milliseconds"},
]


@dataclass(frozen=True)
class CallLines:
    """Writes lines; `namespace` is the one of CloudWatch's metrics, if there shall be any."""

    namespace: str = ""

    def begin(self, ask: Ask) -> None:
        """Write nothing yet."""

    def note(self, call: Call) -> None:
        """Write the line."""
        if log.isEnabledFor(logging.INFO):
            log.info("%s", json.dumps(self.line(call)))

    def line(self, call: Call) -> dict[str, Any]:
        """Return what the line says."""
        said = {
            "call": call.id,
            "caller": call.subject,
            "token": call.token_id,
            "model": call.model,
            "endpoint": call.endpoint,
            "upstream": call.upstream,
            "served_by": call.served_by,
            "tries": call.tries,
            "status": call.status,
            "ended": call.ended,
            "streamed": call.streamed,
            "cache_hit": call.cache_hit,
            "unsettled": call.unsettled,
            "prompt_tokens": call.counts.prompt,
            "completion_tokens": call.counts.completion,
            "cached_tokens": call.counts.cached,
            "reasoning_tokens": call.counts.reasoning,
            "cost": call.cost,
            "first_byte_ms": _rounded(call.first_byte_ms),
            "total_ms": _rounded(call.total_ms),
        }
        filled = {name: value for name, value in said.items() if value not in {None, ""}}
        return filled | self._metrics(call) if self.namespace else filled

    def _metrics(self, call: Call) -> dict[str, Any]:
        """Return what makes the line metrics; a name without a value would spoil it."""
        named = [each for each in METRICS if each["Name"] != "first_byte_ms" or call.first_byte_ms]
        embedded = {"Namespace": self.namespace, "Dimensions": DIMENSIONS, "Metrics": named}
        return {
            "requests": 1,
            "errors": int(is_error(call)),
            "_aws": {
                "Timestamp": int(ended_at(call).timestamp() * 1000),
                "CloudWatchMetrics": [embedded],
            },
        }


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
