"""Breakdowns, curves and flows of a comparison on the terminal: one table for each policy, or one for all.

Serves `compare --breakdown`. The files have every row; the terminal has what a person reads.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.optimize import Comparison

TABLE_OF = {
    "tier": "by_tier", "decile": "by_decile", "segment": "by_segment", "stage": "by_stage", "rfm": "by_rfm",
    "preference": "by_preference", "winners": "winners", "retention": "retention", "tiers": "tier_flows",
    "weeks": "weekly_flow", "cohorts": "cohorts", "habits": "habits", "scenarios": "over_scenarios",
}  # fmt: skip
"""What `--breakdown` can name, and the table of the catalogue that it shows."""

MOST_ROWS = 24
"""Rows of a breakdown on the terminal; of more cells, those with the largest differences of the margin are shown, of
more cohorts the youngest.
"""
WEEKS_TOGETHER = 13


def breakdown_views(result: Comparison, name: str) -> Iterator[Table | str]:
    """Yield the tables and notes that show a breakdown by its name on the command line."""
    table_name = TABLE_OF[name]
    if table_name == "over_scenarios":
        yield scenarios_view(result)
        return
    if table_name not in result.breakdowns:
        yield "No preference is known: the incumbent promises nothing on categories, so no shopper's taste is kept."
        return
    table = result.breakdowns[table_name]
    if table_name.startswith("by_") and not table.empty:
        for (scenario, policy), part in table.groupby(["scenario", "policy"], sort=False):
            yield cells_view(part, name, f"{scenario}: {policy} against {_first(result)}, a shopper")
        yield "Bold differences survive the simultaneous intervals of the whole breakdown; money in currency units."
        return
    views = {
        "winners": winners_view, "retention": retention_view, "tier_flows": tiers_view, "weekly_flow": weeks_view,
        "cohorts": cohorts_view, "habits": habits_view,
    }  # fmt: skip
    yield from views[table_name](table)


def cells_view(part: pd.DataFrame, name: str, title: str) -> Table:
    """Return the differences a shopper in each cell, a column for each KPI."""
    from memberlab.results import KPIS, written_difference

    margins = part[part["kpi"] == "margin"].set_index(name)
    shown = list(margins.index)
    if len(shown) > MOST_ROWS:
        shown = list(margins["difference"].abs().nlargest(MOST_ROWS).index)
        title += f"; the {MOST_ROWS} of {len(margins)} cells with the largest difference of the margin"
    kpis = list(dict.fromkeys(part["kpi"]))
    table = _titled(title, [name, "shoppers", *(KPIS[kpi].title for kpi in kpis)])
    by_cell = {(row[name], row["kpi"]): row for row in part.to_dict("records")}
    for cell in shown:
        cells = [str(cell), f"{margins.loc[cell, 'shoppers']:,.0f}"]
        for kpi in kpis:
            row = by_cell[cell, kpi]
            text = written_difference(KPIS[kpi], row["difference_each"])
            if KPIS[kpi].unit == "count":
                text = f"{row['difference_each']:+.3f}"
            certain = row["simultaneous_low"] > 0 or row["simultaneous_high"] < 0
            cells.append(f"[bold]{text}[/bold]" if certain else text)
        table.add_row(*cells)
    return table


def winners_view(table: pd.DataFrame) -> Iterator[Table | str]:
    """Yield who gains and who loses."""
    for (scenario, policy), part in table.groupby(["scenario", "policy"], sort=False):
        told = {"margin": "our margin of them", "benefit_cost": "our give-back to them"}
        view = _titled(f"{scenario}: winners and losers under {policy}",
                       ["by", "group", "share", "total", "each", "who they are"])  # fmt: skip
        for row in part.to_dict("records"):
            view.add_row(
                told[row["measure"]], row["group"], f"{row['share']:.1%}", f"{row['total'] / 100:+,.0f}",
                f"{row['mean'] / 100:+,.2f}", row["profile"],
            )  # fmt: skip
        yield view
    yield (
        "A shopper's difference is this life against the same life under the first policy, chance included; "
        "money in currency units."
    )


def retention_view(table: pd.DataFrame) -> Iterator[Table | str]:
    """Yield the share that orders in each month, with the difference from the first policy."""
    for scenario, part in table[table["curve"] == "ordering"].groupby("scenario", sort=False):
        policies = list(dict.fromkeys(part["policy"]))
        view = _titled(f"{scenario}: of those who bought in the year before launch, who orders in the month",
                       ["month", *policies])  # fmt: skip
        rows = {(row["month"], row["policy"]): row for row in part.to_dict("records")}
        for month in sorted({month for month, _ in rows}):
            view.add_row(str(month), *(_share(rows[month, policy]) for policy in policies))
        yield view
    yield "Bold differences survive the simultaneous intervals of all curves."


def _share(row: Mapping[Hashable, Any]) -> str:
    if not row["difference"]:
        return f"{row['value']:.2%}"
    text = f"{row['value']:.2%} ({row['difference'] * 100:+.2f} pp)"
    return f"[bold]{text}[/bold]" if row["simultaneous_low"] > 0 or row["simultaneous_high"] < 0 else text


def tiers_view(table: pd.DataFrame) -> Iterator[Table | str]:
    """Yield a matrix for each arm: from the tier at launch to the tier at the end."""
    for (scenario, policy), part in table.groupby(["scenario", "policy"], sort=False):
        closing = list(dict.fromkeys(part["closing_tier"]))
        view = _titled(f"{scenario}: {policy}, shoppers from the tier at launch to the tier at the end",
                       ["at launch", *closing])  # fmt: skip
        rows = {(row["opening_tier"], row["closing_tier"]): row for row in part.to_dict("records")}
        for opening in dict.fromkeys(part["opening_tier"]):
            cells = [rows.get((opening, one)) for one in closing]
            view.add_row(
                opening, *("-" if one is None else f"{one['shoppers']:,.0f} ({one['share']:.0%})" for one in cells)
            )
        yield view


def weeks_view(table: pd.DataFrame) -> Iterator[Table | str]:
    """Yield the flow of active members of each arm, 13 weeks to a row, mean of replications."""
    for (scenario, policy), part in table.groupby(["scenario", "policy"], sort=False):
        view = _titled(f"{scenario}: {policy}, active members (last order at most 90 days ago), mean of replications",
                       ["weeks", "opening", "+ new", "+ reactivated", "- lost", "closing", "net change"])  # fmt: skip
        means = part.groupby("week")[["opening", "new", "reactivated", "lost", "closing", "net_change"]].mean()
        for first in range(1, len(means) + 1, WEEKS_TOGETHER):
            rows = means.loc[first : first + WEEKS_TOGETHER - 1]
            sums = rows[["new", "reactivated", "lost", "net_change"]].sum()
            view.add_row(
                f"{first} to {rows.index[-1]}", f"{rows['opening'].iloc[0]:,.1f}", f"{sums['new']:,.1f}",
                f"{sums['reactivated']:,.1f}", f"{sums['lost']:,.1f}", f"{rows['closing'].iloc[-1]:,.1f}",
                f"{sums['net_change']:+,.1f}",
            )  # fmt: skip
        yield view
    yield "In every week and replication: new + reactivated - lost = net change, to the member."


def cohorts_view(table: pd.DataFrame) -> Iterator[Table | str]:
    """Yield for each arm the share of each cohort that orders, by months since the first order."""
    ages = (1, 2, 3, 6, 9, 12, 18, 24)
    for (scenario, policy), part in table.groupby(["scenario", "policy"], sort=False):
        view = _titled(f"{scenario}: {policy}, share that orders n months after the month of the first order",
                       ["first order", "shoppers", *(str(age) for age in ages)])  # fmt: skip
        shares = {(row["cohort"], row["age"]): row for row in part.to_dict("records")}
        for cohort in list(dict.fromkeys(part["cohort"]))[-MOST_ROWS:]:
            cells = [shares.get((cohort, age)) for age in ages]
            size = next(row["shoppers"] for (one, _), row in shares.items() if one == cohort)
            view.add_row(
                f"{cohort:%Y-%m}",
                f"{size:,.0f}",
                *("" if one is None else f"{one['active_share']:.1%}" for one in cells),
            )
        yield view


def habits_view(table: pd.DataFrame) -> Iterator[Table | str]:
    """Yield repurchase, active share and the like, a column for each policy."""
    for scenario, part in table.groupby("scenario", sort=False):
        policies = list(dict.fromkeys(part["policy"]))
        view = _titled(f"{scenario}: habits", ["figure", *policies])
        rows = {(row["figure"], row["policy"]): row for row in part.to_dict("records")}
        for figure in dict.fromkeys(part["figure"]):
            view.add_row(figure.replace("_", " "), *(_habit(rows[figure, policy]) for policy in policies))
        yield view


def _habit(row: Mapping[Hashable, Any]) -> str:
    if row["unit"] == "share":
        return f"{row['value']:.2%}"
    return f"{row['value']:,.1f} days" if row["unit"] == "days" else f"{row['value']:,.2f}".removesuffix(".00")


def scenarios_view(result: Comparison) -> Table:
    """Return the mean over scenarios by weights, the worst case and the regret of every policy."""
    from memberlab.results import KPIS, written, written_difference

    weights = ", ".join(f"{name} {weight:.0%}" for name, weight in result.joint.weights.items())
    view = _titled(f"Over all scenarios ({weights}), against {_first(result)}",
                   ["KPI", "policy", "mean", "difference", "worst case", "regret, mean", "regret, most"])  # fmt: skip
    for row in result.over_scenarios.to_dict("records"):
        kpi = KPIS[row["kpi"]]
        if row["worst_difference"] != row["worst_difference"]:
            continue
        low, high = (written_difference(kpi, row[f"simultaneous_{side}"]) for side in ("low", "high"))
        text = written_difference(kpi, row["difference"])
        certain = row["simultaneous_low"] > 0 or row["simultaneous_high"] < 0
        span = f"{text} [{low}, {high}]".replace("[", r"\[") if row["difference"] else "-"
        worst = f"{written_difference(kpi, row['worst_difference'])} ({row['worst_scenario']})"
        most = written(row["most_regret"], kpi.unit)
        if isinstance(row["regret_scenario"], str):
            most += f" ({row['regret_scenario']})"
        view.add_row(
            kpi.title, row["policy"], written(row["value"], kpi.unit), f"[bold]{span}[/bold]" if certain else span,
            worst if row["difference"] else "-", written(row["regret"], kpi.unit), most,
        )  # fmt: skip
    return view


def _first(result: Comparison) -> str:
    return result.arms[0].policy.name


def _titled(title: str, heads: list[str]) -> Table:
    view = Table(title=title, title_justify="left", title_style="bold")
    for place, head in enumerate(heads):
        is_text = place == 0 or head in ("policy", "group", "who they are")
        view.add_column(head, justify="left" if is_text else "right")
    return view
