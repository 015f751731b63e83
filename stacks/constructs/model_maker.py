"""The role as which CloudFormation makes and removes the stacks of models."""

from collections.abc import Iterator
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.model_stack import DEPLOYMENT_TAG, stacks_of
from stacks.constructs.model_grants import machine_images
from stacks.constructs.model_rights import role_path
from stacks.constructs.parameters import look_up
from stacks.constructs.statement import arn, may

LINKED = (
    "autoscaling",
    "ecs",
    "ecs.application-autoscaling",
    "elasticloadbalancing",
)
# What is read of each service, none of which knows a resource.
LOOKS = {
    "application-autoscaling": (
        "DescribeScalableTargets DescribeScalingPolicies DescribeScheduledActions"
    ),
    "autoscaling": "DescribeAutoScalingGroups DescribeScalingActivities DescribeTags",
    "cloudwatch": "DescribeAlarms",
    "ec2": (
        "DescribeAccountAttributes DescribeAvailabilityZones DescribeImages DescribeInstances "
        "DescribeInternetGateways DescribeLaunchTemplates DescribeLaunchTemplateVersions "
        "DescribeSecurityGroups DescribeSecurityGroupRules DescribeSubnets DescribeVpcs"
    ),
    "elasticloadbalancing": (
        "DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeTargetGroups "
        "DescribeTargetGroupAttributes DescribeTargetHealth DescribeListeners "
        "DescribeListenerAttributes DescribeTags"
    ),
    "logs": "DescribeLogGroups",
}
RUNNERS = ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]


class ModelMaker(Construct):
    """A role that nobody but CloudFormation can take, with what a model's template needs."""

    def __init__(self, scope: Construct, config: DeploymentConfig, boundary: str) -> None:
        super().__init__(scope, "Maker")
        self.role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("cloudformation.amazonaws.com")
        )
        vpc = look_up(self, config, "network/vpc")
        rights = _Rights(cdk.Stack.of(self), config.full_name, boundary, vpc)
        for statement in rights.all():
            self.role.add_to_policy(statement)


