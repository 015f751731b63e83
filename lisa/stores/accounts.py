"""Where accounts lie: one row each, under its name."""

from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import ACCOUNTS
from lisa.domain.accounts import Account
from lisa.ports.table import ABSENT, Delete, Key, Put, Query, Row, Step, Tables, at_version

SORT: Final = "account"
KIND: Final = "account"


@dataclass(frozen=True)
class AccountStore:
    """Keeps accounts. Every write may do further steps in the same transaction."""

    tables: Tables

    async def by_name(self, name: str) -> Account | None:
        """Return the account of this name, be it disabled."""
        row = await self.tables.get(ACCOUNTS, _key(name))
        return _from_row(row) if row else None

    async def page(self, limit: int, cursor: str) -> tuple[list[Account], str]:
        """List accounts by name, and the cursor from which to go on."""
        query = Query(ACCOUNTS, KIND, index="by_kind", limit=limit, cursor=cursor)
        page = await self.tables.query(query)
        return [_from_row(row) for row in page.rows], page.cursor

    async def add(self, account: Account, *steps: Step) -> None:
        """Store a new account; where the name is taken, raise `ConditionFailed`."""
        await self.tables.transact([Put(ACCOUNTS, _row(account), ABSENT), *steps])

    async def change(self, old: Account, new: Account, *steps: Step) -> Account:
        """Replace the account if nobody did so meanwhile, else raise `ConditionFailed`."""
        new = new.model_copy(update={"version": old.version + 1})
        put = Put(ACCOUNTS, _row(new), at_version(old.version))
        await self.tables.transact([put, *steps])
        return new

    async def remove(self, account: Account, *steps: Step) -> None:
        """Forget the account, unless it was changed meanwhile: then raise `ConditionFailed`."""
        delete = Delete(ACCOUNTS, _key(account.name), at_version(account.version))
        await self.tables.transact([delete, *steps])


def _key(name: str) -> Key:
    return Key(name, SORT)


def _row(account: Account) -> Row:
    key = _key(account.name)
    return {
        "pk": key.pk,
        "sk": key.sk,
        "kind": KIND,
        "name": account.name,
        "version": account.version,
        "account": account.model_dump(mode="json", exclude={"version"}),
    }


def _from_row(row: Row) -> Account:
    fields = row["account"] if isinstance(row["account"], dict) else {}
    return Account.model_validate(fields | {"version": row["version"]})
