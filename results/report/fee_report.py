"""The report of `memberlab fee`: the fee of a paid membership that brings the most margin, and what each fee does.

Serves finance and whoever sets the price.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .cards import Card
from .figures_told import axis_title, change_card, change_told, end_told, number
from .interval_lines import IntervalLine, interval_lines
from .parts import Cell, Chart, DataTable, Fragment, Report, Section
from .provenance import provenance
from .row_chart import band
from .stored_run import StoredRun, refusal
from .wording import Wording

MEAN = "mean"
"""The row of a fee that is the mean over several scenarios."""


def fee_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab fee`."""
    table = run.table("fee")
    if table is None:
        raise refusal(run.folder, "holds no fee.parquet; write the fee again")
    wording = Wording(language, str(run.fact("currency")))
    names, worlds = run.fact("names"), [str(one) for one in run.manifest["scenarios"]]
    lived = table[table["refusal"] == ""].sort_values("fee")
    own = lived[lived["scenario"] == (MEAN if len(worlds) > 1 else worlds[0])]
    best = own.iloc[int((own["fee"] - float(run.fact("best_fee"))).abs().argmin())]
    parts: list[Any] = [_margin(run, lived, own, worlds, wording), _members(own, wording), _table(own, best, wording)]
    sections = [
        Section("best", wording.text("The best fee"), (), [_cards(best, wording)]),
        Section("fees", wording.text("Fee by fee"),
                [wording.text("All fees meet the same shoppers with the same chances; differences to today's policy "
                              "are "
                              "paired by shopper, with 95 % intervals.")], parts),
    ]  # fmt: skip
    if len(worlds) > 1:
        sections.append(Section("scenarios", wording.text("By scenario"), (), [_by_scenario(lived, worlds, wording)]))
    refused = table[table["refusal"].fillna("") != ""]
    if len(refused):
        listed = [f"{number(float(row['fee']), wording)}: {row['refusal']}" for _, row in refused.iterrows()]
        sections.append(Section("refused", wording.text("Fees that the policy's own checks refuse"), (), (), listed))
    return Report(
        wording.text("The fee of {policy}", policy=names["policy"]),
        wording.text("in {scenario}, against {against}, {replications} replications",
                     scenario=wording.text(", ").join(worlds), against=names["against"],
                     replications=run.manifest["replications"]),
        _verdict(run, own, best, wording), [*sections, provenance(run, wording)],
    )  # fmt: skip


def _fee(value: float, wording: Wording) -> str:
    return wording.figure(100 * value, "money") if value % 1 else number(value, wording, 7)


def _verdict(run: StoredRun, own: pd.DataFrame, best: pd.Series, wording: Wording) -> list[str]:
    """Return the best fee, and up to which fee it pays."""
    gaps = {"fee": _fee(float(best["fee"]), wording), "currency": wording.currency,
            "against": run.fact("names")["against"],
            "size": wording.difference(float(best["margin_difference"]), "money"),
            "interval": wording.interval(float(best["margin_low"]), float(best["margin_high"]), "money")}  # fmt: skip
    if best["margin_low"] > 0:
        first = wording.text("A fee of {fee} {currency} brings the most contribution margin: {size} against {against} "
                             "(95 %: {interval}).", **gaps)  # fmt: skip
    elif best["margin_high"] <= 0:
        first = wording.text("At no fee that was tried is the contribution margin as high as that of {against}; least "
                             "is "
                             "lost at {fee} {currency}: {size} (95 %: {interval}).", **gaps)  # fmt: skip
    else:
        first = wording.text("No fee that was tried certainly raises the contribution margin above that of {against}; "
                             "most is earned at {fee} {currency}: {size} (95 %: {interval}).", **gaps)  # fmt: skip
    low, high = run.fact("within_one_standard_error")
    second = (wording.text("Fees from {low} to {high} are as good within what these runs can tell.",
                           low=_fee(low, wording), high=_fee(high, wording)) if low < high
              else wording.text("No other fee tried is as good within what these runs can tell."))  # fmt: skip
    for one in run.manifest.get("break_even_fees", []):
        about = {"fee": number(one["fee"], wording), "low": end_told(one["low"], wording),
                 "high": end_told(one["high"], wording)}  # fmt: skip
        second = wording.joined(second, (
            wording.text("It pays from a fee of about {fee} on ({low} to {high}).", **about) if one["rising"]
            else wording.text("It pays up to a fee of about {fee} ({low} to {high}).", **about)
        ))  # fmt: skip
    if best["fee"] in (own["fee"].min(), own["fee"].max()):
        second = wording.joined(second, wording.text("The best is at the end of the fees tried; try more with --fees."))
    return [first, second]


def _cards(best: pd.Series, wording: Wording) -> Fragment:
    cards = [
        change_card(wording.text("Contribution margin"), *_change(best, "margin"), "money", wording),
        change_card(wording.text("GMV"), *_change(best, "gmv"), "money", wording),
        change_card(wording.text("Retention"), *_change(best, "retention"), "share", wording),
        Card(wording.text("Members at the end"), wording.figure(float(best["members"]), "count"),
             wording.text("fees earned: {amount}", amount=wording.figure(float(best["fees_earned"]), "money"))),
        Card(wording.text("Gain more than they pay"), _gain(best, wording),
             wording.text("of the members whose term has run 90 days")),
    ]  # fmt: skip
    title = wording.text("At a fee of {fee} {currency}, against today's policy", fee=_fee(float(best["fee"]), wording),
                         currency=wording.currency)  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": title})


