"""From a log to a population: the published CDNOW figures, the choice of model, and logs that are too short.

The CDNOW figures are those of the literature (Fader and Hardie) and of `lifetimes`; the sample is not part of the
repository, so the tests that need it are skipped where ../shared/data is absent.
"""

import datetime
import importlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memberlab.policies import DocumentError
from memberlab.scenarios import (
    BGNBD,
    Fit,
    GammaGamma,
    ParetoNBD,
    Population,
    TransactionLog,
    calibrate,
    calibration,
    load_population,
    read_transaction_log,
    transaction_log_of,
)

DATA = Path(__file__).parents[1].parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "cdnow_sample.csv").exists(), reason=f"{DATA} is absent: the logs are not part of the repository"
)


@pytest.fixture(scope="module")
def cdnow() -> TransactionLog:
    return read_transaction_log(DATA / "cdnow_sample.csv")


@pytest.fixture(scope="module")
def cd_retailer(cdnow: TransactionLog) -> Population:
    return calibrate(cdnow, new_customers=True, name="cd-retailer", currency="USD")


def fit_of(population: Population) -> Fit:
    assert population.fit is not None
    return population.fit


def three_digits(values: dict[str, float]) -> list[str]:
    return [f"{value:.3g}" for value in values.values()]


def shop(seed: int, customers: int, days: int, *, gap: float = 15.0, stay: float = float("inf")) -> pd.DataFrame:
    """Draw a log: gamma rates with a mean gap (days), exponential lifetimes of mean `stay` (days), amounts 5 to 35."""
    random = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        time = random.uniform(0, days / 4)
        end = min(float(days), time + random.exponential(stay)) if np.isfinite(stay) else float(days)
        wait, size = gap / random.gamma(1.5, 1 / 1.5), random.gamma(8.0, 2.5)
        while time < end:
            day = datetime.date(2023, 1, 1) + datetime.timedelta(days=int(time))
            rows.append((f"c{customer}", day.isoformat(), round(random.gamma(5.0, size / 5.0) + 0.01, 2)))
            time += random.exponential(wait)
    frame = pd.DataFrame(rows, columns=["customer_id", "date", "net_amount"])
    return frame.groupby(["customer_id", "date"], as_index=False).sum()


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DocumentError) as caught:
        act()
    return str(caught.value)


