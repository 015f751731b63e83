"""Lays what was written in several places over each other: what comes later wins.

Parts merge key by key; a list, like every other value, takes the place of the one below.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deployment.config.places import Place, Steps


@dataclass(frozen=True)
class Written:
    """A value and where it was written; inside of mappings and lists each has its own place."""

    value: "Mapping[str, Written] | tuple[Written, ...] | object"
    place: Place

    @classmethod
    def of(cls, value: object, place: Place) -> "Written":
        """Return a value of a program, of which all was written in one place."""
        if isinstance(value, Mapping):
            return cls({str(name): cls.of(each, place) for name, each in value.items()}, place)
        if isinstance(value, list | tuple):
            return cls(tuple(cls.of(each, place) for each in value), place)
        return cls(value, place)

    def over(self, lower: "Written") -> "Written":
        """Return both, where this one counts."""
        if not (isinstance(self.value, Mapping) and isinstance(lower.value, Mapping)):
            return self
        both = dict(lower.value)
        for name, value in self.value.items():
            both[name] = value.over(both[name]) if name in both else value
        return Written(both, lower.place)

    def plain(self) -> Any:
        """Return the value by itself."""
        if isinstance(self.value, Mapping):
            return {name: each.plain() for name, each in self.value.items()}
        if isinstance(self.value, tuple):
            return [each.plain() for each in self.value]
        return self.value

    def leaves(self, at: Steps = ()) -> "Iterator[tuple[Steps, Written]]":
        """Yield every key that was set, with its value."""
        if not isinstance(self.value, Mapping) or not self.value:
            yield at, self
            return
        for name, each in self.value.items():
            yield from each.leaves((*at, name))

    def place_of(self, steps: Steps) -> Place:
        """Return where that was written, or else what it would be a part of."""
        for length in range(len(steps), 0, -1):
            if (found := self.at(steps[:length])) is not None:
                return found.place
        return self.place

    def at(self, steps: Steps) -> "Written | None":
        """Return what was written there."""
        here: Written | None = self
        for step in steps:
            here = here.below(step) if here else None
        return here

    def below(self, step: str | int) -> "Written | None":
        """Return what was written one step below."""
        if isinstance(self.value, Mapping):
            return self.value.get(str(step))
        if isinstance(self.value, tuple) and isinstance(step, int) and step < len(self.value):
            found: Written = self.value[step]
            return found
        return None


def written_at(steps: tuple[str, ...], written: Written) -> Written:
    """Return a configuration that says one thing."""
    for step in reversed(steps):
        written = Written({step: written}, written.place)
    return written
