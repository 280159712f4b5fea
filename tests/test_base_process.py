"""The fit of the base process: parameters found again in logs that they made, and what cannot be told is said.

Fixed seeds; tolerances are about three times the spread over seeds of such logs (3,000 customers, 52 weeks), so that
another seed would raise a false alarm in a few of a thousand.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from memberlab.scenarios import Population, calibration

from .visit_logs import MONDAY, known_log, known_process


@pytest.fixture(scope="module")
def log() -> calibration.VisitLog:
    return known_log()


@pytest.fixture(scope="module")
def fitted(log: calibration.VisitLog) -> calibration.BaseProcess:
    return calibration.fit_base_process(log, conversion=0.8)


class TestRecovery:
    def test_rates(self, fitted: calibration.BaseProcess) -> None:
        truth = known_process().visits
        assert fitted.visits.rate == pytest.approx(truth.rate, rel=0.08)
        assert fitted.visits.shape == pytest.approx(truth.shape, rel=0.15)

    def test_drift(self, fitted: calibration.BaseProcess) -> None:
        """Neighbouring block lengths can take each other's part: what is told is the spread of all together."""
        total = sum(spread**2 for _, spread in fitted.visits.drift)
        assert total == pytest.approx(0.3**2 + 0.4**2, abs=0.1)
        slow = sum(spread**2 for weeks, spread in fitted.visits.drift if weeks >= 26)
        assert slow == pytest.approx(0.4**2, abs=0.08)

    def test_habits(self, fitted: calibration.BaseProcess) -> None:
        truth = known_process().visits
        assert fitted.visits.gaps[:3] == pytest.approx(truth.gaps[:3], abs=0.15)
        assert fitted.visits.gaps[6] == pytest.approx(1.8, abs=0.35)
        assert fitted.visits.gaps[13] == pytest.approx(1.5, abs=0.35)
        assert fitted.visits.weekdays == pytest.approx(truth.weekdays, abs=0.03)
        assert fitted.visits.month_days == pytest.approx(np.ones(31), abs=0.06)

    def test_leaving_and_late_entry(self, fitted: calibration.BaseProcess) -> None:
        assert fitted.visits.leaving == pytest.approx(0.004, abs=0.0015)
        assert fitted.visits.late == pytest.approx(0.1, abs=0.04)

    def test_amounts(self, fitted: calibration.BaseProcess) -> None:
        spend = fitted.spend
        assert spend.level == pytest.approx(3.0, abs=0.05)
        assert spend.between.std() == pytest.approx(0.5, abs=0.05)
        assert spend.within.std() == pytest.approx(0.9, abs=0.03)
        assert spend.gap_slope == pytest.approx(0.12, abs=0.02)
        assert spend.correlation == pytest.approx(0.3, abs=0.09)

    def test_deals(self, fitted: calibration.BaseProcess) -> None:
        assert fitted.deals is not None
        assert fitted.deals.mean == pytest.approx(0.12, abs=0.004)
        assert fitted.deals.spread == pytest.approx(0.04, abs=0.004)


class TestInvariance:
    """With two rounds of indirect inference: whatever holds for each round holds for all."""

    @pytest.fixture(scope="class")
    @classmethod
    def log(cls) -> calibration.VisitLog:
        return known_log(1000)

    @pytest.fixture(scope="class")
    @classmethod
    def fitted(cls, log: calibration.VisitLog) -> calibration.BaseProcess:
        return calibration.fit_base_process(log, conversion=0.8, rounds=2)

    def test_another_currency_moves_the_level_only(
        self, log: calibration.VisitLog, fitted: calibration.BaseProcess
    ) -> None:
        assert log.gross is not None
        assert log.discount is not None
        dear = replace(log, paid=log.paid * 7.3, gross=log.gross * 7.3, discount=log.discount * 7.3)
        found = calibration.fit_base_process(dear, conversion=0.8, rounds=2)
        assert found.spend.level == pytest.approx(fitted.spend.level + np.log(7.3), abs=1e-6)
        assert found.spend.between == pytest.approx(fitted.spend.between, abs=1e-6)
        assert found.visits.rate == pytest.approx(fitted.visits.rate, rel=1e-9)
        assert found.visits.drift == fitted.visits.drift

    def test_another_start_moves_the_calendar_only(
        self, log: calibration.VisitLog, fitted: calibration.BaseProcess
    ) -> None:
        """40 weeks later the weeks of the year are others; all else is told within the noise of the simulations."""
        found = calibration.fit_base_process(
            replace(log, first_day=MONDAY + datetime.timedelta(weeks=40)), conversion=0.8, rounds=2
        )
        assert found.visits.rate == pytest.approx(fitted.visits.rate, rel=0.03)
        assert found.visits.shape == pytest.approx(fitted.visits.shape, rel=0.05)
        assert found.visits.weekdays == pytest.approx(fitted.visits.weekdays, abs=0.02)
        assert found.spend.gap_slope == pytest.approx(fitted.spend.gap_slope, abs=0.01)


