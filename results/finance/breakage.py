"""Breakage estimators held against what the lots really did: chain-ladder and survival, each with an interval.

Serves whoever has to defend an expected redemption rate. The estimate is made from the triangle as it stood at the end
of a month, for the cohorts that entered since the books were opened; the truth is what had been redeemed of them when
the last of their lots was used or had expired.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .chain_ladder import chain_ladder
from .survival import survival

FEWEST_COHORTS = 3
Z = 1.959963984540054
"""Standard normal quantile of a 95 % interval."""

COLUMNS = ("valued_at", "estimator", "cohort", "entered", "redeemed_to_date", "ultimate", "low", "high", "actual",
           "error", "covered")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """Points by cohort and age (shape: cohorts x ages): entered, redeemed, gone for another reason, left."""

    cohorts: tuple[pd.Timestamp, ...]
    entered: NDArray[np.int64]
    redeemed: NDArray[np.int64]
    gone: NDArray[np.int64]
    left: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Ultimate points by cohort and for all, with the ends of their intervals."""

    ultimate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    total: tuple[float, float, float]


def breakage(triangle: pd.DataFrame) -> pd.DataFrame:
    """Return both estimators with intervals against the truth: a row for each cohort and one for all.

    The estimate is made at the latest month all of whose cohorts have ended by the end of the books; the table is empty
    where fewer than three cohorts have.
    """
    counts = counts_of(triangle)
    ended = 0
    while ended < len(counts.cohorts) and counts.left[ended, len(counts.cohorts) - 1 - ended] == 0:
        ended += 1
    if ended < FEWEST_COHORTS:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in COLUMNS}).astype(
            {"valued_at": "datetime64[s]", "cohort": "datetime64[s]", "estimator": "str", "covered": "bool"}
        )
    rows = []
    for name, estimate in (("chain-ladder", by_chain_ladder(counts, ended)), ("survival", by_survival(counts, ended))):
        entered, actual = counts.entered[:ended], counts.redeemed[:ended].sum(axis=1)
        to_date = np.array([counts.redeemed[place, : ended - place].sum() for place in range(ended)])
        told = zip(
            counts.cohorts, entered, to_date, estimate.ultimate, estimate.low, estimate.high, actual, strict=False
        )
        rows += [_row(counts.cohorts[ended - 1], name, *figures) for figures in told]
        rows.append(
            _row(counts.cohorts[ended - 1], name, pd.NaT, entered.sum(), to_date.sum(), *estimate.total, actual.sum())
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"cohort": "datetime64[s]", "valued_at": "datetime64[s]"})


def _row(valued_at: pd.Timestamp, name: str, cohort: object, entered: int, to_date: int, ultimate: float, low: float,
         high: float, actual: int) -> tuple[object, ...]:  # fmt: skip
    low, high = max(low, float(to_date)), min(high, float(entered))
    error = ultimate / actual - 1.0 if actual else 0.0
    covered = bool(low - 0.5 <= actual <= high + 0.5)
    return valued_at, name, cohort, int(entered), int(to_date), ultimate, low, high, int(actual), error, covered


def counts_of(triangle: pd.DataFrame) -> Counts:
    """Return the counts of the cohorts that entered since the books were opened, oldest first."""
    if triangle.empty:
        empty = np.zeros((0, 0), np.int64)
        return Counts((), np.zeros(0, np.int64), empty, empty, empty)
    first, last = pd.Timestamp(triangle["month"].min()), pd.Timestamp(triangle["month"].max())
    cohorts = tuple(pd.Timestamp(month) for month in pd.date_range(first, last, freq="MS"))
    own = triangle[triangle["cohort"] >= first]
    place = {month: number for number, month in enumerate(cohorts)}
    where = own["cohort"].map(place).to_numpy(), own["age"].to_numpy()
    size = (len(cohorts), len(cohorts))
    redeemed, gone, left = (np.zeros(size, np.int64) for _ in range(3))
    entered = np.zeros(len(cohorts), np.int64)
    np.add.at(redeemed, where, own["redeemed"].to_numpy())
    np.add.at(gone, where, (own["expired"] + own["clawed_back"]).to_numpy())
    np.add.at(left, where, own["closing"].to_numpy())
    np.add.at(entered, where[0], own["entered"].to_numpy())
    # books that do not tie out are told by the checks, not here
    return Counts(cohorts, *(np.maximum(counts, 0) for counts in (entered, redeemed, gone, left)))


def by_chain_ladder(counts: Counts, known: int) -> Estimate:
    """Return Mack's estimate from the first `known` cohorts as they stood at the end of the last one's month."""
    cumulative = counts.redeemed[:known, :known].cumsum(axis=1).astype(np.float64)
    for cohort in range(known):
        cumulative[cohort, known - cohort :] = np.nan
    result = chain_ladder(cumulative)
    low, high = result.ultimate - Z * result.error, result.ultimate + Z * result.error
    total = (result.total, result.total - Z * result.total_error, result.total + Z * result.total_error)
    return Estimate(result.ultimate, low, high, total)


def by_survival(counts: Counts, known: int) -> Estimate:
    """Return the survival estimate from the same knowledge; intervals hold what is uncertain and what is left to
    chance.
    """
    redeemed, gone, left = (table[:known, :known].copy() for table in (counts.redeemed, counts.gone, counts.left))
    at_risk, censored = np.zeros((known, known), np.int64), np.zeros((known, known), np.int64)
    for cohort in range(known):
        ages = known - cohort
        redeemed[cohort, ages:] = gone[cohort, ages:] = left[cohort, ages:] = 0
        at_risk[cohort, 0] = counts.entered[cohort]
        at_risk[cohort, 1:ages] = left[cohort, : ages - 1]
        censored[cohort, :ages] = gone[cohort, :ages]
        censored[cohort, ages - 1] += left[cohort, ages - 1]
    curve = survival(at_risk, redeemed, censored)
    now = known - 1 - np.arange(known)
    still = left[np.arange(known), now].astype(np.float64)
    kept = np.where(curve.unused[now] > 0, curve.unused[-1] / np.maximum(curve.unused[now], 1e-12), 1.0)
    used = 1.0 - kept
    ultimate = redeemed.sum(axis=1) + still * used
    uncertain = still * kept * np.sqrt(np.maximum(0.0, curve.log_variance[-1] - curve.log_variance[now]))
    chance = curve.dispersion * still * used * kept
    half = Z * np.sqrt(uncertain**2 + chance)
    total, total_half = float(ultimate.sum()), Z * float(np.sqrt(uncertain.sum() ** 2 + chance.sum()))
    return Estimate(ultimate, ultimate - half, ultimate + half, (total, total - total_half, total + total_half))
