"""Purchase and spend models: likelihoods against brute force, recovery of known parameters, logs that identify nothing.

Recovery tests run on fixed seeds. Each asks 2 to 4 estimates to lie within 3 standard errors of the truth: with another
seed, such a test fails by chance in about 1 case of 100 (4 x 0.27 %).
"""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import gammaln

from memberlab.scenarios import calibration

bg_nbd, gamma_gamma, nbd, pareto_nbd = (
    calibration.bg_nbd,
    calibration.gamma_gamma,
    calibration.nbd,
    calibration.pareto_nbd,
)

ONE_OF_EACH = [
    (0.0, 0.0, 0.0),  # bought first on the last day
    (0.0, 0.0, 39.0),
    (1.0, 0.5, 39.0),
    (2.0, 30.43, 38.86),
    (7.0, 12.0, 20.0),
    (29.0, 38.0, 39.0),
    (300.0, 51.0, 52.0),  # a grocery household
    (300.0, 12.0, 52.0),
]


def histories(rows: list[tuple[float, float, float]]) -> calibration.PurchaseHistory:
    repeats, recency, age = np.array(rows, dtype=np.float64).T
    return calibration.PurchaseHistory(repeats, recency, age)


def simulated(
    seed: int, customers: int, weeks: float, *, lives: str, entry: float = 0.25, **traits: Any
) -> calibration.PurchaseHistory:
    """Draw customers by the story of the models, event by event: `lives` is "hazard", "coin" or "ever".

    First purchases are spread evenly over the first part `entry` of the weeks.
    """
    random = np.random.default_rng(seed)
    rates = random.gamma(traits["r"], 1 / traits["alpha"], customers)
    ages = weeks - random.uniform(0, weeks * entry, customers)
    rows = []
    for rate, age in zip(rates, ages, strict=True):
        leaves = math.inf
        if lives == "hazard":
            leaves = random.exponential(1 / random.gamma(traits["s"], 1 / traits["beta"]))
        chance = random.beta(traits["a"], traits["b"]) if lives == "coin" else 0.0
        repeats, last = 0, 0.0
        while (time := last + random.exponential(1 / rate)) < min(age, leaves):
            repeats, last = repeats + 1, time
            if random.random() < chance:
                break
        rows.append((float(repeats), last, age))
    return histories(rows)


def within_three_errors(fitted: calibration.Fitted, **truth: float) -> bool:
    """Return whether every estimate lies within 3 standard errors of the truth, both on the log scale."""
    for name, value in truth.items():
        interval = fitted.interval(name, deviations=3.0)
        assert interval is not None, f"{name} has no standard error"
        if not interval[0] < value < interval[1]:
            return False
    return True


