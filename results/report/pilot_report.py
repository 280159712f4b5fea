"""The report of `memberlab pilot`: how many shoppers for how long, and what such pilots would see.

Serves whoever plans an experiment and whoever pays for it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..kpis import KPIS, Unit
from .cards import Card
from .figures_told import change_told, in_sentence, number
from .interval_lines import IntervalLine, interval_lines
from .parts import Cell, Chart, DataTable, Fragment, Part, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .wording import Wording, to_translate

METHODS = {"plain": to_translate("plain difference"), "adjusted": to_translate("adjusted by prior spend (CUPED)")}
SPLITS = {
    "asked for": to_translate("asked for"), "even": to_translate("even"),
    "small hold-out": to_translate("small hold-out"), "cheapest for its power": to_translate("cheapest for its power"),
}  # fmt: skip


def pilot_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab pilot`."""
    plan, summary = run.table("plan"), run.table("replay-summary")
    if plan is None or summary is None:
        raise refusal(run.folder, "holds no plan.parquet or replay-summary.parquet; write the pilot again")
    wording = Wording(language, str(run.fact("currency")))
    names = run.fact("names")
    row = plan[plan["recommended"]].iloc[0]
    replayed = summary[summary["method"] == row["method"]].iloc[0]
    sections = [
        Section("plan", wording.text("The recommended pilot"), (), [_cards(row, replayed, wording)]),
        Section("durations", wording.text("How long, how many"),
                [wording.text("Shoppers needed in both arms together so that the effect is seen in {power} of such "
                              "pilots, where {alpha} of pilots without any effect may see one.",
                              power=wording.figure(float(run.fact("power")), "share"),
                              alpha=wording.figure(float(run.fact("alpha")), "share"))],
                [_chart(plan, wording), _table(plan, wording)]),
        Section("replays", wording.text("The same pilot, played {times} times", times=int(replayed["replays"])),
                [wording.text("Every shopper lives under both policies with the same chances, so the true effect is "
                              "known; "
                              "a pilot sees each shopper in one arm only.")], [_replays(summary, row, wording)]),
    ]  # fmt: skip
    attrition = run.table("attrition")
    if attrition is not None and len(attrition):
        parts: list[Part] = [_attrition(attrition[attrition["kpi"] == kpi], str(kpi), wording)
                             for kpi in dict.fromkeys(attrition["kpi"])]  # fmt: skip
        said = wording.text("Most margins hang on how far a programme slows attrition, which no order log can tell; "
                            "the "
                            "charts say what a pilot could.")  # fmt: skip
        sections.append(Section("attrition", wording.text("Can the pilot see slower attrition?"), [said], parts))
    return Report(
        wording.text("A pilot of {candidate} among shoppers of {incumbent}", candidate=names["candidate"],
                     incumbent=names["incumbent"]),
        wording.text("in {scenario}, {replications} replications, a pool of {pool} shoppers",
                     scenario=names["scenario"],
                     replications=run.manifest["replications"], pool=wording.figure(float(run.fact("pool")), "count")),
        _verdict(run, row, replayed, wording), [*sections, provenance(run, wording)],
    )  # fmt: skip


def _change(value: float, unit: Unit, wording: Wording) -> str:
    return change_told(value, value, value, unit, wording).split("\n")[0]


def _verdict(run: StoredRun, row: pd.Series, replayed: pd.Series, wording: Wording) -> list[str]:
    """Return which pilot is recommended, and what playing it showed."""
    kpi, unit = str(row["kpi"]), KPIS[str(row["kpi"])].unit
    relative = "" if pd.isna(row["relative_effect"]) else f" ({wording.percent(float(row['relative_effect']))})"
    gaps: dict[str, Any] = {
        "weeks": int(row["weeks"]), "shoppers": wording.figure(float(row["shoppers"]), "count"),
        "held": wording.figure(float(row["hold_out_shoppers"]), "count"), "kpi": in_sentence(kpi, wording),
        "effect": _change(float(row["effect"]), unit, wording) + relative,
    }  # fmt: skip
    if pd.notna(row["power"]) and float(row["power"]) < float(run.fact("power")):
        first = wording.text("No pilot among these is large enough: to see a change of {effect} in {kpi} a shopper, "
                             "{weeks} "
                             "weeks would need {shoppers} shoppers.", **gaps)  # fmt: skip
    else:
        first = wording.text("A pilot of {weeks} weeks with {shoppers} shoppers, {held} of them left as they are, is "
                             "enough to see a change of {effect} in {kpi} a shopper.", **gaps)  # fmt: skip
    second = wording.text("Played {times} times, it saw the change in {seen} and raised a false alarm in {alarms} of "
                          "the "
                          "cases without any.", times=int(replayed["replays"]),
                          seen=wording.figure(float(replayed["power_as_simulated"]), "share"),
                          alarms=wording.figure(float(replayed["false_alarms"]), "share"))  # fmt: skip
    if not bool(replayed["trusted"]):
        second = wording.joined(second, wording.text("False alarms or intervals are not as they should be: it is too "
                                                   "small "
                                                   "to be trusted."))  # fmt: skip
    return [first, second]


def _cards(row: pd.Series, replayed: pd.Series, wording: Wording) -> Fragment:
    unit = KPIS[str(row["kpi"])].unit
    cards = [
        Card(wording.text("Shoppers"), wording.figure(float(row["shoppers"]), "count"),
             wording.text("{held} of them held out; exact to {error}",
                          held=wording.figure(float(row["hold_out_shoppers"]), "count"),
                          error=wording.percent(float(row["shoppers_error"])).replace("+", "± "))),
        Card(wording.text("Weeks"), number(float(row["weeks"]), wording),
             wording.text("read {method}", method=wording.text(METHODS.get(str(row["method"]), str(row["method"]))))),
        Card(wording.text("Effect to detect, a shopper"), _change(float(row["effect"]), unit, wording),
             wording.text("standard error of the simulated effect: {error}",
                          error=_change(float(row["effect_error"]), unit, wording).lstrip("+"))),
        Card(wording.text("Seen in replays"), wording.figure(float(replayed["power_as_simulated"]), "share"),
             wording.text("false alarms: {alarms}", alarms=wording.figure(float(replayed["false_alarms"]), "share"))),
    ]  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": wording.text("What is recommended")})


