"""Writes what a deployment consists of, from its templates, into two pages of docs/operations.

The pages are of `config/full.yaml`. Nobody edits them; a test compares them with the templates.
"""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from deployment.config.reading import read_config
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.deployment import compose

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config" / "full.yaml"
ARCHITECTURE = ROOT / "docs" / "operations" / "architecture.md"
IAM = ROOT / "docs" / "operations" / "iam.md"
PUBLISHED = "AWS::SSM::Parameter"
LOOKED_UP = "AWS::SSM::Parameter::Value<String>"
UNTOLD = (PUBLISHED, "AWS::CDK::Metadata", "AWS::IAM::Policy", "AWS::Lambda::Permission")
OF_STACKS = (
    "Of `config/full.yaml`, in the order in which they are deployed. They meet only through SSM "
    "parameters, so each can be deployed and removed by itself; arrows point down only. Written by "
    "`make docs`."
)
OF_RIGHTS = (
    "Every role of `config/full.yaml` and every statement it has. `${Name}` is a resource of the "
    "same stack or a parameter that another one publishes; ARNs are told without partition, and "
    "without region and account where these are the deployment's own. Statements of doors follow "
    "from `lisa/declared/doors.py` and `services.py`. Written by `make docs`."
)
NOTHING = "none"
OWN_ARN = re.compile(
    r"arn:\$\{AWS::Partition\}:([a-z0-9-]+):(?:\$\{AWS::Region\})?:(?:\$\{AWS::AccountId\})?:"
)
Template = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One stack as it would be deployed."""

    name: str
    about: str
    after: tuple[str, ...]
    template: Template

    def of_type(self, kind: str) -> Iterator[tuple[str, Template]]:
        """Yield the resources of a type."""
        for name, resource in self.template["Resources"].items():
            if resource["Type"] == kind:
                yield name, resource["Properties"]


def parts(folder: Path) -> list[Part]:
    """Synthesise; return the stacks in the order in which they are deployed."""
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = cdk.App(
        outdir=str(folder),
        context={**flags, "aws:cdk:bundling-stacks": []},
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    config = read_config(CONFIG)
    compose(app, config)
    app.synth()
    stacks = [child for child in app.node.children if isinstance(child, DeploymentStack)]
    found = {_part_of(stack): _part(stack, folder) for stack in stacks}
    return _in_order(found)


def _part_of(stack: cdk.Stack) -> str:
    return stack.stack_name.split("-", 2)[-1]


def _part(stack: cdk.Stack, folder: Path) -> Part:
    template = json.loads((folder / stack.template_file).read_text())
    after = tuple(sorted(_part_of(each) for each in stack.dependencies))
    about = (stack.template_options.description or "").removeprefix("LISA: ")
    return Part(_part_of(stack), about, after, template)


def _in_order(found: Mapping[str, Part]) -> list[Part]:
    """Return them so that each comes after what it needs."""
    done: dict[str, Part] = {}
    while len(done) < len(found):
        ready = [each for each in found.values() if each.name not in done]
        done |= {each.name: each for each in ready if set(each.after) <= set(done)}
    return list(done.values())


def architecture(stacks: Sequence[Part]) -> str:
    """Return the page of the stacks: what is in each, and where they meet."""
    lines = [
        "# The stacks of a deployment",
        "",
        OF_STACKS,
        "",
        "| stack | what it is | after | what is in it |",
        "|---|---|---|---|",
        *(_stack_row(each) for each in stacks),
        "",
        "## Where they meet",
        "",
        "| parameter | published by | read by |",
        "|---|---|---|",
        *_meetings(stacks),
        "",
    ]
    return "\n".join(lines)


def _stack_row(stack: Part) -> str:
    kinds = Counter(
        resource["Type"].removeprefix("AWS::")
        for resource in stack.template["Resources"].values()
        if resource["Type"] not in UNTOLD
    )
    inside = ", ".join(
        f"{count} {kind}" if count > 1 else kind for kind, count in sorted(kinds.items())
    )
    return f"| `{stack.name}` | {stack.about} | {', '.join(stack.after) or NOTHING} | {inside} |"


def _meetings(stacks: Sequence[Part]) -> Iterator[str]:
    """Yield a row for each parameter that another stack reads."""
    readers: dict[str, list[str]] = {}
    for stack in stacks:
        for parameter in stack.template.get("Parameters", {}).values():
            if parameter["Type"] == LOOKED_UP and not parameter["Default"].startswith("/cdk-"):
                readers.setdefault(parameter["Default"], []).append(stack.name)
    for stack in stacks:
        for name in sorted(told(each["Name"]) for _, each in stack.of_type(PUBLISHED)):
            if name in readers:
                yield f"| `{name}` | {stack.name} | {', '.join(readers[name])} |"


def rights(stacks: Sequence[Part]) -> str:
    """Return the page of the roles: who takes each on, and all it may do."""
    lines = [
        "# Who may do what",
        "",
        OF_RIGHTS,
    ]
    for stack in stacks:
        for role, properties in sorted(stack.of_type("AWS::IAM::Role")):
            lines += ["", f"## {stack.name}: {_plain(role)}", "", *_role(stack, role, properties)]
    return "\n".join([*lines, ""])


def _role(stack: Part, name: str, properties: Template) -> Iterator[str]:
    trusted = [
        told(each["Principal"]) for each in properties["AssumeRolePolicyDocument"]["Statement"]
    ]
    yield f"Taken on by {', '.join(trusted)}."
    managed = properties.get("ManagedPolicyArns", [])
    if foreign := [told(each) for each in managed if not _is_of(each, stack)]:
        yield f"AWS's own policies: {', '.join(f'`{each}`' for each in foreign)}."
    attached = [
        policy
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        for policy_name, policy in stack.of_type(kind)
        if {"Ref": name} in policy.get("Roles", []) or {"Ref": policy_name} in managed
    ]
    if found := [*properties.get("Policies", []), *attached]:
        yield from ("", "| actions | on | if |", "|---|---|---|")
    for policy in found:
        yield from map(_statement, policy["PolicyDocument"]["Statement"])


def _is_of(policy: Any, stack: Part) -> bool:
    return isinstance(policy, dict) and policy.get("Ref") in stack.template["Resources"]


def _statement(statement: Template) -> str:
    denied = "DENIED: " if statement["Effect"] == "Deny" else ""
    actions = ", ".join(f"`{each}`" for each in _listed(statement["Action"]))
    on = ", ".join(f"`{_short_arn(told(each))}`" for each in _listed(statement["Resource"]))
    when = told(statement["Condition"]) if "Condition" in statement else ""
    return f"| {denied}{actions} | {on} | {when} |"


def told(value: Any) -> str:
    """Write a value of a template in one line, references as `${Name}`."""
    if isinstance(value, list):
        return ", ".join(told(each) for each in value)
    if not isinstance(value, dict):
        return str(value)
    return _reference(value) or "; ".join(
        told(inner) if key in ("AWS", "Service") else f"{key} {told(inner)}"
        for key, inner in value.items()
    )


def _reference(value: Template) -> str:
    """Write what CloudFormation fills in; nothing for what it doesn't."""
    match value:
        case {"Ref": name}:
            return f"${{{_plain(name)}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{_plain(name)}.{attribute}}}"
        case {"Fn::Sub": str(text)}:
            return text
        case {"Fn::Join": [separator, pieces]}:
            return str(separator).join(told(piece) for piece in pieces)
    return ""


def _short_arn(arn: str) -> str:
    return OWN_ARN.sub(r"\1:", arn)


def _plain(name: str) -> str:
    """Leave out the digits by which the CDK tells resources apart."""
    return re.sub(r"[0-9A-F]{8}$", "", name)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def pages() -> dict[Path, str]:
    """Return each page by its file."""
    with tempfile.TemporaryDirectory() as folder:
        stacks = parts(Path(folder))
    return {ARCHITECTURE: architecture(stacks), IAM: rights(stacks)}


def main() -> None:
    """Write the pages."""
    for file, text in pages().items():
        file.write_text(text)


if __name__ == "__main__":
    main()
