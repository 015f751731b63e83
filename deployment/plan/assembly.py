"""Reads what `cdk synth` leaves: the stacks in their order, with their templates."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lisa.domain.errors import Invalid

MANIFEST: Final = "manifest.json"
STACK: Final = "aws:cloudformation:stack"


@dataclass(frozen=True)
class Assembly:
    """The stacks of a synthesised deployment; those that others need come first."""

    folder: Path
    templates: Mapping[str, Mapping[str, Any]]

    @property
    def stacks(self) -> Sequence[str]:
        """Name the stacks in the order in which they are made."""
        return [*self.templates]


def read_assembly(folder: Path) -> Assembly:
    """Read a folder that `cdk synth` wrote."""
    try:
        artifacts = json.loads((folder / MANIFEST).read_text())["artifacts"]
        templates = {
            properties.get("stackName", name): json.loads(
                (folder / properties["templateFile"]).read_text()
            )
            for name, properties in _stacks(artifacts)
        }
    except (OSError, ValueError, KeyError) as error:
        raise Invalid(
            f"{folder} is not what `cdk synth` writes: {error}",
            next_step="leave --app out, so that it is synthesised anew",
        ) from error
    return Assembly(folder, templates)


def _stacks(artifacts: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    done: set[str] = set()

    def after_what_it_needs(name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if name in done or name not in artifacts:
            return
        done.add(name)
        artifact = artifacts[name]
        for needed in artifact.get("dependencies", []):
            yield from after_what_it_needs(needed)
        if artifact["type"] == STACK:
            yield name, artifact["properties"]

    for name in artifacts:
        yield from after_what_it_needs(name)
