"""What reads documents: the queue, the function that it feeds, the tasks, and who may be asked."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from deployment.config.deployment import DeploymentConfig
from deployment.config.knowledge import KnowledgeConfig
from deployment.config.reading import read_config
from lisa.declared.doors import INGEST, PIPELINES
from lisa.declared.services import INGEST_TASK
from stacks.constructs.work_queue import TIMES_AS_LONG
from tests.stacks.conftest import WITH_INFERENCE
from tests.stacks.resources import function_of, listed, of_type, text

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
SERVE = {"enabled": True, "callers": ["10.0.0.0/8"]}
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/made-up"


def queues(template: Mapping[str, Any]) -> tuple[tuple[str, Any], tuple[str, Any]]:
    """Return the queue of work and the one for what can't be handled, with their ids."""
    found = of_type(template, "AWS::SQS::Queue")
    [work] = [each for each in found.items() if "RedrivePolicy" in each[1]["Properties"]]
    [dead] = [each for each in found.items() if "RedrivePolicy" not in each[1]["Properties"]]
    return work, dead


def told(template: Mapping[str, Any]) -> dict[str, Any]:
    [task] = of_type(template, "AWS::ECS::TaskDefinition").values()
    [container] = task["Properties"]["ContainerDefinitions"]
    return {each["Name"]: each["Value"] for each in container["Environment"]}


def with_knowledge(**chosen: Any) -> DeploymentConfig:
    config = read_config(WITH_INFERENCE)
    return config.model_copy(update={"knowledge": config.knowledge.model_copy(update=chosen)})


