"""What was answered to requests that may be repeated; in the table of timelines, for a season.

| partition      | sort key | row                                       |
|----------------|----------|-------------------------------------------|
| `request#<id>` | `answer` | what was asked, and the model as it became |
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.declared.tables import EXPIRES, MODEL_EVENTS
from lisa.domain.model import Model
from lisa.ports.table import ABSENT, Key, Put, Row, Tables
from lisa.stores.model_events import KEPT_FOR

ANSWER: Final = "answer"


@dataclass(frozen=True)
class Repeatable:
    """A request that may come twice: `id` is the same then, and so is `content` if it is honest.

    Both are digests: neither the key nor what was sent can be read from them.
    """

    id: str
    content: str


@dataclass(frozen=True)
class Answered:
    """What a request with this content was answered."""

    content: str
    model: Model


@dataclass(frozen=True)
class ModelAnswers:
    """Keeps answers, written in one transaction with what they tell of."""

    tables: Tables

    def steps(self, request: Repeatable | None, model: Model, at: datetime) -> tuple[Put, ...]:
        """Return the write of an answer; it fails where the request was answered already.

        What can't be repeated isn't kept.
        """
        if request is None:
            return ()
        kept = json.dumps(model.model_dump(mode="json", exclude_none=True), sort_keys=True)
        row: Row = {"content": request.content, "model": kept}
        row[EXPIRES] = int((at + KEPT_FOR).timestamp())
        return (Put(MODEL_EVENTS, {**_place(request)._asdict(), **row}, ABSENT),)

    async def to(self, request: Repeatable) -> Answered | None:
        """Return what a request was answered, if it was."""
        row = await self.tables.get(MODEL_EVENTS, _place(request))
        if row is None:
            return None
        model = Model.model_validate(json.loads(str(row["model"])), extra="ignore")
        return Answered(str(row["content"]), model)


def _place(request: Repeatable) -> Key:
    return Key(f"request#{request.id}", ANSWER)
