"""What a rule is: when an alarm goes off, what that means, and what to do first."""

import re
from dataclasses import dataclass
from typing import Final, Literal

RUNBOOKS: Final = "docs/operations/runbooks.md"
Missing = Literal["notBreaching", "breaching"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way in which something can be wrong.

    `heading` is that of its runbook. `metrics` are measured by `statistic` over `minutes`, `times`
    in a row; of several `expression` makes one. `why` is said of the threshold.
    """

    heading: str
    means: str
    first: str
    namespace: str
    metrics: tuple[str, ...]
    statistic: str
    threshold: float
    why: str
    expression: str = ""
    minutes: int = 5
    times: int = 1
    below: bool = False
    missing: Missing = "notBreaching"

    def description(self, subject: str) -> str:
        """Say what it means that this happens to `subject`, and what to do."""
        anchor = "-".join(re.findall(r"\w+", self.heading.lower()))
        return f"{subject}: {self.means}. First: {self.first} See {RUNBOOKS}#{anchor}"
