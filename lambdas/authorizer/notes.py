"""What the authorizer leaves behind of a decision; writing it never spoils or holds up one."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Any, Final

from lisa.domain.audit import Circumstances, Deed, Outcome
from lisa.domain.errors import Forbidden, NotAdmitted
from lisa.domain.identity import Principal
from lisa.usecases.audit import CIRCUMSTANCES, Refusals

PATIENCE: Final = 0.5
log = logging.getLogger("lisa.authorizer")


async def note_refusal(refusals: Refusals, event: Mapping[str, Any], refusal: Forbidden) -> None:
    """Record who was refused what: path and route without the query, which may hold secrets."""
    around = event.get("requestContext", {})
    ip = str(around.get("identity", {}).get("sourceIp", ""))
    CIRCUMSTANCES.set(Circumstances(ip, str(around.get("requestId", ""))))
    who = Principal(subject=refusal.subject) if isinstance(refusal, NotAdmitted) else None
    deed = Deed(
        verb=event["httpMethod"].lower(),
        kind="request",
        object_id=str(event.get("path", "")),
        route=str(event.get("resource", "")),
        outcome=Outcome.DENIED,
        reason=refusal.precise_code,
    )
    await patiently(refusals.note(who, deed))


async def patiently(writing: Awaitable[object], seconds: float = PATIENCE) -> None:
    """Wait for what is being written, as the process rests once the answer is out; not for long."""
    try:
        async with asyncio.timeout(seconds):
            await writing
    except Exception:
        log.exception("what happened at the authorizer was not written down")
