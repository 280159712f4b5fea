"""Chinese pages of the evidence, a validation and the claims: what stands in registries is translated as well.

The folders are written from the registries themselves, with figures of no meaning, so that a new fact, statistic or
claim without a translation is noticed without anything being simulated. Sources are citations and stay as they are.
"""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import pandas as pd
import pytest

from memberlab.optimize import CLAIMS, FACTS
from memberlab.results import new_run, write_manifest, write_report
from memberlab.scenarios import calibration
from tests.test_report_in_chinese import Texts, english

FORECASTS = (
    "mean of the training customers",
    "own rate",
    "NBD posterior mean",
    "own rate, half-life 45 days",
    "memberlab",
)


def evidence_rows() -> pd.DataFrame:
    return pd.DataFrame([
        {"fact": fact.number, "title": fact.title, "source": fact.source, "grade": fact.grade, "use": fact.use,
         "quantity": one.name, "published": one.published, "band_low": one.low, "band_high": one.high, "value": 1.0,
         "low": 0.9, "high": 1.1, "t": 4.0, "in_band": bool(fact.number % 2), "is_share": one.is_share,
         "verdict": "in band" if fact.number % 2 else "missed", "how": fact.how, "remark": fact.remark}
        for fact in FACTS for one in fact.measured if math.isinf(one.low + one.high) or one.low < one.high
    ])  # fmt: skip


def written(folder: Path, kind: str, tables: dict[str, pd.DataFrame], **content: object) -> list[str]:
    """Return what a reader sees of the Chinese page of a folder with these tables."""
    record = content.pop("record", None)
    with new_run(folder) as place:
        for name, table in tables.items():
            table.to_parquet(place / f"{name}.parquet", index=False)
        if record is not None:
            (place / "validation.json").write_text(json.dumps(record), encoding="utf-8")
        write_manifest(place, time.time(), kind=kind, **content)
    return Texts(write_report(folder, "zh").read_text(encoding="utf-8")).texts


def test_the_evidence_is_told_in_chinese(tmp_path: Path) -> None:
    texts = written(tmp_path / "run", "evidence", {"evidence": evidence_rows()}, replications=2, assumptions="default")
    sources = {fact.source for fact in FACTS}
    assert [text for text in english(texts) if not any(source in text for source in sources)] == []
    assert sum("客单价" in text for text in texts) > 3


def test_a_validation_is_told_in_chinese(tmp_path: Path) -> None:
    statistics = pd.DataFrame([
        {"words": one.words, "training": 1.0, "held_out": 1.0, "tolerance": 0.1, "simulated": 1.0, "naive": 2.0,
         "passes": True, "naive_passes": False} for one in calibration.STATISTICS
    ])  # fmt: skip
    forecasts = [{"name": name, "root_mean_square_error": 1.0, "correlation": 0.5, "bias": 0.0,
                  "calibration_error": 0.1}
                 for name in FORECASTS]  # fmt: skip
    record = {
        "name": "log.csv", "currency": "CNY", "training_customers": 9, "held_out_customers": 9, "weeks": 20,
        "holdout_weeks": 8, "replications": 1, "passed": 3, "of": 3, "naive_passed": 1, "forecasts": forecasts,
        "left_out": {"deal_share": "the log has no shelf prices",
                     "peak_week_index": "the log has 20 whole weeks; the year needs 52"},
    }  # fmt: skip
    tables = {"statistics": statistics, "forecasts": pd.DataFrame(forecasts)}
    assert english(written(tmp_path / "run", "validation", tables, record=record)) == []


@pytest.mark.parametrize(
    "why",
    [
        "named by whoever asked (--model); a calibration would choose nbd",
        "as a calibration chooses: BG/NBD: its log-likelihood in the calibration window is -9.50 against -9.75 of "
        "Pareto/NBD and -10.25 without dropout; the hold-out agrees (predictive log-likelihood +1.0, standard error "
        "0.2)",
    ],
)
def test_new_customers_are_told_in_chinese(tmp_path: Path, why: str) -> None:
    words = ("cumulative repeats, weeks 4 to 20: mean error of the mean path", "expected purchases a customer: RMSE")
    marks = pd.DataFrame([{"words": one, "model": "nbd", "mark": 0.1, "value": 0.1, "at_least": False, "passes": True}
                          for one in words])  # fmt: skip
    record = {
        "name": "log.csv", "currency": "CNY", "customers": 9, "calibration_end": "2026-05-01", "last_day": "2026-09-01",
        "populations": 2, "judged": "nbd", "why": why, "against": "chance", "passed": 2, "of": 2, "marks": {},
    }  # fmt: skip
    assert english(written(tmp_path / "run", "validation", {"marks": marks}, record=record)) == []


def test_claims_are_told_in_chinese(tmp_path: Path) -> None:
    table = pd.DataFrame([
        {"scenario": "baseline", "claim": one.name, "says": one.says, "policy": "points", "among": one.among.words,
         "label": one.label.words, "outcome": one.outcome.words, "placebo_label": one.placebo.words, "labelled": 10,
         "others": 20, "quoted": one.quoted, "naive": 0.5, "effect_part": 0.1, "selection_part": 0.4,
         "spill_over_part": 0.0, "causal": 0.1, "causal_low": 0.05, "causal_high": 0.15, "causal_on_all": 0.1,
         "placebo_naive": 0.4, "placebo_causal": 0.0}
        for one in CLAIMS
    ])  # fmt: skip
    table.loc[0, ["naive", "placebo_naive"]] = float("inf")  # nobody of the others bought
    table.loc[1, ["causal", "causal_low", "causal_high"]] = float("nan")
    texts = written(tmp_path / "run", "claims", {"claims": table}, replications=2)
    assert english(texts) == []
    verdict = f"在 {len(CLAIMS)} 例中"
    assert any(verdict in text for text in texts)
