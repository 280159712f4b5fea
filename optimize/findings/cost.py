"""How many lives a study will simulate, stage by stage, told before it begins.

Serves whoever waits for it. A life is one policy in one scenario with one population; warm-ups are not counted.
"""

from __future__ import annotations

from ..break_even import own_value, values_shown
from ..study import Plan
from ..verdict import MOST_REPLICATIONS, lives_of_reactions, lives_of_simplification
from .against_today import lived_again

BREAK_EVEN_STEPS = 6
"""Values that the search for one break-even usually takes."""


def planned_lives(plan: Plan, *, reactions: bool = True, simpler: bool = True) -> dict[str, int]:
    """Return the lives of each stage, by its name, at most; a search for a break-even may take a few more."""
    study, scenarios = plan.study, len(plan.scenarios)
    confirmed = study.confirmation.shortlist + 1
    own = own_value(plan.scenarios)
    values = [value for value in values_shown(own) if value != own]
    fresh = min(study.confirmation.replications, MOST_REPLICATIONS)
    found = {
        "search": study.search.policies * scenarios * study.search.replications,
        "race": (study.race.shortlist + 1) * scenarios * study.race.replications,
        "confirmation": confirmed * scenarios * study.confirmation.replications,
        "attrition effects": (len(values) * confirmed + 2 * BREAK_EVEN_STEPS) * scenarios * fresh,
    }
    if reactions and any(one.rival is not None for one in plan.scenarios):
        found["rival's reactions"] = lives_of_reactions(plan)
    if simpler:
        found["simpler policies"] = lives_of_simplification(plan)
    found["books beside today's"] = 2 * scenarios * lived_again(plan)
    return found


def planned_told(plan: Plan, *, reactions: bool = True, simpler: bool = True) -> str:
    """Return the lives as a sentence, with how to leave out what need not be."""
    lives = planned_lives(plan, reactions=reactions, simpler=simpler)
    off = {"rival's reactions": "--no-rival-reaction", "simpler policies": "--no-simpler"}
    parts = [
        f"{count:,} for {stage}{f' ({off[stage]} leaves them out)' if stage in off else ''}"
        for stage, count in lives.items()
    ]
    return f"At most {sum(lives.values()):,} lives to simulate (a policy in a scenario and population): " + ", ".join(
        parts
    )
