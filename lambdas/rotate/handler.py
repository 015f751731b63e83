"""The door by which Secrets Manager replaces the secrets between our own processes."""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from lisa.bootstrap.rotate import Rotation, build


def handle(event: Mapping[str, Any], _context: object) -> None:
    """Do one step of a rotation."""
    _at_first_call().step(event["Step"], event["SecretId"], event["ClientRequestToken"])


@cache
def _at_first_call() -> Rotation:
    return build(os.environ)
