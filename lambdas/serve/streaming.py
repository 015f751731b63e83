"""Answers calls one after the other, piece by piece: the loop that Lambda has for Node only."""

import time
from collections.abc import Mapping

from lambdas.serve.calls import pass_through
from lambdas.serve.runtime_api import Invocation, RuntimeApi
from lisa.bootstrap.serve_function import ServeFunction, build
from lisa.domain.errors import LisaError


async def serve(environ: Mapping[str, str]) -> None:
    """Answer until Lambda ends this process."""
    api = RuntimeApi(environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        function = build(environ)
    except LisaError as error:
        await api.refuse_to_start(error)
        raise
    await answer_all(api, function)


async def answer_all(api: RuntimeApi, function: ServeFunction) -> None:
    """Answer one call after the other, with what lasts between them."""
    while True:
        await _answer(api, await api.next(), function)


async def _answer(api: RuntimeApi, invocation: Invocation, function: ServeFunction) -> None:
    answer = await api.answer(invocation)
    seconds = max(1.0, invocation.deadline - time.time())
    await pass_through(function, invocation.event, answer, seconds)