@dataclass(frozen=True)
class _Rights:
    """What can be bound to a name, a path or a mark, is; what knows none of them looks only.

    Balancers and security groups have no name that we could foretell. Those with the mark of the
    deployment may be changed.
    """

    stack: cdk.Stack
    deployment: str
    boundary: str
    vpc: str

    def all(self) -> Iterator[iam.PolicyStatement]:
        yield from self._roles()
        yield from self._containers()
        yield from self._machines()
        yield from self._groups()
        yield from self._balancers()
        yield from self._scaling()
        yield from self._telling()
        looks = [f"{service}:{each}" for service, told in LOOKS.items() for each in told.split()]
        yield iam.PolicyStatement(sid="Look", actions=looks, resources=["*"])

    def _named(self, service: str, *kinds: str) -> list[str]:
        begin = stacks_of(self.deployment)
        return [arn(self.stack, service, f"{kind}{begin}*") for kind in kinds]

    def _marking(self) -> dict[str, object]:
        """Allow only what is made with the mark of the deployment."""
        return {"StringEquals": {f"aws:RequestTag/{DEPLOYMENT_TAG}": self.deployment}}

    def _marked(self) -> dict[str, object]:
        return {"StringEquals": {f"aws:ResourceTag/{DEPLOYMENT_TAG}": self.deployment}}

    def _roles(self) -> Iterator[iam.PolicyStatement]:
        account = f"arn:{self.stack.partition}:iam::{self.stack.account}"
        path = role_path(self.deployment)
        roles, profiles = [f"{account}:role{path}*"], [f"{account}:instance-profile{path}*"]
        bounded = {"StringEquals": {"iam:PermissionsBoundary": self.boundary}}
        yield may(
            "MakeRoles",
            "iam",
            "CreateRole PutRolePermissionsBoundary PutRolePolicy DeleteRolePolicy",
            roles,
            bounded,
        )
        yield may(
            "KeepRoles",
            "iam",
            "GetRole GetRolePolicy ListRolePolicies ListAttachedRolePolicies "
            "ListInstanceProfilesForRole TagRole UntagRole DeleteRole",
            roles,
        )
        to_runners = {"StringEquals": {"iam:PassedToService": RUNNERS}}
        yield may("PassRoles", "iam", "PassRole", roles, to_runners)
        yield may(
            "Profiles",
            "iam",
            "CreateInstanceProfile GetInstanceProfile DeleteInstanceProfile TagInstanceProfile "
            "UntagInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile",
            profiles,
        )
        of_services = {
            "StringEquals": {"iam:AWSServiceName": [f"{each}.amazonaws.com" for each in LINKED]}
        }
        linked = [f"{account}:role/aws-service-role/*"]
        yield may("LinkedRoles", "iam", "CreateServiceLinkedRole", linked, of_services)

    def _containers(self) -> Iterator[iam.PolicyStatement]:
        yield may(
            "Containers",
            "ecs",
            "CreateCluster UpdateCluster DeleteCluster DescribeClusters "
            "PutClusterCapacityProviders DescribeCapacityProviders UpdateCapacityProvider "
            "DeleteCapacityProvider "
            "CreateService UpdateService DeleteService DescribeServices RegisterTaskDefinition "
            "TagResource UntagResource ListTagsForResource",
            self._named("ecs", "cluster/", "capacity-provider/", "service/", "task-definition/"),
        )
        yield may(
            "ContainersByNoName",
            "ecs",
            "CreateCapacityProvider DescribeTaskDefinition DeregisterTaskDefinition",
        )

    def _machines(self) -> Iterator[iam.PolicyStatement]:
        yield may(
            "Machines",
            "autoscaling",
            "CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup "
            "CreateOrUpdateTags DeleteTags",
            self._named("autoscaling", "autoScalingGroup:*:autoScalingGroupName/"),
        )
        templates = [arn(self.stack, "ec2", "launch-template/*")]
        yield may("MakeMachineTemplates", "ec2", "CreateLaunchTemplate", templates, self._marking())
        keeping = "CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate"
        yield may("KeepMachineTemplates", "ec2", keeping, templates, self._marked())
        yield may("StartByOurs", "ec2", "RunInstances", templates, self._marked())
        by_template = {"ArnLike": {"ec2:LaunchTemplate": templates}}
        kinds = ("instance", "network-interface", "security-group", "subnet", "volume")
        started = [arn(self.stack, "ec2", f"{kind}/*") for kind in kinds]
        images = f"arn:{self.stack.partition}:ec2:{self.stack.region}::image/*"
        yield may("StartMachines", "ec2", "RunInstances", [*started, images], by_template)
        yield may("MachineImages", "ssm", "GetParameters", [machine_images(self.stack)])

    def _groups(self) -> Iterator[iam.PolicyStatement]:
        groups = [arn(self.stack, "ec2", "security-group/*")]
        yield may("MakeGroups", "ec2", "CreateSecurityGroup", groups, self._marking())
        here = [arn(self.stack, "ec2", f"vpc/{self.vpc}")]
        yield may("MakeGroupsHere", "ec2", "CreateSecurityGroup", here)
        kinds = ("instance", "launch-template", "network-interface", "security-group", "volume")
        made = [arn(self.stack, "ec2", f"{kind}/*") for kind in kinds]
        yield may("MarkAll", "ec2", "CreateTags", made, _when_made())
        yield may(
            "KeepGroups",
            "ec2",
            "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress "
            "RevokeSecurityGroupIngress RevokeSecurityGroupEgress DeleteSecurityGroup "
            "CreateTags DeleteTags",
            groups,
            self._marked(),
        )

    def _balancers(self) -> Iterator[iam.PolicyStatement]:
        kinds = ("loadbalancer/app/*", "targetgroup/*", "listener/app/*")
        balancers = [arn(self.stack, "elasticloadbalancing", kind) for kind in kinds]
        yield may(
            "MakeBalancers",
            "elasticloadbalancing",
            "CreateLoadBalancer CreateTargetGroup CreateListener",
            balancers,
            self._marking(),
        )
        making = ["CreateLoadBalancer", "CreateTargetGroup", "CreateListener"]
        when_made = {"StringEquals": {"elasticloadbalancing:CreateAction": making}}
        yield may("MarkBalancers", "elasticloadbalancing", "AddTags", balancers, when_made)
        yield may(
            "KeepBalancers",
            "elasticloadbalancing",
            "ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetIpAddressType "
            "DeleteLoadBalancer ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup "
            "ModifyListener ModifyListenerAttributes DeleteListener AddTags RemoveTags",
            balancers,
            self._marked(),
        )

    def _scaling(self) -> Iterator[iam.PolicyStatement]:
        service = "application-autoscaling"
        targets = [arn(self.stack, service, "scalable-target/*")]
        of_services = {"StringEquals": {f"{service}:service-namespace": "ecs"}}
        yield may(
            "Scaling",
            service,
            "RegisterScalableTarget DeregisterScalableTarget PutScalingPolicy DeleteScalingPolicy "
            "PutScheduledAction DeleteScheduledAction",
            targets,
            of_services,
        )
        yield may("TagScaling", service, "TagResource UntagResource ListTagsForResource", targets)

    def _telling(self) -> Iterator[iam.PolicyStatement]:
        yield may(
            "Logs",
            "logs",
            "CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy TagResource "
            "UntagResource ListTagsForResource AssociateKmsKey DisassociateKmsKey",
            self._named("logs", "log-group:"),
        )
        yield may(
            "Alarms",
            "cloudwatch",
            "PutMetricAlarm DeleteAlarms TagResource UntagResource ListTagsForResource",
            self._named("cloudwatch", "alarm:"),
        )


def _when_made() -> dict[str, object]:
    """Allow marks only where something is made with them."""
    made = ["CreateSecurityGroup", "CreateLaunchTemplate", "RunInstances"]
    return {"StringEquals": {"ec2:CreateAction": made}}
