"""Says what goes and what stays, before; and what is left, after."""

from collections.abc import Iterator, Sequence

from deployment.config.deployment import DeploymentConfig
from deployment.takedown.departure import Departure
from deployment.takedown.leftovers import Leftover, Unseen


def departure_words(config: DeploymentConfig, departure: Departure) -> Iterator[str]:
    """Yield what goes and what stays."""
    if departure.is_empty:
        yield f"there is no stack of {config.full_name}"
        return
    stores = {*departure.stores}
    for stack in departure.running:
        what = "a store, with all passages in it" if stack.name in stores else "a model"
        yield f"goes:  {stack.name} ({what})"
    for stack in departure.stacks:
        yield f"goes:  {stack.name}"
    for each in departure.staying:
        yield f"stays: {each.name} ({each.kind.removeprefix('AWS::')} of {each.stack})"
    if config.data == "destroy":
        yield "no data is kept, as the configuration says data: destroy"
    elif not departure.staying:
        yield "nothing stays: the stacks that are deployed keep nothing"


def departure_document(departure: Departure) -> dict[str, object]:
    """Return the same for a program."""
    return {
        "running": [each.name for each in departure.running],
        "stores": list(departure.stores),
        "stacks": [each.name for each in departure.stacks],
        "stays": [
            {"name": each.name, "type": each.kind, "stack": each.stack}
            for each in departure.staying
        ],
    }


def leftover_words(found: Sequence[Leftover], unseen: Sequence[Unseen]) -> Iterator[str]:
    """Yield what is left, with the command that removes each."""
    for title, expected in (("kept, as configured", True), ("left, and not expected", False)):
        some = [each for each in found if each.expected is expected]
        if some:
            yield f"{title}:"
        for each in some:
            yield f"  {each.kind} {each.name}"
            yield f"    {each.command}"
    for missed in unseen:
        yield f"could not look for any {missed.kind}: {missed.why}"
    if not found and not unseen:
        yield "nothing is left"
    yield "not looked at: images and files in the CDK's own repository and bucket, which other"
    yield "deployments may use; `cdk gc --unstable=gc` removes what no stack needs"


def leftover_document(found: Sequence[Leftover], unseen: Sequence[Unseen]) -> dict[str, object]:
    """Return the same for a program."""
    return {
        "left": [
            {
                "kind": each.kind,
                "name": each.name,
                "expected": each.expected,
                "remove": each.command,
            }
            for each in found
        ],
        "unseen": [{"kind": each.kind, "why": each.why} for each in unseen],
    }
