"""Where people lie: one row for each subject we have heard of."""

from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import PEOPLE
from lisa.domain.people import Person
from lisa.ports.table import ABSENT, Key, Put, Row, Tables, at_version

SORT: Final = "person"


@dataclass(frozen=True)
class PeopleStore:
    """Keeps people."""

    tables: Tables

    async def by_subject(self, subject: str) -> Person | None:
        """Return who has this subject."""
        row = await self.tables.get(PEOPLE, Key(subject, SORT))
        return _from_row(row) if row else None

    async def write(self, person: Person) -> None:
        """Store the person if nobody did so since it was read, else raise `ConditionFailed`."""
        await self.tables.apply(self.step(person))

    def step(self, person: Person) -> Put:
        """Return the same as a step of a transaction."""
        when = at_version(person.version) if person.version else ABSENT
        row: Row = {
            "pk": person.subject,
            "sk": SORT,
            "version": person.version + 1,
            "person": person.model_dump(mode="json", exclude={"version"}),
        }
        return Put(PEOPLE, row, when)


def _from_row(row: Row) -> Person:
    fields = row["person"] if isinstance(row["person"], dict) else {}
    return Person.model_validate(fields | {"version": row["version"]})
