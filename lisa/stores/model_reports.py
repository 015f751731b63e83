"""What gateways and hosts say of models now and then, so that others need not ask them.

| partition    | sort key          | row                                                    |
|--------------|-------------------|--------------------------------------------------------|
| `model#<id>` | `gateway#<id>`    | when it was called last there, and how much it is used |
| `model#<id>` | `host`            | what there is of it: its replicas, and how they are    |
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter

from lisa.declared.tables import EXPIRES, MODEL_REPORTS
from lisa.domain.frozen import Frozen
from lisa.ports.hosts import Observed
from lisa.ports.table import Key, Put, Query, Row, Tables

KEPT_FOR: Final = timedelta(days=60)  # longer than the longest idle time
BELIEVED_FOR: Final = timedelta(seconds=15)  # of calls under way: a gateway may have died
MOST_GATEWAYS: Final = 1000
GATEWAY: Final = "gateway#"
HOST: Final = "host"
OBSERVED: Final = TypeAdapter(Observed)


class Minute(Frozen):
    """What the engines of a model had to do within a minute, by one gateway or by all."""

    calls: int = 0  # that were sent to them
    answered: int = 0  # to which an answer began
    seconds: float = 0  # that all these waited for that, together
    under_way: float = 0  # on average


class Use(Frozen):
    """What one gateway tells of one model; `minute` is the one that ended when it was told."""

    last_used: datetime
    under_way: int
    told: datetime
    minute: Minute | None = None


@dataclass(frozen=True)
class HostReport:
    """What a model's host was seen to have, and when."""

    seen: Observed
    told: datetime


@dataclass(frozen=True)
class ModelReports:
    """Keeps the last word of each."""

    tables: Tables

    async def tell_use(self, gateway: str, model_id: str, use: Use) -> None:
        """Keep a gateway's last word of a model."""
        await self._tell(
            _place(model_id, f"{GATEWAY}{gateway}"), {"use": use.model_dump(mode="json")}, use.told
        )

    async def tell_host(self, model_id: str, report: HostReport) -> None:
        """Keep what a host was seen to have of a model."""
        seen = OBSERVED.dump_python(report.seen, mode="json")
        await self._tell(
            _place(model_id, HOST), {"seen": seen, "told": report.told.isoformat()}, report.told
        )

    async def host(self, model_id: str) -> HostReport | None:
        """Return what a model's host was seen to have last."""
        row = await self.tables.get(MODEL_REPORTS, _place(model_id, HOST))
        if row is None:
            return None
        return HostReport(
            OBSERVED.validate_python(row["seen"]), datetime.fromisoformat(str(row["told"]))
        )

    async def uses(self, model_id: str) -> list[Use]:
        """Return what gateways told of a model."""
        partition = _place(model_id, "").pk
        query = Query(
            MODEL_REPORTS,
            partition,
            first=GATEWAY,
            last=f"{GATEWAY}\U0010ffff",
            limit=MOST_GATEWAYS,
        )
        rows = (await self.tables.query(query)).rows
        return [Use.model_validate(row["use"], extra="ignore") for row in rows]

    async def last_used(self, model_id: str) -> datetime | None:
        """Return when it was called last; None says that nobody knows."""
        return max((each.last_used for each in await self.uses(model_id)), default=None)

    async def under_way(self, model_id: str, now: datetime) -> int:
        """Return how many calls haven't ended, by those who said so just now."""
        since = now - BELIEVED_FOR
        return sum(each.under_way for each in await self.uses(model_id) if each.told > since)

    async def forget(self, model_id: str) -> None:
        """Forget all that was said of a model that is gone."""
        partition = _place(model_id, "").pk
        rows = (await self.tables.query(Query(MODEL_REPORTS, partition, limit=MOST_GATEWAYS))).rows
        keys = [Key(str(row["pk"]), str(row["sk"])) for row in rows]
        await self.tables.delete_many(MODEL_REPORTS, keys)

    async def _tell(self, place: Key, said: Row, at: datetime) -> None:
        row: Row = {**place._asdict(), **said, EXPIRES: int((at + KEPT_FOR).timestamp())}
        await self.tables.apply(Put(MODEL_REPORTS, row))


def _place(model_id: str, who: str) -> Key:
    return Key(f"model#{model_id}", who)
