"""What CloudFormation must make anew when a property changes, and what holds data.

It is read from the CDK's own command line, which carries the data that its `diff` goes by: so a
plan needs no right to write, as a change set would, and says the same for the same templates.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from lisa.domain.errors import Invalid

DATA: Final = Path("node_modules", "aws-cdk", "db.json.gz")
Replacing = Literal["yes", "maybe", "no"]
CUSTOM: Final = "Custom::"


@dataclass(frozen=True)
class ResourceRules:
    """Which types hold data, and which of their properties can't change in place."""

    replacing: Mapping[str, Mapping[str, Replacing]]
    stateful: frozenset[str]

    def of(self, kind: str, name: str) -> Replacing:
        """Tell whether a resource of this type is made anew when this property changes."""
        if kind.startswith(CUSTOM):
            return "yes" if name == "ServiceToken" else "no"
        return self.replacing.get(kind, {}).get(name, "no")


def read_rules(checkout: Path) -> ResourceRules:
    """Read them from the checkout's pinned command line of the CDK."""
    try:
        with gzip.open(checkout / DATA) as file:
            entities = json.load(file)["schema"]["resource"]["entities"]
    except (OSError, ValueError, KeyError) as error:
        raise Invalid(
            f"the CDK's command line is not installed as it should be: {error}",
            next_step="run `make setup-dev` in the checkout",
            code="no_cdk",
        ) from error
    return ResourceRules(
        {each["cloudFormationType"]: dict(_replacing(each)) for each in entities},
        frozenset(each["cloudFormationType"] for each in entities if each.get("isStateful")),
    )


def _replacing(resource: Mapping[str, Any]) -> Iterator[tuple[str, Replacing]]:
    for name, about in resource.get("properties", {}).items():
        if about.get("causesReplacement") in ("yes", "maybe"):
            yield name, about["causesReplacement"]
