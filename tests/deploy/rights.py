"""What the roles of the deployed app may do, and what of it journeys made use of."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.stacks.granted import holder_of
from tests.stacks.resources import listed, statements_of
from tests.standins.aws_emulator.access import session_of
from tests.standins.aws_emulator.process import ROOT, Emulator

RECORDS: Final = ROOT / ".make" / "rights"


class Right(NamedTuple):
    """One action that a statement of a role allows; the role as its construct is called."""

    role: str
    statement: str
    action: str


@dataclass(frozen=True)
class Record:
    """What may be done in a deployment, and which of it was."""

    granted: list[Right]
    used: list[Right]

    def write(self, folder: Path) -> None:
        """Keep it for the tests that come after those of this process."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{os.getpid()}.json").write_text(json.dumps(asdict(self), indent=1))


def forget(arguments: Iterable[str]) -> None:
    """Begin anew with a run of all tests; single ones, or files, add to what is known."""
    if any(Path(each).is_dir() for each in arguments):
        shutil.rmtree(RECORDS, ignore_errors=True)


def recorded() -> Record:
    """Return what all processes of the last run have seen."""
    seen = [json.loads(file.read_text()) for file in sorted(RECORDS.glob("*.json"))]
    granted, used = (
        sorted({Right(*each) for record in seen for each in record[kind]})
        for kind in ("granted", "used")
    )
    return Record(granted, used)


def record_of(emulator: Emulator, templates: Path) -> Record:
    """Return what may be done by the roles of these templates, and what they did."""
    stacks = {
        file.name.split(".")[0]: json.loads(file.read_text())
        for file in templates.glob("*.template.json")
    }
    called = _names(emulator, stacks)
    used = {
        Right(called[each.role], each.statement, each.action)
        for each in emulator.allowed()
        if each.role in called
    }
    granted = {
        Right(_called(stack, role), statement.get("Sid", ""), action)
        for stack, template in stacks.items()
        for role in _roles(template)
        for statement in (*statements_of(template, role), *_within(template, role))
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
    }
    return Record(sorted(granted), sorted(used))


def _roles(template: Mapping[str, Any]) -> list[str]:
    return [
        name for name, each in template["Resources"].items() if each["Type"] == "AWS::IAM::Role"
    ]


def _within(template: Mapping[str, Any], role: str) -> Iterator[dict[str, Any]]:
    """Yield what is written into the role itself, and the policies of AWS it has."""
    properties = template["Resources"][role]["Properties"]
    for policy in properties.get("Policies", ()):
        yield from policy["PolicyDocument"]["Statement"]
    for managed in properties.get("ManagedPolicyArns", ()):
        yield {"Effect": "Allow", "Sid": json.dumps(managed), "Action": "*"}


def _names(emulator: Emulator, stacks: Iterable[str]) -> dict[str, str]:
    """Return what the roles of these stacks are called, by their names in the account."""
    client = session_of().client("cloudformation", endpoint_url=emulator.endpoint)
    names = {
        each["PhysicalResourceId"]: _called(stack, each["LogicalResourceId"])
        for stack in stacks
        for page in client.get_paginator("list_stack_resources").paginate(StackName=stack)
        for each in page["StackResourceSummaries"]
        if each["ResourceType"] == "AWS::IAM::Role"
    }
    client.close()
    return names


def _called(stack: str, role: str) -> str:
    return f"{stack.rpartition('-')[2]}/{holder_of(role)}"
