"""Who may speak to a store: our callers, and nobody else; it speaks to nobody."""

from typing import Final

import aws_cdk as cdk

from stacks.constructs.model_resource import add

NOBODY: Final = "127.0.0.1/32"  # without a way out there would be every way out


def add_group(stack: cdk.Stack, port: int, words: str) -> None:
    """Add the security group `Group`."""
    ports = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    callers = {"SourceSecurityGroupId": {"Ref": "CallersGroup"}, "Description": "LISA"}
    add(
        stack,
        "Group",
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": words,
            "VpcId": {"Ref": "Vpc"},
            "SecurityGroupIngress": [{**ports, **callers}],
            "SecurityGroupEgress": [{**ports, "CidrIp": NOBODY, "Description": "nowhere"}],
        },
    )
