from collections.abc import Iterator, Mapping
from typing import Any

import aws_cdk as cdk
import pytest

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import AUTHORIZER, DOORS, REPOSITORY, SESSIONS_DOOR, SWEEP
from lisa.declared.entry_points import Access, Door, Touching
from lisa.declared.settings import Settings
from lisa.domain.errors import Invalid
from stacks.constructs.python_function import PythonFunction
from tests.stacks.conftest import context
from tests.stacks.knowledge_permissions import (
    permissions_of_knowledge,
    permissions_of_stores,
    permissions_of_the_fed,
)
from tests.stacks.model_permissions import permissions_of_models
from tests.stacks.resources import function_of, listed, of_type, statements_of, text

TABLE_READ = {"GetItem", "BatchGetItem", "Query"}
TABLE_WRITE = TABLE_READ | {
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "ConditionCheckItem",
}
TABLE = {
    Access.READ: TABLE_READ,
    Access.APPEND: {"PutItem", "UpdateItem"},
    Access.NOTE: {"UpdateItem"},
    Access.WRITE: TABLE_WRITE,
}
OBJECTS = {
    Access.READ: {"GetObject"},
    Access.KEEP: {"GetObject", "PutObject"},
    Access.CLEAR: {"GetObject", "DeleteObject"},
    Access.WRITE: {"GetObject", "PutObject", "DeleteObject"},
}
SECRET_READ = {"GetSecretValue"}
SECRET_WRITE = SECRET_READ | {"CreateSecret", "DeleteSecret"}
ROTATION = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
ROTATED = ("${LiteLLM89D7BD6F}", "${PassesA137DEFF}")
HERE = "${AWS::Region}:${AWS::AccountId}"

every_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.name))


def parameter_for(kind: str, name: str) -> str:
    return kind + "".join(word.capitalize() for word in name.split("_"))


def declared_permissions(door: Touching) -> Iterator[tuple[str, str]]:
    for table, access in door.tables:
        name = parameter_for("Table", table.name)
        arn = f"arn:${{AWS::Partition}}:dynamodb:{HERE}:table/${{{name}}}"
        indexes = [f"{arn}/index/{index.name}" for index in table.indexes]
        for resource in [arn] if access in {Access.APPEND, Access.NOTE} else [arn, *indexes]:
            for action in TABLE[access]:
                yield f"dynamodb:{action}", resource
    for bucket, access in door.buckets:
        name = parameter_for("Bucket", bucket.name)
        arn = f"arn:${{AWS::Partition}}:s3:::${{{name}}}"
        yield "s3:ListBucket", arn
        for action in OBJECTS[access]:
            yield f"s3:{action}", f"{arn}/*"
    yield from permissions_of_secrets(door)
    yield from permissions_of_knowledge(door)


def permissions_of_secrets(door: Touching) -> Iterator[tuple[str, str]]:
    if door.secrets:
        arn = f"arn:${{AWS::Partition}}:secretsmanager:{HERE}:secret:lisa/dev/*"
        for action in SECRET_WRITE if door.secrets is Access.WRITE else SECRET_READ:
            yield f"secretsmanager:{action}", arn
    if door.rotates:
        for each in ROTATION:
            yield from ((f"secretsmanager:{each}", named) for named in ROTATED)


@every_door
def test_the_environment_has_exactly_the_fields_of_the_settings_class(
    templates: Mapping[str, Any], door: Door
) -> None:
    template, function = function_of(templates, door)
    environment = function["Environment"]["Variables"]

    assert set(environment) == {f"LISA_{field.upper()}" for field in door.settings.model_fields}
    for table, _ in door.tables:
        parameter = template["Parameters"][environment[f"LISA_TABLE_{table.name.upper()}"]["Ref"]]
        assert parameter["Default"] == f"/lisa/dev/table/{table.name}"
    for bucket, _ in door.buckets:
        parameter = template["Parameters"][environment[f"LISA_BUCKET_{bucket.name.upper()}"]["Ref"]]
        assert parameter["Default"] == f"/lisa/dev/bucket/{bucket.name}"


