"""What a study's confirmed policies would bring if the rival reacted more or less, on the same fresh seeds.

Serves the recommendation: how far a rival matches what a programme gives is a guess, so the choice is made again under
several. Only scenarios with a rival are lived anew; it cannot react before launch, so what came before stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..execution import Progress, Steps
from ..ledger import EvaluationLedger
from ..study import Plan
from .confirm import Confirmed, confirm
from .other_values import MOST_REPLICATIONS
from .recommend import Recommendation

REACTIONS: tuple[float, ...] = (0.0, 0.5, 1.0)
"""Shares of our give-back that the rival matches: not at all, half, all of it (behaviour reference, 2.9)."""
RIVAL_REACTION = "rival_reaction"
"""How tables call it; in a scenario it is `rival.reaction`."""


@dataclass(frozen=True)
class Reacted:
    """The confirmed policies under several reactions of the rival."""

    scenarios: tuple[str, ...] = ()
    """Scenarios that have a rival."""
    own: float | None = None
    """The reaction that all of them assume; None where they differ or there are none."""
    by_value: Mapping[float, Sequence[Confirmed]] = field(default_factory=dict[float, Sequence[Confirmed]])
    """All confirmed policies, the incumbent first, by reaction in rising order; empty where nothing was tried."""


def own_reaction(plan: Plan) -> float | None:
    """Return the rival's reaction in all scenarios that have one, 0 to 1; None where they differ or there are none."""
    values = {one.rival.reaction / 10_000 for one in plan.scenarios if one.rival is not None}
    return values.pop() if len(values) == 1 else None


def reactions_shown(own: float | None) -> tuple[float, ...]:
    """Return the reactions at which the choice is made again, in rising order: the usual three, and the study's own."""
    return tuple(sorted({*REACTIONS, *([] if own is None else [own])}))


def try_reactions(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    found: Recommendation,
    warm_up_folder: Path | None = None,
    progress: Progress | None = None,
) -> Reacted:
    """Return all confirmed policies under several reactions; nothing where no scenario has a rival.

    They are lived by the same fresh populations as the confirmation.
    """
    rivals = tuple(one.name for one in plan.scenarios if one.rival is not None)
    policies = [one.confirmed.policy for one in found.standings[1:]]
    own = own_reaction(plan)
    if not rivals or not policies:
        return Reacted(rivals, own)
    replications = min(plan.study.confirmation.replications, MOST_REPLICATIONS)
    values = reactions_shown(own)
    steps = Steps(len(values), progress)
    by_value = {}
    for value in values:
        changed = under_reaction(plan, value)
        # the ledger is filled for scenarios with a rival alone: the others stand in it already
        for part in (only_with_rival(changed), changed):
            by_value[value] = confirm(
                part, ledger, executor, policies, replications=replications, warm_up_folder=warm_up_folder
            )
        steps.step()
    return Reacted(rivals, own, by_value)


def under_reaction(plan: Plan, value: float) -> Plan:
    """Return the plan with every rival matching that share, 0 to 1, of what our programme gives back."""
    share = f"{100 * value:g} %"
    scenarios = tuple(
        one
        if one.rival is None or one.rival.reaction == round(10_000 * value)
        else one.with_({"rival.reaction": share})
        for one in plan.scenarios
    )
    return replace(plan, scenarios=scenarios)


def only_with_rival(plan: Plan) -> Plan:
    """Return the plan with the scenarios that have a rival alone."""
    places = [place for place, one in enumerate(plan.scenarios) if one.rival is not None]
    total = sum(plan.weights[place] for place in places)
    return replace(
        plan,
        scenarios=tuple(plan.scenarios[place] for place in places),
        weights=tuple(plan.weights[place] / total for place in places),
        populations=tuple(plan.populations[place] for place in places),
    )


def lives_of_reactions(plan: Plan) -> int:
    """Return how many lives of a policy trying the reactions adds at most: one scenario and population is one life."""
    rivals = sum(one.rival is not None for one in plan.scenarios)
    values = [value for value in reactions_shown(own_reaction(plan)) if value != own_reaction(plan)]
    replications = min(plan.study.confirmation.replications, MOST_REPLICATIONS)
    return len(values) * rivals * replications * (plan.study.confirmation.shortlist + 1)
