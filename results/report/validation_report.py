"""The report of a validation: does a fitted market live as customers did whom the fit never saw?

Serves the strategist who has to decide whether to believe the lab about their own customers. A validation of new
customers is told in cohort_report.py.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from babel import numbers

from .cohort_report import cohort_sections, cohort_verdict
from .parts import Cell, Chart, DataTable, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .validation_charts import calibration_chart, distribution_charts, spend_charts
from .validation_words import written_words
from .wording import Wording, with_minus

MODEL = "memberlab"
"""The name of the model's own forecast."""


def validation_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab validate`."""
    file = run.folder / "validation.json"
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        name = str(record["name"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise refusal(file, f"cannot be read ({fault}); write the validation again") from None
    wording = Wording(language, str(record.get("currency", "XXX")))
    if "marks" in record:
        title = wording.text("{name}: new customers, held against what they did later", name=name)
        subtitle = wording.text("{customers} customers, fitted to {end}, watched to {last}; {populations} populations",
                                customers=wording.figure(record["customers"], "count"), end=record["calibration_end"],
                                last=record["last_day"], populations=record["populations"])  # fmt: skip
        return Report(title, subtitle, cohort_verdict(record, wording),
                      [*cohort_sections(run, record, wording), provenance(run, wording)])  # fmt: skip
    title = wording.text("{name}: a fitted market against customers that the fit never saw", name=name)
    subtitle = wording.text("{training} customers fitted on, {held_out} held out, {weeks} weeks, {count} simulated "
                            "markets",
                            training=record["training_customers"], held_out=record["held_out_customers"],
                            weeks=record["weeks"], count=record["replications"])  # fmt: skip
    return Report(title, subtitle, _verdict(record, wording),
                  [*_sections(run, record, wording), provenance(run, wording)])  # fmt: skip


def _verdict(record: dict[str, Any], wording: Wording) -> list[str]:
    """Return how many statistics hold, and how well each customer's visits were told."""
    first = wording.text("In {passed} of {all} figures the simulated customers are as like real ones whom the fit "
                         "never saw as chance allows; a simple simulator reaches {naive}.", passed=record["passed"],
                         all=record["of"],
                         naive=record["naive_passed"])  # fmt: skip
    own = next((one for one in record["forecasts"] if one["name"] == MODEL), record["forecasts"][-1])
    best = min(
        (one for one in record["forecasts"] if one is not own),
        key=lambda one: one["root_mean_square_error"],
        default=own,
    )
    second = wording.text("Forecasts of each customer's visits in {weeks} unseen weeks err by {own} visits (root mean "
                          "square); the best simple rule, {rule}, by {best}.", weeks=record["holdout_weeks"],
                          own=_number(own["root_mean_square_error"], wording), rule=written_words(str(best["name"]),
                                                                                                  wording),
                          best=_number(best["root_mean_square_error"], wording))  # fmt: skip
    return [first, second]


def _sections(run: StoredRun, record: dict[str, Any], wording: Wording) -> list[Section]:
    """Return statistics, unseen weeks, forecasts, distributions and spend, as far as the folder has their tables."""
    found = []
    statistics = run.table("statistics")
    if statistics is not None:
        left_out = [
            wording.text(
                "Left out: {statistic}: {why}.",
                statistic=statistic_told(str(name), wording),
                why=written_words(str(why), wording),
            )
            for name, why in record.get("left_out", {}).items()
        ]
        shown = statistics_table(statistics, wording.text("Held-out customers, all weeks"), wording)
        found.append(Section("statistics", wording.text("The market as a whole"), (), [shown], left_out))
    unseen = run.table("unseen-weeks")
    if unseen is not None:
        caption = wording.text(
            "Held-out customers in {weeks} weeks that no fit has seen", weeks=record["holdout_weeks"]
        )
        found.append(Section("unseen", wording.text("Weeks that no fit has seen"), (),
                             [statistics_table(unseen, caption, wording)]))  # fmt: skip
    parts: list[Chart | DataTable] = []
    calibration = run.table("calibration")
    if calibration is not None:
        parts.append(calibration_chart(calibration, wording))
    forecasts = run.table("forecasts")
    if forecasts is not None:
        parts.append(_forecasts(forecasts, wording))
    if parts:
        found.append(Section("forecasts", wording.text("Each customer's visits"), (), parts))
    if charts := distribution_charts(run, wording):
        found.append(Section("visits", wording.text("Visits"), (), charts))
    if charts := spend_charts(run, wording):
        found.append(Section("spend", wording.text("Spend"), (), charts))
    return found


def statistics_table(table: pd.DataFrame, caption: str, wording: Wording) -> DataTable:
    """Return a row a statistic: training, held out, tolerance, simulated, naive, verdict."""
    rows = []
    for _, one in table.iterrows():
        naive = "" if pd.isna(one["naive"]) else _number(float(one["naive"]), wording)
        if naive and not one["naive_passes"]:
            naive = wording.text("{figure} (missed)", figure=naive)
        rows.append([
            Cell(written_words(str(one["words"]), wording), is_number=False),
            *(Cell(_number(float(one[name]), wording)) for name in ("training", "held_out", "tolerance", "simulated")),
            Cell(naive),
            Cell(wording.text("within") if one["passes"] else wording.text("missed"), "" if one["passes"] else "bad",
                 is_number=False),
        ])  # fmt: skip
    heads = [
        wording.text("Statistic"), wording.text("Training"), wording.text("Held out"), wording.text("Tolerance"),
        wording.text("Simulated"), wording.text("Naive simulator"), wording.text("Verdict"),
    ]  # fmt: skip
    note = wording.text("Tolerance: 2.5 standard errors of the held-out customers, or what does not matter in practice "
                        "where that is larger.")  # fmt: skip
    return DataTable(caption, heads, rows, note)


def statistic_told(name: str, wording: Wording) -> str:
    """Return a statistic in words by its name; one of another version as it is."""
    from memberlab.scenarios import calibration

    words = {one.name: one.words for one in calibration.STATISTICS}
    return wording.text(words.get(name, name.replace("_", " ")))


def _forecasts(table: pd.DataFrame, wording: Wording) -> DataTable:
    rows = [
        [Cell(written_words(str(one["name"]), wording), "total" if one["name"] == MODEL else "", is_number=False),
         Cell(_number(float(one["root_mean_square_error"]), wording)),
         Cell(_number(float(one["correlation"]), wording)),
         Cell(wording.percent(float(one["bias"]))), Cell(_number(float(one["calibration_error"]), wording))]
        for _, one in table.iterrows()
    ]  # fmt: skip
    heads = [
        wording.text("Forecast"), wording.text("Root mean square error"), wording.text("Correlation"),
        wording.text("Bias"), wording.text("Calibration error"),
    ]  # fmt: skip
    note = wording.text("Visits a customer. Calibration error: mean distance between forecast and visits over tenths "
                        "of customers.")  # fmt: skip
    return DataTable(wording.text("Forecasts of each held-out customer's visits"), heads, rows, note)


def _number(value: float, wording: Wording) -> str:
    """Return a number to four digits."""
    shown = float(f"{value:.4g}")
    return with_minus(numbers.format_decimal(shown, format="#,##0.######", locale=wording.locale))
