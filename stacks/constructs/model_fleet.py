"""The machines of a model: as many as its replicas need, none where it doesn't run."""

from typing import Final

import aws_cdk as cdk

from lisa.declared.model_stack import DEPLOYMENT_TAG, TAG, Parameter
from stacks.constructs import model_parameters as given
from stacks.constructs.model_parameters import Intrinsic, either, ref
from stacks.constructs.model_resource import add, of, sub

HOST_FOLDER: Final = "/var/lib/lisa/weights"
# Weights go to the machine's own fast disk where it has one; such a disk encrypts by itself.
STARTING: Final = """#!/bin/bash
echo ECS_CLUSTER=${Cluster} >> /etc/ecs/ecs.config
echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config
echo ECS_ENABLE_GPU_SUPPORT=${Gpu} >> /etc/ecs/ecs.config
echo ECS_CONTAINER_STOP_TIMEOUT=120s >> /etc/ecs/ecs.config
mkdir -p FOLDER
disk=$(lsblk -dpno NAME,MODEL | awk '/Instance Storage/ {print $1; exit}')
if [ -n "$disk" ]; then mkfs.xfs -f "$disk" && mount "$disk" FOLDER; fi
chmod 1777 FOLDER
""".replace("FOLDER", HOST_FOLDER)


def add_fleet(stack: cdk.Stack) -> None:
    """Add the cluster, and the group of machines that is its capacity."""
    add(
        stack,
        "Cluster",
        "AWS::ECS::Cluster",
        {"ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]},
    )
    # Alone of all resources it doesn't take the marks of its stack.
    marks = [{"Key": DEPLOYMENT_TAG, "Value": ref(Parameter.DEPLOYMENT)}]
    machine = {
        "LaunchTemplateData": _machine(),
        "TagSpecifications": [{"ResourceType": "launch-template", "Tags": marks}],
    }
    add(stack, "Machine", "AWS::EC2::LaunchTemplate", machine)
    add(stack, "Machines", "AWS::AutoScaling::AutoScalingGroup", _machines())
    add(stack, "Capacity", "AWS::ECS::CapacityProvider", {"AutoScalingGroupProvider": _capacity()})
    add(
        stack,
        "CapacityOfCluster",
        "AWS::ECS::ClusterCapacityProviderAssociations",
        {
            "Cluster": {"Ref": "Cluster"},
            "CapacityProviders": [{"Ref": "Capacity"}],
            "DefaultCapacityProviderStrategy": [{"CapacityProvider": {"Ref": "Capacity"}}],
        },
    )


def _machine() -> Intrinsic:
    marks = [{"Key": TAG, "Value": ref(Parameter.MODEL)}]
    disk = {
        "Encrypted": True,
        "VolumeType": "gp3",
        "VolumeSize": ref(Parameter.DISK_GB),
        "DeleteOnTermination": True,
    }
    starting = {"Fn::Sub": [STARTING, {"Gpu": either(given.HAS_GPUS, "true", "false")}]}
    return {
        "ImageId": ref(Parameter.AMI),
        "InstanceType": ref(Parameter.INSTANCE_TYPE),
        "IamInstanceProfile": {"Arn": of("InstanceProfile", "Arn")},
        "NetworkInterfaces": [
            {
                "DeviceIndex": 0,
                "AssociatePublicIpAddress": False,
                "Groups": [of("InstanceGroup", "GroupId")],
            }
        ],
        # Tasks have roles of their own; that of the machine is none of their business.
        "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": disk}],
        "Monitoring": {"Enabled": True},
        "TagSpecifications": [
            {"ResourceType": each, "Tags": marks} for each in ("instance", "volume")
        ],
        "UserData": {"Fn::Base64": starting},
    }


def _machines() -> Intrinsic:
    return {
        "MinSize": "0",
        # A stopped model waits for no metric to lose its machines.
        "MaxSize": either(given.RUNS, ref(Parameter.MAX_INSTANCES), "0"),
        "VPCZoneIdentifier": ref(Parameter.SUBNETS),
        "LaunchTemplate": {
            "LaunchTemplateId": {"Ref": "Machine"},
            "Version": of("Machine", "LatestVersionNumber"),
        },
        "TerminationPolicies": ["OldestLaunchTemplate", "Default"],
        "Tags": [
            {"Key": "Name", "Value": sub("lisa-model-${Model}"), "PropagateAtLaunch": True},
            # The mark by which ECS knows that it may change the group's size.
            {"Key": "AmazonECSManaged", "Value": "true", "PropagateAtLaunch": True},
        ],
    }


def _capacity() -> Intrinsic:
    return {
        "AutoScalingGroupArn": {"Ref": "Machines"},
        "ManagedScaling": {
            "Status": "ENABLED",
            "TargetCapacity": 100,
            "InstanceWarmupPeriod": ref(Parameter.WARMUP_SECONDS),
        },
        "ManagedDraining": "ENABLED",
        # Protected machines would outlive a stack that is deleted.
        "ManagedTerminationProtection": "DISABLED",
    }