class TestLikelihoods:
    @pytest.mark.parametrize("parameters", [(0.55, 10.6, 0.61, 11.7), (1.4, 1.4, 1.0, 1200.0), (1.5, 40.0, 2.5, 0.8)])
    @pytest.mark.parametrize("row", ONE_OF_EACH)
    def test_pareto_nbd_is_the_integral_over_the_day_of_leaving(
        self, parameters: tuple[float, float, float, float], row: tuple[float, float, float]
    ) -> None:
        r, alpha, s, beta = parameters
        x, recency, age = row

        def log_density(time: float) -> float:
            return math.log(s) - (s + 1) * math.log(beta + time) - (r + x) * math.log(alpha + time)

        top = log_density(recency)
        places = [recency + (age - recency) * 2.0**-power for power in range(1, 12)]
        left = quad(lambda time: math.exp(log_density(time) - top), recency, age, points=places, limit=400)[0]
        stays = math.exp(-s * math.log(beta + age) - (r + x) * math.log(alpha + age) - top)
        expected = gammaln(r + x) - gammaln(r) + r * math.log(alpha) + s * math.log(beta) + top + math.log(left + stays)
        (value,) = pareto_nbd.log_likelihood(np.array(parameters), histories([row]))
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)

    @pytest.mark.parametrize("row", ONE_OF_EACH)
    def test_bg_nbd_is_the_integral_over_rate_and_coin(self, row: tuple[float, float, float]) -> None:
        r, alpha, a, b = 0.24, 4.4, 0.8, 2.4
        x, recency, age = row

        def of_rate(watched: float) -> float:  # E[rate^x exp(-rate watched)]
            return float(gammaln(r + x) - gammaln(r) + r * math.log(alpha) - (r + x) * math.log(alpha + watched))

        def of_coin(heads: int) -> float:  # E[p^heads (1-p)^(x - heads)]
            tails = x - heads
            beta = (
                gammaln(a + heads) + gammaln(b + tails) - gammaln(a + b + x) - gammaln(a) - gammaln(b) + gammaln(a + b)
            )
            return float(beta)

        expected = of_rate(age) + of_coin(0)
        if x > 0:
            expected = float(np.logaddexp(expected, of_rate(recency) + of_coin(1)))
        (value,) = bg_nbd.log_likelihood(np.array([r, alpha, a, b]), histories([row]))
        assert value == pytest.approx(expected, rel=1e-10, abs=1e-10)

    def test_without_dropout_both_are_nbd(self) -> None:
        rows = histories(ONE_OF_EACH[:-1])  # the last one's silence is explained by dropout however rare
        plain = nbd.log_likelihood(np.array([0.4, 12.0]), rows)
        hazardless = pareto_nbd.log_likelihood(np.array([0.4, 12.0, 1.0, 1e12]), rows)
        assert np.allclose(hazardless, plain, atol=1e-6)
        coinless = bg_nbd.log_likelihood(np.array([0.4, 12.0, 1e-9, 10.0]), rows)
        assert np.allclose(coinless, plain, atol=1e-5)

    @pytest.mark.parametrize(
        ("model", "parameters"),
        [("pareto_nbd", (0.55, 10.6, 0.61, 11.7)), ("bg_nbd", (0.24, 4.4, 0.8, 2.4)), ("nbd", (0.38, 12.0))],
    )
    def test_the_unit_of_time_does_not_matter(self, model: str, parameters: tuple[float, ...]) -> None:
        """A log in days has the same likelihood as one in weeks, but for the Jacobian 7^-repeats."""
        module = getattr(calibration, model)
        weeks = histories(ONE_OF_EACH)
        days = calibration.PurchaseHistory(weeks.repeats, weeks.recency * 7, weeks.age * 7)
        times = {"alpha_weeks", "beta_weeks"}
        scaled = [
            value * 7 if name in times else value for name, value in zip(module.PARAMETERS, parameters, strict=True)
        ]
        difference = module.log_likelihood(np.array(parameters), weeks) - module.log_likelihood(np.array(scaled), days)
        assert np.allclose(difference, weeks.repeats * math.log(7), atol=1e-8)

    def test_gamma_gamma_is_the_integral_over_the_scale(self) -> None:
        p, q, v, n, mean = 6.25, 3.74, 15.4, 3.0, 35.0

        def density(nu: float) -> float:
            scale = q * math.log(v) + (q - 1) * math.log(nu) - v * nu - math.lgamma(q)
            amount = p * n * math.log(n * nu) + (p * n - 1) * math.log(mean) - n * nu * mean - math.lgamma(p * n)
            return math.exp(scale + amount)

        spend = calibration.SpendHistory(np.array([n]), np.array([mean]))
        expected = math.log(quad(density, 0, 20)[0])
        assert gamma_gamma.log_likelihood(np.array([p, q, v]), spend)[0] == pytest.approx(expected, rel=1e-8)


