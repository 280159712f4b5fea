"""The report of `memberlab rollout`: what each arm of a rollout did, what an analyst would have seen,
and the stop rule.

Serves whoever launches in stages.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from ..kpis import Unit
from ..rollout_measures import FIGURES
from .cards import Card
from .figures_told import FACTOR, axis_title, change_told
from .interval_lines import IntervalLine, interval_lines
from .parts import Cell, Chart, DataTable, Fragment, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .wording import Wording, to_translate

TODAY = "today's policy"
TITLES = {"margin": to_translate("Margin"), "gmv": to_translate("GMV"), "orders": to_translate("Orders"),
          "benefit_cost": to_translate("Benefit cost")}  # fmt: skip
DRAWN = ("margin", "gmv")
CHANGE = ("difference", "low", "high")


def rollout_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab rollout`."""
    stages, weeks = run.table("stages"), run.table("weeks")
    file = run.folder / "rollout.json"
    try:
        told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        currency = str(told["currency"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise refusal(file, f"cannot be read ({fault}); write the rollout again") from None
    if stages is None or weeks is None:
        raise refusal(run.folder, "holds no stages.parquet or weeks.parquet; write the rollout again")
    wording = Wording(language, currency)
    sections = [
        Section("shop", wording.text("The whole shop"), (), [_cards(told, wording)]),
        Section("stages", wording.text("Stage by stage"),
                [wording.text("What an analyst would see: the mean of a shopper in the arm less that of one in the "
                              "hold-out, with the 95 % interval of one such experiment. Beside it the truth: what the "
                              "same shoppers would have done under today's policy.")],
                [_table(stages, arm, wording) for arm in dict.fromkeys(stages["arm"])]),
        Section("weeks", wording.text("The pilot week by week"), (),
                [_chart(weeks, str(arm), figure, wording) for arm in dict.fromkeys(weeks["arm"]) for figure in DRAWN]),
    ]  # fmt: skip
    stops = _stops(told, wording)
    if stops:
        sections.insert(2, Section("stop", wording.text("The stop rule"), (), (), stops))
    arms = [str(one) for one in told["policies"] if one != TODAY]
    return Report(
        wording.text("Rollout {name}", name=told["rollout"]),
        wording.text("in {scenario}; arms: {arms}; {replications} replications", scenario=told["scenario"],
                     arms=wording.text(", ").join(f"{arm} ({told['policies'][arm]})" for arm in arms),
                     replications=told["replications"]),
        [_shop_told(told, wording), _seen_told(stages, wording)], [*sections, provenance(run, wording)],
    )  # fmt: skip


def _gain(told: dict[str, Any], figure: str, world: str = "rollout") -> float:
    shop = told["whole_shop"]
    return float(shop[world][figure]) - float(shop[TODAY][figure])


def _shop_told(told: dict[str, Any], wording: Wording) -> str:
    """Return what the rollout does to the shop's margin over the horizon."""
    gain, base = _gain(told, "margin"), float(told["whole_shop"][TODAY]["margin"])
    gaps = {"name": told["rollout"], "amount": wording.figure(abs(gain), "money"),
            "share": wording.percent(gain / base) if base else "–"}  # fmt: skip
    if gain >= 0:
        return wording.text("Over the horizon the rollout {name} adds {amount} to the shop's margin ({share}) against "
                            "going on as today.", **gaps)  # fmt: skip
    return wording.text("Over the horizon the rollout {name} takes {amount} from the shop's margin ({share}) against "
                        "going "
                        "on as today.", **gaps)  # fmt: skip


def _seen_told(stages: pd.DataFrame, wording: Wording) -> str:
    """Return for the last stage of each arm that can be read whether one experiment sees the truth."""
    said = []
    for arm, rows in stages[stages["figure"] == "margin"].groupby("arm", sort=False):
        readable = rows[(rows["held_out"] > 0) & rows["difference"].notna()]
        if not len(readable):
            said.append(wording.text("of {arm} nothing can be seen, since nobody is left to compare with", arm=arm))
            continue
        row = readable.iloc[-1]
        half = (float(row["high"]) - float(row["low"])) / 2
        gaps = {"arm": arm, "stage": row["stage"], "truth": wording.difference(float(row["truth"]), "money"),
                "half": wording.figure(half, "money")}  # fmt: skip
        said.append(
            wording.text("{arm} brings {truth} a shopper in its {stage}, which an experiment of this size sees most "
                         "times",
                         **gaps) if abs(float(row["truth"])) > half else
            wording.text("{arm} brings {truth} a shopper in its {stage}, which an experiment of this size cannot tell, "
                         "since it is only exact to {half}", **gaps)
        )  # fmt: skip
    return wording.text("{parts}.", parts=wording.text("; ").join(said))


def _cards(told: dict[str, Any], wording: Wording) -> Fragment:
    cards = []
    for figure, title in TITLES.items():
        unit: Unit = FIGURES[figure][1]
        base = float(told["whole_shop"][TODAY][figure])
        beside = wording.text("today: {figure}", figure=wording.figure(base, unit))
        if "without the rule" in told["whole_shop"] and told.get("saved_by_the_rule") is not None:
            without = wording.difference(_gain(told, figure, "without the rule"), unit)
            beside += "\n" + wording.text("without the stop rule: {figure}", figure=without)
        cards.append(Card(wording.text(title), wording.difference(_gain(told, figure), unit), beside))
    title = wording.text("What the rollout adds over the horizon, mean of {replications} replications",
                         replications=told["replications"])  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": title})


def _stops(told: dict[str, Any], wording: Wording) -> list[str]:
    """Return how often the stop rule fired in each arm, how often wrongly, and what it saved."""
    said = []
    for one in told.get("stops", []):
        days = [day for day in one["days"] if day is not None]
        gaps = {"arm": one["arm"], "times": len(days), "all": len(one["days"]), "wrongly": one["wrongly"]}
        said.append(
            wording.text("{arm}: never stopped in {all} replications.", arm=gaps["arm"], all=gaps["all"]) if not days
            else wording.text("{arm}: stopped in {times} of {all} replications, wrongly in {wrongly}.", **gaps)
        )  # fmt: skip
    saved = told.get("saved_by_the_rule")
    if saved is not None:
        said.append(
            wording.text("Where it fired, the rule saved {amount} of the shop's margin against going on.",
                         amount=wording.figure(saved, "money")) if saved >= 0 else
            wording.text("Where it fired, the rule cost {amount} of the shop's margin against going on.",
                         amount=wording.figure(-saved, "money"))
        )  # fmt: skip
    return said


def _table(stages: pd.DataFrame, arm: object, wording: Wording) -> DataTable:
    """Return what is seen of one arm by stage beside the truth, a shopper."""
    rows = []
    for _, row in stages[stages["arm"] == arm].iterrows():
        unit: Unit = FIGURES[str(row["figure"])][1]
        held = float(row["held_out"]) > 0 and pd.notna(row["difference"])
        seen = wording.text("nobody left to compare")
        if held:
            difference, low, high = (float(row[one]) for one in CHANGE)
            if _has_interval(row):
                seen = change_told(difference, low, high, unit, wording)
            else:
                seen = _alone(difference, unit, wording)
        rows.append([
            Cell(wording.text("{stage}, days {first} to {last}", stage=row["stage"], first=int(row["first_day"]),
                              last=int(row["last_day"])), is_number=False),
            Cell(wording.text(TITLES[str(row["figure"])]), is_number=False),
            Cell(wording.text("{arm} and {held}", arm=wording.figure(float(row["shoppers"]), "count"),
                              held=wording.figure(float(row["held_out"]), "count"))),
            Cell(seen), Cell(_alone(float(row["truth"]), unit, wording)),
        ])  # fmt: skip
    heads = [wording.text("Stage"), wording.text("Figure"), wording.text("Shoppers in arm and hold-out"),
             wording.text("Difference seen (95 %)"), wording.text("Truth")]  # fmt: skip
    return DataTable(wording.text("Arm {arm}, a shopper", arm=arm), heads, rows)


def _has_interval(row: pd.Series) -> bool:
    """Return whether the interval of a row has two ends."""
    return all(abs(float(row[end])) != float("inf") and pd.notna(row[end]) for end in ("low", "high"))


def _alone(value: float, unit: Unit, wording: Wording) -> str:
    """Return a difference without an interval."""
    return change_told(value, value, value, unit, wording).split("\n")[0]


def _chart(weeks: pd.DataFrame, arm: str, figure: str, wording: Wording) -> Chart:
    """Return what is seen of a figure week by week from the pilot's first day, beside the truth."""
    own = weeks[(weeks["arm"] == arm) & (weeks["figure"] == figure) & (weeks["held_out"] > 0)]
    own = own[own.apply(_has_interval, axis=1)] if len(own) else own
    unit: Unit = FIGURES[figure][1]
    factor = FACTOR[unit]
    places = [float(day) / 7 for day in own["until_day"]]
    seen = IntervalLine(wording.text("seen, with its 95 % interval"), places,
                        *(list(own[one] * factor) for one in CHANGE))  # fmt: skip
    truth = IntervalLine(wording.text("truth"), places, list(own["truth"] * factor))
    title = wording.text("{arm}: {figure} a shopper", arm=arm, figure=wording.text(TITLES[figure]))
    if not len(own):
        end = wording.text("There is nobody to compare with.")
    else:
        last = own.iloc[-1]
        end = wording.text("At the end {seen} is seen, and {truth} is true.",
                           seen=wording.difference(float(last["difference"]), unit),
                           truth=wording.difference(float(last["truth"]), unit))  # fmt: skip
    return Chart(
        f"weeks-{arm}-{figure}", title, end,
        interval_lines([seen, truth], x=wording.text("week of the pilot, all from its first day"),
                       y=axis_title(unit, wording)),
    )  # fmt: skip
