"""The accounts of the local profile, and everybody's own password."""

from datetime import datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from lisa.domain.accounts import Account, AccountName, Group
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor
from lisa.http.services import AccountServices, Caller, Given
from lisa.http.strict_json import StrictRoute

router = APIRouter(tags=["users"], route_class=StrictRoute, responses=may_answer(400, 404, 409))

FewGroups: TypeAlias = Annotated[frozenset[Group], Field(max_length=100)]
Password: TypeAlias = Annotated[str, Field(max_length=1024, json_schema_extra={"writeOnly": True})]


class UserCreate(BaseModel):
    """An account to make."""

    model_config = ConfigDict(extra="forbid")

    name: AccountName
    password: Password
    groups: FewGroups = frozenset()


class UserChange(BaseModel):
    """What to change of an account: what isn't there stays. `version` is the one you have seen."""

    model_config = ConfigDict(extra="forbid")

    groups: FewGroups | None = None
    disabled: bool | None = None
    password: Password | None = None
    version: Annotated[int, Field(ge=1)] | None = None


class PasswordChange(BaseModel):
    """One's password, and the next one."""

    model_config = ConfigDict(extra="forbid")

    current: Password
    new: Password


class UserOut(BaseModel):
    """An account."""

    name: str
    groups: list[str]
    disabled: bool
    created: datetime
    version: int

    @classmethod
    def of(cls, account: Account) -> "UserOut":
        """Show an account."""
        return cls.model_validate(account.model_dump() | {"groups": sorted(account.groups)})


class UserPage(BaseModel):
    """Accounts by name."""

    items: list[UserOut]
    next_cursor: str


def account_services(given: Given) -> AccountServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.accounts is None:
        raise LookupError("this app was not given accounts")
    return given.accounts


Uses: TypeAlias = Annotated[AccountServices, Depends(account_services)]


@router.get("/users")
async def page(
    uses: Uses,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = "",
) -> UserPage:
    """List accounts; for administrators."""
    found, go_on = await uses.accounts.page(caller, limit=limit, cursor=cursor)
    return UserPage(items=[UserOut.of(account) for account in found], next_cursor=go_on)


@router.post("/users", status_code=201)
async def create(uses: Uses, caller: Caller, wanted: UserCreate) -> UserOut:
    """Make an account; for administrators."""
    made = await uses.accounts.create(caller, wanted.name, wanted.password, wanted.groups)
    return UserOut.of(made)


@router.get("/users/{name}")
async def get(uses: Uses, caller: Caller, name: str) -> UserOut:
    """Return an account; for administrators."""
    return UserOut.of(await uses.accounts.get(caller, name))


@router.patch("/users/{name}")
async def change(uses: Uses, caller: Caller, name: str, wanted: UserChange) -> UserOut:
    """Change groups or password, disable or enable; for administrators.

    The person's tokens follow within a second. Disabling, or another password, ends all sign-ins.
    """
    changed = await uses.accounts.change(
        caller,
        name,
        groups=wanted.groups,
        disabled=wanted.disabled,
        password=wanted.password,
        version=wanted.version,
    )
    return UserOut.of(changed)


@router.delete("/users/{name}", status_code=204)
async def remove(uses: Uses, caller: Caller, name: str) -> None:
    """Remove an account; for administrators. Within a second its tokens are refused."""
    await uses.accounts.remove(caller, name)


@router.post("/me/password", status_code=204, responses=may_answer(429))
async def change_own_password(uses: Uses, caller: Caller, wanted: PasswordChange) -> None:
    """Change your own password; it ends all your sign-ins, this one too."""
    await uses.accounts.change_own_password(caller, wanted.current, wanted.new)