class TestExpectations:
    @pytest.mark.parametrize(
        ("model", "parameters", "at_one"),
        [("pareto_nbd", (0.5, 8.0, 1.0, 10.0), 2), ("bg_nbd", (0.3, 4.0, 1.0, 2.0), 2)],
    )
    def test_the_removable_singularity_is_removed(self, model: str, parameters: tuple[float, ...], at_one: int) -> None:
        module = getattr(calibration, model)
        rows = histories(ONE_OF_EACH)
        near = list(parameters)
        near[at_one] += 1e-4
        exact = module.expected_purchases(np.array(parameters), rows, 39.0)
        assert np.isfinite(exact).all()
        assert np.allclose(exact, module.expected_purchases(np.array(near), rows, 39.0), rtol=1e-3)

    @pytest.mark.parametrize(
        ("model", "parameters"), [("pareto_nbd", (0.55, 10.6, 0.61, 11.7)), ("bg_nbd", (0.24, 4.4, 0.8, 2.4))]
    )
    def test_the_first_moment_of_the_likelihood_agrees(self, model: str, parameters: tuple[float, ...]) -> None:
        """In a short time ahead, the expectation is the chance of one purchase there, by the likelihood itself."""
        module, ahead = getattr(calibration, model), 1e-4
        rows = histories([row for row in ONE_OF_EACH if row[0] < 100])
        one_more = calibration.PurchaseHistory(rows.repeats + 1, rows.age + ahead / 2, rows.age + ahead)
        before, after = (module.log_likelihood(np.array(parameters), one) for one in (rows, one_more))
        expected = module.expected_purchases(np.array(parameters), rows, ahead)
        assert np.allclose(expected, np.exp(after - before) * ahead, rtol=1e-3)

    def test_customers_who_all_leave_with_the_same_chance_can_be_expected(self) -> None:
        """One in 13 leaves with each purchase, whoever it is: a and b are large, and powers cancel only on paper."""
        rows = histories([row for row in ONE_OF_EACH if row[0] < 100])
        expected = [bg_nbd.expected_purchases(np.array([0.9, 8.0, a, 12 * a]), rows, 39.0) for a in (60.0, 900.0)]
        assert np.isfinite(expected).all()
        assert np.allclose(expected[0], expected[1], rtol=0.05)

    @pytest.mark.parametrize(
        ("model", "lives", "traits"),
        [
            ("pareto_nbd", "hazard", {"r": 1.0, "alpha": 4.0, "s": 0.8, "beta": 12.0}),
            ("bg_nbd", "coin", {"r": 1.0, "alpha": 4.0, "a": 0.8, "b": 3.0}),
            ("nbd", "ever", {"r": 1.0, "alpha": 4.0}),
        ],
    )
    def test_a_new_customer_s_expectation_is_the_mean_of_simulated_ones(
        self, model: str, lives: str, traits: dict[str, float]
    ) -> None:
        """20,000 simulated customers; the mean is asked within 4 of its standard errors (chance: 1 in 16,000)."""
        module = getattr(calibration, model)
        drawn = simulated(11, 20_000, 40.0, lives=lives, entry=0.0, **traits)
        names = {"alpha_weeks": "alpha", "beta_weeks": "beta"}
        parameters = np.array([traits[names.get(name, name)] for name in module.PARAMETERS])
        (expected,) = module.expected_purchases(parameters, histories([(0.0, 0.0, 0.0)]), 40.0)
        error = float(drawn.repeats.std()) / math.sqrt(20_000)
        assert abs(float(drawn.repeats.mean()) - expected) < 4 * error


class TestRecovery:
    def test_pareto_nbd(self) -> None:
        truth = {"r": 1.2, "alpha": 3.0, "s": 0.9, "beta": 15.0}
        fitted = pareto_nbd.fit(simulated(3, 3_000, 60.0, lives="hazard", **truth))
        assert within_three_errors(fitted, r=1.2, alpha_weeks=3.0, s=0.9, beta_weeks=15.0), fitted
        assert fitted.remarks == ()

    def test_bg_nbd(self) -> None:
        truth = {"r": 0.6, "alpha": 4.0, "a": 0.8, "b": 3.0}
        fitted = bg_nbd.fit(simulated(4, 3_000, 60.0, lives="coin", **truth))
        assert within_three_errors(fitted, r=0.6, alpha_weeks=4.0, a=0.8, b=3.0), fitted

    def test_nbd(self) -> None:
        fitted = nbd.fit(simulated(5, 2_000, 40.0, lives="ever", r=1.4, alpha=1.5))
        assert within_three_errors(fitted, r=1.4, alpha_weeks=1.5), fitted

    def test_gamma_gamma_whatever_the_currency(self) -> None:
        random = np.random.default_rng(6)
        counts = random.integers(1, 12, 2_000)
        nu = random.gamma(3.7, 1 / 15.4, 2_000)
        mean = np.array([random.gamma(6.2, 1 / scale, count).mean() for scale, count in zip(nu, counts, strict=True)])
        dollars = gamma_gamma.fit(calibration.SpendHistory(counts.astype(np.float64), mean))
        assert within_three_errors(dollars, p=6.2, q=3.7, v=15.4), dollars
        yen = gamma_gamma.fit(calibration.SpendHistory(counts.astype(np.float64), mean * 150))
        assert yen.estimates["v"] == pytest.approx(dollars.estimates["v"] * 150, rel=1e-4)
        assert yen.estimates["p"] == pytest.approx(dollars.estimates["p"], rel=1e-4)

    def test_standard_errors_are_those_of_repeated_fits(self) -> None:
        """50 fits: their spread is asked within 0.7 to 1.4 of the standard error (chance of a miss about 1 in 500)."""
        fits = [nbd.fit(simulated(100 + run, 250, 30.0, lives="ever", r=1.0, alpha=3.0)) for run in range(50)]
        logs = np.log([fitted.estimates["r"] for fitted in fits])
        errors = [(fitted.standard_errors["r"] or math.nan) / fitted.estimates["r"] for fitted in fits]
        assert 0.7 < float(logs.std()) / float(np.mean(errors)) < 1.4

    @pytest.mark.parametrize("truth", [0.0, 0.5, -0.4])
    def test_the_correlation_of_rate_and_spend(self, truth: float) -> None:
        rate, prior, spend, spend_parameters = correlated(7, truth)
        found = calibration.correlation_of_frequency_and_spend(rate, prior, spend, spend_parameters)
        assert found.standard_error is not None
        assert abs(found.estimate - truth) < 3 * found.standard_error, found


