"""The report of `memberlab lift`: what the offers of a log did, as trials tell it and as naive comparisons would.

Serves whoever is asked "did the campaign work?".
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .cards import Card
from .parts import Cell, Chart, DataTable, Fragment, Report, Section
from .provenance import provenance
from .row_chart import IntervalRow, row_chart
from .stored_run import StoredRun
from .tables_report import tables_report
from .wording import Wording, to_translate

KINDS = {
    "trial": to_translate("a trial: its lift"), "unsound": to_translate("a trial whose arms were not alike: no lift"),
    "own": to_translate("around the first exposure, controlled"), "naive": to_translate("naive: no lift"),
    "fake": to_translate("on a fake date, where there is nothing to find"),
}  # fmt: skip
METHODS = {
    "naive": to_translate("exposed against unexposed customer-weeks"),
    "targeted": to_translate("targeted customers only, exposed against unexposed weeks"),
    "all-weeks": to_translate("customer and week effects, every exposed week"),
    "matched": to_translate("matched on the weeks before"),
    "matched-fake": to_translate("matched on the weeks before, on a fake date"),
    "matched-earlier": to_translate("matched on earlier weeks, then before against after"),
    "matched-earlier-fake": to_translate("matched on earlier weeks, on a fake date"),
    "first": to_translate("around the first exposure"),
    "first-fake": to_translate("around the first exposure, on a fake date"),
    "first-narrow": to_translate("around the first exposure, narrow window"),
    "first-narrow-fake": to_translate("around the first exposure, narrow window, on a fake date"),
    "first-all": to_translate("around the first exposure, all offers"),
    "first-all-fake": to_translate("around the first exposure, all offers, on a fake date"),
}
"""Answers by their key, in words; of a trial the offer is named."""
OUTCOMES = {"spend": to_translate("Spend"), "visits": to_translate("Visits"), "orders": to_translate("Orders")}


def lift_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab lift`; a folder of an older version is shown as it is."""
    table = run.table("answers")
    if table is None or not len(table):
        return tables_report(run, language)
    wording = Wording(language)
    log = Path(str(run.manifest.get("log", run.folder.name))).name
    kinds = [one for one in KINDS if (table["kind"] == one).any()]
    said = wording.text("Only a trial, in which chance decided who got the offer, has a lift. All others are shown so "
                        "that it "
                        "is seen how far they lie, also on a fake date on which nothing was sent.")  # fmt: skip
    sections = [
        Section("figures", wording.text("The answers that count"), (), [_cards(table, wording)]),
        Section("answers", wording.text("One question, many answers"), [said],
                [_chart(table, kinds, wording), _table(table, wording)]),
        provenance(run, wording),
    ]  # fmt: skip
    return Report(
        wording.text("What the campaigns of {log} did", log=log),
        wording.text("{count} answers; effects on those exposed, with 95 % intervals", count=len(table)),
        _verdict(table, wording), sections,
    )  # fmt: skip


def _says(row: pd.Series, wording: Wording) -> str:
    if row["kind"] in ("trial", "unsound"):
        return wording.text("offer {offer}, trial", offer=row["row"])
    return wording.text(METHODS[str(row["row"])]) if row["row"] in METHODS else str(row["method"])


def _effect(row: pd.Series, name: str, wording: Wording) -> str:
    if name not in row or pd.isna(row[name]):
        return "–"
    interval = wording.text("{low} to {high}", low=wording.percent(float(row[f"{name}_low"])),
                            high=wording.percent(float(row[f"{name}_high"])))  # fmt: skip
    return f"{wording.percent(float(row[name]))}\n{interval}"