@needs_data
class TestCdnow:
    def test_the_halves_are_39_weeks_each(self, cd_retailer: Population) -> None:
        log = fit_of(cd_retailer).log
        assert (log.first_day, log.calibration_end, log.last_day) == (
            datetime.date(1997, 1, 1),
            datetime.date(1997, 9, 30),
            datetime.date(1998, 6, 30),
        )
        assert (log.customers, log.repeat_purchases, log.holdout_purchases) == (2357, 2457, 1882)

    @pytest.mark.parametrize(
        ("model", "published", "log_likelihood"),
        [
            ("pareto-nbd", ["0.553", "10.6", "0.606", "11.7"], -9594.98),
            ("bg-nbd", ["0.243", "4.41", "0.793", "2.43"], -9582.43),
            ("nbd", ["0.385", "12.1"], -9763.66),
        ],
    )
    def test_the_published_estimates(
        self, cd_retailer: Population, model: str, published: list[str], log_likelihood: float
    ) -> None:
        record = fit_of(cd_retailer).purchases[model]
        assert three_digits(record.estimates) == published
        assert record.log_likelihood == pytest.approx(log_likelihood, abs=0.006)

    def test_the_published_estimates_to_all_printed_digits(self, cd_retailer: Population) -> None:
        models = fit_of(cd_retailer).purchases
        hazard, coin = models["pareto-nbd"].estimates.values(), models["bg-nbd"].estimates.values()
        assert [round(value, 4) for value in hazard] == [0.5533, 10.5777, 0.6062, 11.6687]
        assert [round(value, 4) for value in coin] == [0.2426, 4.4136, 0.7929, 2.4259]

    def test_the_published_spend(self, cd_retailer: Population) -> None:
        fit = fit_of(cd_retailer)
        assert three_digits(fit.spend.estimates) == ["6.25", "3.74", "15.4"]
        assert fit.spend.customers == 946
        assert cd_retailer.spend.mean == pytest.approx(35.17, abs=0.02)
        assert fit.spend_holdout is not None
        assert fit.spend_holdout.mean_absolute_error == pytest.approx(16.4, abs=0.05)
        assert fit.spend_holdout.bias == pytest.approx(-0.057, abs=0.0005)

    @pytest.mark.parametrize(
        ("parameter", "low", "high"),
        [("r", 0.47, 0.66), ("alpha_weeks", 9.0, 12.4), ("s", 0.33, 1.11), ("beta_weeks", 4.1, 33)],
    )
    def test_the_known_intervals(self, cd_retailer: Population, parameter: str, low: float, high: float) -> None:
        """95 % intervals, symmetric on the log scale, of an independent fit."""
        record = fit_of(cd_retailer).purchases["pareto-nbd"]
        fitted = calibration.Fitted("", record.estimates, dict(record.standard_errors), 0.0, 0)
        assert list(fitted.interval(parameter) or ()) == pytest.approx([low, high], rel=0.02)

    @pytest.mark.parametrize(
        ("model", "total", "by_repeats", "absolute", "square", "correlation"),
        [
            ("pareto-nbd", -0.115, 0.107, 0.755, 1.603, 0.630),
            ("bg-nbd", -0.121, 0.097, 0.786, 1.608, 0.626),
            ("nbd", 0.557, 0.445, 1.041, 1.860, 0.583),
        ],
    )
    def test_the_holdout_scores(
        self,
        cd_retailer: Population,
        model: str,
        total: float,
        by_repeats: float,
        absolute: float,
        square: float,
        correlation: float,
    ) -> None:
        scores = fit_of(cd_retailer).purchases[model].holdout
        assert scores is not None
        assert scores.total_error == pytest.approx(total, abs=6e-4)
        assert scores.mean_error_by_repeats == pytest.approx(by_repeats, abs=6e-4)
        assert scores.mean_absolute_error == pytest.approx(absolute, abs=6e-4)
        assert scores.root_mean_square_error == pytest.approx(square, abs=6e-4)
        assert scores.correlation == pytest.approx(correlation, abs=6e-4)

    def test_the_predictive_likelihood_is_that_of_the_whole_less_that_of_the_half(
        self, cd_retailer: Population
    ) -> None:
        models = fit_of(cd_retailer).purchases
        found = {name: model.holdout.predictive_log_likelihood for name, model in models.items() if model.holdout}
        assert found == {"pareto-nbd": -7576.53, "bg-nbd": -7573.59, "nbd": -7765.17}

    def test_the_choice_is_by_likelihood_and_says_so(self, cd_retailer: Population) -> None:
        assert isinstance(cd_retailer.purchases, BGNBD)
        assert fit_of(cd_retailer).chosen == "bg-nbd"
        assert fit_of(cd_retailer).reason.startswith(
            "BG/NBD: its log-likelihood in the calibration window is -9582.43 against -9594.98 of Pareto/NBD"
        )
        assert "the hold-out cannot tell the two apart" in fit_of(cd_retailer).reason

    def test_the_whole_log_prefers_the_other_and_has_no_holdout(self, cdnow: TransactionLog) -> None:
        population = calibrate(cdnow, whole_log=True, currency="USD")
        assert isinstance(population.purchases, ParetoNBD)
        record = fit_of(population).purchases["pareto-nbd"]
        assert record.log_likelihood == pytest.approx(-17135.84, abs=0.01)
        assert record.holdout is None

    def test_until_names_the_last_day_of_the_window(self, cdnow: TransactionLog, cd_retailer: Population) -> None:
        population = calibrate(
            cdnow, until=datetime.date(1997, 9, 30), new_customers=True, name="cd-retailer", currency="USD"
        )
        assert population == cd_retailer

    def test_frequency_and_spend_are_correlated_as_published(self, cd_retailer: Population) -> None:
        correlation = fit_of(cd_retailer).correlation
        assert correlation.sample == pytest.approx(0.114, abs=0.001)
        assert 0 < cd_retailer.frequency_spend_correlation < 0.25

    def test_dates_shifted_and_money_rescaled_change_nothing_else(self, cd_retailer: Population) -> None:
        frame = pd.read_csv(DATA / "cdnow_sample.csv")
        frame["date"] = (pd.to_datetime(frame["date"]) + pd.Timedelta(days=9497)).dt.strftime("%Y-%m-%d")
        frame["net_amount"] *= 150
        moved = calibrate(transaction_log_of(frame), new_customers=True, name="cd-retailer", currency="JPY")
        assert moved.purchases == cd_retailer.purchases
        assert isinstance(moved.spend, GammaGamma)
        assert isinstance(cd_retailer.spend, GammaGamma)
        assert moved.spend.v == pytest.approx(cd_retailer.spend.v * 150, rel=1e-4)
        assert moved.spend.p == pytest.approx(cd_retailer.spend.p, rel=1e-4)
        assert moved.frequency_spend_correlation == pytest.approx(cd_retailer.frequency_spend_correlation, abs=1e-3)


