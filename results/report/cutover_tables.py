"""Tables and charts of a cut-over's report: moves between tiers, the points liability by cause, memberships, losers.

Serves the report of `memberlab cutover`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .figure_style import COLOURS, GAIN, LOSS, TOTAL, figure, with_room, zero_line
from .parts import Cell, Chart, DataTable
from .tier_flow_chart import tier_named
from .wording import Wording, to_translate

CAUSES = {
    "evening before": to_translate("evening before"),
    "conversion and value of a point": to_translate("conversion and value of a point"),
    "expired by the old rules as well": to_translate("expired by the old rules as well"),
    "forced expiry": to_translate("forced expiry"), "forfeited": to_translate("forfeited"),
    "other business of the morning": to_translate("other business of the morning"),
    "expected redemption": to_translate("expected redemption"), "launch morning": to_translate("launch morning"),
}  # fmt: skip
MOVES = {"up": to_translate("up"), "down": to_translate("down"), "same": to_translate("the same")}
FATES = {
    "none": to_translate("none"), "runs on": to_translate("runs on"), "converted": to_translate("converted"),
    "refunded": to_translate("refunded"), "ends that day": to_translate("ends that day"),
    "renews that day": to_translate("renews that day"), "begins that day": to_translate("begins that day"),
}  # fmt: skip


def _named(tier: object, wording: Wording) -> str:
    return tier_named(str(tier), wording)


def moves_table(flows: pd.DataFrame, wording: Wording) -> DataTable:
    """Return who goes from which tier to which."""
    rows = [
        [Cell(_named(row["old_tier"], wording), is_number=False), Cell(_named(row["new_tier"], wording),
                                                                       is_number=False),
         Cell(wording.text(MOVES.get(str(row["move"]), str(row["move"]))), is_number=False),
         Cell(wording.figure(float(row["members"]), "count")), Cell(wording.figure(float(row["share"]), "share")),
         Cell(wording.figure(float(row["spend"]), "money")), Cell(wording.figure(float(row["moved_anyway"]), "count"))]
        for _, row in flows.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Old tier"), wording.text("New tier"), wording.text("Move"), wording.text("Members"),
        wording.text("Share of the old tier"), wording.text("Spend of the year"), wording.text("Would have moved "
                                                                                               "anyway"),
    ]  # fmt: skip
    return DataTable(wording.text("From old tiers to new"), heads, rows)


def steps_chart(steps: pd.DataFrame, wording: Wording) -> Chart:
    """Return the points liability from the evening before to launch morning, cause by cause, as a waterfall."""
    own = steps[
        (steps["liability"] != 0) | (steps["points"] != 0) | (steps.index == 0) | (steps.index == len(steps) - 1)
    ]
    first, last = own.index[0], own.index[-1]
    words = [wording.text(CAUSES.get(str(one), str(one))) for one in own["step"]]
    amounts = [float(one) / 100 for one in own["liability"]]
    trace: dict[str, Any] = {
        "type": "waterfall", "orientation": "h", "y": words, "x": amounts,
        "measure": ["total" if place in (first, last) else "relative" for place in own.index],
        "text": [wording.short(float(one)) if place in (first, last) else wording.difference(float(one), "money")
                 for place, one in zip(own.index, own["liability"], strict=True)],
        "textposition": "outside", "increasing": {"marker": {"color": LOSS}}, "decreasing": {"marker": {"color": GAIN}},
        "totals": {"marker": {"color": TOTAL}}, "hovertemplate": "%{y}: %{text}<extra></extra>",
    }  # fmt: skip
    trace["measure"][0] = "absolute"
    rows = [
        [Cell(wording.text(CAUSES.get(str(row["step"]), str(row["step"]))), is_number=False),
         Cell(wording.figure(float(row["points"]), "count")), Cell(wording.figure(float(row["members"]), "count")),
         Cell(wording.figure(float(row["face_value"]), "money")), Cell(wording.figure(float(row["liability"]),
                                                                                      "money"))]
        for _, row in steps.iterrows()
    ]  # fmt: skip
    heads = [wording.text("Cause"), wording.text("Points"), wording.text("Members"), wording.text("Face value"),
             wording.text("Liability")]  # fmt: skip
    title = wording.text("The points liability, cause by cause")
    return Chart(
        "points-steps", title,
        wording.text("Bars from {before} on the evening before to {after} on launch morning, with what each cause "
                     "adds or "
                     "takes between them.", before=wording.figure(float(own["liability"].iloc[0]), "money"),
                     after=wording.figure(float(own["liability"].iloc[-1]), "money")),
        figure([trace], x=wording.currency, height=120 + 44 * len(own), yaxis={"autorange": "reversed"},
               xaxis={"range": with_room(0.0, max([*amounts, 1.0]), 0.2)}),
        table=DataTable(title, heads, rows),
    )  # fmt: skip


def paid_table(paid: pd.DataFrame, wording: Wording) -> DataTable:
    """Return what becomes of paid memberships."""
    rows = [
        [Cell(wording.text(FATES.get(str(row["paid_membership"]), str(row["paid_membership"]))), is_number=False),
         Cell(wording.figure(float(row["members"]), "count")),
         *(Cell(wording.figure(float(row[one]), "money")) for one in ("refunded", "deferred_before", "deferred_after")),
         Cell(wording.figure(float(row["old_fee"]), "count"))]
        for _, row in paid.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Paid membership"), wording.text("Members"), wording.text("Refunded"),
        wording.text("Fees not yet earned, before"), wording.text("Fees not yet earned, after"),
        wording.text("Renew at the old fee"),
    ]  # fmt: skip
    return DataTable(wording.text("What becomes of paid memberships"), heads, rows)


def losers_chart(losers: pd.DataFrame, wording: Wording) -> Chart:
    """Return the share of each tier's members who lose much, by tenth of spend."""
    traces = []
    for place, (tier, rows) in enumerate(losers.groupby("usual_tier", sort=False)):
        traces.append({
            "type": "bar", "name": _named(tier, wording), "marker": {"color": COLOURS[place % len(COLOURS)]},
            "x": [int(one) for one in rows["tenth"]], "y": [int(one) for one in rows["falling"]],
            "customdata": [wording.text("{falling} of {members}", falling=int(row["falling"]),
                                        members=int(row["members"]))
                           for _, row in rows.iterrows()],
            "hovertemplate": "%{x}: %{customdata}<extra>" + _named(tier, wording) + "</extra>",
        })  # fmt: skip
    worst = losers.iloc[int(losers["falling"].argmax())]
    rows_of = [
        [Cell(_named(row["usual_tier"], wording), is_number=False), Cell(str(int(row["tenth"]))),
         Cell(wording.figure(float(row["members"]), "count")), Cell(wording.figure(float(row["falling"]), "count")),
         *(Cell(wording.figure(float(row[one]), "money")) for one in ("give_back_before", "give_back_after", "lost"))]
        for _, row in losers[losers["falling"] > 0].iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Tier"), wording.text("Tenth by spend"), wording.text("Members"), wording.text("Lose much"),
        wording.text("Given back before"), wording.text("Given back after"), wording.text("Lost"),
    ]  # fmt: skip
    title = wording.text("Members who lose much, by tier and tenth of spend")
    return Chart(
        "losers-by-tenth", title,
        wording.text("Bars of the members who lose much in each tenth by spend, 10 the highest, by tier; most are "
                     "{tier} "
                     "in tenth {tenth}: {falling} of {members}.", tier=_named(worst["usual_tier"], wording),
                     tenth=int(worst["tenth"]), falling=int(worst["falling"]), members=int(worst["members"])),
        figure(traces, x=wording.text("tenth by spend"), y=wording.text("members"), barmode="stack",
               shapes=[zero_line()], xaxis={"dtick": 1}, showlegend=len(traces) > 1),
        table=DataTable(title, heads, rows_of),
    )  # fmt: skip


def kinds_table(kinds: pd.DataFrame, wording: Wording) -> DataTable:
    """Return the kinds of member hit hardest, by what one of them loses."""
    rows = [
        [Cell(_named(row["usual_tier"], wording), is_number=False), Cell(_named(row["new_tier"], wording),
                                                                         is_number=False),
         Cell(wording.text(FATES.get(str(row["paid_membership"]), str(row["paid_membership"]))), is_number=False),
         Cell(str(int(row["tenth"]))), Cell(wording.figure(float(row["members"]), "count")),
         *(Cell(wording.figure(float(row[one]), "money"))
           for one in ("give_back_before", "give_back_after", "points_worth_lost", "lost_each"))]
        for _, row in kinds.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Tier"), wording.text("New tier"), wording.text("Paid membership"), wording.text("Tenth by spend"),
        wording.text("Members"), wording.text("Given back before"), wording.text("Given back after"),
        wording.text("Points lost"), wording.text("Lost, a member"),
    ]  # fmt: skip
    return DataTable(wording.text("The kinds of member hit hardest: amounts a member and year"), heads, rows)
