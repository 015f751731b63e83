"""What is wrong with a configuration: where, which key, why, and how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deployment.config.places import Place
from lisa.domain.errors import Invalid

MOST_TOLD: Final = 50


@dataclass(frozen=True)
class Problem:
    """One thing that somebody has to mend."""

    place: Place
    reason: str
    fix: str
    key: str = ""

    def __str__(self) -> str:
        """Tell it in one line."""
        told = (
            f"{self.place}: {self.key}: {self.reason}"
            if self.key
            else f"{self.place}: {self.reason}"
        )
        return " ".join(f"{told}; fix: {self.fix}".split())


def refused(problems: Sequence[Problem]) -> Invalid:
    """Return the error that tells all of them, a line for each."""
    ordered = sorted(problems, key=lambda problem: problem.place.line or 0)
    lines = list(dict.fromkeys(str(problem) for problem in ordered))
    told = lines[:MOST_TOLD]
    if len(lines) > MOST_TOLD:
        told.append(f"and {len(lines) - MOST_TOLD} more")
    return Invalid(
        "\n".join(told),
        next_step="mend what is named; `lisa config explain KEY` tells what a key takes",
        code="bad_configuration",
    )
