"""Writes to DynamoDB: one alone or several as a transaction, over rows that may have expired."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from botocore.exceptions import ClientError

from lisa.adapters.dynamodb.attributes import read_row
from lisa.adapters.dynamodb.calls import Calls, Patience, error_code, refusal, translated
from lisa.adapters.dynamodb.expressions import purge_arguments, write_arguments
from lisa.domain.errors import ConditionFailed
from lisa.ports.clock import Clock
from lisa.ports.rows import is_live, whole_seconds
from lisa.ports.table import ALWAYS, Check, Delete, Put, Row, Step, Update

OPERATIONS: Final = {Put: "put_item", Update: "update_item", Delete: "delete_item"}
KINDS: Final = {Put: "Put", Update: "Update", Delete: "Delete", Check: "ConditionCheck"}
BUSY: Final = {"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"}
FAILED: Final = "ConditionalCheckFailed"


class Writes:
    """Writes accepted steps."""

    def __init__(self, calls: Calls, names: Mapping[str, str], clock: Clock) -> None:
        """`names` says what each declared table is called in this deployment."""
        self._calls = calls
        self._names = names
        self._clock = clock

    async def write(self, step: Step) -> Row | None:
        """Do one write and return the row it leaves."""
        patience = Patience(self._clock)
        while True:
            try:
                return await self._write_once(step)
            except ClientError as error:
                if error_code(error) != f"{FAILED}Exception":
                    raise translated(error) from error
                if not self._is_in_the_way(step, error.response):
                    raise ConditionFailed from error
                await self._purge(step)
                await patience.wait(error)

    async def transact(self, steps: Sequence[Step]) -> None:
        """Do all writes or none."""
        patience = Patience(self._clock)
        while True:
            try:
                await self._transact_once(steps)
            except ClientError as error:
                if error_code(error) != "TransactionCanceledException":
                    raise translated(error) from error
                await self._clear_the_way(steps, error)
                await patience.wait(error)
            else:
                return

    async def _write_once(self, step: Step) -> Row | None:
        arguments = self._arguments(step)
        if isinstance(step, Update):
            arguments["ReturnValues"] = "ALL_NEW"
        answer = await self._calls.call(
            OPERATIONS[type(step)], arguments, repeatable=_same_if_repeated(step)
        )
        if isinstance(step, Update):
            return read_row(answer["Attributes"])
        return step.row if isinstance(step, Put) else None

    async def _transact_once(self, steps: Sequence[Step]) -> None:
        items = [{KINDS[type(step)]: self._arguments(step)} for step in steps]
        # With the token DynamoDB knows a repeated call and does it once.
        arguments = {"TransactItems": items, "ClientRequestToken": str(uuid4())}
        await self._calls.call("transact_write_items", arguments, repeatable=True)

    async def _clear_the_way(self, steps: Sequence[Step], error: ClientError) -> None:
        """Return if the transaction may succeed when tried again, else raise why not."""
        reasons = error.response["CancellationReasons"]
        blocked = [
            step
            for step, reason in zip(steps, reasons, strict=True)
            if reason.get("Code") == FAILED and self._is_in_the_way(step, reason)
        ]
        for step in blocked:
            await self._purge(step)
        if not blocked:
            _raise_what_is_final(reasons, error)

    def _is_in_the_way(self, step: Step, answer: Mapping[str, Any]) -> bool:
        """Tell whether an update failed only because its row has expired and isn't swept yet."""
        wants_it_present = step.when.present or step.when.version is not None
        if not isinstance(step, Update) or wants_it_present:
            return False
        return not is_live(step.table, read_row(answer.get("Item") or {}), self._clock.now())

    async def _purge(self, step: Step) -> None:
        arguments = purge_arguments(step, self._names[step.table.name], self._now())
        try:
            await self._calls.call("delete_item", arguments, repeatable=True)
        except ClientError as error:
            if error_code(error) != f"{FAILED}Exception":
                raise translated(error) from error

    def _arguments(self, step: Step) -> dict[str, Any]:
        return write_arguments(step, self._names[step.table.name], self._now())

    def _now(self) -> int:
        return whole_seconds(self._clock.now())


def _same_if_repeated(step: Step) -> bool:
    return step.when == ALWAYS and not (isinstance(step, Update) and step.add)


def _raise_what_is_final(reasons: Sequence[Mapping[str, Any]], error: ClientError) -> None:
    codes = [reason.get("Code") for reason in reasons]
    if FAILED in codes:
        failed = [position for position, code in enumerate(codes) if code == FAILED]
        raise ConditionFailed(failed) from error
    if BUSY.isdisjoint(codes):
        messages = " ".join(str(reason.get("Message")) for reason in reasons)
        raise refusal(messages) or translated(error) from error
