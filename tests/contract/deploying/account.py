"""An account in which all is well, as AWS would describe it, and configurations that go there."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from deployment.config.deployment import DeploymentConfig
from tests.standins.aws_replies.server import Replies, Said
from tests.standins.aws_replies.wire import Call, Refusal

NUMBER: Final = "123456789012"
REGION: Final = "eu-central-1"
ZONES: Final = [f"{REGION}a", f"{REGION}b"]
SUBNETS: Final = ["subnet-0a1b2c3d", "subnet-0a1b2c3e"]
VPC: Final = "vpc-0a1b2c3d"
IMAGE: Final = f"{NUMBER}.dkr.ecr.{REGION}.amazonaws.com/team/lisa-serve:1"
CALLER: Final = f"arn:aws:sts::{NUMBER}:assumed-role/Deployer/ada"

MADE: Final[dict[str, Any]] = {
    "account": NUMBER,
    "region": REGION,
    "serve": {
        "enabled": True,
        "callers": ["10.0.0.0/8"],
        "certificate": f"arn:aws:acm:{REGION}:{NUMBER}:certificate/1",
        "domain": "inference.example.com",
        "image": IMAGE,
    },
    "litellm": {"image": "registry.example.com/lisa-litellm:1"},
}
GIVEN: Final[dict[str, Any]] = {
    **MADE,
    "network": {
        "vpc_id": VPC,
        "availability_zones": ZONES,
        "private_subnets": SUBNETS,
        "security_groups": {"serve": "sg-0a1b2c3d"},
    },
    "api": {
        "private": True,
        "vpc_endpoints": ["vpce-0a1b2c3d"],
        "domain": "api.example.com",
        "certificate": f"arn:aws:acm:{REGION}:{NUMBER}:certificate/2",
    },
    "encryption": {"key": f"arn:aws:kms:{REGION}:{NUMBER}:key/1"},
    "iam": {
        "permissions_boundary": f"arn:aws:iam::{NUMBER}:policy/AtMost",
        "roles": {"sessions": f"arn:aws:iam::{NUMBER}:role/path/Sessions"},
    },
    "models": {
        "alarms": f"arn:aws:sns:{REGION}:{NUMBER}:alarms",
        "weights_buckets": ["weights"],
    },
    "knowledge": {"source_buckets": ["documents"]},
    "tracing": {
        "endpoint": "https://collector.example.com",
        "headers": f"arn:aws:secretsmanager:{REGION}:{NUMBER}:secret:tracing-AbCdEf",
    },
}


def made() -> DeploymentConfig:
    """Return a configuration that makes its network."""
    return DeploymentConfig.model_validate(MADE)


def given() -> DeploymentConfig:
    """Return a configuration that takes what is there."""
    return DeploymentConfig.model_validate(GIVEN)


def no_stack(call: Call) -> Said:
    """Return all stacks, which are none; one by its name isn't there."""
    if "StackName" in call.given:
        return Refusal("ValidationError", f"Stack {call.given['StackName']} does not exist")
    return {"Stacks": []}


def allowed(call: Call) -> Said:
    """Allow everything that is simulated."""
    return simulated(call)


def simulated(call: Call, *denied: str) -> Said:
    """Say what a simulation says where some actions are denied."""
    names = [value for key, value in call.given.items() if key.startswith("ActionNames.member")]
    return {
        "EvaluationResults": [
            {
                "EvalActionName": name,
                "EvalResourceName": call.given["ResourceArns.member.1"],
                "EvalDecision": "implicitDeny" if name in denied else "allowed",
            }
            for name in names
        ],
        "IsTruncated": False,
    }


def certificate(call: Call, **more: Any) -> Said:
    """Describe a certificate that is issued and lasts."""
    domain = "api.example.com" if call.given["CertificateArn"].endswith("/2") else "*.example.com"
    return {
        "Certificate": {
            "CertificateArn": call.given["CertificateArn"],
            "DomainName": domain,
            "SubjectAlternativeNames": [domain],
            "Status": "ISSUED",
            "NotAfter": datetime.now(UTC) + timedelta(days=200),
            **more,
        }
    }


def offered(call: Call) -> Said:
    """Offer a type of machine in both zones."""
    kind = call.given["Filter.1.Value.1"]
    return {
        "InstanceTypeOfferings": [
            {"InstanceType": kind, "LocationType": "availability-zone", "Location": zone}
            for zone in ZONES
        ]
    }


def quota(call: Call, value: float = 100.0) -> Said:
    """Return a quota that leaves room."""
    return {"Quota": {"QuotaCode": call.given["QuotaCode"], "Value": value}}


