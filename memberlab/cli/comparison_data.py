"""A comparison as plain data: what `memberlab compare --json` prints.

Serves programs; people read `comparison_shown.py`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .comparison_tables import TABLE_OF

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.optimize import Attribution, Comparison


def comparison_data(
    result: Comparison, breakdowns: Sequence[str], split: Sequence[Attribution] | None
) -> dict[str, object]:
    """Return the figures, the verdicts and what was asked of besides; `split` is None where no attribution was."""
    data: dict[str, object] = {
        "replications": result.replications, "family": result.joint.family, "figures": records_of(result.table),
        "over_scenarios": records_of(result.over_scenarios), "verdicts": records_of(result.verdicts),
    }  # fmt: skip
    if split is not None:
        data["attribution"] = [row for one in split for row in records_of(one.table)]
    if any(arm.break_even is not None for arm in result.arms):
        data["break_even"] = break_evens_of(result)
    data |= {
        name: records_of(result.breakdowns[TABLE_OF[name]])
        for name in breakdowns
        if TABLE_OF[name] in result.breakdowns
    }
    if result.looks is not None:
        data["precision"] = {"reached": result.looks.is_reached, "told": str(result.looks)}
    return data


def records_of(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table for JSON; a bound without limit, as a single shopper gives, is null, and so is what
    is not told; months are dates.
    """
    return [{str(name): _or_null(value) for name, value in row.items()} for row in table.to_dict("records")]


def break_evens_of(result: Comparison) -> list[dict[str, object]]:
    """Return for JSON where the margin of each policy turns, and its uplift at the values shown, in cents."""
    from memberlab.optimize import break_even_rows, margin_rows

    return [
        {
            "scenario": arm.scenario.name, "policy": arm.policy.name, "own_attrition_effect": arm.break_even.own,
            "pays": arm.break_even.pays.name.lower(), "told": str(arm.break_even),
            "crossings": [] if not arm.break_even.crossings else [
                {name: row[name] for name in ("break_even", "low", "high", "pays_above")}
                for row in break_even_rows(arm.break_even)
            ],
            "margins": [{name: _or_null(value) for name, value in row.items()} for row in margin_rows(arm.break_even)],
        }
        for arm in result.arms if arm.break_even is not None
    ]  # fmt: skip


def _or_null(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
