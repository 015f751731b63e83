"""How the description of the API names what goes wrong: one shape, whatever the status."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

PLACE: Final = "#/components/schemas/{model}"


class Problem(BaseModel):
    """A code for programs, a message for the person, the next step to take, the logged id."""

    code: str
    message: str
    next_step: str
    request_id: str


class ErrorOut(BaseModel):
    """The body of every answer that is no success."""

    error: Problem


def may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe these statuses, for a route or a router.

    By a reference: a model would be built anew for every route and status when an app starts.
    """
    content = {"application/json": {"schema": {"$ref": PLACE.format(model=ErrorOut.__name__)}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


ANY_ROUTE_MAY: Final = may_answer(401, 403, 413, 422, 503)


class DescribedApi(FastAPI):
    """An app whose description holds what `may_answer` refers to."""

    def openapi(self) -> dict[str, Any]:
        """Return the description."""
        described = super().openapi()
        _, ours = models_json_schema([(ErrorOut, "serialization")], ref_template=PLACE)
        described.setdefault("components", {}).setdefault("schemas", {}).update(ours["$defs"])
        return described
