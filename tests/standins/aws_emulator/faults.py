"""How a call to AWS may fail, and how its service would say so.

A rule that no call could meet, or an error that the service doesn't have, is refused.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, OperationNotFoundError, ServiceModel

# Every service has these; what is one operation's own is in botocore's models.
COMMON: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "InternalFailure",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ValidationError",
    }
)
XML: Final = {
    "query": "<ErrorResponse><Error>{}</Error></ErrorResponse>",
    "rest-xml": "<Error>{}</Error>",
}
KNOWN_BY_PATH: Final = frozenset({"GetObject", "ListObjectsV2"})


class UnknownRule(Exception):
    """No call could ever meet this rule, or no such service would answer like this."""


class Instead(StrEnum):
    """What happens to a call that isn't refused with an error."""

    SILENCE = "it never arrives, and nobody answers"
    LOSS = "it is done, and nobody hears of it"


class Answer(NamedTuple):
    """What is sent back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(eq=False)
class Fault:
    """Fails the first calls of an operation whose body holds all of `about`.

    `times` None means all of them. It counts the calls that it `met`.
    """

    service: str
    operation: str
    answer: str | Instead  # the code of an error, or what happens instead
    message: str = "it was told to"
    status: int = 400
    about: tuple[str, ...] = ()
    times: int | None = 1
    met: int = 0

    @property
    def model(self) -> ServiceModel:
        """Return what botocore knows of the service."""
        return _model(self.service)

    def meets(self, signed_for: str, operation: str, body: str) -> bool:
        """Tell whether this call is to fail; if so it counts."""
        same = (signed_for, operation) == (self.model.signing_name, self.operation)
        left = self.times is None or self.met < self.times
        met = same and left and all(each in body for each in self.about)
        self.met += met
        return met

    def refuse_unknown(self) -> None:
        """Refuse a rule that nothing comes of."""
        try:
            operation = self.model.operation_model(self.operation)
        except (UnknownServiceError, OperationNotFoundError) as error:
            raise UnknownRule(str(error)) from error
        protocol = self.model.metadata["protocol"]
        if protocol not in {*XML, "json"}:
            raise UnknownRule(f"{self.service} speaks {protocol}, which we don't")
        if protocol == "rest-xml" and self.operation not in KNOWN_BY_PATH:
            raise UnknownRule(f"{self.operation} can't be known by its path")
        if not isinstance(self.answer, Instead) and self.answer not in _errors(operation):
            raise UnknownRule(f"{self.service} has no error {self.answer}")

    def error(self) -> Answer:
        """Write the error as its service does."""
        protocol = self.model.metadata["protocol"]
        if protocol == "json":
            told = json.dumps({"__type": self.answer, "message": self.message})
            return Answer(
                self.status, [("Content-Type", "application/x-amz-json-1.0")], told.encode()
            )
        told = f"<Code>{self.answer}</Code><Message>{escape(self.message)}</Message>"
        return Answer(
            self.status, [("Content-Type", "text/xml")], XML[protocol].format(told).encode()
        )


def _errors(operation: OperationModel) -> frozenset[str]:
    own = (each.metadata.get("error", {}).get("code", each.name) for each in operation.error_shapes)
    return COMMON.union(own)


@cache
def _model(service: str) -> ServiceModel:
    return botocore.session.Session().get_service_model(service)
