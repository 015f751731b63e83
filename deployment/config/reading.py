"""Reads the configuration of a deployment: defaults, below a file, the environment and options."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from deployment.config.deployment import DeploymentConfig
from deployment.config.documents import read_document, read_text
from deployment.config.layering import Written
from deployment.config.overriding import from_environment, from_options, options_in
from deployment.config.places import Place, Steps, dotted
from deployment.config.problems import Problem, refused
from deployment.config.shapes import Shape, whole
from deployment.config.wording import problems_of

DEFAULT: Final = Place("default")
OCTAL: Final = re.compile(r"[-+]?0[0-9_]+")
NO_OPTIONS: Final[Mapping[str, object]] = MappingProxyType({})
NO_VARIABLES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Chosen:
    """What was chosen, and where each key that was set is written: a line, a variable or `-c`."""

    config: DeploymentConfig
    origins: Mapping[str, str] = field(default_factory=dict)


def read_config(path: Path) -> DeploymentConfig:
    """Read a configuration from its file alone; whatever is wrong with it is told by its line."""
    return choose(path).config


def choose(
    file: Path | None = None,
    *,
    environ: Mapping[str, str] = NO_VARIABLES,
    options: Mapping[str, object] | Iterable[str] = NO_OPTIONS,
) -> Chosen:
    """Lay defaults, file, environment and options over each other; all that is wrong is told.

    Options are keys with values, or texts like `serve.domain=llm.example.com`.
    """
    layers, problems = _from_file(file) if file else ([], [])
    given, wrong = ({**options}, []) if isinstance(options, Mapping) else options_in(options)
    problems += wrong
    for more, wrong in (from_environment(environ), from_options(given)):
        layers += more
        problems += wrong
    written = Written({}, Place(str(file), 1) if file else Place("the configuration"))
    for layer in layers:
        written = layer.over(written)
    return _checked(written, problems)


def _from_file(file: Path) -> tuple[list[Written], list[Problem]]:
    source = Place(str(file), 1)
    document = read_document(read_text(file), source)
    content = document.content
    if content.value is None:
        return [], document.problems
    if not isinstance(content.value, Mapping):
        problem = Problem(content.place, "is no mapping of keys to values", "write `name: lisa`")
        return [], [*document.problems, problem]
    return [Written(content.value, source)], document.problems


def _checked(written: Written, problems: list[Problem]) -> Chosen:
    fitted = _fitted(written, whole(), (), problems)
    try:
        config = DeploymentConfig.model_validate(_over_defaults(fitted.plain()))
    except ValidationError as error:
        raise refused([*problems, *problems_of(error, written)]) from error
    if problems:
        raise refused(problems)
    origins = {dotted(at): str(each.place) for at, each in fitted.leaves() if each.value != {}}
    return Chosen(config, MappingProxyType(origins))


def _over_defaults(given: dict[str, object]) -> dict[str, object]:
    """Fill in defaults: a part that says one thing keeps what the whole says of the others."""
    defaults = Written.of(DeploymentConfig().model_dump(), DEFAULT)
    return dict(Written.of(given, DEFAULT).over(defaults).plain())


def _fitted(written: Written, shape: Shape, at: Steps, problems: list[Problem]) -> Written:
    """Give texts the meaning that only their key knows, and take nothing for an empty part."""
    value = written.value
    if isinstance(value, Mapping):
        inside = {name: (each, shape.below(name)) for name, each in value.items()}
        fitted = {
            name: _fitted(each, below, (*at, name), problems) if below else each
            for name, (each, below) in inside.items()
        }
        return Written(fitted, written.place)
    if isinstance(value, tuple) and (each := shape.each):
        items = (_fitted(one, each, (*at, n), problems) for n, one in enumerate(value))
        return Written(tuple(items), written.place)
    if value is None and shape.kind == "part" and not shape.takes_nothing:
        return Written({}, written.place)
    return Written(_number(value, shape, written.place, at, problems), written.place)


def _number(
    value: object, shape: Shape, place: Place, at: Steps, problems: list[Problem]
) -> object:
    if not isinstance(value, str) or shape.kind not in {"integer", "number"}:
        return value
    if OCTAL.fullmatch(value):
        reason = f"{value} begins with a zero, which some read as a number of base eight"
        problems.append(Problem(place, reason, "write it without", dotted(at)))
    return int(value) if shape.choices and re.fullmatch(r"[0-9]{1,9}", value) else value
