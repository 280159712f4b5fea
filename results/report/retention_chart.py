"""Who still orders, month by month after launch, under every policy of a scenario; and cohorts by their age.

Serves strategists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .figure_style import colour, figure, line_of, mark_of
from .parts import Cell, Chart, DataTable
from .wording import Wording

OLDEST = 24
"""Age in months up to which cohorts are drawn."""
FEWEST, FEWEST_OF_A_MONTH = 5.0, 20.0
"""Shoppers that all cohorts of an age, and that one month's cohort, need to be drawn."""


def retention_chart(table: pd.DataFrame, wording: Wording, name: str) -> Chart:
    """Return the share that still orders by month after launch; `table` holds one scenario.

    Of a policy that is compared, a band shows the interval of its difference around its line.
    """
    own = table[table["curve"] == "still ordering"]
    policies = {str(policy): rows for policy, rows in own.groupby("policy", sort=False)}
    traces: list[dict[str, Any]] = []
    for place, (policy, rows) in enumerate(policies.items()):
        months = [int(month) for month in rows["month"]]
        half = rows["high"] - rows["difference"]
        if (half > 0).any():
            around = [*(rows["value"] + half), *(rows["value"] - half)[::-1]]
            traces.append({
                "type": "scatter", "mode": "lines", "x": [*months, *months[::-1]],
                "y": [100 * float(share) for share in around], "fill": "toself", "fillcolor": f"{colour(place)}26",
                "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "name": policy,
            })  # fmt: skip
        traces.append({
            "type": "scatter", "mode": "lines+markers", "name": policy, "line": line_of(place),
            "marker": mark_of(place, 6), "x": months, "y": [100 * float(share) for share in rows["value"]],
            "hovertemplate": "%{x}: %{y:.1f} %<extra>" + policy + "</extra>",
        })  # fmt: skip
    last = own[own["month"] == own["month"].max()]
    ends = wording.text(", ").join(f"{row.policy} {wording.figure(row.value, 'share')}" for row in last.itertuples())
    note = ""
    if len(policies) > 1:
        note = wording.text("A band is the 95 % interval of the difference to the first policy.")
    return Chart(
        name, wording.text("Who still orders"),
        wording.text("Lines of the share of the year before launch's buyers who order in the month or later; they fall "
                     "to the last month's: {ends}.", ends=ends),
        figure(traces, x=wording.text("Month after launch"), y=wording.text("% of shoppers"),
               yaxis={"rangemode": "tozero"}, showlegend=len(policies) > 1),
        note, _shares(policies, "month", "value", wording, wording.text("Who still orders"),
                      wording.text("Month after launch")),
    )  # fmt: skip


def cohort_chart(table: pd.DataFrame, wording: Wording, name: str) -> Chart | None:
    """Return the share of a cohort that orders in each month of its age, over all cohorts; None without any."""
    own = table[(table["age"] > 0) & (table["age"] <= OLDEST)]
    ages = own.groupby(["policy", "age"], sort=False, as_index=False)[["shoppers", "active"]].sum()
    ages = ages[ages["shoppers"] >= FEWEST].sort_values("age", kind="stable")
    if ages.empty:
        return None
    ages["share"] = ages["active"] / ages["shoppers"]
    order = list(dict.fromkeys(own["policy"]))
    policies = {str(policy): ages[ages["policy"] == policy] for policy in order}
    traces = [
        {
            "type": "scatter", "mode": "lines+markers", "name": policy, "line": line_of(place),
            "marker": mark_of(place, 6), "x": [int(age) for age in rows["age"]],
            "y": [100 * float(share) for share in rows["share"]],
            "hovertemplate": "%{x}: %{y:.1f} %<extra>" + policy + "</extra>",
        }
        for place, (policy, rows) in enumerate(policies.items())
    ]  # fmt: skip
    starts = wording.text(", ").join(
        f"{policy} {wording.figure(float(rows['share'].iloc[0]), 'share')}" for policy, rows in policies.items()
        if len(rows)
    )  # fmt: skip
    return Chart(
        name, wording.text("Cohorts by age"),
        wording.text("Lines of the share of new customers who order in each month after that of their first order; in "
                     "the first month: {starts}.", starts=starts),
        figure(traces, x=wording.text("Months since the first order"), y=wording.text("% of the cohort"),
               yaxis={"rangemode": "tozero"}),
        wording.text("Over all cohorts of the months that were lived, each as far as it was observed."),
        _shares(policies, "age", "share", wording, wording.text("Cohorts by age"),
                wording.text("Months since the first order")),
    )  # fmt: skip


def cohort_map(table: pd.DataFrame, wording: Wording, name: str) -> Chart | None:
    """Return one policy's cohorts by month as a map: a row a month of first order, a column a month after it."""
    own = table[(table["age"] > 0) & (table["shoppers"] >= FEWEST_OF_A_MONTH)]
    # the first month of the warm-up holds all who had ordered before it, which is no cohort
    own = own[own["cohort"] > table["cohort"].min()]
    if own.empty:
        return None
    shares = own.pivot_table(index="cohort", columns="age", values="active_share", sort=True)
    trace = {
        "type": "heatmap", "x": [int(age) for age in shares.columns],
        "y": [f"{month:%Y-%m}" for month in shares.index],
        "z": [[None if pd.isna(share) else round(100 * float(share), 1) for share in row] for row in shares.to_numpy()],
        "colorscale": "Cividis", "reversescale": True, "hoverongaps": False, "xgap": 1, "ygap": 1,
        "colorbar": {"title": {"text": "%"}, "thickness": 10, "len": 0.9},
        "hovertemplate": "%{y} + %{x}: %{z:.1f} %<extra></extra>",
    }  # fmt: skip
    return Chart(
        name, wording.text("Cohorts by month of first order"),
        wording.text("A map of the share of each cohort that orders, by month of the first order (rows) and months "
                     "since (columns); darker is more."),
        figure([trace], x=wording.text("Months since the first order"), height=140 + 15 * len(shares),
               yaxis={"type": "category", "autorange": "reversed"}),
    )  # fmt: skip


def _shares(
    policies: dict[str, pd.DataFrame], key: str, value: str, wording: Wording, caption: str, head: str
) -> DataTable:
    """Return shares by `key` (rows) and policy (columns)."""
    columns = {policy: dict(zip(rows[key], rows[value], strict=True)) for policy, rows in policies.items()}
    keys: Sequence[int] = sorted({int(one) for shares in columns.values() for one in shares})
    rows = [
        [Cell(str(one)), *(Cell(wording.figure(float(shares[one]), "share") if one in shares else "")
                           for shares in columns.values())]
        for one in keys
    ]  # fmt: skip
    return DataTable(caption, [head, *policies], rows)
