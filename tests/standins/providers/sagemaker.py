"""Stands in for SageMaker's runtime, with a container behind it that speaks OpenAI's chat."""

from collections.abc import Iterable, Iterator
from itertools import islice

from tests.standins.providers.aws_wire import check_signature, exception, frame, path_parts
from tests.standins.providers.openai_like import StandInOpenAI
from tests.standins.providers.server import Asked, Reply, as_json

HELD_BACK = 50
STREAM_EVENTS = "application/vnd.amazon.eventstream"
PART = {
    "message_type": "event",
    "event_type": "PayloadPart",
    "content_type": "application/octet-stream",
}


def _cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pass most of a piece on, and its end with the next one."""
    rest = b""
    for piece in pieces:
        rest += piece
        yield frame(rest[:-HELD_BACK], **PART)
        rest = rest[-HELD_BACK:]
    yield frame(rest, **PART)


class StandInSageMaker(StandInOpenAI):
    """Cuts the container's stream anywhere, as the real one does."""

    broken = False  # the stream ends in its middle, by the container's fault

    def answer(self, asked: Asked) -> Reply:
        check_signature(asked, self.url, "sagemaker")
        found = path_parts(
            r"/endpoints/(?P<name>[\w-]+)/(?P<operation>invocations(-response-stream)?)", asked.path
        )
        inner = super().answer(Asked("POST", "/v1/chat/completions", {}, asked.raw))
        if found["operation"] == "invocations":
            return inner
        if self.broken:
            begun = [*islice(inner.pieces, 2)]
            failed = exception("ModelStreamError", "it broke")
            return Reply(200, [*_cut(begun), failed], {"content-type": STREAM_EVENTS})
        return Reply(200, _cut(inner.pieces), {"content-type": STREAM_EVENTS})

    def error(self, status: int, message: str) -> Reply:
        kind = {403: "AccessDeniedException", 424: "ModelError"}.get(status, "ValidationError")
        return as_json({"Code": kind, "Message": message}, status, x_amzn_errortype=kind)