def _series(plan: pd.DataFrame, wording: Wording) -> dict[str, pd.DataFrame]:
    """Return the rows of the plan by split and method."""
    return {
        wording.text("{split}, {method}", split=wording.text(SPLITS.get(str(split), str(split))),
                     method=wording.text(METHODS.get(str(method), str(method)))): rows
        for (split, method), rows in plan.groupby(["split", "method"], sort=False)
    }  # fmt: skip


def _chart(plan: pd.DataFrame, wording: Wording) -> Chart:
    lines = [
        IntervalLine(words, list(rows["weeks"]), list(rows["shoppers"]),
                     told=[wording.text("{words}: {weeks} weeks, {shoppers} shoppers", words=words,
                                        weeks=int(one["weeks"]),
                                        shoppers=wording.figure(float(one["shoppers"]), "count"))
                           for _, one in rows.iterrows()])
        for words, rows in _series(plan, wording).items()
    ]  # fmt: skip
    least = plan.iloc[int(plan["shoppers"].argmin())]
    return Chart(
        "shoppers", wording.text("Shoppers needed by duration"),
        wording.text("A line for each split and method; fewest are needed after {weeks} weeks: {shoppers}.",
                     weeks=int(least["weeks"]), shoppers=wording.figure(float(least["shoppers"]), "count")),
        interval_lines(lines, x=wording.text("weeks"), y=wording.text("shoppers in both arms"), zero=False,
                       yaxis={"type": "log"}),
    )  # fmt: skip


def _table(plan: pd.DataFrame, wording: Wording) -> DataTable:
    unit = KPIS[str(plan["kpi"].iloc[0])].unit
    rows = [
        [Cell(str(int(row["weeks"])) + (" *" if row["too_short"] else "")),
         Cell(wording.text(SPLITS.get(str(row["split"]), str(row["split"]))), is_number=False),
         Cell(wording.text(METHODS.get(str(row["method"]), str(row["method"]))), is_number=False),
         Cell(_change(float(row["effect"]), unit, wording)),
         Cell(wording.figure(float(row["shoppers"]), "count"), "total" if row["recommended"] else ""),
         Cell(wording.figure(float(row["candidate_shoppers"]), "count")),
         Cell(wording.figure(float(row["hold_out_shoppers"]), "count"))]
        for _, row in plan.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Weeks"), wording.text("Split"), wording.text("Read as"), wording.text("Effect to detect, a "
                                                                                            "shopper"),
        wording.text("Shoppers"), wording.text("With the candidate"), wording.text("Held out"),
    ]  # fmt: skip
    note = wording.text("* shorter than half a year, for comparison only.") if plan["too_short"].any() else ""
    return DataTable(wording.text("Every duration, split and method"), heads, rows, note)


def _replays(summary: pd.DataFrame, row: pd.Series, wording: Wording) -> DataTable:
    unit = KPIS[str(row["kpi"])].unit
    lines: list[tuple[str, str, Unit]] = [
        (wording.text("True effect, a shopper"), "truth", unit), (wording.text("Mean of the estimates"), "mean", unit),
        (wording.text("They scatter by (standard deviation)"), "deviation", unit),
        (wording.text("Intervals that hold the truth"), "coverage", "share"),
        (wording.text("Pilots that see the effect"), "power_as_simulated", "share"),
        (wording.text("False alarms where there is none"), "false_alarms", "share"),
        (wording.text("Of those that see it, wrong sign"), "wrong_sign", "share"),
    ]  # fmt: skip
    rows = [
        [Cell(words, is_number=False),
         *(Cell("–" if pd.isna(one[column]) else wording.figure(float(one[column]), "share") if kind == "share"
                else _change(float(one[column]), kind, wording)) for _, one in summary.iterrows())]
        for words, column, kind in lines if column in summary
    ]  # fmt: skip
    heads = [wording.text("What the replays show"),
             *(wording.text(METHODS.get(str(one), str(one))) for one in summary["method"])]  # fmt: skip
    return DataTable(wording.text("What such pilots see"), heads, rows)


def _attrition(own: pd.DataFrame, kpi: str, wording: Wording) -> Chart:
    """Return the pilot's power to see the effect at each attrition effect, a line for each duration."""
    lines = [
        IntervalLine(wording.text("{weeks} weeks", weeks=int(str(weeks))), list(rows["attrition_effect"]),
                     list(100 * rows["power_of_attrition"]))
        for weeks, rows in own.groupby("weeks", sort=False)
    ]  # fmt: skip
    top = own.iloc[int(own["power_of_attrition"].argmax())]
    return Chart(
        f"attrition-{kpi}", wording.text("Told from no slower attrition: {kpi}", kpi=wording.text(KPIS[kpi].title)),
        wording.text("Share of such pilots that tell the difference from the one at an attrition effect of 0; most at "
                     "{value} after {weeks} weeks: {share}.", value=number(float(top["attrition_effect"]), wording),
                     weeks=int(top["weeks"]), share=wording.figure(float(top["power_of_attrition"]), "share")),
        interval_lines(lines, x=wording.text("attrition effect"), y=wording.text("% of pilots"), zero=False,
                       yaxis={"range": [0, 102]}),
    )  # fmt: skip
