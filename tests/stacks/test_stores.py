"""What makes stores: who may become what, and what it is told."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from lisa.declared.doors import DOORS, PIPELINES, REPOSITORY, STORES
from lisa.declared.services import SERVICES
from lisa.declared.store_stack import StoreSite, StoreTemplate, short_names_of
from lisa.workflows.of_stores import STORE_WORKFLOWS
from tests.stacks.conftest import WITH_INFERENCE
from tests.stacks.resources import function_of, listed, of_type, statements_of, text

# What AWS itself lets nobody bind to a name: looking, and policies of OpenSearch Serverless.
BY_NO_NAME = ("Describe", "List", "BatchGet", "Get")


def told(templates: Mapping[str, Any], door: Any, variable: str) -> Any:
    _, function = function_of(templates, door)
    return json.loads(text(function["Environment"]["Variables"][variable]))


def maker_of(templates: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    [(name, role)] = [
        (name, each["Properties"])
        for name, each in of_type(templates["stores"], "AWS::IAM::Role").items()
        if name.startswith("Maker")
    ]
    return name, role


def test_each_workflow_has_a_machine_that_the_doors_know(templates: Mapping[str, Any]) -> None:
    made = of_type(templates["stores"], "AWS::StepFunctions::StateMachine").values()
    names = {each["Properties"]["StateMachineName"] for each in made}

    assert names == {f"lisa-dev-{name}" for name in STORE_WORKFLOWS}
    for door in (REPOSITORY, PIPELINES):
        arns = told(templates, door, "LISA_MACHINES")
        assert {arn.rsplit(":", 1)[-1] for arn in arns.values()} == names


def test_who_does_the_steps_knows_a_whole_site_and_every_role_that_asks_stores(
    templates: Mapping[str, Any],
) -> None:
    site = StoreSite.model_validate(told(templates, STORES, "LISA_STORE_SITE"))
    asking = [each for each in (*DOORS, *SERVICES) if each.asks_stores]

    assert set(site.templates) == set(StoreTemplate)
    assert site.role
    assert site.callers_group
    assert site.keep
    assert len(site.subnets) == 2
    assert len(set(site.callers)) == len(asking)


def test_data_that_is_not_kept_is_not_protected(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    passing = read_config(WITH_INFERENCE).model_copy(update={"data": "destroy"})

    assert told(synthesise(passing), STORES, "LISA_STORE_SITE")["keep"] is False


def test_only_cloudformation_becomes_the_maker_and_only_the_door_of_steps_passes_it(
    templates: Mapping[str, Any],
) -> None:
    name, role = maker_of(templates)
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    template, function = function_of(templates, STORES)
    statements = statements_of(template, function["Role"]["Fn::GetAtt"][0])
    [passing] = [each for each in statements if "iam:PassRole" in listed(each["Action"])]
    [making] = [
        each for each in statements if "cloudformation:CreateStack" in listed(each["Action"])
    ]

    assert trust["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert text(passing["Resource"]) == f"${{{name}.Arn}}"
    role_arn = making["Condition"]["StringEquals"]["cloudformation:RoleArn"]
    assert text(role_arn) == f"${{{name}.Arn}}"


def test_the_maker_changes_nothing_but_what_bears_the_deployments_name_or_mark(
    templates: Mapping[str, Any],
) -> None:
    begin = short_names_of("lisa-dev")
    for statement in statements_of(templates["stores"], maker_of(templates)[0]):
        actions = [each.partition(":") for each in listed(statement["Action"])]
        resources = [text(each) for each in listed(statement["Resource"])]
        changing = [verb for _, _, verb in actions if not verb.startswith(BY_NO_NAME)]
        if statement["Sid"] == "CollectionsByNoName" or not changing:
            continue
        named = all(begin in each or "secret:lisa/dev/stores/" in each for each in resources)
        assert named or statement.get("Condition") or changing == ["CreateSecurityGroup"]


def test_the_maker_can_make_and_remove_each_kind_of_resource_of_the_templates(
    templates: Mapping[str, Any],
) -> None:
    statements = statements_of(templates["stores"], maker_of(templates)[0])
    actions = {action for each in statements for action in listed(each["Action"])}

    for made in ("DBInstance", "DBCluster", "DBSubnetGroup", "DBParameterGroup"):
        assert {f"rds:Create{made}", f"rds:Delete{made}", f"rds:Modify{made}"} <= actions
    assert {"es:CreateDomain", "es:DeleteDomain", "aoss:CreateCollection"} <= actions
    assert {"aoss:DeleteCollection", "aoss:DeleteSecurityPolicy"} <= actions
    assert {"secretsmanager:CreateSecret", "secretsmanager:DeleteSecret"} <= actions
    assert {"ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup"} <= actions


def test_the_network_gets_one_endpoint_of_serverless_where_it_is_wanted(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    kind = "AWS::OpenSearchServerless::VpcEndpoint"
    config = read_config(WITH_INFERENCE)

    def with_endpoint(wanted: str) -> dict[str, Any]:
        knowledge = config.knowledge.model_copy(update={"serverless_endpoint": wanted})
        return synthesise(config.model_copy(update={"knowledge": knowledge}))

    assert of_type(with_endpoint("")["stores"], kind) == {}
    made, there = with_endpoint("make"), with_endpoint("vpce-0a1b2c")
    [(name, endpoint)] = of_type(made["stores"], kind).items()
    assert len(endpoint["Properties"]["Name"]) <= 32
    assert told(made, STORES, "LISA_STORE_SITE")["endpoint"] == f"${{{name}.Id}}"
    assert of_type(there["stores"], kind) == {}
    assert told(there, STORES, "LISA_STORE_SITE")["endpoint"] == "vpce-0a1b2c"
