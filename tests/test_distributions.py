"""The compiled samplers against SciPy's distributions: normal quantile, gamma baskets, gamma traits.

Kolmogorov-Smirnov tests with fixed seeds; each would fail a perfect sampler once in 100,000 seeds.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from memberlab.sim import gamma_draws, gamma_quantile, normal_quantile


def test_normal_quantile_is_exact_to_the_last_digits() -> None:
    shares = np.concatenate([np.linspace(1e-12, 1 - 1e-12, 2001), 10.0 ** -np.arange(2, 16)])
    computed = np.array([normal_quantile(float(share)) for share in shares])
    np.testing.assert_allclose(computed, special.ndtri(shares), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("shape", [0.4, 1.0, 1.3, 6.25, 40.0])
def test_gamma_baskets_follow_the_gamma_distribution(shape: float) -> None:
    draws = gamma_draws(seed=11, count=100_000, shape=shape)
    assert stats.kstest(draws, stats.gamma(shape).cdf).pvalue > 1e-5


@pytest.mark.parametrize("shape", [0.2426, 0.5533, 1.6, 3.744, 25.0])
def test_gamma_traits_interpolate_the_exact_quantile(shape: float) -> None:
    scores = np.linspace(-4.5, 4.5, 997)
    exact = stats.gamma.ppf(special.ndtr(scores[scores < 0]), shape)
    exact = np.concatenate([exact, stats.gamma.isf(special.ndtr(-scores[scores >= 0]), shape)])
    np.testing.assert_allclose(gamma_quantile(shape, scores), exact, rtol=2e-4)
