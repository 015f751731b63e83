"""What all routes of models have in common."""

import hashlib
import hmac
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Path, Request

from lisa.http.answers import may_answer
from lisa.http.services import Caller, Given, ModelServices
from lisa.http.strict_json import StrictRoute
from lisa.stores.model_answers import Repeatable
from lisa.usecases.lifecycle.beginning import Asked

LONGEST_KEY: Final = 128
ModelPath = Annotated[str, Path(description="The model's id; it may have slashes.")]
OnceKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        pattern=r"^[!-~]*$",
        description="The same request with the same key is done once, and answered the same.",
    ),
]


def model_router() -> APIRouter:
    """Return a router under `/models`."""
    return APIRouter(
        prefix="/models",
        tags=["models"],
        route_class=StrictRoute,
        responses=may_answer(400, 404, 409),
    )


def model_services(given: Given) -> ModelServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.models is None:
        raise LookupError("this app was not given models")
    return given.models


async def asked_once(request: Request, caller: Caller, key: OnceKey = "") -> Asked:
    """Return who asks; where a key came along, also by what a repetition is known.

    The digest of the body is keyed, as there may be a provider's key in it.
    """
    if not key:
        return Asked(caller)
    about = "\n".join((caller.subject, request.method, request.scope["path"], key))
    content = hmac.digest(key.encode(), await request.body(), "sha256").hex()
    repeatable = Repeatable(hashlib.sha256(about.encode()).hexdigest(), content)
    return Asked(caller, key, request=repeatable)


Once = Annotated[Asked, Depends(asked_once)]
Uses = Annotated[ModelServices, Depends(model_services)]