def subnet(identity: str, zone: str, **more: Any) -> dict[str, Any]:
    """Describe a subnet."""
    return {
        "SubnetId": identity,
        "VpcId": VPC,
        "AvailabilityZone": zone,
        "AvailableIpAddressCount": 200,
        **more,
    }


def role(call: Call, trusted: str = "lambda.amazonaws.com") -> Said:
    """Describe a role that functions may take on."""
    name = call.given["RoleName"]
    trust = f'{{"Statement": [{{"Principal": {{"Service": "{trusted}"}}}}]}}'
    return {
        "Role": {
            "Path": "/",
            "RoleName": name,
            "RoleId": "AROAEXAMPLEEXAMPLE00",
            "Arn": f"arn:aws:iam::{NUMBER}:role/{name}",
            "CreateDate": datetime(2026, 1, 1, tzinfo=UTC),
            "AssumeRolePolicyDocument": trust,
        }
    }


def routes(*, state: str = "active") -> Said:
    """Describe a table with a way out."""
    out = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": state}
    return {"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": VPC, "Routes": [out]}]}


WELL: Final[Replies] = {
    "acm:DescribeCertificate": certificate,
    "apigateway:GetAccount": {"throttleSettings": {"rateLimit": 10000.0, "burstLimit": 5000}},
    "apigateway:GetRestApis": {"items": [{"id": "one", "name": "other"}]},
    "cloudformation:DescribeStacks": no_stack,
    "cognito-idp:DescribeUserPoolDomain": {"DomainDescription": {}},
    "dynamodb:ListTables": {"TableNames": ["other"]},
    "ec2:DescribeAddresses": {"Addresses": [{"PublicIp": "192.0.2.1"}]},
    "ec2:DescribeAvailabilityZones": {
        "AvailabilityZones": [{"ZoneName": each} for each in (*ZONES, f"{REGION}c")]
    },
    "ec2:DescribeInstanceTypeOfferings": offered,
    "ec2:DescribeRegions": {
        "Regions": [{"RegionName": REGION, "OptInStatus": "opt-in-not-required"}]
    },
    "ec2:DescribeRouteTables": routes(),
    "ec2:DescribeSecurityGroups": {"SecurityGroups": [{"GroupId": "sg-0a1b2c3d", "VpcId": VPC}]},
    "ec2:DescribeSubnets": {
        "Subnets": [subnet(*each) for each in zip(SUBNETS, ZONES, strict=True)]
    },
    "ec2:DescribeVpcAttribute": {
        "EnableDnsSupport": {"Value": True},
        "EnableDnsHostnames": {"Value": True},
    },
    "ec2:DescribeVpcEndpoints": {
        "VpcEndpoints": [
            {
                "VpcEndpointId": "vpce-0a1b2c3d",
                "ServiceName": f"com.amazonaws.{REGION}.execute-api",
                "PrivateDnsEnabled": True,
            }
        ]
    },
    "ec2:DescribeVpcs": {"Vpcs": [{"VpcId": VPC, "CidrBlock": "10.0.0.0/16"}]},
    "ecr:DescribeImages": {"imageDetails": [{"imageTags": ["1"]}]},
    "iam:GetPolicy": {"Policy": {"PolicyName": "AtMost"}},
    "iam:GetRole": role,
    "iam:SimulatePrincipalPolicy": allowed,
    "kms:DescribeKey": {"KeyMetadata": {"KeyId": "1", "KeyState": "Enabled"}},
    "lambda:GetAccountSettings": {
        "AccountLimit": {
            "ConcurrentExecutions": 1000,
            "UnreservedConcurrentExecutions": 1000,
        }
    },
    "lambda:ListFunctions": {"Functions": [{"FunctionName": "other"}]},
    "s3:HeadBucket": {},
    "secretsmanager:DescribeSecret": {"Name": "tracing"},
    "service-quotas:GetServiceQuota": quota,
    "service-quotas:ListServiceQuotas": {
        "Quotas": [{"QuotaName": "Regional APIs per account", "Value": 600.0}]
    },
    "sns:GetTopicAttributes": {"Attributes": {"TopicArn": "alarms"}},
    "ssm:GetParameter": {"Parameter": {"Name": "version", "Value": "30"}},
    "ssm:GetParametersByPath": {"Parameters": []},
    "sts:GetCallerIdentity": {"Account": NUMBER, "Arn": CALLER, "UserId": "ada"},
}


def well() -> Replies:
    """Return the replies of an account that has all that both configurations need."""
    return {**WELL}
