"""EC2's instance types as the SDK's own description of the service lists them."""

import asyncio
from collections.abc import Sequence
from functools import cache

from botocore.loaders import create_loader


class SdkInstanceTypes:
    """Reads the SDK's data files: no call, no credentials."""

    async def names(self) -> Sequence[str]:
        """Return all that this release of the SDK knows, sorted."""
        return await asyncio.to_thread(_names)


@cache
def _names() -> tuple[str, ...]:
    model = create_loader().load_service_model("ec2", "service-2")
    return tuple(sorted(model["shapes"]["InstanceType"]["enum"]))
