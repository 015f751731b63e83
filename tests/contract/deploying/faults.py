"""What can be wrong with an account: the reply that tells of it, and what is said then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from deployment.preflight.check import State
from tests.contract.deploying.account import (
    REGION,
    SUBNETS,
    VPC,
    ZONES,
    certificate,
    quota,
    role,
    routes,
    simulated,
    subnet,
)
from tests.standins.aws_replies.server import Reply
from tests.standins.aws_replies.wire import Refusal

# The operation, its reply, the check that tells of it, how it is and words of what it says.
FAIL, WARN = State.FAIL, State.WARN
Case: TypeAlias = tuple[str, Reply, str, State, str]


def only(function: Callable[..., Any], **more: Any) -> Reply:
    return partial(function, **more)


def denying(*actions: str) -> Reply:
    return lambda call: simulated(call, *actions)


def stacks(status: str, part: str = "data") -> Reply:
    told = {
        "StackName": f"lisa-dev-{part}",
        "StackStatus": status,
        "CreationTime": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return {"Stacks": [told]}


def subnets(**of_the_first: Any) -> Reply:
    first, second = zip(SUBNETS, ZONES, strict=True)
    return {"Subnets": [subnet(*first, **of_the_first), subnet(*second)]}


def quota_of(code: str, value: float) -> Reply:
    return lambda call: quota(call, value if call.given["QuotaCode"] == code else 100.0)


def ending(days: int) -> Reply:
    return only(certificate, NotAfter=datetime.now(UTC) + timedelta(days=days))


GPUS = frozenset({"L-DB2E81BA", "L-417A185B"})
NO_VPC = Refusal("InvalidVpcID.NotFound", f"The vpc ID '{VPC}' does not exist")
NO_GROUP = Refusal("InvalidGroup.NotFound", "The security group 'sg-0a1b2c3d' does not exist")
NO_ENDPOINT = Refusal("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id does not exist")
NO_CERTIFICATE = Refusal("ResourceNotFoundException", "Could not find certificate")
NO_IMAGE = Refusal("ImageNotFoundException", "The image with tag '1' does not exist")
NO_DNS = {"EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": False}}
FEW = {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}
OTHER_SERVICE = {
    "VpcEndpoints": [{"VpcEndpointId": "vpce-0a1b2c3d", "ServiceName": "com.amazonaws.x.s3"}]
}
NO_PRIVATE_DNS = {
    "VpcEndpoints": [
        {
            "VpcEndpointId": "vpce-0a1b2c3d",
            "ServiceName": f"com.amazonaws.{REGION}.execute-api",
            "PrivateDnsEnabled": False,
        }
    ]
}
IN_ONE_ZONE = {
    "InstanceTypeOfferings": [{"InstanceType": "m6i.large", "Location": ZONES[0]}],
}
TAKEN = {"DomainDescription": {"UserPoolId": "eu-central-1_other", "Domain": "lisa"}}
MADE_FAILURES: dict[str, Case] = {
    "region closed": (
        "ec2:DescribeRegions",
        {"Regions": [{"RegionName": REGION, "OptInStatus": "not-opted-in"}]},
        "region",
        FAIL,
        "is not open",
    ),
    "no bootstrap": (
        "ssm:GetParameter",
        Refusal("ParameterNotFound", ""),
        "bootstrap",
        FAIL,
        "has none",
    ),
    "old bootstrap": (
        "ssm:GetParameter",
        {"Parameter": {"Value": "5"}},
        "bootstrap",
        FAIL,
        "too old",
    ),
    "may not take a role": (
        "iam:SimulatePrincipalPolicy",
        denying("sts:AssumeRole"),
        "permissions",
        FAIL,
        "sts:AssumeRole of",
    ),
    "may not read stacks": (
        "iam:SimulatePrincipalPolicy",
        denying("cloudformation:GetTemplate"),
        "permissions",
        FAIL,
        "cloudformation:GetTemplate",
    ),
    "CloudFormation may not make roles": (
        "iam:SimulatePrincipalPolicy",
        denying("iam:CreateRole"),
        "permissions of CloudFormation",
        FAIL,
        "iam:CreateRole",
    ),
    "no network more": (
        "service-quotas:GetServiceQuota",
        quota_of("L-F678F1CE", 1),
        "quota of networks",
        FAIL,
        "1 of 1 VPCs",
    ),
    "no address more": (
        "service-quotas:GetServiceQuota",
        quota_of("L-0263D0A3", 1),
        "quota of addresses",
        FAIL,
        "1 of 1 Elastic IPs",
    ),
    "no API more": (
        "service-quotas:ListServiceQuotas",
        {"Quotas": [{"QuotaName": "Regional APIs per account", "Value": 1.0}]},
        "quota of APIs",
        FAIL,
        "1 of 1",
    ),
    "few calls of APIs": (
        "apigateway:GetAccount",
        {"throttleSettings": {"rateLimit": 100.0, "burstLimit": 50}},
        "rate of APIs",
        WARN,
        "is 200",
    ),
    "little Fargate": (
        "service-quotas:GetServiceQuota",
        quota_of("L-3032A538", 6),
        "quota of Fargate",
        WARN,
        "of 6",
    ),
    "few machines": (
        "service-quotas:GetServiceQuota",
        quota_of("L-1216C47A", 5),
        "quota of machines",
        WARN,
        "20 vCPUs of standard machines are used, of 5",
    ),
    "no GPU": (
        "service-quotas:GetServiceQuota",
        lambda call: quota(call, 0.0 if call.given["QuotaCode"] in GPUS else 100.0),
        "quota of machines with GPUs",
        WARN,
        "no model can run",
    ),
    "few functions": (
        "lambda:GetAccountSettings",
        FEW,
        "concurrency of functions",
        WARN,
        "10 may run",
    ),
    "no machine in a zone": (
        "ec2:DescribeInstanceTypeOfferings",
        IN_ONE_ZONE,
        "machines",
        FAIL,
        ZONES[1],
    ),
    "no certificate": (
        "acm:DescribeCertificate",
        NO_CERTIFICATE,
        "serve.certificate",
        FAIL,
        "there is no",
    ),
    "certificate pending": (
        "acm:DescribeCertificate",
        only(certificate, Status="PENDING_VALIDATION"),
        "serve.certificate",
        FAIL,
        "PENDING_VALIDATION",
    ),
    "certificate of another name": (
        "acm:DescribeCertificate",
        only(certificate, DomainName="other.org", SubjectAlternativeNames=["*.other.org"]),
        "serve.certificate",
        FAIL,
        "other.org",
    ),
    "certificate expired": (
        "acm:DescribeCertificate",
        ending(-1),
        "serve.certificate",
        FAIL,
        "expired",
    ),
    "certificate expires": (
        "acm:DescribeCertificate",
        ending(10),
        "serve.certificate",
        WARN,
        "expires on",
    ),
    "login page taken": (
        "cognito-idp:DescribeUserPoolDomain",
        TAKEN,
        "login page",
        FAIL,
        "is taken",
    ),
    "stack lost": (
        "cloudformation:DescribeStacks",
        stacks("DELETE_FAILED"),
        "stacks",
        FAIL,
        "lisa-dev-data",
    ),
    "stack busy": (
        "cloudformation:DescribeStacks",
        stacks("UPDATE_IN_PROGRESS"),
        "stacks",
        WARN,
        "at work",
    ),
    "tables left": (
        "dynamodb:ListTables",
        {"TableNames": ["lisa-dev-data-Tablesessions-1"]},
        "tables",
        WARN,
        "left from before",
    ),
    "parameters left": (
        "ssm:GetParametersByPath",
        {"Parameters": [{"Name": "/lisa/dev/network/vpc"}]},
        "parameters",
        FAIL,
        "/lisa/dev/network/vpc",
    ),
    "functions left": (
        "lambda:ListFunctions",
        {"Functions": [{"FunctionName": "lisa-dev-admin"}]},
        "functions",
        FAIL,
        "lisa-dev-admin",
    ),
    "no image": ("ecr:DescribeImages", NO_IMAGE, "serve.image", FAIL, "there is no"),
}
GIVEN_FAILURES: dict[str, Case] = {
    "no network": ("ec2:DescribeVpcs", NO_VPC, "network", FAIL, "does not exist"),
    "no names": ("ec2:DescribeVpcAttribute", NO_DNS, "network", FAIL, "names"),
    "no subnet": (
        "ec2:DescribeSubnets",
        {"Subnets": [subnet(SUBNETS[1], ZONES[1])]},
        "network.private_subnets",
        FAIL,
        f"there is no {SUBNETS[0]}",
    ),
    "subnet elsewhere": (
        "ec2:DescribeSubnets",
        subnets(VpcId="vpc-0000000f"),
        "network.private_subnets",
        FAIL,
        "is of vpc-0000000f",
    ),
    "subnet in another zone": (
        "ec2:DescribeSubnets",
        subnets(AvailabilityZone=f"{REGION}c"),
        "network.private_subnets",
        FAIL,
        f"lies in {REGION}c",
    ),
    "subnet full": (
        "ec2:DescribeSubnets",
        subnets(AvailableIpAddressCount=3),
        "network.private_subnets",
        FAIL,
        "3 free addresses",
    ),
    "no way out": (
        "ec2:DescribeRouteTables",
        {"RouteTables": []},
        "way out",
        FAIL,
        "no endpoint of cloudformation, cognito-idp, dynamodb, ec2, ecr.api",
    ),
    "a way out that ends nowhere": (
        "ec2:DescribeRouteTables",
        routes(state="blackhole"),
        "way out",
        FAIL,
        "no route out",
    ),
    "no group": (
        "ec2:DescribeSecurityGroups",
        NO_GROUP,
        "security group serve",
        FAIL,
        "does not exist",
    ),
    "group elsewhere": (
        "ec2:DescribeSecurityGroups",
        {"SecurityGroups": [{"GroupId": "sg-0a1b2c3d", "VpcId": "vpc-0000000f"}]},
        "security group serve",
        FAIL,
        "is of vpc-0000000f",
    ),
    "no endpoint": ("ec2:DescribeVpcEndpoints", NO_ENDPOINT, "endpoint", FAIL, "does not exist"),
    "endpoint of another service": (
        "ec2:DescribeVpcEndpoints",
        OTHER_SERVICE,
        "endpoint",
        FAIL,
        "not of execute-api",
    ),
    "endpoint without names": (
        "ec2:DescribeVpcEndpoints",
        NO_PRIVATE_DNS,
        "endpoint",
        WARN,
        "no private DNS",
    ),
    "no key": (
        "kms:DescribeKey",
        Refusal("NotFoundException", "Key does not exist"),
        "encryption.key",
        FAIL,
        "there is no",
    ),
    "key disabled": (
        "kms:DescribeKey",
        {"KeyMetadata": {"KeyId": "1", "KeyState": "Disabled"}},
        "encryption.key",
        FAIL,
        "Disabled",
    ),
    "role of nobody": (
        "iam:GetRole",
        only(role, trusted="ec2.amazonaws.com"),
        "iam.roles.sessions",
        FAIL,
        "neither functions nor containers",
    ),
    "no boundary": (
        "iam:GetPolicy",
        Refusal("NoSuchEntity", "Policy does not exist", 404),
        "iam.permissions_boundary",
        FAIL,
        "there is no",
    ),
    "no topic": (
        "sns:GetTopicAttributes",
        Refusal("NotFound", "Topic does not exist", 404),
        "models.alarms",
        FAIL,
        "there is no",
    ),
    "no bucket": (
        "s3:HeadBucket",
        Refusal("404", "", 404),
        "models.weights_buckets",
        FAIL,
        "there is no weights",
    ),
    "bucket of others": (
        "s3:HeadBucket",
        Refusal("403", "", 403),
        "knowledge.source_buckets",
        FAIL,
        "another account",
    ),
    "no secret": (
        "secretsmanager:DescribeSecret",
        Refusal("ResourceNotFoundException", "Secrets Manager can't find it"),
        "tracing.headers",
        FAIL,
        "there is no",
    ),
}