@needs_data
class TestShippedPopulations:
    @pytest.mark.parametrize(("name", "make"), [("cd-retailer", "cd_retailer"), ("grocery", "grocery")])
    def test_the_files_are_what_the_logs_give(self, name: str, make: str) -> None:
        made = getattr(importlib.import_module("memberlab.scenarios.calibration.shipped"), make)(DATA)
        shipped = load_population(name)
        assert made.purchases.model == shipped.purchases.model
        for section in ("purchases", "spend"):
            found, kept = (getattr(one, section).model_dump() for one in (made, shipped))
            assert found.keys() == kept.keys()
            numbers = {key: float(value) for key, value in kept.items() if key != "model"}
            assert {key: float(found[key]) for key in numbers} == pytest.approx(numbers, rel=1e-3)
        assert made.frequency_spend_correlation == pytest.approx(shipped.frequency_spend_correlation, abs=1e-3)
        assert (made.title, made.description, made.source) == (shipped.title, shipped.description, shipped.source)


class TestChoice:
    def test_dropout_is_not_chosen_where_there_is_none(self) -> None:
        """The gain asked for is a 5 % test, conservative at the boundary: 6 logs give 3 alarms in 2 of 1,000 cases."""
        alarms = 0
        for seed in range(6):
            population = calibrate(transaction_log_of(shop(seed, 100, 240)), whole_log=True, currency="USD")
            alarms += fit_of(population).chosen != "nbd"
        assert alarms <= 2

    def test_no_dropout_is_written_as_pareto_nbd_without_hazard(self) -> None:
        population = calibrate(transaction_log_of(shop(1, 150, 240)), currency="USD")
        assert isinstance(population.purchases, ParetoNBD)
        assert not population.purchases.has_dropout
        assert fit_of(population).reason.startswith("NBD: no dropout can be seen, as")

    def test_dropout_is_chosen_where_it_is_plain(self) -> None:
        population = calibrate(transaction_log_of(shop(2, 400, 365, gap=8, stay=60)), currency="USD")
        assert fit_of(population).chosen in ("pareto-nbd", "bg-nbd")
        assert "and" in fit_of(population).reason

    def test_the_traits_of_a_simulated_shop_come_back(self) -> None:
        """Rates Gamma(1.5) with a mean of one in 60 days, so that few fall on one day; the mean amount is 20."""
        population = calibrate(transaction_log_of(shop(3, 600, 728, gap=60)), whole_log=True, currency="USD")
        purchases = population.purchases
        assert purchases.r / purchases.alpha_weeks == pytest.approx(7 / 60, rel=0.12)
        assert population.spend.mean == pytest.approx(20.0, rel=0.06)
        assert abs(population.frequency_spend_correlation) < 0.15


class TestWhatTheLogCannotTell:
    def test_customers_older_than_the_log(self) -> None:
        log = transaction_log_of(shop(4, 100, 240))
        caveats = fit_of(calibrate(log)).caveats
        assert "dropout is not identified" in caveats[0]
        assert any("season is not identified" in caveat for caveat in caveats)
        assert any("The currency was not given" in caveat for caveat in caveats)
        stated = fit_of(calibrate(log, new_customers=True, currency="EUR", whole_log=True)).caveats
        assert not any("dropout" in caveat or "currency" in caveat for caveat in stated)

    def test_a_year_identifies_season_no_better_but_is_not_remarked(self) -> None:
        fit = fit_of(
            calibrate(transaction_log_of(shop(5, 60, 370)), whole_log=True, new_customers=True, currency="EUR")
        )
        assert fit.caveats == ()


