"""Reads what the environment and the command line say over the file.

Text is taken as it stands, anything else is read as YAML: `[10.0.0.0/8]` is a list, `{team: a}`
are names with values.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from deployment.config.documents import read_document
from deployment.config.layering import Written, written_at
from deployment.config.places import BETWEEN_LEVELS, ENVIRONMENT, Place, variable_of
from deployment.config.problems import Problem
from deployment.config.shapes import Shape, shape_at, whole
from deployment.config.suggesting import did_you_mean, looks_like_ours, nearest

OPTION: Final = "-c"
DOTTED: Final = re.compile(r"[A-Za-z_]+(\.[^:]+)?")
QUOTED: Final = re.compile(r"""(["']).*\1""", re.DOTALL)
FILE: Final = "config"  # what `-c config=FILE` chooses
Layers = tuple[list[Written], list[Problem]]


def from_environment(environ: Mapping[str, str]) -> Layers:
    """Return what variables say, in the order of their names; an empty one counts as none."""
    layers: list[Written] = []
    problems: list[Problem] = []
    for name in sorted(environ):
        if name.startswith(ENVIRONMENT) and environ[name]:
            words = name.removeprefix(ENVIRONMENT).lower().split(BETWEEN_LEVELS)
            place = Place(name)
            if steps := _steps(words, BETWEEN_LEVELS):
                _take(steps, environ[name], place, (layers, problems))
            else:
                key = ".".join(words)
                meant = [variable_of(each) for each in nearest(key) if "[]" not in each]
                problems.append(_unknown(place, key, meant))
    return layers, problems


def from_options(options: Mapping[str, object]) -> Layers:
    """Return what `-c KEY=VALUE` says, in the order given."""
    layers: list[Written] = []
    problems: list[Problem] = []
    for key, value in options.items():
        place = Place(OPTION)
        if steps := _steps(key.split("."), "."):
            _take(steps, value, place, (layers, problems))
        else:
            problems.append(_unknown(place, key, nearest(key)))
    return layers, problems


def options_in(assignments: Iterable[str]) -> tuple[dict[str, object], list[Problem]]:
    """Take `KEY=VALUE` apart; of one key given twice the last counts."""
    options: dict[str, object] = {}
    problems = []
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if equals and key.strip():
            options.pop(key.strip(), None)
            options[key.strip()] = value
        else:
            reason = f"{assignment!r} is no KEY=VALUE"
            problems.append(Problem(Place(OPTION), reason, "write it as -c stage=prod"))
    return options, problems


def options_of_context(context: Mapping[str, object]) -> dict[str, object]:
    """Return which of the CDK's `-c KEY=VALUE` are ours: the CDK keeps its own among them."""
    return {
        key: value
        for key, value in context.items()
        if key != FILE and DOTTED.fullmatch(key) and looks_like_ours(key.split(".")[0])
    }


def _steps(words: list[str], joined_by: str) -> tuple[str, ...]:
    """Return the way to a key; below names that one chooses freely the rest is one name."""
    steps: tuple[str, ...] = ()
    shape: Shape | None = whole()
    for number, word in enumerate(words):
        if shape is None or shape.kind not in {"part", "map"}:
            return ()
        if shape.kind == "map":
            return (*steps, joined_by.join(words[number:]))
        steps, shape = (*steps, word), shape.below(word)
    return steps if shape is not None else ()


def _take(steps: tuple[str, ...], value: object, place: Place, into: Layers) -> None:
    shape = shape_at(steps)
    text = shape is not None and shape.kind == "text"
    if not isinstance(value, str):
        into[0].append(written_at(steps, Written.of(value, place)))
    elif text and not QUOTED.fullmatch(value):
        into[0].append(written_at(steps, Written(value, place)))
    else:
        document = read_document(value, place)
        into[0].append(written_at(steps, document.content))
        into[1].extend(document.problems)


def _unknown(place: Place, key: str, meant: Sequence[str]) -> Problem:
    otherwise = "remove it; `lisa config explain` lists every key"
    return Problem(place, "there is no such key", did_you_mean(meant, otherwise), key)
