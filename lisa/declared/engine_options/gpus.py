"""Which GPU an instance type has, told by the family its name begins with."""

import re
from typing import Final

from lisa.domain.hosting import Hosting

# From the specifications of instance types of 2026-07-11 (github.com/aws/karpenter-provider-aws).
GPU_OF_FAMILY: Final = {
    "g4dn": "t4",
    "g5": "a10g",
    "g5g": "t4g",
    "g6": "l4",
    "g6f": "l4",
    "gr6": "l4",
    "gr6f": "l4",
    "g6e": "l40s",
    "g7": "rtx-pro-4500",
    "g7e": "rtx-pro-server-6000",
    "p3": "v100",
    "p3dn": "v100",
    "p4d": "a100",
    "p4de": "a100",
    "p5": "h100",
    "p5e": "h200",
    "p5en": "h200",
    "p6-b200": "b200",
    "p6-b300": "b300",
}
ARM: Final = re.compile(r"^[a-z]+\d+g")


def gpu_of(hosting: Hosting) -> str | None:
    """Return the name of the GPU, empty where it is unknown, and None where there is none."""
    if hosting.gpus == 0:
        return None
    return GPU_OF_FAMILY.get(_family(hosting), "")


def is_arm(hosting: Hosting) -> bool:
    """Tell whether the instance type has an Arm processor."""
    return ARM.match(_family(hosting)) is not None


def _family(hosting: Hosting) -> str:
    return hosting.instance_type.partition(".")[0]
