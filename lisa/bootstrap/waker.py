"""The way from a gateway on AWS to what wakes models."""

from lisa.adapters.lambda_invoke.waker import LambdaWaker, make_client
from lisa.declared.settings import ServeSettings
from lisa.ports.waking import Waker


def waker_of(settings: ServeSettings) -> Waker | None:
    """Return what wakes models; without a function nobody does."""
    return LambdaWaker(make_client(), settings.waker) if settings.waker else None
