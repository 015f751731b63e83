"""What is wrong with values that don't make a thing: fields are named, values never."""

from typing import Final

from pydantic import ValidationError

MOST_NAMED: Final = 5
LONGEST_FIELD: Final = 200


def named(fault: ValidationError, whole: str = "") -> str:
    """Name the first faults; `whole` is what a fault of no single field is called."""
    told = (
        f"{'.'.join(str(step) for step in each['loc'])[:LONGEST_FIELD] or whole}: {each['msg']}"
        for each in fault.errors(include_input=False, include_url=False)[:MOST_NAMED]
    )
    return "; ".join(told).encode("utf-8", "replace").decode()
