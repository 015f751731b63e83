"""A load balancer before one service: who it waits for, where its log goes, when a task is well."""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from deployment.config.services import ContainerConfig
from lisa.declared.entry_points import Service
from stacks.constructs.parameters import publish
from stacks.constructs.surroundings import HTTP, HTTPS


@dataclass(frozen=True)
class Front:
    """Where a balancer stands, and what it listens with."""

    vpc: ec2.IVpc
    group: ec2.ISecurityGroup
    public: bool = False
    certificate: str = ""


class Balancer(Construct):
    """An application load balancer with one listener, one target group and an access log."""

    def __init__(
        self,
        scope: Construct,
        config: DeploymentConfig,
        service: Service,
        wanted: ContainerConfig,
        front: Front,
    ) -> None:
        super().__init__(scope, "Balancer")
        self._keep = config.data == "retain"
        self.balancer = self._balancer(wanted, front)
        self.targets = elb.ApplicationTargetGroup(
            self,
            "Targets",
            vpc=front.vpc,
            port=service.port,
            protocol=elb.ApplicationProtocol.HTTP,
            target_type=elb.TargetType.IP,
            load_balancing_algorithm_type=elb.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
            deregistration_delay=cdk.Duration.seconds(wanted.drain_seconds),
            health_check=elb.HealthCheck(
                path=service.health_path,
                healthy_http_codes="200",
                # As soon as a balancer can: until then every other call goes to a dead task.
                interval=cdk.Duration.seconds(5),
                timeout=cdk.Duration.seconds(4),
                healthy_threshold_count=2,
                unhealthy_threshold_count=2,
            ),
        )
        self._listen(front)
        known = self.balancer.load_balancer_full_name, self.targets.target_group_full_name
        publish(self, config, f"service/{service.name}/balancer", known[0])
        publish(self, config, f"service/{service.name}/targets", known[1])

    def _balancer(self, wanted: ContainerConfig, front: Front) -> elb.ApplicationLoadBalancer:
        subnets = front.vpc.public_subnets if front.public else front.vpc.private_subnets
        balancer = elb.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=front.vpc,
            vpc_subnets=ec2.SubnetSelection(subnets=subnets),
            internet_facing=front.public,
            security_group=front.group,
            idle_timeout=cdk.Duration.seconds(wanted.idle_seconds),
            drop_invalid_header_fields=True,
            deletion_protection=self._keep,
        )
        log = self._access_log()
        # Not log_access_logs(): that wants the region's name, which is known at deployment only.
        balancer.set_attribute("access_logs.s3.enabled", "true")
        balancer.set_attribute("access_logs.s3.bucket", log.bucket_name)
        balancer.node.add_dependency(log)
        return balancer

    def _access_log(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLog",
            # The only encryption that load balancers write with.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(90))],
            removal_policy=cdk.RemovalPolicy.RETAIN if self._keep else cdk.RemovalPolicy.DESTROY,
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="BalancerWrites",
                principals=[iam.ServicePrincipal("logdelivery.elasticloadbalancing.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[bucket.arn_for_objects(f"AWSLogs/{cdk.Aws.ACCOUNT_ID}/*")],
            )
        )
        return bucket

    def _listen(self, front: Front) -> None:
        secure = bool(front.certificate)
        self.balancer.add_listener(
            "Listener",
            port=HTTPS if secure else HTTP,
            protocol=elb.ApplicationProtocol.HTTPS if secure else elb.ApplicationProtocol.HTTP,
            certificates=(
                [elb.ListenerCertificate.from_arn(front.certificate)] if secure else None
            ),
            ssl_policy=elb.SslPolicy.RECOMMENDED_TLS if secure else None,
            open=False,
            default_action=elb.ListenerAction.forward([self.targets]),
        )
