"""What is noted of a call when it has ended."""

import time
from datetime import datetime

from lisa.domain.model import Model
from lisa.domain.usage import Call, Counts
from lisa.gateway.asking import Asked, Outcome
from lisa.ports.calls import Ask


def at_most(ask: Ask) -> Counts:
    """Return what a call may have used whose answer nobody waited for."""
    return Counts(
        prompt=ask.prompt_estimate,
        completion=ask.most_completion,
        images=ask.images,
        estimated=True,
    )


def record_of(asked: Asked, model: Model, outcome: Outcome, at: datetime) -> Call:
    """Return the record of a call for this model, whoever answered it."""
    return Call(
        id=asked.id,
        at=at,
        subject=asked.caller.subject,
        groups=asked.caller.groups,
        token_id=asked.caller.token_id,
        model=model.id,
        endpoint=asked.endpoint.name,
        upstream=outcome.upstream,
        served_by=outcome.model if outcome.model != model.id else "",
        tries=outcome.tries,
        status=outcome.status,
        ended=outcome.ended,
        streamed=outcome.streamed,
        cache_hit=outcome.cache_hit,
        counts=outcome.counts or Counts(),
        cost=outcome.cost,
        price_source=outcome.price_source,
        first_byte_ms=outcome.first_byte_ms,
        total_ms=(time.perf_counter() - asked.started) * 1000,
    )
