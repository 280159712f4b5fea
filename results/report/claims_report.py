"""The report of `memberlab claims`: what the comparison behind a claim shows, and how much of it the programme caused.

Serves whoever is quoted "members buy 20 % more".
"""

from __future__ import annotations

import math

import pandas as pd

from .cards import Card
from .parts import Cell, Chart, DataTable, Fragment, Report, Section
from .provenance import provenance
from .row_chart import IntervalRow, row_chart
from .stored_run import StoredRun
from .tables_report import tables_report
from .wording import Wording

FARTHEST = 5.0
"""Lift at which what is larger is drawn at the rim."""
LABEL = -1
"""Group of a row that has words and no point."""


def claims_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab claims`; a folder of an older version is shown as it is."""
    table = run.table("claims")
    if table is None:
        return tables_report(run, language)
    wording = Wording(language)
    worlds = list(dict.fromkeys(str(one) for one in table["scenario"]))
    known = table[table["naive"].notna()]
    sections = [
        Section("figures", wording.text("Shown and caused"), (), [_cards(known, wording)]),
        *(_world(table[table["scenario"] == one], one, len(worlds) > 1, wording) for one in worlds),
        Section("who", wording.text("Who was compared"), (), [_who(table[table["scenario"] == worlds[0]], wording)]),
    ]  # fmt: skip
    return Report(
        wording.text("What is behind the claims"),
        wording.text("{count} claims in {scenarios}, {replications} replications", count=table["claim"].nunique(),
                     scenarios=wording.text(", ").join(worlds), replications=run.manifest["replications"]),
        _verdict(known, wording), [*sections, provenance(run, wording)],
    )  # fmt: skip


def _verdict(known: pd.DataFrame, wording: Wording) -> list[str]:
    """Return how many claims the programme bears out, and how far comparisons overstate."""
    if not len(known):
        return [wording.text("None of the claims could be tried: one of the two groups was empty in each.")]
    kept = known[known["causal_low"] > 0]
    borne = kept[kept["causal"] >= kept["quoted"]]
    over = known[(known["naive"] > known["causal"]) & (known["placebo_naive"].fillna(0) > 0)]
    first = wording.text(
        "In {shown} of {all} cases the comparison shows at least what the slide quotes, but in only {borne} did the "
        "programme cause that much.",
        shown=int((known["naive"] >= known["quoted"]).sum()), all=len(known), borne=len(borne),
    )  # fmt: skip
    second = wording.text(
        "In {none} the programme caused nothing that can be told from zero; in {over} the same comparison shows a rise "
        "even where no programme exists, because those who join buy more anyway.",
        none=len(known) - len(kept), over=len(over),
    )  # fmt: skip
    return [first, second]


def _lift(value: float, wording: Wording) -> str:
    return "–" if pd.isna(value) or math.isinf(value) else wording.percent(float(value))


def _caused(row: pd.Series, wording: Wording) -> str:
    """Return what the programme caused, with its interval."""
    if pd.isna(row["causal_low"]):
        return _lift(row["causal"], wording)
    interval = wording.text("{low} to {high}", low=_lift(row["causal_low"], wording),
                            high=_lift(row["causal_high"], wording))  # fmt: skip
    return f"{_lift(row['causal'], wording)}\n{interval}"


def _cards(known: pd.DataFrame, wording: Wording) -> Fragment:
    """Return a card for each of the first claims: what was caused beside what is shown."""
    cards = []
    for _, row in known.head(4).iterrows():
        beside = wording.text("95 %: {low} to {high}", low=_lift(row["causal_low"], wording),
                              high=_lift(row["causal_high"], wording))  # fmt: skip
        beside += "\n" + wording.text("shown: {shown}; quoted: {quoted}", shown=_lift(row["naive"], wording),
                                      quoted=_lift(row["quoted"], wording))  # fmt: skip
        cards.append(Card(wording.text(str(row["says"])), _lift(row["causal"], wording), beside))
    return Fragment("cards.html.j2", {"cards": cards, "title": wording.text("Caused by the programme")})


def _world(own: pd.DataFrame, scenario: str, is_one_of_several: bool, wording: Wording) -> Section:
    """Return the claims of one scenario as a chart and a table."""
    title = wording.text("Claim by claim")
    if is_one_of_several:
        title = wording.text("Claim by claim: {scenario}", scenario=scenario)
    said = wording.text("Shown is effect and selection less spill-over, exactly, all relative to the others. Caused "
                        "is the "
                        "effect relative to what the same shoppers would have done without the programme. The placebo "
                        "is "
                        "the same comparison where nothing is given.")  # fmt: skip
    return Section(f"claims-{scenario}", title, [said], [_chart(own, scenario, wording), _table(own, wording)])


def _chart(own: pd.DataFrame, scenario: str, wording: Wording) -> Chart:
    rows = []
    groups = (
        (wording.text("caused"), "circle"),
        (wording.text("shown"), "square"),
        (wording.text("quoted"), "diamond"),
    )
    for _, row in own[own["naive"].notna()].iterrows():
        words = wording.text(str(row["says"]))
        rows.append(IntervalRow(words, 0.0, 0.0, 0.0, LABEL, ""))
        for number, column in enumerate(("causal", "naive", "quoted")):
            value = float(row[column])
            if math.isnan(value):
                continue
            ends = [float(row[f"causal_{end}"]) if not number and pd.notna(row[f"causal_{end}"]) else value
                    for end in ("low", "high")]  # fmt: skip
            rows.append(IntervalRow("", 100 * value, 100 * ends[0], 100 * ends[1], number,
                                    f"{words}<br>{groups[number][0]}: {_lift(value, wording)}"))  # fmt: skip
    most = min(100 * FARTHEST, max([abs(row.place) for row in rows] + [40.0]))
    return Chart(
        f"quoted-{scenario}", wording.text("Quoted, shown and caused"),
        wording.text("Three points for each claim: what the programme caused with its 95 % interval, what the "
                     "comparison "
                     "shows, and what the slide quotes; what lies beyond {most} % is drawn at the rim.",
                     most=wording.figure(most, "count")),
        row_chart(rows, groups, x=wording.text("% more than the others"), low=-min(most, 100.0), high=most,
                  height_of_row=24),
    )  # fmt: skip


def _table(own: pd.DataFrame, wording: Wording) -> DataTable:
    rows = [
        [Cell(f"{wording.text(str(row['says']))} ({row['policy']})", is_number=False),
         *(Cell(_lift(row[one], wording)) for one in ("quoted", "naive", "effect_part", "selection_part",
                                                      "spill_over_part")),
         Cell(_caused(row, wording)), *(Cell(_lift(row[one], wording)) for one in ("causal_on_all", "placebo_naive"))]
        for _, row in own.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Claim"), wording.text("Quoted"), wording.text("Shown"), wording.text("= Effect"),
        wording.text("+ Selection"), wording.text("− Spill-over"), wording.text("Caused [95 %]"),
        wording.text("On everybody"), wording.text("Placebo"),
    ]  # fmt: skip
    return DataTable(wording.text("Every claim taken apart"), heads, rows)


def _who(own: pd.DataFrame, wording: Wording) -> DataTable:
    rows = [
        [Cell(wording.text(str(row["says"])), is_number=False),
         *(Cell(wording.text(str(row[one])), is_number=False) for one in ("among", "label", "outcome",
                                                                          "placebo_label")),
         *(Cell("–" if pd.isna(row[one]) else wording.figure(float(row[one]), "count")) for one in ("labelled",
                                                                                                    "others"))]
        for _, row in own.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Claim"), wording.text("Among"), wording.text("Labelled"), wording.text("What is counted"),
        wording.text("Labelled in the placebo"), wording.text("Labelled, shoppers"), wording.text("Others, shoppers"),
    ]  # fmt: skip
    return DataTable(wording.text("Who was compared with whom, and what was counted"), heads, rows)
