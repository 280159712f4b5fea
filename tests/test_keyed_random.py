"""The keyed generator: known answers, uniformity, and independence of neighbours, days and purposes.

Statistical tests use fixed seeds; each states how often it would fail for a perfect generator.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from memberlab.sim import TRAITS_DAY, Purpose, keyed_uniforms, replication_seed

MASK = (1 << 64) - 1


def mixed(word: int) -> int:
    """The SplitMix64 finaliser in plain Python integers, from the paper's constants."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


def expected_uniform(seed: int, shopper: int, day: int, purpose: int) -> float:
    key = mixed((mixed(seed) + (shopper + 1) * 0x9E3779B97F4A7C15) & MASK)
    key = mixed(key ^ (((day + 1) * 0xD1B54A32D192ED03) & MASK))
    word = mixed((key + (purpose + 1) * 0x9E3779B97F4A7C15) & MASK)
    return ((word >> 12) + 0.5) * 2.0**-52


def test_finaliser_gives_the_published_first_outputs_of_splitmix64() -> None:
    # SplitMix64 with seed 1234567 starts with these outputs (Vigna's reference implementation).
    golden, state, outputs = 0x9E3779B97F4A7C15, 1234567, []
    for _ in range(3):
        state = (state + golden) & MASK
        outputs.append(mixed(state))
    assert outputs == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@pytest.mark.parametrize("seed", [0, 1, 20, 2**63 - 1])
@pytest.mark.parametrize("day", [TRAITS_DAY, 0, 365])
def test_known_answers(seed: int, day: int) -> None:
    drawn = keyed_uniforms(seed, shoppers=range(5), day=day, purpose=Purpose.BUY)
    expected = [expected_uniform(seed, shopper, day, Purpose.BUY) for shopper in range(5)]
    assert drawn.tolist() == expected


@pytest.mark.parametrize(
    ("seed", "shopper", "day", "purpose", "answer"),
    [
        (1, 0, 0, Purpose.BUY, 0.2654064104283945),
        (1, 1, 0, Purpose.BUY, 0.20730836151121135),
        (1, 0, 1, Purpose.BUY, 0.6897769703817812),
        (1, 0, 0, Purpose.PADDING, 0.9468270932073016),
        (9223372036854775807, 9999999, 3650, Purpose.RIVAL, 0.2869673325847161),
    ],
)
def test_answers_never_change(seed: int, shopper: int, day: int, purpose: Purpose, answer: float) -> None:
    assert keyed_uniforms(seed, range(shopper, shopper + 1), day, purpose).tolist() == [answer]


def block(seed: int, purpose: Purpose = Purpose.BUY, shoppers: int = 4000, days: int = 64) -> np.ndarray:
    return np.stack([keyed_uniforms(seed, range(shoppers), day, purpose) for day in range(days)], axis=1)


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("purpose", [Purpose.ATTENDANCE, Purpose.BUY, Purpose.REDEMPTION])
def test_draws_are_uniform(seed: int, purpose: Purpose) -> None:
    # 6 chi-square tests of 256,000 draws in 1,024 cells; each fails a perfect generator once in 100,000 seeds.
    counts = np.bincount((block(seed, purpose) * 1024).astype(int).ravel(), minlength=1024)
    assert stats.chisquare(counts).pvalue > 1e-5


@pytest.mark.parametrize("neighbour", ["next shopper", "next day", "next purpose", "next seed", "a week later"])
def test_neighbours_are_independent(neighbour: str) -> None:
    # A 32 x 32 table of pairs and a rank correlation for each kind of neighbour: 10 tests, each at one in 100,000.
    first = block(5)
    second = {
        "next shopper": np.roll(first, -1, axis=0),
        "next day": np.roll(first, -1, axis=1),
        "a week later": np.roll(first, -7, axis=1),
        "next purpose": block(5, Purpose.PADDING),
        "next seed": block(6),
    }[neighbour]
    pairs = (first * 32).astype(int).ravel() * 32 + (second * 32).astype(int).ravel()
    assert stats.chisquare(np.bincount(pairs, minlength=1024)).pvalue > 1e-5
    assert stats.pearsonr(first.ravel(), second.ravel()).pvalue > 1e-5


def test_seeds_are_not_shifted_copies_of_each_other() -> None:
    # Seeds that differ by the golden step shifted the population by one shopper before the seed was hashed first.
    golden = 0x9E3779B97F4A7C15
    one = keyed_uniforms(7, range(100), 0, Purpose.BUY)
    other = keyed_uniforms((7 + golden) % 2**63, range(100), 0, Purpose.BUY)
    assert not np.intersect1d(one, other).size


def test_draws_are_strictly_between_zero_and_one() -> None:
    draws = block(8)
    assert draws.min() > 0
    assert draws.max() < 1


def test_replication_seeds_differ_and_never_equal_the_scenarios_own() -> None:
    seeds = [replication_seed(1, number) for number in range(1000)]
    assert len({*seeds, 1}) == 1001
    assert all(0 <= seed < 2**63 for seed in seeds)
