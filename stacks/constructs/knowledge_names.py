"""What a door that has to do with documents is told: queues, where passes lie, the gateway."""

from typing import Final

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Touching
from stacks.constructs.parameters import look_up, path_of

GATEWAY: Final = "serve/url"
PASSES: Final = "passes/secret"
QUEUE_ARNS: Final = "queue_arns"
ASKED_STORES: Final = "asked_stores"


def knowledge_names(
    scope: Construct, config: DeploymentConfig, door: Touching
) -> dict[str, object]:
    """Return values by settings field, and what only grants need; none where documents aren't."""
    names: dict[str, object] = {f"queue_{queue.name}": "" for queue in door.sends}
    if door.passes:
        names["passes_secret"] = ""
    if not config.has_knowledge:
        return names
    for queue in door.sends:
        names[f"queue_{queue.name}"] = look_up(scope, config, f"queue/{queue.name}/url")
    names[QUEUE_ARNS] = [look_up(scope, config, f"queue/{each.name}/arn") for each in door.sends]
    if door.passes:
        names["passes_secret"] = f"secret:{look_up(scope, config, PASSES)}"
    if door.calls_gateway:
        # Not filled in at deployment: functions come first, then the gateway.
        names["gateway"] = f"parameter:{path_of(config, GATEWAY)}"
    if door.sources:
        names["source_buckets"] = list(config.knowledge.source_buckets)
    if door.asks_stores:
        names[ASKED_STORES] = config.full_name
    return names