def test_nobody_leaves_and_nobody_is_late_where_none_does() -> None:
    truth = known_process()
    steady = replace(truth, visits=replace(truth.visits, leaving=0.0, late=0.0, drift=()))
    log = calibration.simulate_log(steady, 1000, MONDAY, 364, 5).seen()
    found = calibration.fit_base_process(log, conversion=0.8, rounds=6)
    assert found.visits.leaving < 0.001
    assert found.visits.late < 0.02
    assert sum(spread**2 for _, spread in found.visits.drift) < 0.02


def test_what_a_short_log_cannot_tell_stays_at_one_and_is_said() -> None:
    found = calibration.fit_base_process(known_log(600, days=140), conversion=0.8, rounds=1)
    assert found.visits.weeks == pytest.approx(np.ones(53))
    assert found.learnt["rhythm.weeks"] == "not identified: 20 weeks of log are less than a year"
    assert found.learnt["conversion"] == "prior"


def test_the_sections_make_a_population(fitted: calibration.BaseProcess) -> None:
    sections = calibration.population_sections(fitted)
    population = Population.model_validate({"name": "fitted", "currency": "EUR", "conversion": "80 %", **sections})
    assert population.spend.model == "quantiles"
    assert population.rhythm is not None
    assert population.rhythm.gaps[6] > 1.4
    assert population.learnt["purchases.s"] == "prior"
    assert population.learnt["spend"] == "log"


class TestForecast:
    def test_it_is_unbiased_and_better_than_simple_rules_on_its_own_process(self) -> None:
        """On 800 customers the bias has a standard error of 1 %."""
        process, log = known_process(), known_log(800, seed=7)
        seen, weeks = log.between(0, 266), 14
        actual = log.between(266, 364).visits_each()
        expected = calibration.forecast_visits(process, calibration.fit_silences(seen), seen, weeks)
        assert expected.mean() / actual.mean() == pytest.approx(1, abs=0.05)
        own = seen.visits_each() * weeks * 7 / seen.days
        error, simple = (np.sqrt(np.mean((one - actual) ** 2)) for one in (expected, own))
        assert error < 0.95 * simple

    def test_who_fell_silent_is_expected_back_only_in_part(self) -> None:
        log = known_log(800, seed=7).between(0, 266)
        silences = calibration.fit_silences(log)
        assert 0 < silences.falling_silent < 0.02
        assert (np.diff(silences.still_silent) <= 0).all()
        active = silences.active_share(np.array([0.0, 20.0]), 14)
        assert active[0] >= active[1] >= 0


class TestWhereNoRhythmIsFitted:
    def test_the_reason_is_told(self) -> None:
        log = known_log(200)
        assert calibration.why_no_rhythm(log) is None
        assert "all customers are new" in (calibration.why_no_rhythm(log, new_customers=True) or "")
        assert calibration.why_no_rhythm(log.between(0, 100)) == (
            "14 whole weeks are too short for a rhythm; it needs 26"
        )
        few = log.of(np.arange(30))
        assert calibration.why_no_rhythm(few) == "30 customers are too few for a rhythm; it needs 50"