@every_door
def test_the_role_may_do_exactly_what_the_door_declares(
    templates: Mapping[str, Any], door: Door
) -> None:
    template, function = function_of(templates, door)
    role = function["Role"]["Fn::GetAtt"][0]
    log_group = f"${{{function['LoggingConfig']['LogGroup']['Ref']}.Arn}}"
    statements = statements_of(template, role)

    allowed = {
        (action, text(resource))
        for statement in statements
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }
    own_logs = {("logs:CreateLogStream", log_group), ("logs:PutLogEvents", log_group)}
    of_stacks = set(permissions_of_models(templates, door))
    of_stacks |= set(permissions_of_stores(templates, door))
    [work] = [
        name for name in of_type(templates["ingest"], "AWS::SQS::Queue") if "Dead" not in name
    ]
    fed = set(permissions_of_the_fed(door, work))

    assert allowed == set(declared_permissions(door)) | of_stacks | fed | own_logs
    denied = [statement for statement in statements if statement["Effect"] == "Deny"]
    assert [each["Sid"] for each in denied] == (["NotByItsCode"] if door.in_network else [])
    assert not {"ManagedPolicyArns", "Policies"} & set(template["Resources"][role]["Properties"])


def test_a_function_has_its_address_from_lambda_and_can_not_take_one_itself(
    templates: Mapping[str, Any],
) -> None:
    template, function = function_of(templates, REPOSITORY)
    told = {
        each.get("Sid"): each for each in statements_of(template, function["Role"]["Fn::GetAtt"][0])
    }

    assert told["NotByItsCode"]["Action"] == told["OwnAddress"]["Action"]
    [itself] = told["NotByItsCode"]["Condition"]["ArnEquals"].values()
    assert text(itself).endswith(":function:lisa-dev-repository")


def test_what_may_be_noted_in_a_row_is_all_that_a_noting_door_may_change_there(
    templates: Mapping[str, Any],
) -> None:
    template, function = function_of(templates, AUTHORIZER)
    [noting] = [
        statement
        for statement in statements_of(template, function["Role"]["Fn::GetAtt"][0])
        if statement["Sid"] == "NoteTableTokens"
    ]

    named = {"dynamodb:Attributes": ["pk", "sk", "expires_at", "last_used"]}
    assert noting["Condition"] == {"ForAllValues:StringEquals": named}


@every_door
def test_name_memory_timeout_and_runtime_are_as_declared(
    templates: Mapping[str, Any], door: Door
) -> None:
    _, function = function_of(templates, door)

    assert function["FunctionName"] == f"lisa-dev-{door.name}"
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["x86_64"]
    assert function["MemorySize"] == door.memory_mb
    assert function["EphemeralStorage"] == {"Size": door.disk_mb}
    assert function["Timeout"] == door.timeout_seconds


def test_every_function_is_a_door_and_has_a_role_and_a_log_group_of_its_own(
    templates: Mapping[str, Any],
) -> None:
    functions = [
        function["Properties"]
        for template in templates.values()
        for function in of_type(template, "AWS::Lambda::Function").values()
        # The CDK has some of its own: one copies pages, one closes the network's default group.
        if str(function["Properties"]["Handler"]).startswith("lambdas.")
    ]
    doors = [function_of(templates, door)[1] for door in DOORS]

    assert len(functions) == len(doors)
    assert len({function["Role"]["Fn::GetAtt"][0] for function in functions}) == len(functions)
    log_groups = {function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions}
    assert len(log_groups) == len(functions)


def test_log_groups_forget(templates: Mapping[str, Any]) -> None:
    days = {
        group["Properties"]["RetentionInDays"]
        for template in templates.values()
        for group in of_type(template, "AWS::Logs::LogGroup").values()
    }

    assert days == {90}


def test_the_sweep_runs_on_its_schedule(templates: Mapping[str, Any]) -> None:
    [rule] = of_type(templates["sessions"], "AWS::Events::Rule").values()

    assert rule["Properties"]["ScheduleExpression"] == f"rate({SWEEP.every_minutes} minutes)"
    assert rule["Properties"]["State"] == "ENABLED"


def test_a_setting_that_nothing_fills_stops_the_synthesis() -> None:
    class Unfilled(Settings):
        table_elsewhere: str
        colour: str

    door = Door(SESSIONS_DOOR.name, Unfilled)
    stack = cdk.Stack(cdk.App(context=context()), "stack")

    with pytest.raises(Invalid, match="table_elsewhere, colour of Unfilled"):
        PythonFunction(stack, DeploymentConfig(), door)
