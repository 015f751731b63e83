"""What a token may be used for: planes, and on the inference plane models; no scope, no bounds."""

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, StringConstraints

MODEL: Final = "model:"
PATTERN: Final = rf"^(control|inference|{MODEL}[^\x00-\x20\x7f]{{1,200}})$"


class Plane(StrEnum):
    """The two halves of LISA that a token may be let into."""

    CONTROL = "control"
    INFERENCE = "inference"


Scope: TypeAlias = Annotated[str, StringConstraints(pattern=PATTERN)]


def covers(scopes: AbstractSet[str], plane: Plane, model: str = "") -> bool:
    """Tell whether these scopes let their bearer into a plane and, if one is named, to a model."""
    if not scopes or plane not in scopes:
        return not scopes
    return not model or MODEL + model in scopes or not _models(scopes)


def lie_within(inner: AbstractSet[str], outer: AbstractSet[str]) -> bool:
    """Tell whether the inner scopes allow nothing that the outer ones don't."""
    if not outer or not inner:
        return not outer
    planes_fit = {*inner} - _models(inner) <= {*outer}
    if not planes_fit or Plane.INFERENCE not in inner or not _models(outer):
        return planes_fit
    return bool(_models(inner)) and _models(inner) <= _models(outer)


def _whole(scopes: frozenset[str]) -> frozenset[str]:
    if _models(scopes) and Plane.INFERENCE not in scopes:
        raise ValueError("a `model:` scope needs `inference` beside it")
    return scopes


def _models(scopes: AbstractSet[str]) -> set[str]:
    return {scope for scope in scopes if scope.startswith(MODEL)}


Scopes: TypeAlias = Annotated[frozenset[Scope], AfterValidator(_whole)]
