"""Compares a template with the one that is deployed: what is made, changed, replaced, removed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from deployment.plan.resource_rules import ResourceRules

Resource: TypeAlias = Mapping[str, Any]
Resources: TypeAlias = Mapping[str, Resource]
COMPARED: Final = ("DeletionPolicy", "UpdateReplacePolicy", "Condition")
KEPT_BEHIND: Final = frozenset({"Retain", "RetainExceptOnCreate"})
SNAPSHOT: Final = "Snapshot"


class Fate(StrEnum):
    """What becomes of a resource."""

    NEW = "new"
    CHANGED = "changed"
    MAYBE_REPLACED = "may be replaced"
    REPLACED = "replaced"
    REMOVED = "removed"
    LET_GO = "let go"  # it stays in the account, and no stack knows it any more


@dataclass(frozen=True)
class Change:
    """One resource's fate, and what decides it: properties, or what they refer to."""

    resource: str
    kind: str
    fate: Fate
    because: tuple[str, ...] = ()
    holds_data: bool = False

    @property
    def endangers_data(self) -> bool:
        """Tell whether LISA would no longer have the data that this holds."""
        return self.holds_data and self.fate not in (Fate.NEW, Fate.CHANGED)


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], rules: ResourceRules
) -> list[Change]:
    """List what differs. CloudFormation tells `?` for letters beyond ASCII; so do we."""
    old, new = _plain(before.get("Resources", {})), _plain(after.get("Resources", {}))
    found = {each.resource: each for each in _own_changes(old, new, rules)}
    for each in _consequences(new, found, rules):
        found[each.resource] = each
    return sorted(found.values(), key=lambda each: each.resource)


def _own_changes(old: Resources, new: Resources, rules: ResourceRules) -> Iterator[Change]:
    for name in old.keys() | new.keys():
        kind = (new.get(name) or old[name])["Type"]
        holds_data = kind in rules.stateful
        if name not in old:
            yield Change(name, kind, Fate.NEW, (), holds_data)
        elif name not in new:
            yield Change(name, kind, _going(old[name]), (), holds_data)
        elif old[name]["Type"] != kind:
            was_holding = holds_data or old[name]["Type"] in rules.stateful
            yield Change(name, kind, Fate.REPLACED, ("Type",), was_holding)
        elif differing := tuple(_differing(old[name], new[name])):
            fate = _fate(kind, differing, rules)
            yield Change(name, kind, fate, _deciding(kind, differing, fate, rules), holds_data)


def _going(resource: Resource) -> Fate:
    return Fate.LET_GO if resource.get("DeletionPolicy") in KEPT_BEHIND else Fate.REMOVED


def _differing(old: Resource, new: Resource) -> Iterator[str]:
    before, after = old.get("Properties", {}), new.get("Properties", {})
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name
    yield from (each for each in COMPARED if old.get(each) != new.get(each))


def _fate(kind: str, differing: tuple[str, ...], rules: ResourceRules) -> Fate:
    verdicts = {rules.of(kind, name) for name in differing}
    if "yes" in verdicts:
        return Fate.REPLACED
    return Fate.MAYBE_REPLACED if "maybe" in verdicts else Fate.CHANGED


def _deciding(
    kind: str, differing: tuple[str, ...], fate: Fate, rules: ResourceRules
) -> tuple[str, ...]:
    """Name of a replacement only what forces it."""
    if fate is Fate.CHANGED:
        return differing
    return tuple(each for each in differing if rules.of(kind, each) != "no")


def _consequences(
    new: Resources, found: Mapping[str, Change], rules: ResourceRules
) -> Iterator[Change]:
    """Find what refers to something that gets another name, where it can't change in place."""
    replaced = {name for name, each in found.items() if each.fate is Fate.REPLACED}
    known = {name for name, each in found.items() if each.fate is not Fate.CHANGED}
    while replaced:
        reached = [each for each in _referring(new, replaced, rules) if each.resource not in known]
        yield from reached
        replaced = {each.resource for each in reached}
        known |= replaced


def _referring(new: Resources, replaced: set[str], rules: ResourceRules) -> Iterator[Change]:
    for name, resource in new.items():
        because = tuple(
            f"{part} refers to {each}"
            for part, value in resource.get("Properties", {}).items()
            if rules.of(resource["Type"], part) != "no"
            for each in sorted(replaced & set(_references(value)))
        )
        if because:
            kind = resource["Type"]
            yield Change(name, kind, Fate.MAYBE_REPLACED, because, kind in rules.stateful)


def _references(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key == "Ref" and isinstance(inner, str):
            yield inner
        elif key == "Fn::GetAtt" and inner:
            yield inner.split(".")[0] if isinstance(inner, str) else str(inner[0])
        else:
            yield from _references(inner)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("ascii", "replace").decode()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return value
