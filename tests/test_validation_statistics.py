"""The 31 validation statistics: by hand, against the reference figures of Complete Journey, and in other currencies.

Statistical tests have fixed seeds; tolerances are stated where they stand.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from memberlab.scenarios import calibration

from .visit_logs import DATA, complete_journey, known_log, needs_data

RESCALED = {"spend_mean", "spend_p50", "spend_p90"}
"""Statistics that are amounts."""

SCALE_FREE = {"halves_log_change_sd": 0.01, "deal_share_sd": 0.0013}
"""Statistics whose thresholds are told in median purchases here and in dollars in the reference: largest difference."""


@pytest.fixture(scope="module")
def log() -> calibration.VisitLog:
    return known_log(1500)


def test_there_are_31() -> None:
    assert len({one.name for one in calibration.STATISTICS}) == 31


@needs_data
@pytest.mark.parametrize("households", ["train", "dev"])
def test_the_reference_figures_of_complete_journey(households: str) -> None:
    """`net_amount` is cut at 0 here (11 trips), the reference leaves it: a difference of
    less than one in ten thousand."""
    frame = complete_journey()
    read = calibration.visit_log_of_frame(frame[frame["set"] == households].drop(columns="set"))
    found = calibration.validation_statistics(read.log.whole_weeks(), 50)
    reference = pd.read_csv(DATA / "validation_stats_dev.csv")
    assert calibration.peak_week(read.log.whole_weeks()) == 50
    for (_, row), (name, value) in zip(reference.iterrows(), found.items(), strict=True):
        assert value == pytest.approx(row[households], rel=1e-4, abs=SCALE_FREE.get(name, 1e-9)), (name, row["stat"])


def test_by_hand() -> None:
    """One customer every Monday for 20 units, one every other Saturday for 5, over 16 weeks; one who never comes."""
    monday, saturday = np.arange(0, 112, 7), np.arange(5, 112, 14)
    log = calibration.VisitLog(
        customers=3, first_day=datetime.date(2024, 1, 1), days=112,
        customer=np.repeat([0, 1], [len(monday), len(saturday)]), day=np.concatenate([monday, saturday]),
        paid=np.repeat([20.0, 5.0], [len(monday), len(saturday)]),
    )  # fmt: skip
    found = calibration.validation_statistics(log)
    assert found["visits_mean"] == pytest.approx(24 / 3)
    assert found["weeks_with_a_visit"] == pytest.approx(24 / 48)
    assert found["weekend_share"] == pytest.approx(8 / 24)
    assert found["top_5_share"] == 0
    assert found["gone_by_last_quarter"] == 0
    assert "spend_mean" not in found  # fewer than 50 purchases tell no amounts
    assert "deal_share" not in found
    why = calibration.left_out(log, found)
    assert why["deal_share"] == "the log has no shelf prices"
    assert why["peak_week_index"] == "the log has 16 whole weeks; the year needs 52"


def test_another_currency_changes_amounts_only(log: calibration.VisitLog) -> None:
    assert log.gross is not None
    assert log.discount is not None
    dear = replace(log, paid=log.paid * 7.3, gross=log.gross * 7.3, discount=log.discount * 7.3)
    before, after = calibration.validation_statistics(log, 5), calibration.validation_statistics(dear, 5)
    assert set(before) == set(after) == {one.name for one in calibration.STATISTICS}
    for name, value in before.items():
        assert after[name] == pytest.approx(value * (7.3 if name in RESCALED else 1), rel=1e-9), name


def test_other_dates_change_nothing(log: calibration.VisitLog) -> None:
    later = replace(log, first_day=log.first_day + datetime.timedelta(weeks=90))
    assert calibration.validation_statistics(later, 5) == calibration.validation_statistics(log, 5)


def test_a_log_that_begins_in_mid_week_is_cut_to_whole_weeks(log: calibration.VisitLog) -> None:
    thursday = log.between(3, log.days)
    whole = thursday.whole_weeks()
    assert (whole.first_day.weekday(), whole.days % 7) == (0, 0)
    assert calibration.validation_statistics(whole) == calibration.validation_statistics(log.between(7, log.days))


def test_half_of_the_customers_tell_the_same_within_sampling_error(log: calibration.VisitLog) -> None:
    """Each of 31 statistics within 4 bootstrap errors: a false alarm in 500 seeds."""
    half = log.of(np.random.default_rng(3).permutation(log.customers)[: log.customers // 2])
    whole, thinned = calibration.validation_statistics(log, 5), calibration.validation_statistics(half, 5)
    errors = calibration.bootstrap_errors(log, 5, half.customers, samples=30)
    for name, value in whole.items():
        assert abs(thinned[name] - value) <= 4 * errors[name] + 1e-9 + (1 if name == "gap_p50" else 0), name
