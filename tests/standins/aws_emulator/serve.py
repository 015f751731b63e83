"""What the emulator's own interpreter runs: ministack, with what we need to know and to change.

Each hook reaches into private parts of the pinned version; tests/deploy/test_emulator.py has a
smoke test for each.
"""

import logging
import os
from pathlib import Path
from typing import Any

# Not in our environment: the emulator has one of its own.
from ministack import app  # type: ignore[import-not-found] # see above
from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found] # see above
from ministack.services import ssm  # type: ignore[import-not-found] # see above
from ministack.services.cloudformation import (  # type: ignore[import-not-found] # see above
    provisioners,
)

MACHINE_IMAGE = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"
RECORDED_ONLY = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::ECS::CapacityProvider",
    "AWS::ECS::ClusterCapacityProviderAssociations",
)


def main() -> None:
    """Serve until a signal comes."""
    _note_unmapped_actions(Path(os.environ["UNMAPPED_ACTIONS_LOG"]))
    _take_loopback_for_tls()
    _record_what_it_has_no_service_for()
    _know_secrets_by_their_arns()
    app.main()


def _note_unmapped_actions(file: Path) -> None:
    """Ministack allows what it can't map to an IAM action, and says so at debug level only."""
    noted = logging.FileHandler(file)
    noted.addFilter(lambda record: record.getMessage().endswith("allowing"))
    iam_actions.logger.setLevel(logging.DEBUG)
    iam_actions.logger.addHandler(noted)
    iam_actions.logger.propagate = False


def _take_loopback_for_tls() -> None:
    """Our buckets refuse plain HTTP, which is all that is spoken here."""
    pin = iam_evaluator.pin_request_origin
    app.pin_request_origin = lambda address, _is_tls: pin(address, secure_transport=True)


def _record_what_it_has_no_service_for() -> None:
    """Let templates name what has no effect here: no instance starts, nothing scales."""
    ssm._PUBLIC_AMI_PARAMETERS[MACHINE_IMAGE] = "ami-0123456789abcdef0"
    for kind in RECORDED_ONLY:
        provisioners._RESOURCE_HANDLERS[kind] = {
            "create": lambda logical_id, _properties, stack: (f"{stack}-{logical_id}", {}),
            "update": lambda physical_id, _before, _after, _stack: (physical_id, {}),
            "delete": lambda _physical_id, _properties: None,
        }


def _know_secrets_by_their_arns() -> None:
    """Let a template's `Ref` of a secret be its ARN, as on AWS, not its name."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create = handlers["create"]

    def created(*wanted: Any) -> tuple[str, dict[str, str]]:
        _, attributes = create(*wanted)
        return attributes["Arn"], attributes

    handlers["create"] = created


if __name__ == "__main__":
    main()