def correlated(
    seed: int, rho: float
) -> tuple[calibration.RatePosterior, tuple[float, float], calibration.SpendHistory, NDArray[np.float64]]:
    """Draw 3,000 customers whose rate and mean amount are tied by a copula, and return what is seen of the buyers."""
    from scipy.stats import gamma, norm

    random = np.random.default_rng(seed)
    customers, weeks, (r, alpha), (p, q, v) = 3_000, 50.0, (0.8, 6.0), (6.0, 4.0, 15.0)
    first = random.standard_normal(customers)
    second = rho * first + math.sqrt(1 - rho**2) * random.standard_normal(customers)
    rates = gamma.ppf(norm.cdf(first), r, scale=1 / alpha)
    nu = gamma.ppf(norm.cdf(-second), q, scale=1 / v)  # a high nu is a small basket
    repeats = random.poisson(rates * weeks)
    seen = repeats > 0
    counts = repeats[seen]
    mean = np.array([random.gamma(p, 1 / scale, count).mean() for scale, count in zip(nu[seen], counts, strict=True)])
    age = np.full(len(counts), weeks)
    history = calibration.PurchaseHistory(counts.astype(np.float64), age, age)
    posterior = nbd.rate_posterior(np.array([r, alpha]), history)
    return posterior, (r, alpha), calibration.SpendHistory(history.repeats, mean), np.array([p, q, v])


class TestLogsThatIdentifyLittle:
    def test_without_dropout_the_fit_says_so(self) -> None:
        history = simulated(8, 800, 50.0, lives="ever", r=1.0, alpha=3.0)
        plain, hazard, coin = nbd.fit(history), pareto_nbd.fit(history), bg_nbd.fit(history)
        for fitted in (hazard, coin):
            assert fitted.log_likelihood - plain.log_likelihood < 3.0
            assert all(math.isfinite(value) for value in fitted.estimates.values())
            assert fitted.remarks, fitted
        assert hazard.estimates["r"] == pytest.approx(plain.estimates["r"], rel=0.05)

    def test_equal_hazards_hold_s_at_one(self) -> None:
        """Little dropout tells the mean hazard only: s is held, the hazard found."""
        history = simulated(9, 1_500, 40.0, lives="hazard", r=1.4, alpha=1.4, s=400.0, beta=400.0 / 0.002)
        fitted = pareto_nbd.fit(history)
        assert fitted.estimates["s"] == 1.0
        assert fitted.standard_errors["s"] is None
        assert "s is held at 1: the log tells s / beta, a mean dropout hazard of" in fitted.remarks[0]
        assert 1 / fitted.estimates["beta_weeks"] == pytest.approx(0.002, rel=0.35)

    def test_equal_rates_run_to_the_edge_and_are_told(self) -> None:
        random = np.random.default_rng(10)
        repeats = random.poisson(5.0, 500).astype(np.float64)
        age = np.full(500, 20.0)
        fitted = nbd.fit(calibration.PurchaseHistory(repeats, np.where(repeats > 0, 19.0, 0.0), age))
        assert fitted.estimates["r"] / fitted.estimates["alpha_weeks"] == pytest.approx(0.25, rel=0.05)
        assert fitted.estimates["r"] > 50

    def test_equal_amounts_do_not_break_the_fit(self) -> None:
        spend = calibration.SpendHistory(np.full(100, 3.0), np.full(100, 20.0))
        fitted = gamma_gamma.fit(spend)
        assert gamma_gamma.population_mean(fitted.parameters) == pytest.approx(20.0, rel=0.05)
        assert fitted.remarks
