"""Waking: asking that a model which stands still is started; many callers start it once."""

from typing import Protocol

from lisa.domain.identity import Principal


class Waker(Protocol):
    """Asks for a start, elsewhere."""

    async def wake(self, caller: Principal, model_id: str) -> None:
        """Ask that the model is started; it returns before the model has started.

        One that is on its way or in service is left alone. The caller may use the model.
        """
