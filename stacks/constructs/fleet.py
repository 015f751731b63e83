"""Instances that make room for tasks on EC2: as many as the tasks need, replaced without a cut."""

from typing import Final

from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.services import ContainerConfig
from stacks.constructs.statement import may

DISK_GB: Final = 50


class Fleet(Construct):
    """A group of instances as a cluster's capacity."""

    def __init__(
        self,
        scope: Construct,
        cluster: ecs.Cluster,
        wanted: ContainerConfig,
        vpc: ec2.IVpc,
        group: ec2.ISecurityGroup,
    ) -> None:
        super().__init__(scope, "Fleet")
        instances = autoscaling.AutoScalingGroup(
            self,
            "Instances",
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnets=vpc.private_subnets),
            launch_template=self._template(wanted, group, self._role(cluster)),
            min_capacity=_least(wanted, vpc),
            max_capacity=wanted.max_instances,
            new_instances_protected_from_scale_in=False,
        )
        provider = ecs.AsgCapacityProvider(
            self,
            "Provider",
            auto_scaling_group=instances,
            enable_managed_scaling=True,
            enable_managed_draining=True,
            enable_managed_termination_protection=False,
        )
        cluster.add_asg_capacity_provider(provider)
        self.provider = provider.capacity_provider_name

    def _role(self, cluster: ecs.Cluster) -> iam.IRole:
        """Return a role for the agent: it serves this cluster, and what it starts has its own."""
        role = iam.Role(self, "InstanceRole", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        arn = cluster.cluster_arn
        changes = (
            "RegisterContainerInstance DeregisterContainerInstance SubmitAttachmentStateChanges "
            "SubmitContainerStateChange SubmitTaskStateChange"
        )
        here = {"ArnEquals": {"ecs:cluster": arn}}
        for statement in (
            may("Register", "ecs", changes, [arn]),
            may("Listen", "ecs", "Poll StartTelemetrySession", conditions=here),
            may("FindEndpoint", "ecs", "DiscoverPollEndpoint"),
        ):
            role.add_to_policy(statement)
        return role.without_policy_updates()  # the CDK would add logs and registries of all

    def _template(
        self, wanted: ContainerConfig, group: ec2.ISecurityGroup, role: iam.IRole
    ) -> ec2.LaunchTemplate:
        starting = ec2.UserData.for_linux()
        # Tasks have roles of their own; that of the instance is none of their business.
        starting.add_commands("echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config")
        return ec2.LaunchTemplate(
            self,
            "Template",
            machine_image=ecs.EcsOptimizedImage.amazon_linux2023(),
            instance_type=ec2.InstanceType(wanted.instance_type),
            security_group=group,
            role=role,
            user_data=starting,
            associate_public_ip_address=False,
            require_imdsv2=True,
            http_put_response_hop_limit=1,
            detailed_monitoring=True,
            block_devices=[
                ec2.BlockDevice(
                    device_name="/dev/xvda",
                    volume=ec2.BlockDeviceVolume.ebs(
                        DISK_GB, encrypted=True, volume_type=ec2.EbsDeviceVolumeType.GP3
                    ),
                )
            ],
        )


def _least(wanted: ContainerConfig, vpc: ec2.IVpc) -> int:
    """Return how many machines there always are: the group makes them in zones of their own.

    Left to the tasks alone, two small ones would be given one machine between them.
    """
    tasks = wanted.capacity.min_tasks
    return min(tasks, len(vpc.private_subnets), wanted.max_instances) if tasks > 1 else 0
