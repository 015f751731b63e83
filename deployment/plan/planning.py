"""Puts a plan together: what becomes of each stack, and what all of it is billed by the hour."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from deployment.hourly import Billed, billed_by_time, unknown_types
from deployment.plan.assembly import Assembly
from deployment.plan.comparing import Change, compare
from deployment.plan.deployed import Stacks
from deployment.plan.resource_rules import ResourceRules

AT_ONCE: Final = 4


@dataclass(frozen=True)
class StackPlan:
    """What becomes of one stack."""

    name: str
    is_new: bool
    is_busy: bool
    changes: Sequence[Change]


@dataclass(frozen=True)
class Plan:
    """What a deployment would change.

    `outside` are stacks that are there and no longer configured: a deployment leaves them alone.
    """

    stacks: Sequence[StackPlan]
    outside: Sequence[str]
    billed: Sequence[Billed]
    unknown_types: Sequence[str]

    @property
    def changes_nothing(self) -> bool:
        """Tell whether all is as it is configured."""
        return not any(each.changes for each in self.stacks)

    @property
    def dangers(self) -> list[tuple[str, Change]]:
        """Return what holds data that LISA would no longer have, with its stack."""
        return [
            (stack.name, each)
            for stack in self.stacks
            for each in stack.changes
            if each.endangers_data
        ]


def plan(assembly: Assembly, stacks: Stacks, rules: ResourceRules) -> Plan:
    """Compare each stack with what is there."""
    there = stacks.all()

    def deployed(name: str) -> Mapping[str, Any]:
        return stacks.template(name) if name in there else {}

    with ThreadPoolExecutor(AT_ONCE) as threads:
        templates = [*threads.map(deployed, assembly.stacks)]
    return Plan(
        [
            StackPlan(
                name,
                name not in there,
                name in there and there[name].is_busy,
                compare(before, assembly.templates[name], rules),
            )
            for name, before in zip(assembly.stacks, templates, strict=True)
        ],
        sorted(there.keys() - assembly.templates.keys()),
        billed_by_time(assembly.templates),
        unknown_types(assembly.templates),
    )
