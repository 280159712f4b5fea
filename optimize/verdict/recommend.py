"""The recommendation: which confirmed policy to take, or that nothing found beats the incumbent.

Serves the strategist's decision. The rule is short and is told with its result: of the policies that keep all limits
and beat the incumbent in all objectives on fresh seeds, take the one whose smallest gain is largest, each gain counted
at the worse end of its interval and as a share of the incumbent's figure. Those whose intervals all exclude zero come
first by this rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from memberlab.results import Uplift

from ..search import CONFIRMATION_CAUTION, Goals, Objective, front
from .confirm import Confirmed


class Verdict(Enum):
    """How sure the recommendation is."""

    CERTAIN = "beats the incumbent in all objectives; every interval excludes zero"
    LIKELY = "beats the incumbent in all objectives on average; not every interval excludes zero"
    KEEP = "nothing found beats the incumbent in all objectives"


@dataclass(frozen=True, slots=True)
class Standing:
    """What fresh seeds say of one confirmed policy."""

    confirmed: Confirmed
    feasible: bool
    """Whether it keeps every limit, at 1.28 standard errors."""
    on_front: bool
    """Whether no other feasible policy is at least as good in all objectives and better in one."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The verdict, the policy to take (the incumbent when nothing beats it), and the best of the others."""

    verdict: Verdict
    chosen: Standing
    trade_off: Standing | None
    """Where the incumbent is kept: the feasible policy whose largest loss is smallest, if there is one."""
    standings: tuple[Standing, ...]
    """Everything confirmed, the incumbent first."""


def recommend(confirmed: Sequence[Confirmed], goals: Goals) -> Recommendation:
    """Return the recommendation from what was confirmed, the incumbent first."""
    standings = _standings(confirmed, goals)
    incumbent, *others = standings
    feasible = [one for one in others if one.feasible]
    better = [one for one in feasible if least_gain(one.confirmed, goals) > 0]
    if not better:
        best = max(feasible, key=lambda one: least_gain(one.confirmed, goals), default=None)
        return Recommendation(Verdict.KEEP, incumbent, best, standings)
    chosen = max(better, key=lambda one: least_gain(one.confirmed, goals, certain=True))
    is_certain = least_gain(chosen.confirmed, goals, certain=True) > 0
    return Recommendation(Verdict.CERTAIN if is_certain else Verdict.LIKELY, chosen, None, standings)


def least_gain(confirmed: Confirmed, goals: Goals, *, certain: bool = False) -> float:
    """Return the smallest gain over the objectives, as a share of the incumbent's figure.

    With `certain`, each gain is that at the worse end of its interval.
    """
    return min(gain(confirmed.aims[one.kpi], one, certain=certain) for one in goals.objectives)


def gain(uplift: Uplift, objective: Objective, *, certain: bool = False) -> float:
    """Return an objective's gain as a share of the incumbent's figure (of 1 where that is 0); more is better."""
    worse = uplift.low if objective.aim > 0 else uplift.high
    return objective.aim * (worse if certain else uplift.difference) / (abs(uplift.baseline) or 1.0)


def _standings(confirmed: Sequence[Confirmed], goals: Goals) -> tuple[Standing, ...]:
    feasible = [goals.is_feasible(one.figures, CONFIRMATION_CAUTION) for one in confirmed]
    rows = [row for row, fits in enumerate(feasible) if fits]
    gains = [[aim.aim * confirmed[row].aims[aim.kpi].value for aim in goals.objectives] for row in rows]
    best = {rows[place] for place in front(gains)}
    return tuple(Standing(one, feasible[row], row in best) for row, one in enumerate(confirmed))
