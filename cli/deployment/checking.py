"""The command `lisa preflight`: what would go wrong, before anything is deployed."""

import typer

from cli.deployment.options import Sets
from cli.deployment.target import File, target_of
from cli.errors import FAILED
from cli.options import Json
from cli.output import answer
from deployment.preflight.check import Check, State
from deployment.preflight.examining import examine


def preflight(*, file: File = None, options: Sets = None, as_json: Json = False) -> None:
    """Check that an account of AWS has what a deployment needs, without changing anything.

    What may not be asked is told as unknown. Ends with 1 if the deployment would fail.

    For example:
      lisa preflight my.yaml
      lisa preflight my.yaml --json
    """
    target = target_of(file, options)
    checks = examine(target.config, target.account)
    fails = [each for each in checks if each.state is State.FAIL]
    document = {
        "deployment": target.name,
        "ready": not fails,
        "checks": [
            {
                "name": each.name,
                "state": each.state.value,
                "found": each.found,
                "next_step": each.next_step,
            }
            for each in checks
        ],
    }
    answer(document, "\n".join(line for each in checks for line in _lines(each)), as_json=as_json)
    if fails:
        raise typer.Exit(FAILED)


def _lines(check: Check) -> list[str]:
    state = check.state.value if check.state is not State.FAIL else "FAIL"
    first = f"{state:<8}{check.name}: {check.found}"
    return [first, f"        -> {check.next_step}"] if check.next_step else [first]
