"""Why somebody may or may not do something, asked by who looks after the rights."""

from lisa.domain.identity import Principal
from lisa.domain.policy import Decision, Kind, Thing, Verb, decide, require


def explain(caller: Principal, person: Principal, verb: Verb, thing: Thing) -> Decision:
    """Decide as if this person asked; nothing is done."""
    require(caller, Verb.READ, Thing(Kind.POLICY))
    return decide(person, verb, thing)
