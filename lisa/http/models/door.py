"""What all routes of models have in common."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Path

from lisa.http.answers import may_answer
from lisa.http.services import Given, ModelServices
from lisa.http.strict_json import StrictRoute

LONGEST_KEY: Final = 128
ModelPath = Annotated[str, Path(description="The model's id; it may have slashes.")]
OnceOnly = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        pattern=r"^[!-~]*$",
        description="For models that LISA runs: the same request with the same key is done once.",
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


Uses = Annotated[ModelServices, Depends(model_services)]
