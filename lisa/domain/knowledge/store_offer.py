"""What stores a deployment can make, and what may be chosen of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.repository import StoreKind


@dataclass(frozen=True)
class StoreOption:
    """One thing that may be chosen: one of some values, yes or no, or a whole number in bounds."""

    label: str
    usual: Fact
    choices: tuple[Fact, ...] = ()
    least: int | None = None
    most: int | None = None

    def takes(self, value: Fact) -> bool:
        """Tell whether it can have this value."""
        if isinstance(value, bool) != isinstance(self.usual, bool):
            return False
        if self.choices:
            return value in self.choices
        if isinstance(self.usual, bool):
            return True
        whole = isinstance(value, int)
        return whole and (self.least or 0) <= int(value) <= (self.most or int(value))

    @property
    def words(self) -> str:
        """Say what it can be."""
        if self.choices:
            return f"one of {', '.join(map(str, self.choices))}"
        if isinstance(self.usual, bool):
            return "true or false"
        return f"a whole number from {self.least} to {self.most}"


@dataclass(frozen=True)
class Offer:
    """A kind of store that can be made."""

    kind: StoreKind
    serverless: bool = False
    options: Mapping[str, StoreOption] = field(default_factory=dict)

    def completed(self, chosen: Mapping[str, Fact]) -> dict[str, Fact]:
        """Return what was chosen with what is usual for the rest; raise `Invalid`."""
        unknown = sorted({*chosen} - {*self.options})
        if unknown:
            raise _wrong(f"there is no {', '.join(unknown)}", ", ".join(self.options) or "none")
        for name, value in chosen.items():
            if not self.options[name].takes(value):
                raise _wrong(
                    f"{name} can't be {value!r:.80}", f"{name}: {self.options[name].words}"
                )
        return {name: chosen.get(name, option.usual) for name, option in self.options.items()}


def _wrong(what: str, options: str) -> Invalid:
    return Invalid(f"store: {what}", next_step=f"choose among: {options}", code="bad_store")