class TestTooShort:
    def test_few_customers(self) -> None:
        text = refusal(lambda: calibrate(transaction_log_of(shop(1, 12, 200))))
        assert "too short to fit: the calibration window (2023-01-" in text
        assert "has 12 customers; a fit needs 50 or more" in text
        assert "--all uses the whole log" in text

    def test_no_repeat_purchase(self) -> None:
        first = shop(1, 80, 200).groupby("customer_id", as_index=False).first()
        text = refusal(lambda: calibrate(transaction_log_of(first), whole_log=True))
        assert "has no repeat purchase, so nothing tells how often customers buy; give a longer log" in text

    def test_few_repeat_purchases(self) -> None:
        log = shop(1, 80, 200)
        kept = log.groupby("customer_id").cumcount() < np.where(log["customer_id"].isin(["c1", "c2", "c3"]), 2, 1)
        text = refusal(lambda: calibrate(transaction_log_of(log[kept]), whole_log=True))
        assert "customers with a paid repeat purchase; a fit needs 20 or more" in text

    def test_a_window_under_twice_the_median_gap(self) -> None:
        log = shop(1, 80, 200)
        first, last = log.drop_duplicates("customer_id"), log.drop_duplicates("customer_id", keep="last")
        ends = pd.concat([first, last]).drop_duplicates()
        text = refusal(lambda: calibrate(transaction_log_of(ends, sort=True), whole_log=True))
        assert "under twice the median time between purchases" in text
        assert "so dropout cannot be told from a pause" in text

    def test_one_day(self) -> None:
        frame = pd.DataFrame({"customer_id": range(60), "date": "2024-01-01", "net_amount": 1.0})
        assert "no repeat purchase" in refusal(lambda: calibrate(transaction_log_of(frame)))

    @pytest.mark.parametrize("day", ["2022-12-31", "2023-01-01", "2099-01-01"])
    def test_a_window_that_ends_outside_the_log(self, day: str) -> None:
        log = transaction_log_of(shop(1, 80, 200).replace({"date": {"2023-01-02": "2023-01-01"}}))
        until = datetime.date.fromisoformat(day)
        text = refusal(lambda: calibrate(log, until=until))
        assert f"--until: {day} leaves no calibration window or no hold-out: the log runs from 2023-01-01" in text


class TestOptions:
    def test_all_that_is_wrong_with_the_options_at_once(self) -> None:
        log = transaction_log_of(shop(1, 80, 200), "my log")
        text = refusal(lambda: calibrate(log, name="My Log", currency="dollars", conversion="0 %"))
        lines = text.splitlines()
        assert lines[0].startswith("my log --name: 'My Log' is not a name")
        assert lines[1].startswith("my log --currency: 'dollars' is not a currency")
        assert lines[2].startswith("my log --conversion: 0 % is below 0.01 %")

    @pytest.mark.parametrize(
        ("file", "name"), [("CDNOW sample.csv", "cdnow-sample"), ("交易.csv", "population"), ("a__b.parquet", "a-b")]
    )
    def test_a_population_is_named_after_its_log(self, file: str, name: str) -> None:
        assert calibrate(transaction_log_of(shop(1, 80, 200), file)).name == name

    def test_amounts_without_a_mean_are_refused(self) -> None:
        frame = shop(6, 150, 240)
        random = np.random.default_rng(1)
        size = {customer: float(np.exp(6 * random.standard_normal())) for customer in frame["customer_id"].unique()}
        frame["net_amount"] = [round(float(size[customer]), 2) + 0.01 for customer in frame["customer_id"]]
        assert "that no mean exists; look for amounts in mixed units" in refusal(
            lambda: calibrate(transaction_log_of(frame))
        )


class TestOddLogs:
    @pytest.mark.parametrize("amount", [10.0, 0.01, 1e12])
    def test_customers_who_are_all_alike(self, amount: float) -> None:
        """Nothing differs between customers: the fit ends at the edges, says so, and still gives a population."""
        days = pd.date_range("2023-01-01", periods=30, freq="5D").strftime("%Y-%m-%d")
        rows = [(f"c{customer}", day, amount) for customer in range(60) for day in days]
        population = calibrate(transaction_log_of(pd.DataFrame(rows, columns=["customer_id", "date", "net_amount"])))
        assert population.purchases.r / population.purchases.alpha_weeks == pytest.approx(7 / 5, rel=0.1)
        assert population.spend.mean == pytest.approx(amount, rel=0.01)
        assert population.frequency_spend_correlation == 0.0
        assert any("ran to the edge of the search" in remark for remark in fit_of(population).spend.remarks)
        assert any("whether frequent customers spend more" in caveat for caveat in fit_of(population).caveats)
