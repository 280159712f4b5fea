"""The report of `memberlab global-sensitivity`: which uncertain figures move the difference of two policies.

Serves whoever has to decide what to find out first.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..kpis import KPIS
from .cards import Card
from .figures_told import FACTOR, axis_title, in_sentence, number
from .parts import Cell, Chart, DataTable, Fragment, Report, Section
from .provenance import provenance
from .row_chart import IntervalRow, band, row_chart
from .stored_run import StoredRun, refusal
from .uncertain_worlds import worths_chart
from .wording import Wording


def global_sensitivity_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab global-sensitivity`."""
    cases, indices = run.table("cases"), run.table("indices")
    if cases is None or indices is None:
        raise refusal(run.folder, "lacks cases.parquet or indices.parquet; write the sensitivity again")
    wording = Wording(language, str(run.fact("currency")))
    names, kpi = run.fact("names"), str(run.fact("kpi"))
    is_morris = str(run.fact("method")) == "morris"
    method = wording.text("Morris' elementary effects") if is_morris else wording.text("Sobol' indices")
    how = (
        wording.text("The index is the mean size of what a step of the figure over its range does to the difference "
                     "(mu*).")
        if is_morris else
        wording.text("The index is the share of the variance that would be left if all else were known (total index).")
    )  # fmt: skip
    chance = wording.text("Chance, the shaded part, only changes the random numbers; what does not stand above it "
                          "cannot be "
                          "told from noise.")  # fmt: skip
    sections = [
        Section("figures", wording.text("What is at stake"), (), [_cards(cases, indices, kpi, wording)]),
        Section("indices", wording.text("What moves the difference"), [wording.joined(how, chance)],
                [_chart(run, indices, kpi, wording), _table(indices, kpi, is_morris, wording)]),
    ]  # fmt: skip
    worth = run.table("worth-of-knowing")
    if worth is not None and len(worth):
        rows = [tuple(row) for row in worth[["name", "value", "low", "high"]].itertuples(index=False)]
        sections.append(Section("worth", wording.text("What would be worth most to know"), (),
                                [worths_chart(rows, KPIS[kpi].unit, wording)]))  # fmt: skip
    return Report(
        wording.text("What decides between {policy} and {against}", policy=names["policy"], against=names["against"]),
        wording.text("{cases} cases drawn from {set}, {method}", cases=len(cases), set=names["set"], method=method),
        _verdict(run, cases, indices, kpi, wording), [*sections, provenance(run, wording)],
    )  # fmt: skip


def _named(name: object, wording: Wording) -> str:
    return wording.text("chance") if name == "chance" else str(name)


def _verdict(
    run: StoredRun, cases: pd.DataFrame, indices: pd.DataFrame, kpi: str, wording: Wording
) -> list[str]:  # fmt: skip
    """Return how often the policy is behind, and what moves that."""
    names = run.fact("names")
    gaps: dict[str, Any] = {"policy": names["policy"], "against": names["against"], "kpi": in_sentence(kpi, wording),
                            "losing": int((cases["difference"] < 0).sum()), "all": len(cases)}  # fmt: skip
    first = wording.text("{policy} has less {kpi} than {against} in {losing} of {all} plausible worlds.", **gaps)
    above = [str(one) for one in indices.loc[indices["is_above_chance"], "name"]]
    if not above:
        return [first, wording.text("Nothing that was varied moves the difference clearly more than chance alone "
                                    "does; take "
                                    "more shoppers or replications.")]  # fmt: skip
    return [first, wording.text("What moves the difference more than chance does: {figures}.",
                                figures=wording.text(", ").join(above))]  # fmt: skip


def _cards(cases: pd.DataFrame, indices: pd.DataFrame, kpi: str, wording: Wording) -> Fragment:
    unit = KPIS[kpi].unit
    losing = float((cases["difference"] < 0).mean())
    real = indices[indices["name"] != "chance"]
    top = real.iloc[int(real["flips"].argmax())]
    cards = [
        Card(wording.text("Worlds in which it loses"), wording.figure(losing, "share"),
             wording.text("of {cases}", cases=len(cases))),
        Card(wording.text("Mean difference"), wording.difference(float(cases["difference"].mean()), unit),
             wording.text("{low} to {high} in nine worlds of ten",
                          low=wording.difference(float(cases["difference"].quantile(0.05)), unit),
                          high=wording.difference(float(cases["difference"].quantile(0.95)), unit))),
        Card(wording.text("Above chance"), str(int(indices["is_above_chance"].sum())),
             wording.text("of {figures} figures", figures=len(real))),
        Card(wording.text("Changes the better policy most often"), wording.figure(float(top["flips"]), "share"),
             _named(top["name"], wording)),
    ]  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": wording.text(KPIS[kpi].title)})


def _chart(run: StoredRun, indices: pd.DataFrame, kpi: str, wording: Wording) -> Chart:
    is_morris, unit = str(run.fact("method")) == "morris", KPIS[kpi].unit
    factor = FACTOR[unit] if is_morris else 1.0
    floor = float(indices.loc[indices["name"] == "chance", "index"].iloc[0]) * factor
    shown = indices[indices["name"] != "chance"].head(14)
    rows = [
        IntervalRow(_named(one["name"], wording), float(one["index"]) * factor, float(one["low"]) * factor,
                    float(one["high"]) * factor, 0 if one["is_above_chance"] else 1,
                    f"{one['name']}: {number(float(one['index']) * factor, wording)}")
        for _, one in shown.iterrows()
    ]  # fmt: skip
    most = max([row.high for row in rows] + [floor, 1e-9])
    top = shown.iloc[0]
    groups = [(wording.text("above chance"), "circle"), (wording.text("not told from chance"), "x")]
    return Chart(
        "indices-chart", wording.text("What moves the difference"),
        wording.text("Points with 95 % intervals, the largest on top: {figure}.", figure=_named(top["name"], wording)),
        row_chart(rows, groups, low=0.0, high=most, shapes=[band(0.0, floor)],
                  x=axis_title(unit, wording) if is_morris else wording.text("share of the variance")),
    )  # fmt: skip


def _table(indices: pd.DataFrame, kpi: str, is_morris: bool, wording: Wording) -> DataTable:
    unit = KPIS[kpi].unit

    def told(value: float) -> str:
        if pd.isna(value):
            return "–"
        return wording.figure(value, unit) if is_morris else number(value, wording, 2)

    rows = [
        [Cell(_named(one["name"], wording), is_number=False), Cell(told(float(one["index"]))),
         Cell(wording.text("{low} to {high}", low=told(float(one["low"])), high=told(float(one["high"])))),
         Cell(told(float(one["first"]))), Cell(wording.figure(float(one["flips"]), "share")),
         Cell(wording.text("yes") if one["is_above_chance"] else wording.text("no"), is_number=False)]
        for _, one in indices.iterrows()
    ]  # fmt: skip
    second = wording.text("Mean effect") if is_morris else wording.text("First order")
    heads = [wording.text("Figure"), wording.text("Index"), wording.text("95 % interval"), second,
             wording.text("Changes the better policy"), wording.text("Above chance")]  # fmt: skip
    return DataTable(wording.text("All figures"), heads, rows)
