"""What these tests rely on in the emulator; one smoke test per hook into its insides."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from tests.deploy.conftest import Account
from tests.standins.aws_emulator.access import session_of
from tests.standins.aws_emulator.process import ACCOUNT, REGION, Allowed, Emulator

MACHINE_IMAGE = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
RECORDED_ONLY = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Backup::BackupSelection",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ECS::CapacityProvider",
    "AWS::ECS::ClusterCapacityProviderAssociations",
    "AWS::OpenSearchServerless::VpcEndpoint",
)
TASK = {"ContainerDefinitions": [{"Name": "engine", "Image": "engine:1", "Memory": 128}]}
SERVICE = {
    "Cluster": {"Ref": "Cluster"},
    "TaskDefinition": {"Ref": "Task"},
    "DesiredCount": {"Ref": "Replicas"},
}
SERVED = {
    "Parameters": {"Replicas": {"Type": "Number"}},
    "Resources": {
        "Cluster": {"Type": "AWS::ECS::Cluster"},
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": TASK},
        "Service": {"Type": "AWS::ECS::Service", "Properties": SERVICE},
        "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {}},
        "Logs": {"Type": "AWS::Logs::LogGroup"},
    },
    "Outputs": {
        "Address": {"Value": {"Fn::GetAtt": ["Balancer", "DNSName"]}},
        "Cluster": {"Value": {"Ref": "Cluster"}},
        "Logs": {"Value": {"Ref": "Logs"}},
    },
}
pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys


def policy_of(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def visitor_who_may(emulator: Emulator, action: str) -> boto3.session.Session:
    iam = session_of().client("iam", endpoint_url=emulator.endpoint)
    allowed = policy_of({"Effect": "Allow", "Action": action, "Resource": "*"})
    iam.create_user(UserName="visitor")
    iam.put_user_policy(
        UserName="visitor", PolicyName="allowed", PolicyDocument=json.dumps(allowed)
    )
    key = iam.create_access_key(UserName="visitor")["AccessKey"]
    iam.close()
    return boto3.session.Session(
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        region_name=REGION,
    )


def test_it_names_the_calls_it_can_not_map_to_an_iam_action(tmp_path: Path) -> None:
    signed = f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/lambda/aws4_request"
    with Emulator(tmp_path, enforce_iam=True) as emulator:
        httpx.get(
            f"{emulator.endpoint}/2015-03-31/no-such-thing",
            headers={"authorization": f"{signed}, SignedHeaders=host, Signature=00"},
        )
        noted = emulator.unmapped_actions()

    assert len(noted) == 1
    assert "lambda GET /2015-03-31/no-such-thing" in noted[0]


def role_with(emulator: Emulator, *statements: dict[str, Any]) -> boto3.session.Session:
    """Make a role that may do this, and become it."""
    trusted = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    iam = session_of().client("iam", endpoint_url=emulator.endpoint)
    made = iam.create_role(RoleName="door", AssumeRolePolicyDocument=json.dumps(policy_of(trusted)))
    iam.put_role_policy(
        RoleName="door", PolicyName="allowed", PolicyDocument=json.dumps(policy_of(*statements))
    )
    sts = session_of().client("sts", endpoint_url=emulator.endpoint)
    given = sts.assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="task")["Credentials"]
    iam.close()
    sts.close()
    return boto3.session.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], REGION
    )


def test_it_notes_which_statement_of_a_role_allowed_a_call(tmp_path: Path) -> None:
    look = {"Sid": "Look", "Effect": "Allow", "Action": "sqs:GetQueueUrl", "Resource": "*"}
    send = {"Sid": "Send", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    with Emulator(tmp_path, enforce_iam=True) as emulator:
        owner = session_of().client("sqs", endpoint_url=emulator.endpoint)
        owner.create_queue(QueueName="work")
        owner.close()
        door = role_with(emulator, look, send).client("sqs", endpoint_url=emulator.endpoint)
        queue = door.get_queue_url(QueueName="work")["QueueUrl"]
        door.get_queue_url(QueueName="work")
        with pytest.raises(ClientError, match="AccessDenied"):
            door.purge_queue(QueueUrl=queue)
        door.close()
        work = f"arn:aws:sqs:{REGION}:{ACCOUNT}:work"

        assert emulator.allowed() == [Allowed("door", "sqs:GetQueueUrl", work, "Look")]


def test_a_bucket_that_refuses_plain_http_is_reachable_over_loopback(tmp_path: Path) -> None:
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::sealed", "arn:aws:s3:::sealed/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    with Emulator(tmp_path, enforce_iam=True) as emulator:
        owner = session_of().client("s3", endpoint_url=emulator.endpoint)
        owner.create_bucket(
            Bucket="sealed", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        owner.put_bucket_policy(Bucket="sealed", Policy=json.dumps(policy_of(refusal)))
        visitor = visitor_who_may(emulator, "s3:PutObject").client(
            "s3", endpoint_url=emulator.endpoint
        )
        visitor.put_object(Bucket="sealed", Key="key", Body=b"content")

        assert owner.list_objects_v2(Bucket="sealed")["KeyCount"] == 1
        owner.close()
        visitor.close()


def test_a_template_may_name_what_starts_nothing_here_and_a_secret_is_known_by_its_arn(
    tmp_path: Path,
) -> None:
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "group"}}
    recorded = {f"Recorded{number}": {"Type": kind} for number, kind in enumerate(RECORDED_ONLY)}
    image = {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": MACHINE_IMAGE}
    template = {
        "Parameters": {"Image": image},
        "Resources": {
            "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {}},
            "Group": group,
            **recorded,
        },
        "Outputs": {"Secret": {"Value": {"Ref": "Secret"}}, "Image": {"Value": {"Ref": "Image"}}},
    }
    with Emulator(tmp_path) as emulator:
        client = session_of().client("cloudformation", endpoint_url=emulator.endpoint)
        client.create_stack(StackName="hooks", TemplateBody=json.dumps(template))
        client.get_waiter("stack_create_complete").wait(StackName="hooks")
        [stack] = client.describe_stacks(StackName="hooks")["Stacks"]
        told = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        client.delete_stack(StackName="hooks")
        client.get_waiter("stack_delete_complete").wait(StackName="hooks")
        client.close()

    assert told["Secret"].startswith("arn:aws:secretsmanager:")
    assert told["Image"].startswith("ami-")


def test_an_alarm_may_look_at_what_is_made_of_several_metrics(tmp_path: Path) -> None:
    alarm = {
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "Metrics": [{"Id": "all", "Expression": "a + b", "ReturnData": True}],
    }
    template = {"Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}}}
    with Emulator(tmp_path) as emulator:
        client = session_of().client("cloudformation", endpoint_url=emulator.endpoint)
        client.create_stack(StackName="hooks", TemplateBody=json.dumps(template))
        client.get_waiter("stack_create_complete").wait(StackName="hooks")
        watching = session_of().client("cloudwatch", endpoint_url=emulator.endpoint)
        [known] = watching.describe_alarms()["MetricAlarms"]
        watching.close()
        client.close()

    assert known["MetricName"] == "a + b"


def function_in(emulator: Emulator, code: str) -> Any:
    """Make the function `door`; return a client that can call it."""
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as files:
        files.writestr("door.py", code)
    client = session_of().client("lambda", endpoint_url=emulator.endpoint)
    client.create_function(
        FunctionName="door",
        Runtime="python3.13",
        Handler="door.handle",
        Role=f"arn:aws:iam::{ACCOUNT}:role/door",
        Code={"ZipFile": packed.getvalue()},
    )
    return client


def test_an_error_of_a_function_is_known_by_its_class(tmp_path: Path) -> None:
    code = "class Busy(Exception): pass\ndef handle(event, _):\n    raise Busy('come later')\n"
    with Emulator(tmp_path) as emulator:
        client = function_in(emulator, code)
        told = json.loads(client.invoke(FunctionName="door")["Payload"].read())
        client.close()

    assert (told["errorType"], told["errorMessage"]) == ("Busy", "come later")


def test_a_models_replicas_are_counted_its_balancer_is_on_loopback_its_log_named_after_it(
    tmp_path: Path,
) -> None:
    name = "hooks-model-a"
    with Emulator(tmp_path) as emulator:
        client = session_of().client("cloudformation", endpoint_url=emulator.endpoint)
        client.create_stack(
            StackName=name,
            TemplateBody=json.dumps(SERVED),
            Parameters=[{"ParameterKey": "Replicas", "ParameterValue": "2"}],
        )
        client.get_waiter("stack_create_complete").wait(StackName=name)
        [stack] = client.describe_stacks(StackName=name)["Stacks"]
        told = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        ecs = session_of().client("ecs", endpoint_url=emulator.endpoint)
        tasks = ecs.list_tasks(cluster=told["Cluster"])["taskArns"]
        ecs.close()
        client.close()

    assert len(tasks) == 2
    assert told["Address"].startswith(f"127.0.0.1:{emulator.port}/_alb/")
    assert told["Logs"].startswith(f"{name}-Logs-")


def test_a_function_that_failed_starts_anew_where_it_was_unpacked_with_a_folder_of_its_own(
    tmp_path: Path,
) -> None:
    code = (
        "import os, tempfile\ndef handle(event, _):\n"
        "    return [os.getpid(), os.path.realpath(event), tempfile.gettempdir()]\n"
    )
    with Emulator(tmp_path) as emulator:
        client = function_in(emulator, code)
        told = [
            client.invoke(FunctionName="door", Payload=json.dumps(payload))
            for payload in ("door.py", 1.5, "door.py")
        ]
        client.close()

    assert ["FunctionError" in each for each in told] == [False, True, False]
    first, _, again = (json.loads(each["Payload"].read()) for each in told)
    assert first[0] != again[0]
    assert first[1] == again[1]
    assert first[2] != again[2]
    assert Path(first[1]).with_name("__pycache__").is_dir()


def test_it_listens_on_loopback_only_and_leaves_nothing_running(tmp_path: Path) -> None:
    with Emulator(tmp_path) as emulator:
        assert httpx.get(f"{emulator.endpoint}/_ministack/health").is_success

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{emulator.endpoint}/_ministack/health")


def test_a_role_that_lost_its_grant_is_refused_once_iam_is_enforced(account: Account) -> None:
    iam = session_of().client("iam", endpoint_url=account.emulator.endpoint)
    [role] = [
        role["RoleName"] for role in iam.list_roles()["Roles"] if "Doorsessions" in role["RoleName"]
    ]
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    with account.client("ada") as client:
        iam.delete_role_policy(RoleName=role, PolicyName=policy)
        without = client.get("/sessions").status_code
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
        with_it = client.get("/sessions").status_code
    iam.close()

    assert without == (503 if account.emulator.enforce_iam else 200)
    assert with_it == 200
