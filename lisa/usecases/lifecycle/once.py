"""Doing once what is asked for twice: a request that is repeated is answered as it was at first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lisa.domain.errors import Conflict, LisaError
from lisa.domain.model import Model
from lisa.stores.model_answers import ModelAnswers, Repeatable


@dataclass(frozen=True)
class Once:
    """Knows the answers to requests that came with a key."""

    answers: ModelAnswers

    async def do(self, request: Repeatable | None, work: Callable[[], Awaitable[Model]]) -> Model:
        """Do it, unless it was done; the work itself writes the answer with what it changes."""
        if request is None:
            return await work()
        if model := await self._answer(request):
            return model
        try:
            return await work()
        except LisaError:
            if model := await self._answer(request):  # the same request, at the same time
                return model
            raise

    async def _answer(self, request: Repeatable) -> Model | None:
        answered = await self.answers.to(request)
        if answered and answered.content != request.content:
            raise Conflict(
                "this Idempotency-Key came with another request already",
                next_step="send another key; the same one is for the very same request",
                code="key_reused",
            )
        return answered.model if answered else None
