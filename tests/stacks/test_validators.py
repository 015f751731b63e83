"""The one strict synthesis: the CDK's own rules as errors, cdk-nag, and cfn-lint."""

import json
import re
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_dynamodb as dynamodb

import app as entry_point
from deployment.config.reading import read_config
from stacks.acknowledged import acknowledged_in
from stacks.deployment import compose
from tests.stacks.complete import complete
from tests.stacks.conftest import EXAMPLES, WITH_INFERENCE, context
from tests.stacks.offline import empty_bundles_in

# The CDK states dependencies that a reference implies already; harmless.
IGNORED_BY_CFN_LINT = "W3005"
REGION_OF_NONE = "us-east-1"


OTHER_CHOICES = """
region: eu-central-1
network:
  vpc_id: vpc-0a1b2c3d
  availability_zones:
  - eu-central-1a
  - eu-central-1b
  private_subnets:
  - subnet-0a1b2c3d
  - subnet-0a1b2c3e
  public_subnets:
  - subnet-0a1b2c4d
  - subnet-0a1b2c4e
serve:
  enabled: true
  launch: ec2
  facing: internet
  callers:
  - 0.0.0.0/0
  certificate: arn:aws:acm:eu-central-1:123456789012:certificate/made-up
  domain: inference.example.com
  image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/lisa-serve:1
litellm:
  image: registry.example.com/lisa-litellm:1
"""


def strict_app(folder: Path, config: Path = WITH_INFERENCE, **options: str) -> cdk.App:
    return entry_point.build(
        cdk.App(
            outdir=str(folder),
            context=context(config=str(config), **options),
            analytics_reporting=False,
        )
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: str(file.stem))
def test_an_example_passes_every_validator(tmp_path: Path, example: Path) -> None:
    config = read_config(example)
    folder, bundles = tmp_path / "templates", empty_bundles_in(tmp_path / "bundles")
    given = {"artifacts.bundles": str(bundles)} if config.artifacts.bundles else {}
    strict_app(folder, example, **given).synth()
    report = json.loads((folder / "validation-report.json").read_text())
    linted = subprocess.run(
        [
            *(Path(sys.executable).with_name("cfn-lint"), "--non-zero-exit-code", "warning"),
            *("--regions", config.region or REGION_OF_NONE),
            *("--ignore-checks", IGNORED_BY_CFN_LINT, "--"),
            *sorted(folder.glob("*.template.json")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert {plugin["pluginName"] for plugin in report["pluginReports"]} >= {"AwsSolutions"}
    assert not [plugin["violations"] for plugin in report["pluginReports"] if plugin["violations"]]
    assert linted.returncode == 0, linted.stdout


SERVE_ALONE = """
region: eu-central-1
network:
  nat_gateways: 0
  endpoints: true
serve:
  enabled: true
  callers:
  - 10.0.0.0/8
  certificate: arn:aws:acm:eu-central-1:123456789012:certificate/made-up
  domain: inference.example.com
api:
  private: true
identity:
  cognito:
    callback_urls:
    - https://ours.example.com/
chat:
  enabled: false
knowledge:
  enabled: false
web:
  enabled: false
"""
CHOICES = {"the defaults": "", "the opposite": OTHER_CHOICES, "the gateway alone": SERVE_ALONE}


@pytest.mark.parametrize("chosen", CHOICES.values(), ids=CHOICES)
def test_other_choices_leave_nothing_unacknowledged(tmp_path: Path, chosen: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(chosen)

    strict_app(tmp_path, config).synth()


def test_a_fault_in_a_template_stops_the_synthesis(tmp_path: Path) -> None:
    app = strict_app(tmp_path)
    dynamodb.CfnTable(
        cdk.Stack(app, "faulty"),
        "Table",
        key_schema=[dynamodb.CfnTable.KeySchemaProperty(attribute_name="pk", key_type="HASH")],
        attribute_definitions=[],
    )

    with pytest.raises(RuntimeError, match="ValidationFailed") as failure:
        app.synth()

    assert "AttributeDefinitions does not match KeySchema" in str(failure.value)
    assert "Point-in-time Recovery" in str(failure.value)


def test_every_finding_is_acknowledged_where_it_is_and_nothing_else_is(tmp_path: Path) -> None:
    config = complete()
    app = cdk.App(
        outdir=str(tmp_path),
        context=context(),
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    compose(app, config)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    found = findings_in(tmp_path / "validation-report.json")
    acknowledged = {
        (f"{config.stack_name(each.stack)}/{each.resource}/", each.rule.partition("::")[2])
        for each in acknowledged_in(config)
    }

    assert not [each for each in found if not any(covers(told, each) for told in acknowledged)]
    assert not [told for told in acknowledged if not any(covers(told, each) for each in found)]


def test_every_acknowledgement_is_of_one_resource_and_one_finding_with_its_reason() -> None:
    told = list(acknowledged_in(complete()))

    for finding in told:
        assert min(len(finding.resource), len(finding.risk), len(finding.reason)) > 0
        assert "*" not in finding.resource
        assert re.fullmatch(
            r"AwsSolutions::AwsSolutions-[A-Z]+\d+(\[[A-Z]\w+::.+\])?", finding.rule
        )
    assert len(set(told)) == len(told)


def findings_in(report: Path) -> set[tuple[str, str]]:
    """Return where each rule is broken."""
    return {
        (f"{construct['constructPath']}/", violation["ruleName"])
        for plugin in json.loads(report.read_text())["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


def covers(told: tuple[str, str], found: tuple[str, str]) -> bool:
    return found[1] == told[1] and found[0].startswith(told[0])
