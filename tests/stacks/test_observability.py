"""Who is told of what: everything that is deployed has alarms, each of which says what to do."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from deployment.config.watching import BackupConfig, ObservabilityConfig
from lisa.declared.doors import AUTHORIZER, DOORS, SWEEP
from stacks.constructs import alarm_rules
from stacks.constructs.alarm_rule import RUNBOOKS, Rule
from tests.stacks.conftest import ROOT, WITH_INFERENCE
from tests.stacks.resources import of_type, text
from tests.stacks.test_serve import Synthesise
from tests.stacks.watching import Templates, alarms_in, looked_at, names_in

RULES = [each for each in vars(alarm_rules).values() if isinstance(each, Rule)]
OF_MODELS = [alarm_rules.REPLICA_IS_UNWELL, alarm_rules.MODEL_FAILS]
TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms"
DOCUMENT = ROOT / "docs" / "operations" / "observability.md"
FREE_DASHBOARDS = 3


def with_all(**observed: Any) -> DeploymentConfig:
    """Return a deployment that has every part, copies of tables among them."""
    config = read_config(WITH_INFERENCE)
    backup = config.backup.model_copy(update={"enabled": True})
    observability = ObservabilityConfig(**observed)
    return config.model_copy(update={"backup": backup, "observability": observability})


@pytest.fixture(scope="module")
def watched(synthesise: Synthesise) -> Templates:
    return synthesise(with_all())


@pytest.fixture(scope="module")
def otherwise(synthesise: Synthesise) -> Templates:
    """Synthesise with one task, a key of our own, an address to write to, and traces."""
    config = with_all(alarm_emails=("ops@example.com",), tracing=True)
    few = config.serve.capacity.model_copy(update={"min_tasks": 1})
    serve = config.serve.model_copy(update={"capacity": few})
    key = config.encryption.model_copy(update={"key": "make"})
    return synthesise(config.model_copy(update={"serve": serve, "encryption": key}))


@pytest.mark.parametrize(
    ("kind", "dimension", "metrics"),
    [
        ("AWS::Lambda::Function", "FunctionName", {"Errors", "Throttles", "Duration"}),
        ("AWS::DynamoDB::Table", "TableName", {"ThrottledRequests", "SystemErrors"}),
        ("AWS::ECS::Service", "ServiceName", {"RunningTaskCount", "MemoryUtilization"}),
        ("AWS::ECS::Cluster", "ClusterName", {"RunningTaskCount", "MemoryUtilization"}),
        (
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            "TargetGroup",
            {"HealthyHostCount", "HTTPCode_Target_5XX_Count", "TargetResponseTime"},
        ),
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "LoadBalancer",
            {"HTTPCode_ELB_5XX_Count", "HealthyHostCount"},
        ),
        ("AWS::StepFunctions::StateMachine", "StateMachineArn", {"ExecutionsFailed"}),
    ],
)
def test_whatever_is_deployed_is_watched(
    watched: Templates, kind: str, dimension: str, metrics: set[str]
) -> None:
    seen: dict[str, set[str]] = {}
    for metric, where in looked_at(watched):
        if dimension in where:
            seen.setdefault(where[dimension].rpartition(":")[2], set()).add(metric)
    deployed = set(names_in(watched, kind))

    assert deployed
    assert {name: metrics & seen.get(name, set()) for name in deployed} == dict.fromkeys(
        deployed, metrics
    )


def test_each_queue_is_watched_and_so_is_what_it_gave_up(watched: Templates) -> None:
    seen = {
        metric: where["QueueName"] for metric, where in looked_at(watched) if "QueueName" in where
    }

    assert set(seen) == {
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfMessagesVisible",
    }
    assert set(seen.values()) == set(names_in(watched, "AWS::SQS::Queue"))
    assert "Dead" in seen["ApproximateNumberOfMessagesVisible"]


def test_what_the_clock_calls_is_missed_when_it_is_not_called(watched: Templates) -> None:
    missed = {
        where["FunctionName"]: alarm
        for alarm in alarms_in(watched)
        for where in [{each["Name"]: text(each["Value"]) for each in alarm.get("Dimensions", ())}]
        if alarm.get("MetricName") == "Invocations"
    }

    assert set(missed) == {f"lisa-dev-{each.name}" for each in DOORS if each.every_minutes}
    sweep = missed[f"lisa-dev-{SWEEP.name}"]
    assert sweep["TreatMissingData"] == "breaching"
    assert sweep["ComparisonOperator"] == "LessThanThreshold"
    assert sweep["Period"] * sweep["EvaluationPeriods"] == 3 * 60 * SWEEP.every_minutes


def test_a_function_is_near_its_timeout_at_nine_tenths_of_its_own(watched: Templates) -> None:
    [slow] = [
        alarm["Threshold"]
        for alarm in alarms_in(watched)
        if alarm.get("MetricName") == "Duration"
        and text(alarm["Dimensions"][0]["Value"]) == f"lisa-dev-{AUTHORIZER.name}"
    ]

    assert slow == pytest.approx(0.9 * AUTHORIZER.timeout_seconds * 1000)


def test_the_control_api_and_its_backups_are_watched(watched: Templates) -> None:
    seen = dict(looked_at(watched))

    assert seen["5XXError"] == seen["Latency"] == {"ApiName": "lisa-dev-api", "Stage": "api"}
    vault = {"BackupVaultName": "backup ${Vault}"}
    assert seen["NumberOfBackupJobsFailed"] == seen["NumberOfBackupJobsCompleted"] == vault


def test_a_single_gateway_is_not_missed_for_a_second_one(otherwise: Templates) -> None:
    healthy = [
        each for each in alarms_in(otherwise) if each.get("MetricName") == "HealthyHostCount"
    ]

    assert {each["Threshold"] for each in healthy} == {1, 2}


def test_every_alarm_tells_the_topic_and_names_its_runbook(watched: Templates) -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / RUNBOOKS).read_text(), re.MULTILINE)
    anchors = {f"{RUNBOOKS}#{heading.lower().replace(' ', '-')}" for heading in headings}

    for alarm in alarms_in(watched):
        assert alarm["AlarmDescription"].rpartition(" ")[2] in anchors
        assert len(alarm["AlarmDescription"]) <= 1024
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmsTopic"}]
    assert sorted(each.heading for each in RULES) == sorted(headings)


def test_every_rule_says_why_and_is_used(watched: Templates) -> None:
    described = " ".join(alarm["AlarmDescription"] for alarm in alarms_in(watched))

    assert all(each.why and each.first and each.means for each in RULES)
    assert [each.heading for each in RULES if each.means not in described] == [
        each.heading for each in OF_MODELS
    ]


def test_every_alarm_is_on_the_dashboard_of_one_plane(watched: Templates) -> None:
    stack = watched["observability"]
    boards = {
        each["Properties"]["DashboardName"]: json.loads(text(each["Properties"]["DashboardBody"]))
        for each in of_type(stack, "AWS::CloudWatch::Dashboard").values()
    }
    shown = [
        alarm for body in boards.values() for alarm in body["widgets"][0]["properties"]["alarms"]
    ]

    planes = ("control-api", "inference", "models", "knowledge", "data")
    assert set(boards) == {f"lisa-dev-{plane}" for plane in planes}
    assert sorted(shown) == sorted(
        f"${{{name}.Arn}}" for name in of_type(stack, "AWS::CloudWatch::Alarm")
    )


def test_calls_and_queues_are_those_of_this_deployment_alone(watched: Templates) -> None:
    boards = of_type(watched["observability"], "AWS::CloudWatch::Dashboard").values()
    bodies = [json.loads(text(each["Properties"]["DashboardBody"])) for each in boards]
    ours = {f"LISA/{with_all().full_name}", f"LISA/{with_all().full_name}/Models"}
    assert {each for each in json.dumps(bodies).split('\\"') if each.startswith("LISA")} == ours


def test_the_documents_say_how_much_it_costs(watched: Templates) -> None:
    alarms, stack = alarms_in(watched), watched["observability"]
    metrics = sum(
        len([each for each in alarm["Metrics"] if "MetricStat" in each]) or 1
        if "Metrics" in alarm
        else 1
        for alarm in alarms
    )
    boards = len(of_type(stack, "AWS::CloudWatch::Dashboard"))
    sum_of_them = metrics * 0.1 + (boards - FREE_DASHBOARDS) * 3

    said = f"{len(alarms)} alarms of {metrics} metrics and {boards} dashboards"
    assert said in DOCUMENT.read_text()
    assert f"{sum_of_them:.2f} USD" in DOCUMENT.read_text()


def test_the_topic_refuses_plain_transport_and_lets_alarms_alone_tell(otherwise: Templates) -> None:
    [policy] = of_type(otherwise["alarms"], "AWS::SNS::TopicPolicy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    [denied] = [each for each in statements if each["Effect"] == "Deny"]

    assert {each["Effect"]: each["Principal"] for each in statements} == {
        "Deny": "*",
        "Allow": {"Service": "cloudwatch.amazonaws.com"},
    }
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_topic_is_encrypted_with_the_key_of_the_deployment_and_writes_to_people(
    otherwise: Templates,
) -> None:
    stack = otherwise["alarms"]
    [topic] = of_type(stack, "AWS::SNS::Topic").values()
    [subscription] = of_type(stack, "AWS::SNS::Subscription").values()

    assert topic["Properties"]["KmsMasterKeyId"] == {"Ref": "EncryptionKey"}
    assert stack["Parameters"]["EncryptionKey"]["Default"] == "/lisa/dev/encryption/key"
    assert subscription["Properties"]["Protocol"] == "email"
    assert subscription["Properties"]["Endpoint"] == "ops@example.com"


def test_a_topic_that_is_there_is_told_instead_and_models_may_have_their_own(
    watched: Templates, synthesise: Synthesise
) -> None:
    config = with_all(alarm_topic=TOPIC)
    own = config.models.model_copy(update={"alarms": f"{TOPIC}-of-models"})
    stacks = synthesise(config.model_copy(update={"models": own}))

    assert "alarms" not in stacks
    assert {tuple(alarm["AlarmActions"]) for alarm in alarms_in(stacks)} == {(TOPIC,)}
    assert f'"{TOPIC}-of-models"' in site_in(stacks["lifecycle"])
    assert '"topic": "${AlarmsTopic}"' in site_in(watched["lifecycle"])


def site_in(template: Mapping[str, Any]) -> str:
    [site] = [
        told["LISA_SITE"]
        for each in of_type(template, "AWS::Lambda::Function").values()
        if "templates"
        in text((told := each["Properties"]["Environment"]["Variables"]).get("LISA_SITE", ""))
    ]
    return text(site)


def test_what_is_not_wanted_is_not_made(synthesise: Synthesise) -> None:
    without = {"observability": ObservabilityConfig(enabled=False), "backup": BackupConfig()}
    stacks = synthesise(read_config(WITH_INFERENCE).model_copy(update=without))

    assert not {"observability", "alarms", "backup"} & set(stacks)
    assert json.loads(site_in(stacks["lifecycle"]))["topic"] == ""


def test_traces_are_written_where_they_are_wanted_and_nowhere_else(
    watched: Templates, otherwise: Templates
) -> None:
    least = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    of_machines = {"xray:GetSamplingRules", "xray:GetSamplingTargets"}

    assert set(traced(otherwise)) == {True}
    assert not any(traced(watched))
    assert set(re.findall(r"xray:\w+", json.dumps(otherwise))) == least | of_machines
    assert "xray:" not in json.dumps(watched)


def traced(templates: Templates) -> Iterator[bool]:
    """Tell of each stage, function and machine whether it writes traces."""
    for part, template in templates.items():
        for each in template["Resources"].values() if part != "web" else ():
            told = each.get("Properties", {})
            match each["Type"]:
                case "AWS::ApiGateway::Stage":
                    yield told.get("TracingEnabled", False)
                case "AWS::Lambda::Function":
                    yield told.get("TracingConfig") == {"Mode": "Active"}
                case "AWS::StepFunctions::StateMachine":
                    yield told.get("TracingConfiguration") == {"Enabled": True}


def test_what_would_tell_nobody_is_refused() -> None:
    with pytest.raises(ValidationError, match="subscribe to alarm_topic yourself"):
        ObservabilityConfig(alarm_topic=TOPIC, alarm_emails=("ops@example.com",))
    with pytest.raises(ValidationError, match="need enabled"):
        ObservabilityConfig(enabled=False, tracing=True)
