"""Answers told again from memory, where model and caller want that: nobody is asked or paid."""

from dataclasses import dataclass
from http import HTTPStatus

from lisa.domain.model import Model
from lisa.domain.usage import Counts
from lisa.gateway.asgi import raw
from lisa.gateway.asking import Asked, Outcome
from lisa.gateway.reply import Reply
from lisa.usecases.answer_cache import (
    ENDPOINTS,
    AnswerCache,
    CacheKey,
    KeptAnswer,
    cache_key,
)


@dataclass(frozen=True)
class Remembering:
    """Keeps and tells answers of this process."""

    cache: AnswerCache

    def key(self, asked: Asked, model: Model) -> CacheKey | None:
        """Return under what the answer is remembered, if it may be."""
        if not model.cache_seconds or asked.endpoint.name not in ENDPOINTS:
            return None
        return cache_key(
            caller=asked.caller,
            model=model,
            endpoint=asked.endpoint.name,
            body=asked.body.rewritten(model.id, ask_for_usage=False),
            streams=asked.streams,
            headers=asked.headers,
        )

    async def tell(self, key: CacheKey, model: Model, reply: Reply, outcome: Outcome) -> bool:
        """Answer from memory; tell whether that could be done."""
        kept = self.cache.lookup(key)
        if kept is None:
            reply.keep_copy()
            return False
        outcome.model, outcome.cache_hit, outcome.counts = model.id, True, Counts()
        outcome.status, outcome.ended = HTTPStatus.OK, "done"
        named = {
            "content-type": kept.content_type,
            "content-length": str(len(kept.body)),
            "x-lisa-model": model.id,
            "x-lisa-cache": "hit",
        }
        await reply.start(HTTPStatus.OK, raw(named))
        await reply.end(kept.body)
        return True

    def keep(self, key: CacheKey, reply: Reply, outcome: Outcome) -> None:
        """Remember what was just answered, if it was answered whole and as it is."""
        copy = reply.copied()
        if copy is not None and outcome.ended == "done" and not outcome.streamed:
            body, content_type = copy
            answer = KeptAnswer(body, content_type, outcome.counts or Counts())
            self.cache.keep(key, outcome.status, answer)
