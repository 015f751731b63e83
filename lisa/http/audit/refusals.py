"""Hands a refused request to the audit."""

from fastapi import Request

from lisa.domain.audit import Deed, Outcome
from lisa.domain.errors import Forbidden, NotAdmitted
from lisa.domain.identity import Principal
from lisa.http.services import Services


async def note_refusal(services: Services | None, request: Request, refusal: Forbidden) -> None:
    """Record who was refused what, if this app was given an audit."""
    if services is None or services.refusals is None:
        return
    who = request.scope.get("state", {}).get("principal")
    if isinstance(refusal, NotAdmitted):
        who = Principal(subject=refusal.subject)
    deed = Deed(
        verb=request.method.lower(),
        kind="request",
        object_id=request.url.path,
        route=getattr(request.scope.get("route"), "path", ""),
        outcome=Outcome.DENIED,
        reason=refusal.precise_code,
    )
    await services.refusals.note(who, deed)
