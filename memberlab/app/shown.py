"""The figures of a variant as the page shows them, whether they are a preview's or full ones.

Serves the figures panel and pins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.optimize import Figure, FullComparison, PairedFigures

LEAD = ("margin", "gmv", "retention")
"""Key figures that stand first, and alone at the foot of a phone's screen."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures of a variant beside those of today's policy, in totals of the scenario's shoppers."""

    today: str
    variant: str
    figures: tuple[Figure, ...]
    """Those of `LEAD` first."""
    is_full: bool
    shoppers: int
    replications: int = 1
    verdict: str = ""
    break_even: str = ""
    bridges: tuple[Mapping[str, int], Mapping[str, int]] | None = None
    """Amounts of the margin bridge in cents, today and under the variant; full figures only."""
    projected_to: int | None = field(default=None)
    """Shoppers of the scenario, for whom a preview's figures stand."""

    def figure(self, name: str) -> Figure:
        """Return a figure by name."""
        return next(one for one in self.figures if one.name == name)


def shown_preview(preview: PairedFigures) -> Shown:
    """Return a preview's figures, projected to the scenario's shoppers."""
    figures = in_order(preview.in_market.figures)
    return Shown(
        preview.incumbent, preview.variant, figures, False, preview.shoppers, projected_to=preview.market
    )  # fmt: skip


def shown_full(full: FullComparison) -> Shown:
    """Return full figures."""
    today, variant = full.comparison.arms
    return Shown(
        today.policy.name, variant.policy.name, in_order(full.figures), True, today.scenario.population.shoppers,
        full.comparison.replications, full.verdict, full.break_even, (today.bridge, variant.bridge),
    )  # fmt: skip


def in_order(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Return the figures, those of `LEAD` first."""
    lead = [next(one for one in figures if one.name == name) for name in LEAD]
    return (*lead, *(one for one in figures if one.name not in LEAD))
