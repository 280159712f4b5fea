"""The figures that a reader takes away, as a row of cards above everything else.

Serves strategists. Each card has a figure, what it is, and its interval or what it stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..kpis import KPIS
from .key_figures import is_certain, tone_of
from .parts import Fragment
from .wording import Wording

SHOWN = ("margin", "gmv", "retention", "benefit_cost")
"""KPIs that have a card, in order."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card; `tone` is good, bad or empty and is told by `mark` as well."""

    label: str
    figure: str
    beside: str
    tone: str = ""
    mark: str = ""


def comparison_cards(rows: pd.DataFrame, wording: Wording, today: str, title: str) -> Fragment:
    """Return the cards of one policy from its rows of the comparison (in one scenario, or over all)."""
    cards = []
    for kpi in SHOWN:
        row = rows[rows["kpi"] == kpi].iloc[0]
        unit, tone = KPIS[kpi].unit, tone_of(kpi, row)
        interval = wording.interval(float(row["simultaneous_low"]), float(row["simultaneous_high"]), unit)
        certainty = wording.text("95 %: {interval}", interval=interval)
        if not is_certain(row):
            certainty += " " + wording.text("(not certain)")
        if unit != "share" and row["baseline"]:
            certainty += "\n" + wording.text("{percent} of {today}'s {figure}", today=today,
                                             percent=wording.percent(float(row["difference"] / row["baseline"])),
                                             figure=wording.figure(float(row["baseline"]), unit))  # fmt: skip
        else:
            certainty += "\n" + wording.text("{today}: {figure}", today=today,
                                             figure=wording.figure(float(row["baseline"]), unit))  # fmt: skip
        cards.append(Card(wording.text(KPIS[kpi].title), wording.difference(float(row["difference"]), unit),
                          certainty, tone, {"good": "▲", "bad": "▼"}.get(tone, "")))  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": title})


def run_cards(kpis: dict[str, float], wording: Wording, title: str) -> Fragment:
    """Return the cards of a run by itself, each figure beside what it is a part of."""
    gmv = kpis["gmv"] or 1.0
    beside = {
        "margin": wording.text("{share} of GMV", share=wording.figure(kpis["margin"] / gmv, "share")),
        "gmv": wording.text("{orders} orders of {value}", orders=wording.figure(kpis["orders"], "count"),
                            value=wording.figure(kpis["average_order_value"], "money")),
        "retention": wording.text("of the year before launch's buyers bought in the last half-year"),
        "benefit_cost": wording.text("{share} of GMV", share=wording.figure(kpis["benefit_cost_share"], "share")),
    }  # fmt: skip
    cards = [
        Card(wording.text(KPIS[kpi].title), wording.figure(kpis[kpi], KPIS[kpi].unit), beside[kpi]) for kpi in SHOWN
    ]
    return Fragment("cards.html.j2", {"cards": cards, "title": title})
