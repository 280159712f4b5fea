"""What a preview shows: a fixed list of figures today and under a variant, and what benefits cost by tier.

Serves the what-if page. Everything is numbers, text and tuples, so that it can be sent as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from memberlab.results import KPIS, Kpi, Unit, Uplift
from memberlab.sim import BENEFIT_ACCOUNTS, GUEST_STATE, MONEY_LINES, Outcome

ACTIVE_MEMBERS = Kpi("active_members", "Active members", "count", "active", None,
                     "enrolled shoppers who bought in the last year of the horizon")  # fmt: skip
"""A key figure that tables do not have, because top_tier_share has it as its denominator."""

PREVIEW_KPIS: Mapping[str, Kpi] = {**KPIS, ACTIVE_MEMBERS.name: ACTIVE_MEMBERS}
"""The key figures of a preview by name, in the order shown."""

GUESTS, PROMISED = "guests", "points_promised"
"""Rows of the costs by tier: shoppers who are not enrolled, and the rise of the points liability, which is of no
tier."""

_BENEFITS = tuple(line.name for line in MONEY_LINES if line.account in BENEFIT_ACCOUNTS)


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure today and under the variant; money in cents, shares from 0 to 1."""

    name: str
    title: str
    unit: Unit
    today: float
    variant: float
    difference: float
    low: float
    """Least value of the difference's interval of 95 %."""
    high: float
    is_total: bool
    """Whether it grows with the number of shoppers, as a sum does and a ratio does not."""
    meaning: str

    def times(self, factor: float) -> Figure:
        """Return the figure for `factor` times as many shoppers."""
        if not self.is_total or factor == 1:
            return self
        return replace(
            self, today=self.today * factor, variant=self.variant * factor, difference=self.difference * factor,
            low=self.low * factor, high=self.high * factor,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TierCost:
    """What benefits cost in one tier over the horizon, today and under the variant, in cents.

    A tier that one of the policies lacks costs nothing there. Benefits count in the tier in which the member was on
    their day; `guests` are shoppers who are not enrolled, and `points_promised` is the rise of the points liability.
    """

    tier: str
    today: float
    variant: float

    @property
    def difference(self) -> float:
        """Return the variant's cost less today's."""
        return self.variant - self.today


@dataclass(frozen=True, slots=True)
class PairedFigures:
    """A variant beside today's policy: the same shoppers, from the same morning, with the same draws."""

    incumbent: str
    variant: str
    scenario: str
    currency: str
    shoppers: int
    """Shoppers who lived in the preview."""
    market: int
    """Shoppers of the scenario, for whom the preview's stand."""
    months: int
    """Length of the horizon."""
    figures: tuple[Figure, ...]
    benefit_cost_by_tier: tuple[TierCost, ...]
    seconds: float
    """How long the variant took."""

    def figure(self, name: str) -> Figure:
        """Return a figure by name. Raises KeyError with the names there are."""
        for one in self.figures:
            if one.name == name:
                return one
        raise KeyError(f"no figure {name}; there are {', '.join(one.name for one in self.figures)}")

    @property
    def in_market(self) -> PairedFigures:
        """Return the same with all totals projected to the scenario's shoppers, so that they compare with full
        figures.
        """
        factor = self.market / self.shoppers
        return replace(
            self, shoppers=self.market, figures=tuple(one.times(factor) for one in self.figures),
            benefit_cost_by_tier=tuple(
                replace(one, today=one.today * factor, variant=one.variant * factor)
                for one in self.benefit_cost_by_tier
            ),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data for `json.dumps`, with the differences of tiers."""
        data = asdict(self)
        for told, one in zip(data["benefit_cost_by_tier"], self.benefit_cost_by_tier, strict=True):
            told["difference"] = one.difference
        return data


def figure_of(uplift: Uplift) -> Figure:
    """Return an uplift as a figure."""
    kpi = PREVIEW_KPIS[uplift.kpi]
    return Figure(
        kpi.name, kpi.title, kpi.unit, uplift.baseline, uplift.value, uplift.difference, uplift.low, uplift.high,
        kpi.denominator is None, kpi.meaning,
    )  # fmt: skip


def costs_by_tier(outcome: Outcome, provision: float) -> dict[str, float]:
    """Return what benefits cost by tier in cents; `provision` is the rise of the points liability."""
    by_state = np.sum([outcome.ledger[name].sum(axis=0) for name in _BENEFITS], axis=0)
    names = list(outcome.policy.tiers) or ["members"]
    costs = {name: float(by_state[2 * level] + by_state[2 * level + 1]) for level, name in enumerate(names)}
    return {**costs, GUESTS: float(by_state[GUEST_STATE]), PROMISED: provision}


def tier_costs(today: Mapping[str, float], variant: Mapping[str, float]) -> tuple[TierCost, ...]:
    """Return the costs of both policies beside each other, lowest tier first, then what is of no tier."""
    return tuple(TierCost(name, today.get(name, 0.0), variant.get(name, 0.0)) for name in _in_order(today, variant))


def _in_order(*sides: Mapping[str, float]) -> Iterator[str]:
    last: Sequence[str] = (GUESTS, PROMISED)
    yield from (name for name in dict.fromkeys(name for side in sides for name in side) if name not in last)
    yield from last