def _change(row: pd.Series, kpi: str) -> tuple[float, float, float]:
    return float(row[f"{kpi}_difference"]), float(row[f"{kpi}_low"]), float(row[f"{kpi}_high"])


def _gain(row: pd.Series, wording: Wording) -> str:
    share = float(row["gain_more_than_they_pay"])
    return "–" if pd.isna(share) else wording.figure(share, "share")


def _margin(
    run: StoredRun, lived: pd.DataFrame, own: pd.DataFrame, worlds: list[str], wording: Wording
) -> Chart:  # fmt: skip
    """Return the margin along the fee: the mean, and each scenario where there are several."""
    lines = []
    for name in [MEAN, *worlds] if len(worlds) > 1 else worlds:
        rows = lived[lived["scenario"] == name]
        shown = wording.text("mean of the scenarios") if name == MEAN else name
        told = [f"{shown}, {_fee(float(row['fee']), wording)}: "
                f"{change_told(*_change(row, 'margin'), 'money', wording)}" for _, row in rows.iterrows()]  # fmt: skip
        with_band = name == MEAN or len(worlds) == 1
        ends = [list(rows[f"margin_{end}"] / 100) if with_band else [] for end in ("low", "high")]
        lines.append(
            IntervalLine(shown, list(rows["fee"]), list(rows["margin_difference"] / 100), ends[0], ends[1], told)
        )
    low, high = run.fact("within_one_standard_error")
    shapes = [{**band(low, high), "xref": "x"}] if low < high else []
    best = own.iloc[int(own["margin_difference"].argmax())]
    return Chart(
        "fee-margin", wording.text("Contribution margin against today's policy"),
        wording.text("The difference at each fee with its 95 % interval; most at {fee}: {size}. Shaded: fees that are "
                     "as "
                     "good as the best within one standard error.", fee=_fee(float(best["fee"]), wording),
                     size=wording.difference(float(best["margin_difference"]), "money")),
        interval_lines(lines, x=wording.text("Fee a term, {currency}", currency=wording.currency),
                       y=axis_title("money", wording), shapes=shapes),
    )  # fmt: skip


def _members(own: pd.DataFrame, wording: Wording) -> Chart:
    """Return how many members there are at each fee, beside what they pay."""
    told = [wording.text("{fee}: {members} members, fees {amount}", fee=_fee(float(row["fee"]), wording),
                         members=wording.figure(float(row["members"]), "count"),
                         amount=wording.figure(float(row["fees_earned"]), "money"))
            for _, row in own.iterrows()]  # fmt: skip
    line = IntervalLine(wording.text("Members at the end"), list(own["fee"]), list(own["members"]), told=told)
    first, last = own.iloc[0], own.iloc[-1]
    return Chart(
        "fee-members", wording.text("Members at the end"),
        wording.text("Members fall from {most} at a fee of {low} to {least} at {high}.",
                     most=wording.figure(float(first["members"]), "count"), low=_fee(float(first["fee"]), wording),
                     least=wording.figure(float(last["members"]), "count"), high=_fee(float(last["fee"]), wording)),
        interval_lines([line], x=wording.text("Fee a term, {currency}", currency=wording.currency),
                       y=wording.text("members"), zero=False, yaxis={"rangemode": "tozero"}),
    )  # fmt: skip


def _table(own: pd.DataFrame, best: pd.Series, wording: Wording) -> DataTable:
    rows = [
        [Cell(_fee(float(row["fee"]), wording), "total" if row["fee"] == best["fee"] else ""),
         Cell(wording.figure(float(row["members"]), "count")), Cell(wording.figure(float(row["fees_earned"]), "money")),
         Cell(change_told(*_change(row, "margin"), "money", wording)),
         Cell(change_told(*_change(row, "retention"), "share", wording)), Cell(_gain(row, wording))]
        for _, row in own.iterrows()
    ]  # fmt: skip
    heads = [wording.text("Fee"), wording.text("Members at the end"), wording.text("Fees earned"),
             wording.text("Contribution margin"), wording.text("Retention"),
             wording.text("Gain more than they pay")]  # fmt: skip
    return DataTable(wording.text("Every fee"), heads, rows)


def _by_scenario(lived: pd.DataFrame, worlds: list[str], wording: Wording) -> DataTable:
    """Return the best fee of each scenario."""
    rows = []
    for name in worlds:
        own = lived[lived["scenario"] == name]
        top = own.iloc[int(own["margin_difference"].argmax())]
        rows.append([Cell(name, is_number=False), Cell(_fee(float(top["fee"]), wording)),
                     Cell(change_told(*_change(top, "margin"), "money", wording))])  # fmt: skip
    heads = [wording.text("Scenario"), wording.text("Best fee"), wording.text("Contribution margin")]
    return DataTable(wording.text("The best fee of each scenario"), heads, rows)
