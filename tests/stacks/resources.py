"""Reading templates: find resources, follow references, write intrinsics as text."""

from collections.abc import Mapping
from typing import Any

from lisa.declared.entry_points import Door
from stacks.constructs.sources import module_of


def of_type(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the resources of that type by their logical ids."""
    return {name: found for name, found in template["Resources"].items() if found["Type"] == kind}


def function_of(
    templates: Mapping[str, Any], door: Door
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the template that holds the door's function, and the function's properties."""
    [(template, found)] = [
        (template, resource["Properties"])
        for template in templates.values()
        for resource in of_type(template, "AWS::Lambda::Function").values()
        if resource["Properties"]["Handler"] == f"{module_of(door)}.handle"
    ]
    return template, found


def statements_of(template: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
    """Return every statement of every policy that the role has; a long one is two."""
    attached = [
        policy["Properties"]
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        for policy in of_type(template, kind).values()
        if {"Ref": role} in policy["Properties"].get("Roles", [])
    ]
    return [statement for policy in attached for statement in policy["PolicyDocument"]["Statement"]]


def text(value: Any) -> str:
    """Write a value as CloudFormation would, each reference as `${Name}`."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::Sub": str(template)}:
            return template
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(text(part) for part in parts)
    raise AssertionError(f"an intrinsic we don't read: {value}")


def listed(value: Any) -> list[Any]:
    """Undo the shorthand of a single element for a list of one."""
    return value if isinstance(value, list) else [value]
