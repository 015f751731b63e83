"""Says in words what the models refuse: which key, in which line, why, and how to mend it."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from deployment.config.layering import Written
from deployment.config.places import Steps, dotted
from deployment.config.problems import Problem
from deployment.config.shapes import Shape, every_key, shape_at, whole
from deployment.config.suggesting import did_you_mean, nearest

SECRET: Final = re.compile(
    r"(?i)secret|passw|token|credential|bearer|api.?key|=|@|AKIA|[a-z0-9+_]{24}"
)
LONGEST_SHOWN: Final = 40
FIX: Final = re.compile(r"; fix: |[:;] (?=set |give |say |choose )")
NAMES: Final = re.compile(r"[a-z_]+(?:\.[a-z_]+)*")
PLURALS: Final = {"list": list, "part": dict, "map": dict}


def problems_of(error: ValidationError, written: Written) -> list[Problem]:
    """Return what is wrong, each key once."""
    found: dict[Steps, list[Problem]] = {}
    for details in error.errors(include_url=False):
        steps = _known(details["loc"])
        if steps in found and details["type"] != "value_error":
            continue  # another way in which it could have been right
        found.setdefault(steps, []).extend(_problems(details, steps, written))
    return [problem for problems in found.values() for problem in problems]


def _known(loc: tuple[int | str, ...]) -> Steps:
    """Return the steps to a key, without what only tells the ways in which it was tried."""
    shape: Shape | None = whole()
    steps: Steps = ()
    for step in loc:
        if shape is None or shape.kind not in {"part", "map", "list"} or step == "[key]":
            break
        steps, shape = (*steps, step), shape.below(step)
    return steps


def _problems(details: ErrorDetails, steps: Steps, written: Written) -> Iterator[Problem]:
    shape = shape_at(steps)
    if details["type"] == "extra_forbidden" or shape is None:
        yield _unknown(steps, written)
    elif "[key]" in details["loc"]:
        yield _wrong_name(steps, written)
    elif details["type"] == "missing":
        fix = f"write it below {dotted(steps[:-1])}: {shape.words()}"
        yield Problem(written.place_of(steps), "is missing", fix, dotted(steps))
    elif details["type"] == "value_error" and _has_its_kind(details["input"], shape):
        for said in str(details.get("ctx", {}).get("error", details["msg"])).splitlines():
            yield _refused_by_rule(said, steps, shape, written)
    else:
        yield misfit(steps, shape, written)


def _unknown(steps: Steps, written: Written) -> Problem:
    part = dotted(steps[:-1])
    keys = [each.rpartition(".")[2] for each in every_key() if each.rpartition(".")[0] == part]
    otherwise = f"remove it; keys of {part or 'the configuration'} are {', '.join(keys)}"
    fix = did_you_mean(nearest(dotted(steps)), otherwise)
    return Problem(written.place_of(steps), "there is no such key", fix, dotted(steps))


def _wrong_name(steps: Steps, written: Written) -> Problem:
    above = shape_at(steps[:-1])
    names = did_you_mean(above.names if above else (), "remove it")
    reason = "is none of the names there are"
    return Problem(written.place_of(steps), reason, names, dotted(steps))


def misfit(steps: Steps, shape: Shape, written: Written) -> Problem:
    """Say what a key takes, where something else stands."""
    value = _value(steps, written)
    reason = "has no value" if value is None else f"must be {shape.words()}"
    return Problem(
        written.place_of(steps),
        reason + _shown(value),
        _written_rightly(steps, shape),
        dotted(steps),
    )


def _refused_by_rule(said: str, steps: Steps, shape: Shape, written: Written) -> Problem:
    """Say what a rule of the models says; one of a part names its keys by itself."""
    reason, *fix = FIX.split(said, maxsplit=1)
    at = steps
    if shape.kind == "part":
        at = _key_named(said, steps, written)
        reason = reason.removeprefix(dotted(at)).removeprefix(str(at[-1]) if at else "").strip()
    else:
        reason += _shown(_value(steps, written))
    mended = fix[0] if fix else _mended(at, written)
    return Problem(written.place_of(at), reason, mended, dotted(at))


def _key_named(said: str, steps: Steps, written: Written) -> Steps:
    """Return the key that a sentence begins with, or the first it names that was set."""
    for word in NAMES.findall(said):
        asked = tuple(word.split("."))
        for at in ((*steps, *asked), asked):
            named = said.startswith(f"{word} ") or ("." in word and written.at(at))
            if named and shape_at(at) is not None:
                return at
    return steps


def _mended(at: Steps, written: Written) -> str:
    shape = shape_at(at)
    if shape and shape.kind != "part" and written.at(at) is None:
        return _written_rightly(at, shape)
    asking = f"lisa config explain {_key(at)}".strip()
    return f"change it, or what it says; `{asking}` tells more"


def _has_its_kind(value: object, shape: Shape) -> bool:
    """Tell whether it is one value or many, as the key takes."""
    return shape.kind not in PLURALS or isinstance(value, list | tuple | dict)


def _written_rightly(steps: Steps, shape: Shape) -> str:
    each = shape.each if shape.kind == "list" else None
    if each and each.kind != "part":
        return f"write it as [{each.example or '...'}, ...]"
    if shape.choices:
        return "write one of them"
    if shape.example:
        return f"write it like {shape.example}"
    default = shape.schema.get("default")
    if isinstance(default, str | int | float):
        return f"write one, or remove the line: the default is {json.dumps(default)}"
    return f"`lisa config explain {_key(steps)}` tells how"


def _key(steps: Sequence[str | int]) -> str:
    return re.sub(r"\[\d+\]", "[]", dotted(tuple(steps)))


def _value(steps: Steps, written: Written) -> object:
    found = written.at(steps)
    return found.value if found else None


def _shown(value: object) -> str:
    """Show what stands there, if it is short and no secret."""
    if value is None or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    if len(text) > LONGEST_SHOWN or SECRET.search(text):
        return ""
    return f", not {text!r}" if text else ", and is empty"
