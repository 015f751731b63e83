"""Notes in the audit who was refused at the gateway, beside the request."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.audit import Circumstances, Deed, Outcome
from lisa.domain.errors import Forbidden, LisaError, NotAdmitted
from lisa.domain.identity import Principal
from lisa.gateway.asgi import Scope
from lisa.usecases.audit import CIRCUMSTANCES, Refusals

MOST_AT_ONCE: Final = 100
PATIENCE: Final = 5.0
log = logging.getLogger("lisa.gateway")


@dataclass
class Denials:
    """Writes refusals down; neither a flood of them nor a table that is away holds anybody up."""

    refusals: Refusals | None = None
    _writing: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    def note(
        self,
        refusal: Forbidden,
        who: Principal | None,
        scope: Scope,
        route: str,
        request_id: str,
    ) -> None:
        """Begin to write one down."""
        if self.refusals is None or len(self._writing) >= MOST_AT_ONCE:
            return
        if isinstance(refusal, NotAdmitted):
            who = Principal(subject=refusal.subject)
        deed = Deed(
            verb=scope["method"].lower(),
            kind="request",
            object_id=scope["path"],
            route=route,
            outcome=Outcome.DENIED,
            reason=refusal.precise_code,
        )
        host, _ = scope.get("client") or ("", 0)
        before = CIRCUMSTANCES.set(Circumstances(host, request_id))
        task = asyncio.create_task(_written(self.refusals, who, deed))
        CIRCUMSTANCES.reset(before)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)


async def _written(refusals: Refusals, who: Principal | None, deed: Deed) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await refusals.note(who, deed)
    except (LisaError, TimeoutError) as error:
        log.warning("a refusal was not written down: %s", error)
