"""Says a plan: to a person, loudest what can't be undone; to a program, as one document."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from deployment.hourly import Billed, usd_per_month, without_price
from deployment.plan.comparing import Change, Fate
from deployment.plan.planning import Plan, StackPlan
from deployment.prices import HOURS_PER_MONTH, PRICES_OF

MARKS: Final = {
    Fate.NEW: "+",
    Fate.CHANGED: "~",
    Fate.MAYBE_REPLACED: "?",
    Fate.REPLACED: "!",
    Fate.REMOVED: "-",
    Fate.LET_GO: "-",
}


def document_of(plan: Plan) -> dict[str, object]:
    """Return what a program is told."""
    return {
        "changes": not plan.changes_nothing,
        "endangers_data": [f"{stack}/{each.resource}" for stack, each in plan.dangers],
        "stacks": [_stack_document(each) for each in plan.stacks],
        "outside": list(plan.outside),
        "billed": [_billed_document(each) for each in plan.billed],
        "usd_per_month": round(usd_per_month(plan.billed), 2),
        "prices_of": PRICES_OF,
        "without_price": len(without_price(plan.billed)),
        "unknown_types": list(plan.unknown_types),
    }


def words_of(plan: Plan) -> Iterator[str]:
    """Yield the lines of a plan."""
    if plan.changes_nothing:
        yield "nothing changes: every stack is as its template says"
    for stack in plan.stacks:
        yield from _stack_words(stack)
    if still := [each.name for each in plan.stacks if not each.changes]:
        yield f"unchanged: {', '.join(still)}"
    if plan.outside:
        yield f"there, but no longer configured: {', '.join(plan.outside)}"
        yield "  a deployment leaves them alone; `aws cloudformation delete-stack` removes one"
    yield ""
    yield from _bill(plan)
    yield from _dangers(plan)


def _stack_words(stack: StackPlan) -> Iterator[str]:
    if not stack.changes:
        return
    if stack.is_new:
        kinds = Counter(each.kind for each in stack.changes).most_common()
        yield f"{stack.name}: new, with {len(stack.changes)} resources"
        yield "  " + ", ".join(f"{count} {_short(kind)}" for kind, count in kinds)
        return
    busy = "; CloudFormation is at work on it" if stack.is_busy else ""
    yield f"{stack.name}: {len(stack.changes)} changes{busy}"
    yield from (f"  {_change_words(each)}" for each in stack.changes)


def _change_words(change: Change) -> str:
    fate = change.fate.upper() if change.fate is Fate.REPLACED else change.fate
    because = f": {', '.join(change.because)}" if change.because else ""
    return f"{MARKS[change.fate]} {fate} {change.resource} ({_short(change.kind)}){because}"


def _dangers(plan: Plan) -> Iterator[str]:
    if not plan.dangers:
        return
    yield ""
    yield "ATTENTION: LISA would lose what these hold:"
    for stack, each in plan.dangers:
        because = f", because of {', '.join(each.because)}" if each.because else ""
        yield f"  {stack}/{each.resource} ({_short(each.kind)}) is {each.fate}{because}"


def _bill(plan: Plan) -> Iterator[str]:
    """Group what is alike, dearest first."""
    yield f"billed for being there, in US dollars for {HOURS_PER_MONTH} hours:"
    alike: dict[str, list[Billed]] = {}
    for each in plan.billed:
        alike.setdefault(each.what, []).append(each)
    for what, billed in sorted(alike.items(), key=lambda each: -usd_per_month(each[1])):
        amount = sum(each.amount or 0 for each in billed)
        unknown = without_price(billed)
        cost = f"{usd_per_month(billed):9.2f}" if not unknown else "  price unknown"
        yield f"{cost}  {amount:g} x {what}"
    yield f"{usd_per_month(plan.billed):9.2f}  together, by list prices of {PRICES_OF}{_but(plan)}"
    yield "what is used comes on top: calls, tokens, what is stored and sent, models that run"
    if plan.unknown_types:
        yield f"not known whether billed by the hour: {', '.join(plan.unknown_types)}"


def _but(plan: Plan) -> str:
    unknown = len(without_price(plan.billed))
    return f", without {unknown} of unknown price" if unknown else ""


def _short(kind: str) -> str:
    return kind.removeprefix("AWS::")


def _stack_document(stack: StackPlan) -> dict[str, object]:
    return {
        "name": stack.name,
        "new": stack.is_new,
        "busy": stack.is_busy,
        "changes": [
            {
                "resource": each.resource,
                "type": each.kind,
                "fate": each.fate.value,
                "because": list(each.because),
                "holds_data": each.holds_data,
            }
            for each in stack.changes
        ],
    }


def _billed_document(billed: Billed) -> dict[str, object]:
    return {
        "stack": billed.stack,
        "resource": billed.resource,
        "what": billed.what,
        "amount": billed.amount,
        "usd": billed.price.usd,
        "per": billed.price.per,
        "usd_per_month": billed.usd_per_month,
        "source": billed.price.source,
        "dated": billed.price.dated,
    }
