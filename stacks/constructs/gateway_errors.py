"""What API Gateway answers by itself, in the same body as every error of the product."""

import json
from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_apigateway as apigateway

from lisa.domain.errors import (
    Forbidden,
    Invalid,
    LimitReached,
    LisaError,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)


@dataclass(frozen=True)
class GatewayError:
    """One of API Gateway's own answers; no status keeps the one API Gateway chose."""

    kind: apigateway.ResponseType
    status: int | None
    error: type[LisaError]
    message: str
    next_step: str

    def body(self) -> str:
        """Return the error's body; API Gateway fills in the request's id."""
        inner = {
            "code": self.error.code,
            "message": self.message,
            "next_step": self.next_step,
            "request_id": "$context.requestId",
        }
        return json.dumps({"error": inner})


# The same headers as the product sends with these; inner quotes mark a constant.
HEADERS: Final = {
    401: {"www-authenticate": "'Bearer'"},
    503: {"retry-after": "'1'"},
}
_KIND: Final = apigateway.ResponseType
GATEWAY_ERRORS: Final = (
    GatewayError(
        _KIND.UNAUTHORIZED,
        401,
        Unauthenticated,
        "we don't know who is calling",
        "send a valid token as Authorization: Bearer TOKEN",
    ),
    GatewayError(
        _KIND.ACCESS_DENIED, 403, Forbidden, "you may not do this", "ask an administrator"
    ),
    # API Gateway's word for a path that no door serves.
    GatewayError(
        _KIND.MISSING_AUTHENTICATION_TOKEN,
        404,
        NotFound,
        "there is nothing at this path",
        "compare it with the API's documentation",
    ),
    GatewayError(
        _KIND.REQUEST_TOO_LARGE,
        413,
        TooLarge,
        "the request is too large",
        "upload large content by a link and refer to it",
    ),
    GatewayError(
        _KIND.THROTTLED, 429, LimitReached, "too many requests at once", "try again in a second"
    ),
    GatewayError(
        _KIND.AUTHORIZER_FAILURE,
        503,
        Unavailable,
        "we can't tell who is calling just now",
        "try again in a few seconds",
    ),
    GatewayError(
        _KIND.DEFAULT_4_XX,
        None,
        Invalid,
        "the request can't be served",
        "compare it with the API's documentation",
    ),
    GatewayError(
        _KIND.DEFAULT_5_XX,
        None,
        Unavailable,
        "a part of the platform didn't answer",
        "try again in a few seconds",
    ),
)


def answer_in_our_words(api: apigateway.RestApi) -> None:
    """Give API Gateway's own answers our body."""
    for answer in GATEWAY_ERRORS:
        api.add_gateway_response(
            f"Answer-{answer.kind.response_type}",
            type=answer.kind,
            status_code=str(answer.status) if answer.status else None,
            response_headers=HEADERS.get(answer.status or 0),
            templates={"application/json": answer.body()},
        )
