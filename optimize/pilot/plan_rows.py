"""The plan table: for each duration, split and way of reading, how many shoppers a pilot needs.

Serves pilot planning: the table, and which of its rows is recommended.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .question import WEEKS_OF_THE_RULE, PilotQuestion
from .replays import METHODS
from .sample_size import Spread, arms_of, best_share, power_of, shoppers_needed, smallest_effect
from .twin_outcomes import TwinOutcomes

EVEN, SMALL_HOLD_OUT = 0.5, 0.9
"""Splits that are shown where none was asked for: half and half, and a hold-out of a tenth."""

WORTH_IT = 0.01
"""Part of the cost that the cheapest split must save to be shown."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One way to run the pilot; figures and effects are in the figure's unit (cents or pieces a shopper, shares)."""

    weeks: int
    split: str
    """`asked for`, `even`, `small hold-out` or `cheapest`."""
    share: float
    """Share of the pilot's shoppers who get the candidate."""
    method: str
    """`plain` difference of the arms, or `adjusted` by prior spend."""
    baseline: float
    effect: float
    """Effect to detect."""
    effect_error: float
    """Its standard error in the pool, where it is the simulated one; 0 where it was asked for."""
    spread: Spread
    correlation: float
    """Of the figure with prior spend, under the incumbent."""
    saved: float
    """Share of the shoppers that the adjustment saves."""
    shoppers: int
    """Needed in both arms."""
    shoppers_error: float
    """Relative standard error of that, as the pool that tells variance and effect is a sample too."""
    power: float | None
    """With the customers there are; None where no limit was named."""
    smallest_effect: float | None
    """That the customers there are can see, in the figure's unit; None where no limit was named."""

    @property
    def arms(self) -> tuple[int, int]:
        """Return the shoppers needed under the candidate and in the hold-out."""
        return arms_of(self.shoppers, self.share)

    @property
    def relative_effect(self) -> float | None:
        """Return the effect as a share of the incumbent's figure; None where that is 0."""
        return self.effect / abs(self.baseline) if self.baseline else None

    @property
    def is_too_short(self) -> bool:
        """Return whether the pilot ends before the horizon rule allows a verdict."""
        return self.weeks < WEEKS_OF_THE_RULE

    def is_within(self, customers: int | None) -> bool:
        """Return whether there are customers enough."""
        return customers is None or self.shoppers <= customers


def plan_rows(question: PilotQuestion, outcomes: Sequence[TwinOutcomes]) -> tuple[PlanRow, ...]:
    """Return the rows by duration, split and method. Raises ValueError where the effect asked for is 0 at a duration:
    a share of a figure that is 0, or a candidate that changes nothing.
    """
    rows = []
    for lived in outcomes:
        effect = effect_at(question, lived)
        if effect == 0:
            raise ValueError(_why_nothing(question, lived))
        for split, share in _splits(question, lived):
            for method in METHODS:
                rows.append(_row(question, lived, effect, split, share, method))
    return tuple(rows)


def effect_at(question: PilotQuestion, lived: TwinOutcomes) -> float:
    """Return the effect to detect at one duration, in the figure's unit."""
    return lived.effect if question.effect is None else question.effect.of(lived.incumbent.value)


def _why_nothing(question: PilotQuestion, lived: TwinOutcomes) -> str:
    figure = question.figure.title.lower()
    if question.effect is None:
        return (
            f"after {lived.weeks} weeks the candidate changes the {figure} by exactly 0, which no pilot can see; name "
            "the effect to look for, or another KPI"
        )
    return (
        f"after {lived.weeks} weeks the {figure} under the incumbent is 0, so a share of it is nothing; name the "
        "effect in the figure's own unit, or another KPI"
    )


def _splits(question: PilotQuestion, lived: TwinOutcomes) -> list[tuple[str, float]]:
    """Return the splits of a duration by name; the one that is recommended comes first."""
    asked = [("even", EVEN), ("small hold-out", SMALL_HOLD_OUT)]
    if question.share is not None:
        asked = [("asked for", question.share)]
    best = best_share(lived.adjusted(EVEN), question.cost_ratio)
    spread = lived.adjusted(EVEN)
    costs = [_cost(spread, share, question.cost_ratio) for share in (best, *(share for _, share in asked))]
    if costs[0] < (1 - WORTH_IT) * min(costs[1:]):
        is_first = question.share is None and question.cost_ratio != 1
        asked.insert(0 if is_first else len(asked), ("cheapest", best))
    return asked


def _cost(spread: Spread, share: float, cost_ratio: float) -> float:
    """Return what a pilot costs at a split, in shoppers of the hold-out for an effect of one standard error."""
    return spread.of_total(share) * (share * cost_ratio + 1.0 - share)


def _row(question: PilotQuestion, lived: TwinOutcomes, effect: float, split: str, share: float, method: str) -> PlanRow:
    is_plain = method == METHODS[0]
    spread = lived.spread if is_plain else lived.adjusted(share)
    needed = shoppers_needed(spread, share, effect, question.certainty)
    whole = lived.spread.of_total(share)
    customers = question.customers
    error = lived.effect_error if question.effect is None else 0.0
    uncertain = math.hypot(
        lived.variance_error(share, 0.0 if is_plain else lived.slope(share)), 2.0 * error / abs(effect)
    )  # fmt: skip
    return PlanRow(
        lived.weeks, split, share, method, lived.incumbent.value, effect, error, spread, lived.correlation,
        1.0 - spread.of_total(share) / whole if whole else 0.0, needed, uncertain,
        None if customers is None else power_of(spread, customers, share, effect, question.certainty),
        None if customers is None else smallest_effect(spread, customers, share, question.certainty),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PilotChoice:
    """The pilot that is recommended, and the one with the fewest shoppers among those that last long enough."""

    row: PlanRow
    shoppers: int
    """Of the pilot that is replayed: those needed, or all customers where there are fewer."""
    fewest: PlanRow

    @property
    def is_powered(self) -> bool:
        """Return whether there are customers enough for the power asked for."""
        return self.shoppers >= self.row.shoppers


def choose(question: PilotQuestion, rows: Sequence[PlanRow]) -> PilotChoice:
    """Return the shortest pilot of half a year or more for which there are customers, read with adjustment; where there
    are too few customers for any, the one with the highest power. Shorter ones only where nothing longer was asked.
    """
    first_split = {row.weeks: row.split for row in reversed(rows)}
    adjusted = [row for row in rows if row.method == METHODS[1] and row.split == first_split[row.weeks]]
    long_enough = [row for row in adjusted if not row.is_too_short] or adjusted
    fewest = min(long_enough, key=lambda row: row.shoppers)
    within = [row for row in long_enough if row.is_within(question.customers)]
    if within:
        return PilotChoice(within[0], within[0].shoppers, fewest)
    assert question.customers is not None
    best = max(long_enough, key=lambda row: row.power or 0.0)
    smallest_arm = question.customers * min(best.share, 1 - best.share)
    if math.floor(smallest_arm) < 2:
        raise ValueError(f"{question.customers} customers leave an arm with fewer than two shoppers; name more of them")
    return PilotChoice(best, question.customers, fewest)
