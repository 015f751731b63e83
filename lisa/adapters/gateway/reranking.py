"""Reranking by any model of the gateway, in the form of Cohere and vLLM, or that of TEI."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lisa.adapters.gateway.calls import GatewayCalls, not_understood
from lisa.domain.errors import Invalid
from lisa.ports.embedding import OnBehalf

DOCUMENTS, TEXTS = "documents", "texts"  # what the texts are called: by most, and by TEI
MORE: Final = {DOCUMENTS: {}, TEXTS: {"truncate": True}}  # else TEI refuses long ones
AT_ONCE: Final = 32  # as many as TEI takes; each is ranked by itself


@dataclass(frozen=True)
class GatewayReranker:
    """Orders texts by how well they answer."""

    calls: GatewayCalls
    _forms: dict[str, str] = field(default_factory=dict, init=False)

    async def rank(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        """Return a score for each text; higher is better."""
        batches = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
        first = [await self._ranked(model, question, batch, whose) for batch in batches[:1]]
        others = (self._ranked(model, question, batch, whose) for batch in batches[1:])
        return [score for scores in (*first, *await asyncio.gather(*others)) for score in scores]

    async def _ranked(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        known = self._forms.get(model)
        if known:
            return await self._asked(model, known, question, texts, whose)
        try:
            scores = await self._asked(model, DOCUMENTS, question, texts, whose)
            self._forms[model] = DOCUMENTS
        except Invalid as refusal:
            try:
                scores = await self._asked(model, TEXTS, question, texts, whose)
            except Invalid:
                raise refusal from None
            self._forms[model] = TEXTS
        return scores

    async def _asked(
        self, model: str, form: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        body = {"model": model, "query": question, form: [*texts], **MORE[form]}
        return _scores(await self.calls.ask("/v1/rerank", body, whose), len(texts), model)


def _scores(answer: Any, count: int, model: str) -> list[float]:
    try:
        results = answer["results"] if isinstance(answer, dict) else answer
        scores = {each["index"]: _score(each) for each in results}
        return [scores[place] for place in range(count)]
    except (KeyError, TypeError, ValueError) as error:
        raise not_understood(model) from error


def _score(result: dict[str, Any]) -> float:
    return float(result["relevance_score"] if "relevance_score" in result else result["score"])
