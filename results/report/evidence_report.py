"""The report of the evidence: which published facts the simulated shoppers show, and why the others are missed.

Serves whoever asks why these shoppers should be believed.
"""

from __future__ import annotations

import math

import pandas as pd
from babel import numbers

from .parts import Cell, Chart, DataTable, Report, Section
from .provenance import provenance
from .row_chart import IntervalRow, band, row_chart
from .stored_run import StoredRun, refusal
from .wording import Wording, to_translate, with_minus

LEAST_T = 3.0
"""The t from which on a published sign counts as found (see optimize/evidence/trial.py)."""
FARTHEST = 1.6
"""Bands beyond the edge at which a point is drawn at the rim."""
MOST_T = 12.0


def evidence_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab evidence`."""
    table = run.table("evidence")
    if table is None:
        raise refusal(run.folder, "holds no evidence.parquet; write the evidence again")
    wording = Wording(language)
    judged = table[table["use"] != "prior only"]
    sections = [
        *(one for use in ("C", "H") if (one := _use_section(judged[judged["use"] == use], use, wording)) is not None),
        _misses(judged, wording), _prior(table[table["use"] == "prior only"], wording), _how(table, wording),
        provenance(run, wording),
    ]  # fmt: skip
    return Report(
        wording.text("Published facts, tried on simulated shoppers"),
        wording.text("{count} facts, {replications} replications each, assumptions: {assumptions}",
                     count=table["fact"].nunique(), replications=run.manifest["replications"],
                     assumptions=wording.text("default") if run.manifest.get("assumptions", "default") == "default"
                     else run.manifest["assumptions"]),
        _verdict(judged, wording), [one for one in sections if one is not None],
    )  # fmt: skip


def _verdict(judged: pd.DataFrame, wording: Wording) -> list[str]:
    """Return how many facts of each use come out, and what that says."""
    if not len(judged):
        return [wording.text("None of these facts is judged; they serve as priors only.")]
    said = []
    for use, sentence in (
        (
            "C",
            to_translate(
                "of {all} published facts to which the lab may be tuned {hits} come out as published ({share})"
            ),
        ),
        ("H", to_translate("of {all} that were kept from any tuning {hits} do ({share})")),
    ):
        by_fact = judged[judged["use"] == use].groupby("fact")["in_band"].all()
        if len(by_fact):
            said.append(wording.text(sentence, hits=int(by_fact.sum()), all=len(by_fact),
                                     share=wording.figure(float(by_fact.mean()), "share")))  # fmt: skip
    missed = sorted(judged.loc[~judged["in_band"], "fact"].unique())
    second = (
        wording.text("Not shown are facts {facts}; why is told below.",
                     facts=wording.text(", ").join(str(one) for one in missed))
        if missed else wording.text("No fact is missed.")
    )  # fmt: skip
    first = wording.text("Tried on simulated shoppers, {parts}.", parts=wording.text("; ").join(said))
    return [first, second]


def _use_section(own: pd.DataFrame, use: str, wording: Wording) -> Section | None:
    """Return the facts of one use as charts and as a table."""
    if not len(own):
        return None
    title, said = {
        "C": (wording.text("Calibration facts"), wording.text("Assumptions may be tuned on these facts.")),
        "H": (wording.text("Hold-out facts"), wording.text("No assumption was ever tuned on these facts.")),
    }[use]
    is_sign = own["band_low"].map(math.isinf) | own["band_high"].map(math.isinf)
    parts: list[Chart | DataTable] = []
    if (~is_sign).any():
        parts.append(_band_chart(own[~is_sign], use, wording))
    if is_sign.any():
        parts.append(_sign_chart(own[is_sign], use, wording))
    parts.append(_table(own, title, wording))
    return Section(f"facts-{use}", title, [said], parts)


def _band_chart(own: pd.DataFrame, use: str, wording: Wording) -> Chart:
    """Return where each quantity lies in its published band, which is drawn from 0 to 1."""
    rows = []
    for _, one in own.iterrows():
        width = one["band_high"] - one["band_low"]
        place, low, high = ((float(one[end]) - one["band_low"]) / width for end in ("value", "low", "high"))
        rows.append(
            IntervalRow(_label(one, wording), place, low, high, 0 if one["in_band"] else 1, _told(one, wording))
        )
    inside = int(own["in_band"].sum())
    return Chart(
        f"bands-{use}", wording.text("Simulated figures in their published bands"),
        wording.text("The shaded column is the published band of each quantity; a point with its 95 % interval is what "
                     "the simulated shoppers do. {inside} of {all} quantities are inside.",
                     inside=inside, all=len(own)),
        row_chart(rows, _groups(wording), x=wording.text("place in the band; 0 and 1 are its ends"),
                  shapes=[band(0, 1)], low=-FARTHEST, high=1 + FARTHEST),
    )  # fmt: skip


def _sign_chart(own: pd.DataFrame, use: str, wording: Wording) -> Chart:
    """Return how clearly each published sign was found."""
    rows = []
    for _, one in own.iterrows():
        t = float(one["t"]) * (1 if math.isinf(one["band_high"]) else -1)
        rows.append(IntervalRow(_label(one, wording), t, t, t, 0 if one["in_band"] else 1, _told(one, wording)))
    return Chart(
        f"signs-{use}", wording.text("Where only a sign is published"),
        wording.text("How clearly the sign was found, as t; from {least} on, the shaded part, it counts as found. "
                     "{inside} of {all} are.", least=f"{LEAST_T:g}", inside=int(own["in_band"].sum()), all=len(own)),
        row_chart(rows, _groups(wording), x=wording.text("t of the published sign"), shapes=[band(LEAST_T, MOST_T)],
                  low=min(-2.0, *(max(row.place, -MOST_T) for row in rows)), high=MOST_T),
    )  # fmt: skip


def _groups(wording: Wording) -> list[tuple[str, str]]:
    return [(wording.text("in band"), "circle"), (wording.text("missed"), "x")]


def _words(one: pd.Series, wording: Wording) -> str:
    return f"{one['fact']} {wording.text(str(one['title']))}: {wording.text(str(one['quantity']))}"


def _label(one: pd.Series, wording: Wording) -> str:
    """Return a row's words in a chart: the quantity first, because long ones are cut."""
    return f"{one['fact']} {wording.text(str(one['quantity']))}: {wording.text(str(one['title']))}"


def _told(one: pd.Series, wording: Wording) -> str:
    return wording.text("{words}<br>simulated {simulated}<br>band {band}", words=_words(one, wording),
                        simulated=_simulated(one, wording), band=_band(one, wording))  # fmt: skip


def _simulated(one: pd.Series, wording: Wording) -> str:
    """Return the mean over replications with its interval."""
    mean, low, high = (_figure(float(one[end]), bool(one["is_share"]), wording) for end in ("value", "low", "high"))
    return wording.text("{mean} [{low}, {high}]", mean=mean, low=low, high=high)


def _band(one: pd.Series, wording: Wording) -> str:
    low, high = (_figure(float(one[end]), bool(one["is_share"]), wording) for end in ("band_low", "band_high"))
    if math.isinf(one["band_low"]):
        return wording.text("below {high}", high=high)
    if math.isinf(one["band_high"]):
        return wording.text("above {low}", low=low)
    return wording.text("{low} to {high}", low=low, high=high)


def _figure(value: float, is_share: bool, wording: Wording) -> str:
    """Return a value to three digits, shares in percent."""
    if math.isinf(value) or math.isnan(value):
        return ""
    shown = float(f"{100 * value if is_share else value:.3g}")
    text = with_minus(numbers.format_decimal(shown, format="#,##0.######", locale=wording.locale))
    return f"{text}\u00a0%" if is_share else text


def _table(own: pd.DataFrame, title: str, wording: Wording) -> DataTable:
    """Return a row a quantity, with the fact's source and grade."""
    rows = []
    for _, one in own.iterrows():
        verdict = wording.text("in band") if one["in_band"] else wording.text("missed")
        if one["use"] == "prior only":
            verdict = wording.text("not judged")
        rows.append([
            Cell(_words(one, wording), is_number=False), Cell(f"{one['source']} ({one['grade']})", is_number=False),
            Cell(wording.text(str(one["published"]))), Cell(_band(one, wording)), Cell(_simulated(one, wording)),
            Cell(verdict, "" if one["in_band"] or one["use"] == "prior only" else "bad", is_number=False),
        ])  # fmt: skip
    heads = [
        wording.text("Fact and quantity"), wording.text("Source (grade)"), wording.text("Published"),
        wording.text("Band"), wording.text("Simulated [95 %]"), wording.text("Verdict"),
    ]  # fmt: skip
    note = wording.text("Bands are the published interval where there is one; a quarter up and down for experiments; "
                        "half to double for correlations and surveys.")  # fmt: skip
    return DataTable(title, heads, rows, note)


def _misses(judged: pd.DataFrame, wording: Wording) -> Section | None:
    """Return why each missed fact is missed."""
    missed = judged[judged["verdict"] == "missed"].drop_duplicates(["fact", "title"])
    if not len(missed):
        return None
    unexplained = wording.text("no explanation yet.")
    said = [
        wording.text("Fact {number}, {title}: {why}", number=one["fact"], title=wording.text(str(one["title"])),
                     why=wording.text(str(one["remark"])) if one["remark"] else unexplained)
        for _, one in missed.iterrows()
    ]  # fmt: skip
    return Section("misses", wording.text("What is missed, and why"), (), (), said)


def _prior(own: pd.DataFrame, wording: Wording) -> Section | None:
    """Return the facts that are shown and not judged."""
    if not len(own):
        return None
    return Section("facts-prior", wording.text("Facts that serve as priors only"), (),
                   [_table(own, wording.text("Priors, not judged"), wording)])  # fmt: skip


def _how(table: pd.DataFrame, wording: Wording) -> Section:
    """Return how each fact is tried."""
    said = [
        wording.joined(
            wording.text(
                "{number} {title}: {how}.",
                number=one["fact"],
                title=wording.text(str(one["title"])),
                how=wording.text(str(one["how"])),
            ),
            *([wording.text(str(one["remark"]))] if one["remark"] else []),
        )
        for _, one in table.drop_duplicates(["fact", "title"]).iterrows()
    ]
    return Section("how", wording.text("How each fact is tried"), (), (), said)
