"""Tells what a key means, what it takes, what it is by default and where its value comes from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from deployment.config.deployment import DeploymentConfig
from deployment.config.places import variable_of
from deployment.config.reading import Chosen
from deployment.config.shapes import Shape, every_key
from deployment.config.suggesting import did_you_mean, nearest
from lisa.domain.errors import NotFound

REQUIRED = "must be given"
NOT_SET = "nothing says otherwise"


@dataclass(frozen=True)
class Explained:
    """One key, as a person or a program reads of it."""

    key: str
    meaning: str
    takes: str
    default: str
    variable: str = ""
    value: str = ""
    origin: str = ""

    def document(self) -> Mapping[str, str]:
        """Return it for a program."""
        return {name: text for name, text in asdict(self).items() if text}


def explained(key: str = "", chosen: Chosen | None = None) -> Sequence[Explained]:
    """Return a key with all that is below it; without one, all there are."""
    asked = key.strip().lower()
    below = (f"{asked}.", f"{asked}[]")
    found = [name for name in every_key() if not asked or name == asked or name.startswith(below)]
    if not found:
        raise NotFound(
            f"there is no key {key}",
            next_step=did_you_mean(nearest(key), "`lisa config explain` lists every key"),
            code="no_such_key",
        )
    return [_explained(name, every_key()[name], chosen) for name in found]


def default_of(key: str) -> str:
    """Return what a key is where nobody says otherwise, as it is written in a file."""
    value = _at(_defaults(), key)
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def is_required(key: str) -> bool:
    """Tell whether a key has no default."""
    part, _, name = key.rpartition(".")
    shape = every_key().get(part.removesuffix("[]"))
    inner = shape.each if shape and shape.kind == "list" else shape
    return inner is not None and name in inner.required


def _explained(key: str, shape: Shape, chosen: Chosen | None) -> Explained:
    in_list = "[]" in key
    default = "" if shape.kind == "part" else _default(key, shape)
    value, origin = _present(key, shape, chosen) if chosen and not in_list else ("", "")
    variable = "" if in_list else variable_of(key)
    return Explained(key, shape.meaning, shape.words(), default, variable, value, origin)


def _default(key: str, shape: Shape) -> str:
    if is_required(key):
        return REQUIRED
    if "[]" in key or default_of(key) == "":
        told = shape.schema.get("default")
        return "nothing" if told is None else json.dumps(told, ensure_ascii=False)
    return default_of(key)


def _present(key: str, shape: Shape, chosen: Chosen) -> tuple[str, str]:
    """Return what a key is now, and who says so."""
    if shape.kind == "part":
        return "", ""
    value = json.dumps(_at(chosen.config.model_dump(mode="json"), key), ensure_ascii=False)
    says = [origin for name, origin in chosen.origins.items() if name == key]
    says += [origin for name, origin in chosen.origins.items() if name.startswith(f"{key}.")]
    return value, ", ".join(dict.fromkeys(says)) or NOT_SET


@cache
def _defaults() -> Mapping[str, Any]:
    return DeploymentConfig().model_dump(mode="json")


def _at(values: Any, key: str) -> Any:
    for name in key.split("."):
        values = values.get(name) if isinstance(values, Mapping) else None
    return values
