"""The example deployment with everything chosen that adds resources to it."""

from deployment.config.account import EncryptionConfig
from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from deployment.config.watching import BackupConfig, ObservabilityConfig
from tests.stacks.conftest import WITH_INFERENCE


def complete() -> DeploymentConfig:
    """Return what every part is made from: instances, a key, endpoints, traces, alarms, backups."""
    config = read_config(WITH_INFERENCE)
    chosen = {
        "encryption": EncryptionConfig(key="make"),
        "network": config.network.model_copy(update={"endpoints": True}),
        "serve": config.serve.model_copy(update={"launch": "ec2"}),
        "knowledge": config.knowledge.model_copy(update={"serverless_endpoint": "make"}),
        "observability": ObservabilityConfig(tracing=True, alarm_emails=("ops@example.com",)),
        "backup": BackupConfig(enabled=True),
    }
    return config.model_copy(update=chosen)
