"""The verdict of a comparison in two sentences: what is certain, and on which assumption the margin hangs.

Serves whoever reads nothing else. A change is certain where the interval that holds for all differences together leaves
out zero; where campaigns reach beyond the horizon there is no verdict, as on the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..kpis import KPIS
from .key_figures import is_certain
from .wording import Wording

JUDGED = ("gmv", "retention", "margin")
"""KPIs of a verdict."""


def verdict_of(
    table: pd.DataFrame, wording: Wording, today: str, *, verdicts: pd.DataFrame | None = None,
    break_even: pd.DataFrame | None = None,
) -> list[str]:  # fmt: skip
    """Return the two sentences; for several policies they are about the one that brings the most margin."""
    tested = [str(name) for name in dict.fromkeys(table["policy"]) if name != today]
    if not tested:
        return [wording.text("Only {today} was lived; give a second policy to compare it with.", today=today)]
    best = best_policy(table, tested)
    first = sentence_on(table, best, wording, today, verdicts)
    if len(tested) > 1:
        first = wording.text("Of {count} policies {best} brings the most contribution margin; {sentence}",
                             count=len(tested), best=best, sentence=first)  # fmt: skip
    return [first, hangs_on(break_even, best, wording)]


def best_policy(table: pd.DataFrame, tested: Sequence[str]) -> str:
    """Return the policy with the highest mean difference of the contribution margin over the scenarios."""
    margins = table[(table["kpi"] == "margin") & table["policy"].isin(tested)]
    return str(margins.groupby("policy", sort=False)["difference"].mean().idxmax())


def sentence_on(
    table: pd.DataFrame, policy: str, wording: Wording, today: str, verdicts: pd.DataFrame | None = None
) -> str:
    """Return what a policy certainly changes, over all scenarios, in one sentence."""
    if verdicts is not None and len(verdicts):
        own = verdicts[verdicts["policy"] == policy]
        if len(own) and not own["is_due"].all():
            return wording.text("There is no verdict on {policy} yet: its campaigns borrow sales from months that lie "
                                "beyond the horizon.", policy=policy)  # fmt: skip
    rows = table[table["policy"] == policy]
    parts = [_everywhere(rows[rows["kpi"] == kpi], kpi, wording) for kpi in JUDGED]
    return wording.text("{policy} against {today}: {parts}.", policy=policy, today=today,
                        parts=wording.text("; ").join(parts))  # fmt: skip


def _everywhere(rows: pd.DataFrame, kpi: str, wording: Wording) -> str:
    """Return what happens to one KPI over the scenarios."""
    unit, title = KPIS[kpi].unit, wording.text(KPIS[kpi].title)
    title = title if title.isupper() else title.lower()
    low, high = (wording.difference(float(getattr(rows["difference"], end)()), unit) for end in ("min", "max"))
    size = low if low == high else wording.text("{low} to {high}", low=low, high=high)
    several = len(rows) > 1
    if (rows["simultaneous_low"] > 0).all():
        return (wording.text("{figure} rises in every scenario ({size})", figure=title, size=size) if several
                else wording.text("{figure} rises ({size})", figure=title, size=size))  # fmt: skip
    if (rows["simultaneous_high"] < 0).all():
        return (wording.text("{figure} falls in every scenario ({size})", figure=title, size=size) if several
                else wording.text("{figure} falls ({size})", figure=title, size=size))  # fmt: skip
    certain = [str(row["scenario"]) for _, row in rows.iterrows() if is_certain(row)]
    if not certain:
        return wording.text("{figure} shows no certain change ({size})", figure=title, size=size)
    return wording.text("{figure} changes for certain only in {scenarios} ({size})", figure=title, size=size,
                        scenarios=wording.text(", ").join(certain))  # fmt: skip


def hangs_on(break_even: pd.DataFrame | None, policy: str, wording: Wording) -> str:
    """Return from which attrition effect the policy's margin pays, the assumption that no order log can tell."""
    own = None if break_even is None else break_even[break_even["policy"] == policy]
    if own is None or not len(own):
        return wording.text("Where the margin turns was not asked for; it hangs on the attrition effect, how far the "
                            "programme slows attrition, which no order log can tell.")  # fmt: skip
    told = {str(scenario): where_it_pays(rows, wording) for scenario, rows in own.groupby("scenario", sort=False)}
    if len(set(told.values())) == 1:
        where = next(iter(told.values()))
    else:
        where = wording.text("; ").join(
            wording.text("{scenario}: {where}", scenario=scenario, where=where) for scenario, where in told.items()
        )
    assumed = own["own_attrition_effect"].iloc[0]
    return wording.text("The margin is higher than today's {where}; {assumed} is assumed, and no order log can tell "
                        "how far a programme slows attrition.", where=where, assumed=f"{assumed:g}")  # fmt: skip


def where_it_pays(rows: pd.DataFrame, wording: Wording) -> str:
    """Return at which attrition effects one policy pays in one scenario, from its rows of `break-even`."""
    pays = str(rows["pays"].iloc[0])
    values = [float(value) for value in rows["break_even"].dropna()]
    if pays == "from":
        return wording.text("from an attrition effect of {value} up", value=f"{values[0]:.2f}")
    if pays == "up_to":
        return wording.text("up to an attrition effect of {value}", value=f"{values[0]:.2f}")
    if pays == "in_parts":
        return wording.text("at some attrition effects, turning at {values}",
                            values=wording.text(", ").join(f"{value:.2f}" for value in values))  # fmt: skip
    return {
        "always": wording.text("at every attrition effect from 0 to 0.85"),
        "never": wording.text("at no attrition effect from 0 to 0.85"),
        "no_difference": wording.text("at no attrition effect, since there is no difference"),
    }.get(pays, wording.text("with certainty at no attrition effect from 0 to 0.85"))
