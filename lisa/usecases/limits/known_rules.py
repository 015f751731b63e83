"""Which limits hold for whom, remembered for as long as what they follow from stays the same."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lisa.domain.identity import Limits
from lisa.domain.model import Model
from lisa.ports.calls import Ask
from lisa.usecases.limits.rules import Rule, rules_for
from lisa.usecases.limits.settings import LimitSettings

MOST_REMEMBERED: Final = 10_000


class _Known(NamedTuple):
    rules: tuple[Rule, ...]
    settings: LimitSettings
    model: Model
    limits: Limits | None
    groups: frozenset[str]


@dataclass
class KnownRules:
    """Finds the rules of a call.

    Whatever is read anew is another object, though it says the same: rules that follow from an
    older one are worked out again.
    """

    _known: dict[tuple[str, str | None, str], _Known] = field(default_factory=dict)

    def of(self, ask: Ask, settings: LimitSettings) -> tuple[Rule, ...]:
        """Return the limits that hold for a call."""
        caller, model = ask.caller, ask.model
        place = (caller.subject, caller.token_id, model.id)
        known = self._known.get(place)
        if (
            known
            and known.settings is settings
            and known.model is model
            and known.limits is caller.limits
            and known.groups == caller.groups
        ):
            return known.rules
        rules = tuple(rules_for(ask, settings.everybody, settings.users, settings.groups))
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[place] = _Known(rules, settings, model, caller.limits, caller.groups)
        return rules