def _verdict(table: pd.DataFrame, wording: Wording) -> list[str]:
    """Return what trials found, and how far naive figures lie from it."""
    trials, naive = table[table["kind"] == "trial"], table[table["kind"] == "naive"]
    said = []
    if len(trials):
        sure = trials[trials["spend_low"] > 0]
        top = trials.iloc[int(trials["spend"].argmax())]
        said.append(wording.text("Of {all} sound trials {sure} certainly raised spend; the largest effect is {effect} "
                                 "by "
                                 "offer {offer}.", all=len(trials), sure=len(sure),
                                 effect=wording.percent(float(top["spend"])), offer=top["row"]))  # fmt: skip
    else:
        said.append(wording.text("No trial of this log can be trusted, so nothing here is what the campaigns caused "
                                 "for "
                                 "certain."))  # fmt: skip
    if len(naive):
        far = naive.iloc[int(naive["spend"].abs().argmax())]
        said.append(wording.text("Who was sent an offer spent {naive} more than who was not, which says whom the "
                                 "campaigns "
                                 "chose and not what they did.", naive=wording.figure(float(far["spend"]), "share"))
                    if far["spend"] > 0 else
                    wording.text("Naive comparisons say whom the campaigns chose and not what they did."))  # fmt: skip
    else:
        said.append(wording.text("All offers were trials, so no comparison by choice is needed."))
    return said


def _cards(table: pd.DataFrame, wording: Wording) -> Fragment:
    order = {"trial": 0, "own": 1, "unsound": 2, "naive": 3, "fake": 4}
    ranked = table.assign(order=table["kind"].map(order)).sort_values("order", kind="stable").head(4)
    cards = []
    for _, row in ranked.iterrows():
        told = _effect(row, "spend", wording).split("\n")
        beside = wording.text("95 %: {interval}", interval=told[-1]) + "\n" + wording.text(KINDS[str(row["kind"])])
        cards.append(Card(_says(row, wording), told[0], beside))
    return Fragment("cards.html.j2", {"cards": cards, "title": wording.text("Effect on spend")})


def _chart(table: pd.DataFrame, kinds: list[str], wording: Wording) -> Chart:
    symbols = ("circle", "x", "square", "diamond", "triangle-up")
    groups = [(wording.text(KINDS[kind]), symbols[list(KINDS).index(kind)]) for kind in kinds]
    rows = []
    for _, row in table[table["spend"].notna()].iterrows():
        place, low, high = (100 * float(row[one]) for one in ("spend", "spend_low", "spend_high"))
        words = _says(row, wording)
        told = f"{words}<br>" + _effect(row, "spend", wording).replace("\n", "<br>")
        rows.append(IntervalRow(words, place, low, high, kinds.index(str(row["kind"])), told))
    ends = [abs(one) for row in rows for one in (row.low, row.high)]
    most = min(max([*ends, 5.0]), 200.0)
    zero = {"type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1,
            "line": {"width": 1.2, "color": "#999999"}}  # fmt: skip
    return Chart(
        "effects", wording.text("Effect on spend, by method"),
        wording.text("Points with 95 % intervals for {count} answers to the same question, in % of the spend of those "
                     "exposed.", count=len(rows)),
        row_chart(rows, groups, x=wording.text("% of spend"), low=-most, high=most, shapes=[zero]),
    )  # fmt: skip


def _table(table: pd.DataFrame, wording: Wording) -> DataTable:
    outcomes = [one for one in OUTCOMES if one in table]
    rows = [
        [Cell(_says(row, wording), is_number=False), *(Cell(_effect(row, one, wording)) for one in outcomes),
         Cell(wording.figure(float(row["exposed"]), "count")), Cell(wording.figure(float(row["others"]), "count")),
         Cell(wording.text(KINDS[str(row["kind"])]), is_number=False)]
        for _, row in table.iterrows()
    ]  # fmt: skip
    heads = [wording.text("Method"), *(wording.text(OUTCOMES[one]) for one in outcomes), wording.text("Exposed"),
             wording.text("Others"), wording.text("What it is")]  # fmt: skip
    return DataTable(wording.text("Every answer"), heads, rows)
