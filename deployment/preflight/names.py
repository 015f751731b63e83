"""Whether names that are ours alone are free, or taken by what was left from before."""

from collections.abc import Iterator
from typing import Final

from deployment.preflight.check import Check, Situation, fail, ok, warn

LOST: Final = ("ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED")
CLEAN: Final = "`lisa destroy --plan-only` lists what is left, with how to remove it"


def login_page(situation: Situation) -> Iterator[Check]:
    """Ask whether the address of the login page is free, or ours already."""
    config = situation.config
    if not config.has_user_pool:
        return
    prefix = config.identity.cognito.login_prefix or f"{config.full_name}-{situation.number}"
    told = situation.account.ask("cognito-idp", "describe_user_pool_domain", Domain=prefix)
    taken = told.get("DomainDescription", {}).get("UserPoolId")
    if taken and "identity" not in situation.stacks():
        yield fail(
            "login page",
            f"{prefix} is taken, by the user pool {taken}",
            "set identity.cognito.login_prefix to another name",
        )
    else:
        yield ok("login page", f"{prefix} is {'ours' if taken else 'free'}")


def stacks(situation: Situation) -> Iterator[Check]:
    """Look for stacks that CloudFormation can't go on with."""
    ours = situation.stacks().values()
    lost = [each.name for each in ours if each.status in LOST]
    busy = [each.name for each in ours if each.is_busy]
    if lost:
        yield fail(
            "stacks",
            f"CloudFormation gave up on {', '.join(lost)}",
            "go on with a rollback by `aws cloudformation continue-update-rollback`, or delete "
            "the stack",
        )
    elif busy:
        yield warn("stacks", f"CloudFormation is at work on {', '.join(busy)}", "wait for it")
    else:
        yield ok("stacks", f"{len(ours)} are there, all at rest" if ours else "there are none yet")


def tables(situation: Situation) -> Iterator[Check]:
    """Look for tables that a deployment before this one left: they aren't taken up again."""
    begin = f"{situation.config.stack_name('data')}-"
    if "data" in situation.stacks():
        return
    found = situation.account.every("dynamodb", "list_tables", "TableNames")
    left = [each for each in found if each.startswith(begin)]
    if left:
        yield warn(
            "tables",
            f"{len(left)} were left from before, such as {left[0]}: new ones are made beside them",
            CLEAN,
        )
    else:
        yield ok("tables", "none were left from before")


def parameters(situation: Situation) -> Iterator[Check]:
    """Look for parameters that no stack of ours has any more: their names are taken."""
    if situation.stacks():
        return
    path = f"/{situation.config.name}/{situation.config.stage}"
    found = situation.account.every(
        "ssm", "get_parameters_by_path", "Parameters", Path=path, Recursive=True
    )
    yield _free("parameters", [each["Name"] for each in found])


def functions(situation: Situation) -> Iterator[Check]:
    """Look for functions that no stack of ours has any more: their names are taken."""
    if situation.stacks():
        return
    begin = f"{situation.config.full_name}-"
    found = situation.account.every("lambda", "list_functions", "Functions")
    taken = [each["FunctionName"] for each in found]
    yield _free("functions", [each for each in taken if each.startswith(begin)])


def _free(name: str, taken: list[str]) -> Check:
    if taken:
        return fail(name, f"{len(taken)} are left from before, such as {taken[0]}", CLEAN)
    return ok(name, "their names are free")
