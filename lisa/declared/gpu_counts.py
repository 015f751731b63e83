"""How many GPUs an instance type has, for those who name only the type."""

from collections.abc import Mapping
from typing import Final

from lisa.declared.engine_options.gpus import GPU_OF_FAMILY

# From the same specifications as the names of the GPUs; whatever isn't here has one.
BY_SIZE: Final[Mapping[str, int]] = {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8}
OF_G7: Final[Mapping[str, int]] = {"12xlarge": 2, "24xlarge": 4, "48xlarge": 8}
OF_P: Final[Mapping[str, int]] = {"8xlarge": 4, "16xlarge": 8, "24xlarge": 8, "48xlarge": 8}
OF_P5: Final[Mapping[str, int]] = {"48xlarge": 8}
OF_FAMILY: Final[Mapping[str, Mapping[str, int]]] = {
    **dict.fromkeys(("g4dn", "g5", "g6", "g6e"), BY_SIZE),
    **dict.fromkeys(("g7", "g7e"), OF_G7),
    **dict.fromkeys(("p3", "p3dn", "p4d", "p4de"), OF_P),
    **dict.fromkeys(("p5", "p5e", "p5en", "p6-b200", "p6-b300"), OF_P5),
    "g5g": {"16xlarge": 2},
}


def gpus_in(instance_type: str) -> int:
    """Return the number; 0 where the type has no GPU that an engine runs on."""
    family, _, size = instance_type.partition(".")
    if family not in GPU_OF_FAMILY:
        return 0
    return OF_FAMILY.get(family, {}).get(size, 1)
