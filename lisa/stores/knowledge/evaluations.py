"""Where golden sets and runs over them lie.

| partition      | sort key              | row                                               |
|----------------|-----------------------|---------------------------------------------------|
| `set#<id>`     | `head`                | a set, without its questions                      |
| `set#<id>`     | `questions#<number>`  | ten questions from that number on                 |
| `run#<id>`     | `head`                | a run, with its figures once it is over           |
| `run#<id>`     | `outcome#<number>`    | what came of a question                           |
| `user#<owner>` | `set#<since>#<id>`    | that the owner has it; `run#<since>#<id>` as well |

Lists find ids and read the heads, so what they show is as last written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from lisa.declared.tables import EVALUATIONS
from lisa.domain.knowledge.evaluation import Outcome, Run, SetHead
from lisa.domain.knowledge.golden import GoldenQuestion
from lisa.ports.table import (
    ABSENT,
    MAX_PAGE,
    Delete,
    Json,
    Key,
    Put,
    Query,
    Row,
    Tables,
    at_version,
)
from lisa.stores.sessions.heads import stamp

HEAD: Final = "head"
QUESTIONS: Final = "questions#"
OUTCOME: Final = "outcome#"
IN_A_ROW: Final = 10  # of the longest questions, as many as a row can have
Head = TypeVar("Head", SetHead, Run)


@dataclass(frozen=True)
class EvaluationStore:
    """Keeps golden sets and runs."""

    tables: Tables

    async def set_by_id(self, set_id: str) -> SetHead | None:
        """Return the set of this id."""
        row = await self.tables.get(EVALUATIONS, Key(f"set#{set_id}", HEAD))
        return _head_of(SetHead, row) if row else None

    async def run_by_id(self, run_id: str) -> Run | None:
        """Return the run of this id, as last written."""
        row = await self.tables.get(EVALUATIONS, Key(f"run#{run_id}", HEAD))
        return _head_of(Run, row) if row else None

    async def sets(self, owner: str, limit: int, cursor: str) -> tuple[list[SetHead], str]:
        """List an owner's sets, newest first."""
        rows, go_on = await self._owned(owner, "set#", limit, cursor)
        return [_head_of(SetHead, row) for row in rows], go_on

    async def runs(self, owner: str, limit: int, cursor: str) -> tuple[list[Run], str]:
        """List an owner's runs, newest first."""
        rows, go_on = await self._owned(owner, "run#", limit, cursor)
        return [_head_of(Run, row) for row in rows], go_on

    async def add_set(self, made: SetHead, questions: Sequence[GoldenQuestion]) -> None:
        """Store a set, whole or not at all."""
        packs = [
            _questions_row(made.id, start, questions[start : start + IN_A_ROW])
            for start in range(0, len(questions), IN_A_ROW)
        ]
        rows = [_head_row(made), _owned_row(made), *packs]
        await self.tables.transact([Put(EVALUATIONS, row, ABSENT) for row in rows])

    async def questions(self, set_id: str, first: int = 0) -> list[GoldenQuestion]:
        """Return a set's questions from that number on."""
        pack = first - first % IN_A_ROW
        rows = await self._all_of(f"set#{set_id}", f"{QUESTIONS}{pack:06d}", f"{QUESTIONS}~")
        found = [each for row in rows for each in _list(row["questions"])]
        return [GoldenQuestion.model_validate(each) for each in found[first - pack :]]

    async def add_run(self, run: Run) -> None:
        """Store a run that begins."""
        await self.tables.transact(
            [Put(EVALUATIONS, row, ABSENT) for row in (_head_row(run), _owned_row(run))]
        )

    async def go_on(self, old: Run, new: Run, outcomes: Sequence[Outcome]) -> Run:
        """Store outcomes and how far the run is; raise `ConditionFailed` if somebody else did."""
        new = new.model_copy(update={"version": old.version + 1})
        rows = [_outcome_row(new.id, each) for each in outcomes]
        head = Put(EVALUATIONS, _head_row(new), at_version(old.version))
        await self.tables.transact([head, *(Put(EVALUATIONS, row) for row in rows)])
        return new

    async def outcomes(self, run_id: str) -> list[Outcome]:
        """Return what came of a run's questions so far."""
        rows = await self._all_of(f"run#{run_id}", OUTCOME, f"{OUTCOME}~")
        return [Outcome.model_validate(row["outcome"], extra="ignore") for row in rows]

    async def remove(self, head: SetHead | Run) -> None:
        """Forget a set or a run; raise `ConditionFailed` if it was changed meanwhile."""
        key, owned = _key_of(head), _owned_key(head)
        rows = await self._all_of(key.pk, OUTCOME, f"{QUESTIONS}~")
        keys = [Key(key.pk, str(row["sk"])) for row in rows]
        await self.tables.delete_many(EVALUATIONS, keys)
        gone = Delete(EVALUATIONS, key, at_version(head.version))
        await self.tables.transact([gone, Delete(EVALUATIONS, owned)])

    async def _owned(
        self, owner: str, prefix: str, limit: int, cursor: str
    ) -> tuple[list[Row], str]:
        query = Query(
            EVALUATIONS,
            f"user#{owner}",
            prefix=prefix,
            newest_first=True,
            limit=limit,
            cursor=cursor,
        )
        page = await self.tables.query(query)
        keys = [Key(f"{prefix}{row['id']}", HEAD) for row in page.rows]
        heads = await self.tables.get_many(EVALUATIONS, keys) if keys else []
        return heads, page.cursor

    async def _all_of(self, partition: str, first: str, last: str) -> list[Row]:
        """Return the rows between these; there are never more than a page."""
        query = Query(EVALUATIONS, partition, first=first, last=last, limit=MAX_PAGE)
        return (await self.tables.query(query)).rows


def _key_of(head: SetHead | Run) -> Key:
    return Key(f"{_kind(head)}#{head.id}", HEAD)


def _owned_key(head: SetHead | Run) -> Key:
    return Key(f"user#{head.owner}", f"{_kind(head)}#{stamp(head.created)}#{head.id}")


def _kind(head: SetHead | Run) -> str:
    return "run" if isinstance(head, Run) else "set"


def _head_row(head: SetHead | Run) -> Row:
    kept = head.model_dump(mode="json", exclude={"version"})
    kept["groups"] = sorted(head.groups)
    return {**_key_of(head)._asdict(), "head": kept, "version": head.version}


def _head_of(kind: type[Head], row: Row) -> Head:
    """Read a head; a field of another release of LISA is passed over."""
    kept = row["head"] if isinstance(row["head"], dict) else {}
    return kind.model_validate(kept | {"version": row["version"]}, extra="ignore")


def _owned_row(head: SetHead | Run) -> Row:
    return {**_owned_key(head)._asdict(), "id": head.id}


def _questions_row(set_id: str, start: int, questions: Sequence[GoldenQuestion]) -> Row:
    kept: list[Json] = [each.model_dump(mode="json") for each in questions]
    return {"pk": f"set#{set_id}", "sk": f"{QUESTIONS}{start:06d}", "questions": kept}


def _outcome_row(run_id: str, outcome: Outcome) -> Row:
    kept = outcome.model_dump(mode="json")
    return {"pk": f"run#{run_id}", "sk": f"{OUTCOME}{outcome.number:06d}", "outcome": kept}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
