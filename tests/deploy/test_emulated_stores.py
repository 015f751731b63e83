"""What the tests of knowledge rely on in the emulator: events, queues, and stores that are real."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from botocore.exceptions import ClientError, WaiterError

from lisa.adapters.pgvector.addresses import conninfo_of
from tests.deploy.test_emulator import policy_of
from tests.standins.aws_emulator.access import session_of
from tests.standins.aws_emulator.process import ACCOUNT, Emulator
from tests.standins.opensearch.server import running_opensearch
from tests.standins.rds.server import Rds, running_rds

pytestmark = pytest.mark.timeout(180)
JSON = dict[str, Any]
SERVICE = {"Service": "events.amazonaws.com"}
FAILS_ONCE = """
import json, os, boto3
def handle(event, _):
    s3, failed = boto3.client("s3"), []
    for record in event["Records"]:
        told = json.loads(record["body"])
        if "once" in told["detail"]["object"]["key"]:
            if record["attributes"]["ApproximateReceiveCount"] == "1":
                failed.append({"itemIdentifier": record["messageId"]})
                continue
        s3.put_object(Bucket=os.environ["LOG"], Key=record["messageId"], Body=record["body"])
    return {"batchItemFailures": failed}
"""
LOGIN = {"SecretStringTemplate": '{"username": "keeper"}', "GenerateStringKey": "password"}
SECRET = {"GenerateSecretString": {**LOGIN, "ExcludeCharacters": "/@\" '\\"}}
PASSWORD = {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"}
OWNER: JSON = {"MasterUsername": "keeper", "MasterUserPassword": PASSWORD}


def resource(kind: str, **properties: Any) -> JSON:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def of(name: str, attribute: str) -> JSON:
    return {"Fn::GetAtt": [name, attribute]}


def template(resources: JSON, **outputs: Any) -> str:
    told = {name: {"Value": value} for name, value in outputs.items()}
    return json.dumps({"Resources": resources, "Outputs": told})


@contextmanager
def stack(emulator: Emulator, template: str) -> Iterator[dict[str, str]]:
    """Make a stack; return its outputs, and delete it in the end."""
    client: Any = session_of().client("cloudformation", endpoint_url=emulator.endpoint)
    name = f"toy-{uuid.uuid4().hex[:8]}"

    def wait(event: str) -> None:
        often = {"Delay": 1, "MaxAttempts": 30}
        client.get_waiter(f"stack_{event}_complete").wait(StackName=name, WaiterConfig=often)

    client.create_stack(
        StackName=name, TemplateBody=template, Capabilities=["CAPABILITY_IAM"], OnFailure="DELETE"
    )
    try:
        wait("create")
        [made] = client.describe_stacks(StackName=name)["Stacks"]
        yield {each["OutputKey"]: each["OutputValue"] for each in made.get("Outputs", ())}
        client.delete_stack(StackName=name)
        wait("delete")
    finally:
        client.close()


def events_in_a_queue() -> dict[str, Any]:
    """Return a bucket whose changes lie in a queue, and another one."""
    changes = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["watched"]}}}
    told = policy_of(
        {"Effect": "Allow", "Principal": SERVICE, "Action": "sqs:SendMessage", "Resource": "*"}
    )
    return {
        "Watched": resource(
            "S3::Bucket",
            BucketName="watched",
            NotificationConfiguration={"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        ),
        "Log": resource("S3::Bucket", BucketName="log-of-events"),
        "Queue": resource("SQS::Queue", VisibilityTimeout=1),
        "Told": resource("SQS::QueuePolicy", Queues=[{"Ref": "Queue"}], PolicyDocument=told),
        "Rule": resource(
            "Events::Rule",
            EventPattern={**changes, "detail-type": ["Object Created", "Object Deleted"]},
            Targets=[{"Id": "queue", "Arn": of("Queue", "Arn")}],
        ),
    }


def watched_bucket() -> str:
    """Let each change of a bucket be told to a function, through a queue."""
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    allowed = ["s3:PutObject", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    may = policy_of({"Effect": "Allow", "Action": allowed, "Resource": "*"})
    return template(
        {
            **events_in_a_queue(),
            "Role": resource(
                "IAM::Role",
                AssumeRolePolicyDocument=policy_of({**trusted, "Action": "sts:AssumeRole"}),
                Policies=[{"PolicyName": "may", "PolicyDocument": may}],
            ),
            "Function": resource(
                "Lambda::Function",
                Runtime="python3.13",
                Handler="index.handle",
                Role=of("Role", "Arn"),
                Code={"ZipFile": FAILS_ONCE},
                Environment={"Variables": {"LOG": {"Ref": "Log"}}},
            ),
            "Fed": resource(
                "Lambda::EventSourceMapping",
                EventSourceArn=of("Queue", "Arn"),
                FunctionName={"Ref": "Function"},
                FunctionResponseTypes=["ReportBatchItemFailures"],
                ScalingConfig={"MaximumConcurrency": 2},
            ),
        },
        Log={"Ref": "Log"},
    )


def logged(s3: Any, count: int) -> list[tuple[str, str, str]]:
    """Wait for so many events; return which change of which object each tells of, sorted."""
    deadline = time.monotonic() + 30
    keys: list[str] = []
    while len(keys) < count and time.monotonic() < deadline:
        time.sleep(0.1)
        listed = s3.list_objects_v2(Bucket="log-of-events").get("Contents", ())
        keys = [each["Key"] for each in listed]
    bodies = [s3.get_object(Bucket="log-of-events", Key=key)["Body"].read() for key in keys]
    events = [json.loads(body) for body in bodies]
    details = [(each["detail-type"], each["detail"]) for each in events]
    return sorted((kind, it["bucket"]["name"], it["object"]["key"]) for kind, it in details)


@pytest.mark.parametrize("enforced", [False, True], ids=["open", "enforced"])
def test_changes_of_a_bucket_reach_a_function_and_what_failed_comes_again(
    tmp_path: Path, *, enforced: bool
) -> None:
    with Emulator(tmp_path, enforced) as emulator, stack(emulator, watched_bucket()):
        s3 = session_of().client("s3", endpoint_url=emulator.endpoint)
        s3.put_object(Bucket="watched", Key="once/a ü.txt", Body=b"hi")
        s3.put_object(Bucket="watched", Key="b.txt", Body=b"hi")
        s3.delete_object(Bucket="watched", Key="b.txt")
        told = logged(s3, 3)
        for bucket in ("watched", "log-of-events"):
            for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
                s3.delete_object(Bucket=bucket, Key=each["Key"])
        s3.close()
        assert emulator.unmapped_actions() == []

    assert told == [
        ("Object Created", "watched", "b.txt"),
        ("Object Created", "watched", "once/a ü.txt"),
        ("Object Deleted", "watched", "b.txt"),
    ]


@pytest.fixture(scope="module")
def rds() -> Iterator[Rds]:
    with running_rds() as running:
        yield running


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory, rds: Rds) -> Iterator[Emulator]:
    with (
        running_opensearch() as (_, one),
        running_opensearch(serverless=True) as (_, many),
        Emulator(tmp_path_factory.mktemp("account")) as emulator,
    ):
        emulator.put_behind_stores(rds=rds.url, opensearch=one, serverless=many)
        yield emulator


INSTANCE = resource("RDS::DBInstance", Engine="postgres", DBName="passages", **OWNER)
CLUSTER = resource("RDS::DBCluster", Engine="aurora-postgresql", DatabaseName="passages", **OWNER)
MEMBER = resource(
    "RDS::DBInstance", Engine="aurora-postgresql", DBClusterIdentifier={"Ref": "Database"}
)


@pytest.mark.parametrize(
    "resources",
    [{"Database": INSTANCE}, {"Database": CLUSTER, "Member": MEMBER}],
    ids=["instance", "cluster"],
)
def test_a_made_database_is_a_real_one_that_opens_with_its_secret(
    emulator: Emulator, rds: Rds, resources: JSON
) -> None:
    made = {"Secret": resource("SecretsManager::Secret", **SECRET), **resources}
    host, port = (of("Database", f"Endpoint.{part}") for part in ("Address", "Port"))
    told = template(made, Host=host, Port=port, Secret={"Ref": "Secret"})
    with stack(emulator, told) as outputs:
        secrets = session_of().client("secretsmanager", endpoint_url=emulator.endpoint)
        value = secrets.get_secret_value(SecretId=outputs["Secret"])["SecretString"]
        login = json.loads(value)
        address = f"{outputs['Host']}:{outputs['Port']}/passages"
        with psycopg.connect(conninfo_of(address, "keeper", login["password"])) as opened:
            [row] = opened.execute("select '[1, 2]'::halfvec <-> '[1, 4]'").fetchall()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(conninfo_of(address, "keeper", "wrong"))
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=outputs["Secret"])
    secrets.close()
    assert row == (2.0,)
    assert rds.databases == {}


def test_a_protected_database_is_not_deleted(emulator: Emulator, rds: Rds) -> None:
    kept = resource("RDS::DBInstance", **INSTANCE["Properties"], DeletionProtection=True)
    made = {"Secret": resource("SecretsManager::Secret", **SECRET), "Database": kept}
    with pytest.raises(WaiterError, match="DELETE_FAILED"), stack(emulator, template(made)):
        pass
    [port] = rds.databases
    rds.remove(port)


def test_a_database_that_can_not_be_made_fails_its_stack_and_is_not_there(
    emulator: Emulator, rds: Rds
) -> None:
    named = resource("RDS::DBInstance", **INSTANCE["Properties"], DBInstanceIdentifier="none")
    made = {"Secret": resource("SecretsManager::Secret", **SECRET), "Database": named}
    rds.refuses = "no machine of this class is left"
    with pytest.raises(WaiterError), stack(emulator, template(made)):
        pass
    rds.refuses = ""
    client = session_of().client("rds", endpoint_url=emulator.endpoint)
    with pytest.raises(client.exceptions.DBInstanceNotFoundFault):
        client.describe_db_instances(DBInstanceIdentifier="none")
    client.close()


def test_a_role_of_a_service_is_made_once(emulator: Emulator) -> None:
    iam = session_of().client("iam", endpoint_url=emulator.endpoint)
    service = "opensearchservice.amazonaws.com"
    iam.create_service_linked_role(AWSServiceName=service)
    with pytest.raises(ClientError, match="has been taken"):
        iam.create_service_linked_role(AWSServiceName=service)
    iam.close()


def serverless() -> JSON:
    ours = [{"ResourceType": "collection", "Resource": ["collection/toy"]}]
    keys = {"Rules": ours, "AWSOwnedKey": True}
    network = [{"Rules": ours, "AllowFromPublic": True}]
    index = {"ResourceType": "index", "Resource": ["index/toy/*"], "Permission": ["aoss:*"]}
    data = [{"Rules": [index], "Principal": [f"arn:aws:iam::{ACCOUNT}:role/door"]}]
    named = {"Name": "toy"}
    collection = resource("OpenSearchServerless::Collection", Type="VECTORSEARCH", **named)
    security, access = (f"OpenSearchServerless::{kind}Policy" for kind in ("Security", "Access"))
    return {
        "Keys": resource(security, Type="encryption", Policy=json.dumps(keys), **named),
        "Network": resource(security, Type="network", Policy=json.dumps(network), **named),
        "Data": resource(access, Type="data", Policy=json.dumps(data), **named),
        "Collection": {**collection, "DependsOn": ["Keys", "Network", "Data"]},
    }


def test_made_searches_lead_to_those_that_stand_for_them_and_go_again(emulator: Emulator) -> None:
    made = {"Domain": resource("OpenSearchService::Domain", DomainName="toy"), **serverless()}
    endpoints = {
        "Domain": {"Fn::Sub": "https://${Domain.DomainEndpoint}"},
        "Collection": of("Collection", "CollectionEndpoint"),
    }
    with stack(emulator, template(made, **endpoints)) as outputs:
        for endpoint in outputs.values():
            assert httpx.head(f"{endpoint}/nothing").status_code == 404
    assert len(set(outputs.values())) == 2
    client = session_of().client("opensearchserverless", endpoint_url=emulator.endpoint)
    assert client.list_collections()["collectionSummaries"] == []
    assert client.list_access_policies(type="data")["accessPolicySummaries"] == []
    client.close()


def test_a_collection_that_nobody_encrypts_fails_its_stack(emulator: Emulator) -> None:
    made = {"Collection": resource("OpenSearchServerless::Collection", Name="toy")}
    with pytest.raises(WaiterError), stack(emulator, template(made)):
        pass
