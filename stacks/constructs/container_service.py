"""A door as containers on ECS: all defaults in one place, the rest from its declaration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from deployment.config.services import ContainerConfig
from lisa.declared.entry_points import Service
from stacks.constructs.asking_roles import tell_stores_of
from stacks.constructs.certificates import IN_CONTAINER, trusting
from stacks.constructs.entry_role import role_of
from stacks.constructs.environment import environment_of, resource_names
from stacks.constructs.fleet import Fleet
from stacks.constructs.grants import statements_for
from stacks.constructs.image import image_of
from stacks.constructs.parameters import publish
from stacks.constructs.retention import log_of

# Fargate waits no longer; what drains is given a little less, so that it ends by itself.
SECONDS_TO_STOP: Final = 120
OPEN_FILES: Final = 65_536


@dataclass(frozen=True)
class Place:
    """Where tasks run, and whose targets they are; of those that nobody calls there are `tasks`."""

    vpc: ec2.IVpc
    group: ec2.ISecurityGroup
    targets: elb.ApplicationTargetGroup | None = None
    on_instances: bool = False
    tasks: int = 1


class ContainerService(Construct):
    """A cluster with one service in it, its role, its log and, if it is called, its scaling."""

    def __init__(
        self,
        scope: Construct,
        config: DeploymentConfig,
        service: Service,
        wanted: ContainerConfig,
        place: Place,
        told: Mapping[str, object],
    ) -> None:
        super().__init__(scope, f"Service-{service.name}")
        self._service, self._wanted, self._place = service, wanted, place
        names = resource_names(self, config, service)
        self.role = role_of(self, config, service, "ecs-tasks.amazonaws.com")
        for statement in statements_for(self, service, names):
            self.role.add_to_policy(statement)
        tell_stores_of(self, config, service, self.role)
        task = self._task()
        environment = environment_of(self, service, config, {**names, **told})
        self.container = self._container(config, task, environment)
        running = self._run(task)
        publish(self, config, f"service/{service.name}/cluster", running.cluster.cluster_name)
        publish(self, config, f"service/{service.name}/name", running.service_name)

    def _task(self) -> ecs.TaskDefinition:
        size = self._wanted.capacity
        task = ecs.TaskDefinition(
            self,
            "Task",
            compatibility=(
                ecs.Compatibility.EC2 if self._place.on_instances else ecs.Compatibility.FARGATE
            ),
            network_mode=ecs.NetworkMode.AWS_VPC,
            cpu=str(size.cpu),
            memory_mib=str(size.memory_mb),
            task_role=self.role,
        )
        task.add_volume(name="tmp")
        return task

    def _container(
        self, config: DeploymentConfig, task: ecs.TaskDefinition, environment: dict[str, str]
    ) -> ecs.ContainerDefinition:
        limits = ecs.LinuxParameters(self, "Limits", init_process_enabled=True)
        limits.drop_capabilities(ecs.Capability.ALL)
        container = task.add_container(
            self._service.name,
            image=image_of(self, config.artifacts, self._service, self._wanted.image),
            environment={**environment, **trusting(config.artifacts, IN_CONTAINER)},
            readonly_root_filesystem=True,
            linux_parameters=limits,
            stop_timeout=cdk.Duration.seconds(SECONDS_TO_STOP),
            health_check=self._health_check(),
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix=self._service.name,
                log_group=log_of(self, config),
                # A log that isn't taken must not hold up calls.
                mode=ecs.AwsLogDriverMode.NON_BLOCKING,
            ),
            port_mappings=self._ports(),
            ulimits=[
                ecs.Ulimit(name=ecs.UlimitName.NOFILE, soft_limit=OPEN_FILES, hard_limit=OPEN_FILES)
            ],
        )
        container.add_mount_points(
            ecs.MountPoint(source_volume="tmp", container_path="/tmp", read_only=False)  # noqa: S108 - the task's own
        )
        return container

    def _ports(self) -> list[ecs.PortMapping] | None:
        port = self._service.port
        return [ecs.PortMapping(container_port=port)] if port else None

    def _health_check(self) -> ecs.HealthCheck:
        url = f"http://127.0.0.1:{self._service.port}{self._service.health_path}"
        ask = ["-c", f"import urllib.request as web; web.urlopen('{url}', timeout=4)"]
        pulse = ["-m", f"containers.{self._service.name}.pulse"]
        return ecs.HealthCheck(
            command=["CMD", "python", *(ask if self._service.port else pulse)],
            interval=cdk.Duration.seconds(15),
            timeout=cdk.Duration.seconds(5),
            retries=3,
            start_period=cdk.Duration.seconds(60),
        )

    def _run(self, task: ecs.TaskDefinition) -> ecs.BaseService:
        place = self._place
        cluster = ecs.Cluster(
            self, "Cluster", vpc=place.vpc, container_insights_v2=ecs.ContainerInsights.ENABLED
        )
        common: dict[str, Any] = {
            "cluster": cluster,
            "task_definition": task,
            "security_groups": [place.group],
            "vpc_subnets": ec2.SubnetSelection(subnets=place.vpc.private_subnets),
            "assign_public_ip": False,
            "min_healthy_percent": 100,
            "max_healthy_percent": 200,
            "circuit_breaker": ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
        }
        if place.targets is None:
            return ecs.FargateService(self, "Service", desired_count=place.tasks, **common)
        common["health_check_grace_period"] = cdk.Duration.seconds(60)
        return self._run_behind(place.targets, cluster, common)

    def _run_behind(
        self, targets: elb.ApplicationTargetGroup, cluster: ecs.Cluster, common: dict[str, Any]
    ) -> ecs.BaseService:
        service: ecs.BaseService
        if self._place.on_instances:
            service = self._on_instances(cluster, common)
        else:
            service = ecs.FargateService(self, "Service", **common)
        service.attach_to_application_target_group(targets)
        # How many there are is the scaling's business; a deployment doesn't set it back.
        resource = cast("ecs.CfnService", service.node.find_child("Service"))
        resource.add_property_deletion_override("DesiredCount")
        self._scale(service, targets)
        return service

    def _on_instances(self, cluster: ecs.Cluster, common: dict[str, Any]) -> ecs.Ec2Service:
        fleet = Fleet(self, cluster, self._wanted, self._place.vpc, self._place.group)
        return ecs.Ec2Service(
            self,
            "Service",
            capacity_provider_strategies=[
                ecs.CapacityProviderStrategy(capacity_provider=fleet.provider, weight=1)
            ],
            placement_strategies=[
                ecs.PlacementStrategy.spread_across("attribute:ecs.availability-zone")
            ],
            **common,
        )

    def _scale(self, service: ecs.BaseService, targets: elb.ApplicationTargetGroup) -> None:
        size = self._wanted.capacity
        scaling = service.auto_scale_task_count(
            min_capacity=size.min_tasks, max_capacity=size.max_tasks
        )
        scaling.scale_on_cpu_utilization("Busy", target_utilization_percent=size.busy_percent)
        scaling.scale_on_request_count(
            "Requests",
            requests_per_target=size.busy_requests,
            target_group=targets,
        )
