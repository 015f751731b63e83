"""What the authorizer writes down of a decision, and that a store in trouble spoils none."""

import asyncio
from typing import Any

import pytest

from lambdas.authorizer.notes import note_refusal, patiently
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.domain.audit import Entry, Outcome
from lisa.domain.errors import Forbidden, NotAdmitted, Unauthenticated
from lisa.domain.identity import Principal
from lisa.ports.table import Delete, Put, Row, Update
from lisa.stores.audit import AuditStore, Search
from lisa.usecases.audit import Audit, Refusals

ADMIN = Principal(subject="root", admin=True)
EVENT: dict[str, Any] = {
    "httpMethod": "DELETE",
    "path": "/sessions/one",
    "resource": "/sessions/{proxy+}",
    "queryStringParameters": {"code": "confidential"},
    "headers": {"authorization": "confidential"},
    "requestContext": {"identity": {"sourceIp": "192.0.2.1"}, "requestId": "request-1"},
}


class Broken(MemoryTables):
    """Has a bug."""

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        raise ZeroDivisionError(step)


def audit_over(tables: MemoryTables) -> Audit:
    return Audit(AuditStore(tables), ManualClock(), RandomIds())


async def noted(refusal: Forbidden, event: dict[str, Any]) -> Entry:
    audit = audit_over(MemoryTables(ManualClock()))
    await note_refusal(Refusals(audit), event, refusal)
    [entry], _ = await audit.page(ADMIN, Search())
    return entry


async def test_a_strangers_refusal_tells_what_was_asked_for_and_from_where() -> None:
    entry = await noted(Unauthenticated("no", code="token_refused"), EVENT)

    assert (entry.who, entry.how, entry.ip) == ("", "", "192.0.2.1")
    assert (entry.verb, entry.kind, entry.object_id) == ("delete", "request", "/sessions/one")
    assert (entry.outcome, entry.reason) == (Outcome.DENIED, "token_refused")
    assert entry.request_id == "request-1"
    assert "confidential" not in entry.model_dump_json()


async def test_a_login_that_is_let_in_nowhere_is_noted_by_its_name() -> None:
    entry = await noted(NotAdmitted("alice"), EVENT)

    assert (entry.who, entry.how, entry.reason) == ("alice", "session", "not_in_group")


async def test_an_event_that_says_less_is_noted_too() -> None:
    entry = await noted(Forbidden("no"), {"httpMethod": "GET"})

    assert (entry.verb, entry.object_id, entry.ip) == ("get", "", "")


async def test_a_store_in_trouble_spoils_no_decision(caplog: pytest.LogCaptureFixture) -> None:
    refusals = Refusals(audit_over(Broken(ManualClock())))
    await note_refusal(refusals, EVENT, Unauthenticated("no"))

    assert "was not written down" in caplog.text


async def test_a_store_that_does_not_answer_is_not_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await patiently(asyncio.Event().wait(), seconds=0.01)

    assert "was not written down" in caplog.text
