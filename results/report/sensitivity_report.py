"""The report of `memberlab sensitivity`: where a programme turns, and what moves its liability and its margin.

Serves finance.
"""

from __future__ import annotations

from ..kpis import KPIS
from .parts import Cell, Chart, DataTable, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .tornado_chart import tornado_chart
from .wording import Wording

SHOWN = ("margin", "points_liability")
"""Key figures that have a tornado, in order."""


def sensitivity_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab sensitivity`."""
    table, turns = run.table("sensitivity"), run.table("turns")
    if table is None or turns is None:
        raise refusal(run.folder, "lacks sensitivity.parquet or turns.parquet; write the sensitivity again")
    about = run.manifest.get("names", {})
    wording = Wording(language, str(run.manifest.get("currency", "XXX")))
    charts: list[Chart | DataTable] = []
    verdict = []
    for kpi in SHOWN:
        own = table[table["kpi"] == kpi]
        if not len(own) or not own["difference"].abs().sum():
            continue
        title = wording.text("What moves {figure}", figure=wording.text(KPIS[kpi].title))
        charts.append(tornado_chart(own, wording, f"tornado-{kpi}", title))
        most = own.iloc[int(own["difference"].abs().argmax())]
        verdict.append(wording.text("{kpi}, {own}, hangs most on {figure}: at {setting} it changes by {change}.",
                                    kpi=wording.text(KPIS[kpi].title),
                                    own=wording.figure(float(most["baseline"]), "money"), figure=most["title"],
                                    setting=most["setting"],
                                    change=wording.difference(float(most["difference"]), "money")))  # fmt: skip
    rows = [
        [Cell(str(one), is_number=False) for one in (row["question"], row["figure"], row["own"], row["turns"])]
        for _, row in turns.iterrows()
    ]
    heads = [wording.text("Question"), wording.text("Figure"), wording.text("Own value"),
             wording.text("Turns (95 % interval)")]  # fmt: skip
    where = DataTable(wording.text("Where it turns"), heads, rows)
    return Report(
        wording.text("How far {policy} hangs on what nobody knows", policy=about.get("policy", run.folder.name)),
        wording.text("in {scenario}, against {against}, {replications} replications",
                     scenario=about.get("scenario", ""),
                     against=about.get("against", ""), replications=run.manifest.get("replications", "")),
        verdict or [wording.text("None of the figures that were tried moves the liability or the margin.")],
        [Section("turns", wording.text("Where it turns"), (), [where]),
         Section("tornado", wording.text("What moves it"), (), charts), provenance(run, wording)],
    )  # fmt: skip