def test_queues_are_encrypted_and_take_tls_only(templates: Mapping[str, Any]) -> None:
    ingest = templates["ingest"]
    refused = {
        text(resource)
        for policy in of_type(ingest, "AWS::SQS::QueuePolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for resource in listed(statement["Resource"])
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    for name, queue in queues(ingest):
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
        assert f"${{{name}.Arn}}" in refused


def test_a_message_comes_again_only_when_its_function_is_surely_over_and_not_for_ever(
    templates: Mapping[str, Any],
) -> None:
    (_, work), (dead, _) = queues(templates["ingest"])
    redrive = work["Properties"]["RedrivePolicy"]

    assert work["Properties"]["VisibilityTimeout"] == TIMES_AS_LONG * INGEST.timeout_seconds
    assert text(redrive["deadLetterTargetArn"]) == f"${{{dead}.Arn}}"
    assert redrive["maxReceiveCount"] == 5


def test_the_function_is_fed_few_messages_at_a_time_and_says_which_are_to_come_again(
    templates: Mapping[str, Any],
) -> None:
    (work, _), _ = queues(templates["ingest"])
    [feeding] = of_type(templates["ingest"], "AWS::Lambda::EventSourceMapping").values()
    found = feeding["Properties"]

    assert text(found["EventSourceArn"]) == f"${{{work}.Arn}}"
    assert found["BatchSize"] == 10
    assert found["ScalingConfig"] == {"MaximumConcurrency": 4}
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_only_the_buckets_that_the_configuration_names_tell_of_changes(
    templates: Mapping[str, Any], synthesise: Synthesise
) -> None:
    (work, _), _ = queues(templates["ingest"])
    [rule] = [
        each["Properties"]
        for each in of_type(templates["ingest"], "AWS::Events::Rule").values()
        if "EventPattern" in each["Properties"]
    ]
    without = synthesise(with_knowledge(source_buckets=()))["ingest"]

    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created", "Object Deleted"],
        "detail": {"bucket": {"name": ["example-documents"]}},
    }
    assert [text(target["Arn"]) for target in rule["Targets"]] == [f"${{{work}.Arn}}"]
    assert not [
        each
        for each in of_type(without, "AWS::Events::Rule").values()
        if "EventPattern" in each["Properties"]
    ]


def test_pipelines_are_looked_after_each_minute(templates: Mapping[str, Any]) -> None:
    _, function = function_of(templates, PIPELINES)
    [schedule] = [
        each["Properties"]["ScheduleExpression"]
        for each in of_type(templates["repository"], "AWS::Events::Rule").values()
        if "ScheduleExpression" in each["Properties"]
    ]

    assert schedule == "rate(1 minute)"
    assert function["Timeout"] == 300


@pytest.mark.parametrize(("tasks", "largest"), [(2, "10"), (0, "0")])
def test_large_documents_are_the_tasks_business_where_there_are_tasks(
    synthesise: Synthesise, tasks: int, largest: str
) -> None:
    templates = synthesise(with_knowledge(tasks=tasks))
    [service] = of_type(templates["ingest"], "AWS::ECS::Service").values()
    _, function = function_of(templates, INGEST)

    assert service["Properties"]["DesiredCount"] == tasks
    assert function["Environment"]["Variables"]["LISA_INGEST_LARGEST_MB"] == largest
    assert told(templates["ingest"])["LISA_INGEST_LARGEST_MB"] == "0"


def test_a_task_has_no_port_a_private_address_and_is_asked_whether_its_loop_turns(
    templates: Mapping[str, Any],
) -> None:
    ingest = templates["ingest"]
    [task] = of_type(ingest, "AWS::ECS::TaskDefinition").values()
    [service] = of_type(ingest, "AWS::ECS::Service").values()
    [container] = task["Properties"]["ContainerDefinitions"]
    network = service["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]

    assert "PortMappings" not in container
    assert container["HealthCheck"]["Command"][1:] == ["python", "-m", "containers.ingest.pulse"]
    assert container["LinuxParameters"]["InitProcessEnabled"] is True
    assert "LoadBalancers" not in service["Properties"]
    assert network["AssignPublicIp"] == "DISABLED"
    assert (task["Properties"]["Cpu"], task["Properties"]["Memory"]) == ("1024", "4096")
    assert not of_type(ingest, "AWS::ApplicationAutoScaling::ScalableTarget")


def test_where_the_gateway_answers_is_found_at_run_time(templates: Mapping[str, Any]) -> None:
    parameters = [
        each["Properties"]
        for each in of_type(templates["serve"], "AWS::SSM::Parameter").values()
        if each["Properties"]["Name"] == "/lisa/dev/serve/url"
    ]

    assert [each["Value"] for each in parameters] == ["https://inference.example.com"]
    for environment in (
        told(templates["ingest"]),
        function_of(templates, INGEST)[1]["Environment"]["Variables"],
    ):
        assert environment["LISA_GATEWAY"] == "parameter:/lisa/dev/serve/url"
        assert text(environment["LISA_PASSES_SECRET"]) == "secret:${PassesSecret}"


def test_without_documents_nothing_of_it_is_made_and_the_gateway_keeps_none(
    synthesise: Synthesise,
) -> None:
    templates = synthesise(with_knowledge(enabled=False, source_buckets=()))
    environment = told(templates["serve"])

    assert not {"ingest", "repository", "stores"} & set(templates)
    assert environment["LISA_PASSES_SECRET"] == environment["LISA_QUEUE_WORK"] == ""
    [secret] = of_type(templates["data"], "AWS::SecretsManager::Secret")
    assert secret.startswith("LiteLLM")


def test_a_deployment_without_a_gateway_has_no_documents(synthesise: Synthesise) -> None:
    assert not {"ingest", "repository", "stores"} & set(synthesise(DeploymentConfig()))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"tasks": 11}, "tasks"),
        ({"tasks": -1}, "tasks"),
        ({"cpu": 1000}, "cpu"),
        ({"cpu": 1024, "memory_mb": 3500}, "memory_mb from 2048 to 8192 in steps of 1024"),
        ({"cpu": 512, "memory_mb": 8192}, "memory_mb from 1024 to 4096"),
        ({"memory_mb": 2048}, "memory_mb"),
        ({"small_mb": 0}, "small_mb"),
        ({"image": "lisa-ingest"}, "tag or a digest"),
        ({"source_buckets": ["s3://papers"]}, "source_buckets"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        KnowledgeConfig.model_validate(wrong)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"knowledge": {"source_buckets": ["papers"]}}, r"source_buckets needs serve\.enabled"),
        (
            {
                "serve": SERVE | {"certificate": CERTIFICATE},
                "web": {"gateway": "https://a.example"},
            },
            r"serve\.domain, or knowledge\.enabled: false",
        ),
    ],
)
def test_documents_that_nobody_could_read_are_refused(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        DeploymentConfig.model_validate(wrong)


def test_the_service_is_declared_as_one_that_nobody_calls() -> None:
    assert (INGEST_TASK.port, INGEST_TASK.health_path) == (0, "")
