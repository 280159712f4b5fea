"""What moves between states: tiers from launch to the end, active members by week, cohorts by month, and habits.

Serves strategists. All are counts, means over replications; the weekly flow is whole numbers for each replication.
Columns are told as a `dict[str, object]` before they are a frame: inferred in the frame's own call, each of them is
held against every overload of its constructor, and this file alone took the type checker a twelfth of its time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..measures import COLUMNS
from .cells import BEFORE_FIRST, BREAKDOWNS, cell_labels, cells_of
from .compared_arm import ComparedArm, ComparedScenario


def tier_flow_table(scenarios: Sequence[ComparedScenario]) -> pd.DataFrame:
    """Return how many shoppers went from each tier at launch to each tier at the end, with their GMV in cents."""
    pieces = []
    for scenario in scenarios:
        opening = cell_labels(BREAKDOWNS["tier"], scenario.sorting)
        for arm in scenario.arms:
            closing = (*(arm.tiers or ("-",)), BEFORE_FIRST)
            counts, gmv = np.zeros((2, len(opening) * len(closing)))
            for measures, history in zip(arm.measures, arm.histories, strict=True):
                end = np.minimum(history.lived["closing_tier"], len(closing) - 2)
                end = np.where(history.lived["first_order_day"] < 0, len(closing) - 1, end)
                cell = cells_of(BREAKDOWNS["tier"], history.launch, scenario.sorting) * len(closing) + end
                counts += np.bincount(cell, minlength=len(counts))
                gmv += np.bincount(cell, weights=measures[:, COLUMNS.index("gmv")], minlength=len(counts))
            from_tier, to_tier = np.divmod(np.arange(len(counts)), len(closing))
            totals = np.bincount(from_tier, weights=counts)[from_tier]
            columns: dict[str, object] = {
                **arm.key, "opening_tier": np.array(opening)[from_tier], "closing_tier": np.array(closing)[to_tier],
                "shoppers": counts / len(arm.measures), "share": np.divide(counts, np.maximum(1, totals)),
                "gmv": gmv / len(arm.measures),
            }  # fmt: skip
            pieces.append(pd.DataFrame(columns)[counts > 0])
    return pd.concat(pieces, ignore_index=True)


def weekly_flow_table(scenarios: Sequence[ComparedScenario]) -> pd.DataFrame:
    """Return the flow of active members of every arm, replication and week, in whole numbers."""
    pieces = []
    for scenario in scenarios:
        for arm in scenario.arms:
            for number, history in enumerate(arm.histories, start=1):
                weeks = history.weeks
                flow = {name: weeks[name] for name in ("opening", "new", "reactivated", "lost", "closing")}
                columns: dict[str, object] = {
                    **arm.key, "replication": number, "week": np.arange(1, len(weeks) + 1), "days": weeks["days"],
                    **flow, "net_change": weeks["closing"] - weeks["opening"],
                }  # fmt: skip
                pieces.append(pd.DataFrame(columns))
    return pd.concat(pieces, ignore_index=True)


def cohort_table(scenarios: Sequence[ComparedScenario]) -> pd.DataFrame:
    """Return for each month of first order how many of its shoppers order in each month of the horizon."""
    pieces = []
    for scenario in scenarios:
        for arm in scenario.arms:
            starts, launch = arm.histories[0].month_starts, arm.histories[0].launch_month
            cohorts, months = len(starts) - 1, len(starts) - 1 - launch
            size, active = np.zeros(cohorts), np.zeros((cohorts, months))
            for history in arm.histories:
                first = history.lived["first_order_day"]
                known = first >= 0
                cohort = np.clip(np.searchsorted(starts, first[known], side="right") - 1, 0, cohorts - 1)
                size += np.bincount(cohort, minlength=cohorts)
                np.add.at(active, cohort, history.months[known])
            row, month = np.divmod(np.arange(cohorts * months), months)
            age = month + launch - row
            columns: dict[str, object] = {
                **arm.key, "cohort": (scenario.first_month + row).astype("datetime64[ns]"),
                "month": (scenario.first_month + launch + month).astype("datetime64[ns]"), "age": age,
                "shoppers": size[row] / len(arm.histories), "active": active.ravel() / len(arm.histories),
                "active_share": np.divide(active.ravel(), np.maximum(1, size[row])),
            }  # fmt: skip
            pieces.append(pd.DataFrame(columns)[(age >= 0) & (size[row] > 0)])
    return pd.concat(pieces, ignore_index=True)


def habit_table(scenarios: Sequence[ComparedScenario]) -> pd.DataFrame:
    """Return what people ask for beside the KPIs: active share, repurchase, stages at the end, members' penetration."""
    rows: list[dict[str, object]] = []
    for scenario in scenarios:
        first = _habits(scenario.baseline)
        for arm in scenario.arms:
            own = _habits(arm)
            rows.extend(
                {**arm.key, "figure": name, "unit": unit, "baseline": first[name][0], "value": value,
                 "difference": value - first[name][0]}
                for name, (value, unit) in own.items()
            )  # fmt: skip
    return pd.DataFrame(rows)


def _habits(arm: ComparedArm) -> dict[str, tuple[float, str]]:
    """Return the figures of one arm with their units, over all replications together."""
    lived = np.concatenate([history.lived for history in arm.histories])
    measures = np.concatenate(list(arm.measures))
    customers = lived["first_order_day"] >= 0
    bought, again = lived["order_days"] > 0, lived["order_days"] > 1
    gaps = lived["order_days"][again].astype(np.int64) - 1
    active = sum(int(history.weeks["closing"][-1]) for history in arm.histories)
    joined = sum(int(history.weeks["new"].sum()) for history in arm.histories)
    members = float(measures[:, COLUMNS.index("members")].sum())
    base = float(measures[:, COLUMNS.index("base")].sum())
    retained = float(measures[:, COLUMNS.index("retained")].sum())
    count, replications = max(1, int(customers.sum())), len(arm.histories)
    return {
        "customers": (int(customers.sum()) / replications, "count"),
        "new_customers": (joined / replications, "count"),
        "active_share": (active / count, "share"),
        "churn": (1 - retained / base if base else 0.0, "share"),
        "repurchase_rate": (float(again.sum() / max(1, int(bought.sum()))), "share"),
        "repurchase_cycle": (float(lived["span"][again].sum() / max(1, int(gaps.sum()))), "days"),
        "orders_a_buyer": (float(lived["order_days"].sum() / max(1, int(bought.sum()))), "count"),
        "paid_member_share": (members / count, "share"),
    }
