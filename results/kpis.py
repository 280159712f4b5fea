"""The key figures of a programme: what each is, in which unit, and how it follows from the shoppers' measures.

Serves comparisons, the search and every table. A KPI is the sum of one column or the ratio of two, so that its interval
follows from the same columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .measures import COLUMNS

Unit = Literal["money", "count", "share"]
"""What a figure is counted in: cents, pieces, or a share from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key figure: `numerator` over `denominator` (None: the sum itself); money is in cents, shares in 0 to 1."""

    name: str
    title: str
    unit: Unit
    numerator: str
    denominator: str | None
    meaning: str

    def value(self, sums: NDArray[np.float64]) -> float:
        """Return the figure from column sums (shape: columns); a ratio of nothing to nothing is 0."""
        top = float(sums[COLUMNS.index(self.numerator)])
        if self.denominator is None:
            return top
        bottom = float(sums[COLUMNS.index(self.denominator)])
        return top / bottom if bottom else 0.0

    def influence(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each shopper's part in the figure's sampling error (shape: shoppers): the delta method for ratios."""
        top = table[:, COLUMNS.index(self.numerator)]
        if self.denominator is None:
            return top * len(table)
        bottom = table[:, COLUMNS.index(self.denominator)]
        mean = bottom.mean()
        if mean == 0:
            return np.zeros(len(table))
        return np.asarray((top - top.mean() / mean * bottom) / mean)


KPIS: Mapping[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        Kpi("gmv", "GMV", "money", "gmv", None, "goods after discounts, before points and shipping, over the horizon"),
        Kpi("orders", "Orders", "count", "orders", None, "orders over the horizon"),
        Kpi("average_order_value", "Average order value", "money", "gmv", "orders", "GMV an order"),
        Kpi("retention", "Retention", "share", "retained", "base",
            "of those who bought in the year before launch, the share that bought in the horizon's last half-year"),
        Kpi("margin", "Contribution margin", "money", "margin", None,
            "net revenue with earned fees, less goods, shipping, payment and the rise in the points liability"),
        Kpi("benefit_cost", "Benefit cost", "money", "benefit_cost", None,
            "discounts, shipping waived, and points at expected cost"),
        Kpi("benefit_cost_share", "Benefit cost of GMV", "share", "benefit_cost", "gmv", "benefit cost over GMV"),
        Kpi("points_liability", "Points liability", "money", "liability", None,
            "expected cost of the points outstanding at the end"),
        Kpi("paid_members", "Paid members", "count", "members", None, "paid memberships running at the end"),
        Kpi("top_tier_share", "Top tier's share", "share", "top_tier", "active",
            "share of the shoppers who bought in the last year that is in the highest tier"),
    )
}  # fmt: skip
"""Every key figure by name, in the order of tables."""


def kpis_page() -> str:
    """Return the reference page of the key figures in Markdown."""
    lines = [
        "# Reference: key figures\n",
        "What `run`, `compare`, `optimize`, `sweep` and `check` tell of a policy. In files money is in cents and "
        "shares run from 0 to 1. A figure is a sum over shoppers, or the ratio of two, so its interval comes from "
        "the same shoppers. In studies, checks and `--keep` a figure is called by its name.\n",
        "This page is written by `memberlab schema kpis --page`; do not edit it.\n",
        "| name | title | unit | what it is | sum | over |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in KPIS.values():
        over = f"`{one.denominator}`" if one.denominator else ""
        lines.append(f"| `{one.name}` | {one.title} | {one.unit} | {one.meaning} | `{one.numerator}` | {over} |")
    return "\n".join([*lines, ""])
