"""Tables for the terminal: KPIs of a run, uplifts of a comparison, and the margin bridge.

Serves the commands. Rich draws them; in a pipe they are plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from .output_options import is_quiet

if TYPE_CHECKING:
    from memberlab.optimize import Arm, Attribution, Comparison
    from memberlab.results import CampaignLine, HunterLine, ServiceLevel, Uplift

NARROW = 100


class Screen(Console):
    """The console for results: under `--quiet` it prints verdicts only."""

    def verdict(self, *objects: Any, **how: Any) -> None:
        """Print what a result comes to, or where it was written, under `--quiet` as well."""
        before, self.quiet = self.quiet, False
        try:
            self.print(*objects, **how)
        finally:
            self.quiet = before


def console() -> Screen:
    """Return the console for results; in a pipe it is wide enough for every table."""
    out = Screen(quiet=is_quiet())
    return out if out.is_terminal else Screen(width=140, quiet=is_quiet())


def kpi_table(title: str, values: Mapping[str, float], currency: str) -> Table:
    """Return the KPIs of one run with what they mean."""
    from memberlab.results import KPIS, written

    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("KPI")
    table.add_column("Value", justify="right", no_wrap=True)
    table.add_column("Meaning", style="dim")
    for name, value in values.items():
        kpi = KPIS[name]
        unit = f" {currency}" if kpi.unit == "money" else ""
        table.add_row(kpi.title, f"{written(value, kpi.unit)}{unit}", kpi.meaning)
    return table


def bridge_table(bridge: Mapping[str, int], currency: str) -> Table:
    """Return the margin bridge of one arm, in currency units, without lines on which nothing was posted."""
    from memberlab.results import margin_bridge

    table = Table(title=f"Margin bridge, {currency}", title_justify="left", title_style="bold")
    table.add_column("Line")
    table.add_column("Amount", justify="right", no_wrap=True)
    for line in margin_bridge(bridge):
        if line.amount == 0 and not line.is_total:
            continue
        style = "bold" if line.is_total else ""
        table.add_row(line.title, f"{line.amount / 100:,.2f}", style=style, end_section=line.is_total)
    return table


ATTRIBUTED = ("gmv", "orders", "average_order_value", "retention", "margin", "benefit_cost")
"""KPIs that an attribution shows; the file has all of them."""


def attribution_table(attribution: Attribution) -> Table:
    """Return the parts of the differences by mechanism, and their sum."""
    from memberlab.optimize import own_value_told
    from memberlab.results import KPIS, written_difference

    title = f"What makes the difference of {attribution.policy.name} from {attribution.baseline.name}, by mechanism"
    world = f"{attribution.scenario.name}, {own_value_told(attribution.scenario)}"
    table = Table(title=f"{title} ({world})", title_justify="left", title_style="bold")
    table.add_column("Mechanism")
    for kpi in ATTRIBUTED:
        table.add_column(KPIS[kpi].title, justify="right", no_wrap=True)
    by_mechanism: dict[str, dict[str, str]] = {}
    for part in attribution.parts:
        told = written_difference(KPIS[part.kpi], float(part.effect))
        by_mechanism.setdefault(part.mechanism, {})[part.kpi] = told
    for mechanism, effects in by_mechanism.items():
        table.add_row(mechanism, *(effects[kpi] for kpi in ATTRIBUTED))
    table.add_section()
    totals = (written_difference(KPIS[kpi], float(attribution.totals[kpi])) for kpi in ATTRIBUTED)
    table.add_row("all together", *totals, style="bold")
    return table


def service_table(levels: Sequence[ServiceLevel]) -> Table:
    """Return the service desk as each tier met it."""
    table = Table(title="Service desk", title_justify="left", title_style="bold")
    for column in ("Tier", "Tickets", "Answered", "Mean wait, minutes", "Promises kept"):
        table.add_column(column, justify="left" if column == "Tier" else "right")
    for level in levels:
        kept = "-" if level.kept is None else f"{level.kept:.1%}"
        table.add_row(level.tier, f"{level.tickets:,}", f"{level.answered:,}", f"{level.mean_wait:,.1f}", kept)
    return table


def campaign_table(lines: Sequence[CampaignLine], currency: str) -> Table:
    """Return what each campaign of a run cost and did, in currency units."""
    table = Table(title=f"Campaigns, {currency}", title_justify="left", title_style="bold")
    table.add_column("Campaign")
    for title in ("Given", "Contact", "Orders", "Uses", "Points", "Messages", "Visits", "Days on", "Ran out"):
        table.add_column(title, justify="right", no_wrap=True)
    for line in lines:
        counts = (line.orders, line.units, line.points, line.messages, line.visits, line.days)
        amounts = (f"{cents / 100:,.2f}" for cents in (line.given, line.contact))
        table.add_row(line.name, *amounts, *(f"{count:,}" for count in counts), str(line.ran_out or "-"))
    return table


def hunter_table(lines: Sequence[HunterLine], hunters: int, currency: str) -> Table:
    """Return what bonus-hunters cost by the way of hunting, in all and for one of the `hunters`."""
    table = Table(title=f"What {hunters:,} bonus-hunters cost, {currency}", title_justify="left", title_style="bold")
    table.add_column("Way")
    for title in ("Times", "Delivery, goods", "Points", "Points at cost", "In all", "A hunter"):
        table.add_column(title, justify="right", no_wrap=True)
    for line in lines:
        each = f"{line.total / hunters / 100:,.2f}" if hunters else "-"
        amounts = [f"{cents / 100:,.2f}" for cents in (line.cost, line.points_cost, line.total)]
        table.add_row(line.title, f"{line.times:,}", amounts[0], f"{line.points:,}", *amounts[1:], each)
    table.add_section()
    cost, points, worth = (sum(getattr(line, name) for line in lines) for name in ("cost", "points", "points_cost"))
    each = f"{(cost + worth) / hunters / 100:,.2f}" if hunters else "-"
    table.add_row("all together", "", f"{cost / 100:,.2f}", f"{points:,}", f"{worth / 100:,.2f}",
                  f"{(cost + worth) / 100:,.2f}", each, style="bold")  # fmt: skip
    return table


def comparison_table(result: Comparison, arms: Sequence[Arm]) -> Table:
    """Return one scenario's comparison: a column of values a policy, and under each the difference with its own
    interval, bold where the simultaneous one excludes zero and a verdict may be given.
    """
    from memberlab.optimize import own_value_told
    from memberlab.results import KPIS, written

    replications, across_worlds = result.replications, result.across_worlds
    scenario, baseline = arms[0].scenario, arms[0].policy
    due = [verdict is None or verdict.is_due for verdict in map(result.verdict, arms)]
    runs = "1 replication" if replications == 1 else f"{replications} replications"
    title = f"{scenario.title or scenario.name} ({scenario.name}), {scenario.currency}, {runs}; against {baseline.name}"
    if across_worlds:
        title = title.replace(runs, f"{replications} worlds that the facts leave open, intervals across them")
    else:
        title = f"{title}, {own_value_told(scenario)}"
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True)
    table.add_column("KPI")
    for arm in arms:
        table.add_column(arm.policy.name, justify="right")
    for row, first in enumerate(arms[0].uplifts):
        kpi = KPIS[first.kpi]
        cells = [written(first.value, kpi.unit)]
        for arm, is_due in zip(arms[1:], due[1:], strict=True):
            uplift = arm.uplifts[row]
            certain = is_due and result.joint.is_certain(scenario.name, arm.policy.name, uplift)
            cells.append(f"{written(uplift.value, kpi.unit)}\n{interval(uplift, is_certain=certain)}")
        table.add_row(kpi.title, *cells)
        if kpi.name == "margin" and any(arm.break_even for arm in arms):
            table.add_row(
                "Margin pays at\nattrition_effect",
                *("" if arm.break_even is None else arm.break_even.where for arm in arms),
            )
    return table


def interval(uplift: Uplift, *, is_certain: bool | None = None) -> str:
    """Return a difference with its interval, bold when it is certain (left out: when the interval excludes zero), and
    "no difference" when exactly zero.
    """
    from memberlab.results import KPIS, written_difference

    kpi = KPIS[uplift.kpi]
    if uplift.is_zero:
        return "no difference"
    difference, low, high = (written_difference(kpi, value) for value in (uplift.difference, uplift.low, uplift.high))
    text = f"{difference} [{low}, {high}]".replace("[", r"\[")
    bold = not uplift.low <= 0 <= uplift.high if is_certain is None else is_certain
    return f"[bold]{text}[/bold]" if bold else text
