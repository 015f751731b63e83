"""What each key of the configuration takes, as the models declare it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

from deployment.config.deployment import DeploymentConfig
from deployment.config.meanings import EXAMPLES, MEANINGS
from deployment.config.places import Steps

SWITCH: Final = "enabled"  # of a part, told first
KINDS: Final = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
}
WORDS: Final = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "part": "keys below it",
    "map": "names below it, with a value each",
}


@dataclass(frozen=True)
class Shape:
    """One key: a JSON schema, and the definitions it refers to."""

    schema: Mapping[str, Any]
    definitions: Mapping[str, Any]

    @cached_property
    def variants(self) -> tuple[Mapping[str, Any], ...]:
        """Return what it may be, without being nothing."""
        found = [self._resolved(each) for each in self.schema.get("anyOf", (self.schema,))]
        return tuple(each for each in found if each.get("type") != "null")

    @property
    def takes_nothing(self) -> bool:
        """Tell whether `null` is a value of it."""
        return any(each.get("type") == "null" for each in self.schema.get("anyOf", ()))

    @property
    def kind(self) -> str:
        """Return part, map, list, text, integer, number or boolean."""
        first = self.variants[0]
        if "properties" in first:
            return "part"
        if first.get("type") == "object":
            return "map"
        return KINDS.get(first.get("type", "string"), "text")

    @property
    def meaning(self) -> str:
        """Return what its model says of it."""
        told = self.schema.get("description", "")
        if not told and self.kind == "part":
            told = self.variants[0].get("description", "").split("\n\n")[0]
        return " ".join(told.split())

    @property
    def children(self) -> Mapping[str, "Shape"]:
        """Return the keys of a part."""
        found = self.variants[0].get("properties", {})
        names = sorted(found, key=lambda name: name != SWITCH)
        return {name: Shape(found[name], self.definitions) for name in names}

    @property
    def each(self) -> "Shape | None":
        """Return what an item of a list, or a value of a map, is."""
        inner = self.variants[0].get("items" if self.kind == "list" else "additionalProperties")
        return Shape(inner, self.definitions) if isinstance(inner, Mapping) else None

    @property
    def required(self) -> tuple[str, ...]:
        """Return which keys of a part have no default."""
        return tuple(self.variants[0].get("required", ()))

    @property
    def names(self) -> tuple[str, ...]:
        """Return how the values of a map may be called; nothing: as one likes."""
        names = self._resolved(self.variants[0].get("propertyNames", {}))
        return tuple(names.get("enum", ()))

    @property
    def choices(self) -> tuple[object, ...]:
        """Return the only values there are, if there are so few."""
        return tuple(value for each in self.variants for value in _choices(each))

    @property
    def example(self) -> str:
        """Return a text that it takes, where not every text will do."""
        found = [str(each["examples"][0]) for each in self.variants if each.get("examples")]
        return found[0] if found else ""

    def below(self, step: str | int) -> "Shape | None":
        """Return what lies one step below."""
        if self.kind == "part" and isinstance(step, str):
            return self.children.get(step)
        fits = isinstance(step, int) if self.kind == "list" else self.kind == "map"
        return self.each if fits else None

    def words(self) -> str:
        """Say what it takes."""
        if self.kind == "list":
            each = self.each
            return f"a list; each item is {each.words()}" if each else "a list"
        if self.kind == "map" and self.names:
            return f"{WORDS['map']}; names are {_or(self.names)}"
        ways = [f"one of {_or(self.choices)}"] if self.choices else []
        ways += [_said(self.kind, each) for each in self.variants if not _choices(each)]
        return ", or ".join(ways)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].rsplit("/", 1)[-1]]
        return schema


@cache
def whole() -> Shape:
    """Return the shape of the whole configuration."""
    schema = DeploymentConfig.model_json_schema()
    models = {**schema["$defs"], "DeploymentConfig": schema}
    for field, meaning in MEANINGS.items():
        _field(models, field).setdefault("description", meaning)
    for field, example in EXAMPLES.items():
        told = _field(models, field)
        for each in (told.get("items", told), *told.get("anyOf", ())):
            each.setdefault("examples", [example])
    return Shape(schema, schema["$defs"])


def _field(models: Mapping[str, Any], field: str) -> dict[str, Any]:
    model, _, name = field.partition(".")
    found: dict[str, Any] = models[model]["properties"][name]
    return found


def shape_at(steps: Steps) -> Shape | None:
    """Return what stands there, if there is such a key."""
    shape: Shape | None = whole()
    for step in steps:
        if shape is None:
            return None
        shape = shape.below(step)
    return shape


@cache
def every_key() -> Mapping[str, Shape]:
    """Return all keys by their dotted names, in the order of the models."""
    return dict(_keys(whole(), ""))


def _keys(shape: Shape, at: str) -> Iterator[tuple[str, Shape]]:
    for name, child in shape.children.items():
        key = f"{at}.{name}".removeprefix(".")
        yield key, child
        inside = child.each if child.kind == "list" else child
        if inside and inside.kind == "part":
            yield from _keys(inside, f"{key}[]" if child.kind == "list" else key)


def _choices(schema: Mapping[str, Any]) -> tuple[object, ...]:
    return (schema["const"],) if "const" in schema else tuple(schema.get("enum", ()))


def _said(kind: str, schema: Mapping[str, Any]) -> str:
    said = WORDS[kind]
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None:
        said += f" from {least:g} to {most:g}" if most is not None else f" of at least {least:g}"
    if examples := schema.get("examples"):
        said += f" like {examples[0]}"
        empty = schema.get("default") == "" or re.fullmatch(schema.get("pattern", r"\b"), "")
        said += ", or empty" if empty else ""
    if "maxLength" in schema and not schema.get("examples"):
        said += f" of at most {schema['maxLength']} characters"
    return said


def _or(values: tuple[object, ...]) -> str:
    *most, last = (str(value) for value in values)
    return f"{', '.join(most)} or {last}" if most else last
