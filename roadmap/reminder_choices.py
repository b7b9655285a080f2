"""Which reminders there are to choose among: those with a rule that is in force."""

from dataclasses import dataclass

from roadmap.actions.reminding import rules_in_force
from roadmap.occasions import Occasion, occasions


@dataclass(frozen=True)
class Choice:
    """``always``: the secretariat sends every reminder of it in any case; ``partly``: some of them."""

    occasion: Occasion
    always: bool
    partly: bool


def choices() -> list[Choice]:
    """In the order in which occasions are registered."""
    rules = rules_in_force()
    return [
        Choice(
            occasion,
            all(rule.mandatory for rule in rules[occasion.code]),
            any(rule.mandatory for rule in rules[occasion.code]),
        )
        for occasion in occasions()
        if occasion.code in rules
    ]
