"""What a container is told about tracing: OpenTelemetry's own variables."""

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_secretsmanager as secretsmanager

from deployment.config.deployment import DeploymentConfig


def tell_of_tracing(container: ecs.ContainerDefinition, config: DeploymentConfig) -> None:
    """Name the collector, if there is one; what it wants to see as headers is filled in by ECS."""
    wanted = config.tracing
    if not wanted.endpoint:
        return
    named = f"service.namespace={config.name},deployment.environment.name={config.stage}"
    told = {
        "EXPORTER_OTLP_ENDPOINT": wanted.endpoint,
        "TRACES_SAMPLER": "parentbased_traceidratio",
        "TRACES_SAMPLER_ARG": str(wanted.sampled),
        "RESOURCE_ATTRIBUTES": named,
    }
    for name, value in told.items():
        container.add_environment(f"OTEL_{name}", value)
    if wanted.headers:
        secret = secretsmanager.Secret.from_secret_complete_arn(
            container, "TracingHeaders", wanted.headers
        )
        container.add_secret("OTEL_EXPORTER_OTLP_HEADERS", ecs.Secret.from_secrets_manager(secret))
