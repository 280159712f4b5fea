"""The race: who is clearly beaten or breaks a limit falls out, who is not stays, at the level that is promised."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.optimize import Heats, race, rounds_of


def noise(policies: int, replications: int, width: int, seed: int, common: float = 0.9) -> NDArray[np.float64]:
    """Return noise of which a part is common to all policies of a replication, as keyed draws make it."""
    draw = np.random.default_rng(seed)
    shared = draw.normal(size=(1, replications, width))
    own = draw.normal(size=(policies, replications, width))
    mixed: NDArray[np.float64] = np.sqrt(common) * shared + np.sqrt(1 - common) * own
    return mixed


def live_with(
    truth: Sequence[Sequence[float]], limits: Sequence[float] | None = None, seed: int = 1
) -> Callable[[Sequence[int], int], Heats]:
    gains = np.asarray(truth)[:, None, :] + noise(len(truth), 64, len(truth[0]), seed)
    excesses = np.asarray(limits if limits is not None else [-9.0] * len(truth))[:, None, None] + 0.1 * noise(
        len(truth), 64, 1, seed + 1
    )

    def live(places: Sequence[int], replications: int) -> Heats:
        return Heats(gains[list(places), :replications], excesses[list(places), :replications])

    return live


def test_rounds_double_up_to_the_last() -> None:
    assert rounds_of(8, 32) == (8, 16, 32)
    assert rounds_of(8, 20) == (8, 16, 20)
    assert rounds_of(4, 4) == (4,)


def test_beaten_in_everything_falls_out_and_a_trade_off_stays() -> None:
    truth = [[5, 0], [0, 5], [3, 3], [2, 2]]  # the last is beaten by the third alone
    result = race(live_with(truth), 4, (8, 16, 32))
    assert result.standing == (0, 1, 2)
    assert [(one.place, one.beaten_by) for one in result.fallen] == [(3, 2)]
    assert result.heats.gains.shape == (3, 32, 2)


def test_who_breaks_a_limit_falls_out_and_beats_nobody() -> None:
    result = race(live_with([[9, 9], [1, 1]], limits=[1.0, -1.0]), 2, (8, 16))
    assert result.standing == (1,)
    assert [(one.place, one.beaten_by) for one in result.fallen] == [(0, None)]


def test_equals_in_one_objective_are_decided_by_the_other() -> None:
    gains = np.ones((2, 8, 2))
    gains[1, :, 1] = 2
    result = race(lambda places, n: Heats(gains[list(places), :n], np.zeros((len(places), n, 0))), 2, (4, 8))
    assert result.standing == (1,)


def test_nobody_races_nowhere() -> None:
    result = race(lambda places, n: pytest.fail("nobody is there to live"), 0, (4, 8))
    assert (result.standing, result.fallen) == ((), ())


def test_of_two_that_are_alike_both_stay() -> None:
    gains = np.tile(np.random.default_rng(3).normal(size=(1, 8, 2)), (2, 1, 1))
    result = race(lambda places, n: Heats(gains[list(places), :n], np.zeros((len(places), n, 0))), 2, (4, 8))
    assert result.standing == (0, 1)


@pytest.mark.parametrize("objectives", [1, 2])
def test_an_equal_seldom_falls_out(objectives: int) -> None:
    # 400 races of two equals, a level of 5 % for each: at most 10 % fall, and by chance above 15 % once in 2,000
    fell = [len(race(live_with([[0.0] * objectives] * 2, seed=seed), 2, (8, 16, 32)).fallen) for seed in range(400)]
    assert np.mean(fell) < 0.15


def test_a_small_lead_is_seen_when_there_are_enough_replications() -> None:
    # a lead of 0.25 where the paired noise has a deviation of 0.45: surely seen with 64, seldom with 4
    late = [race(live_with([[0.25], [0.0]], seed=seed), 2, (64,)).standing == (0,) for seed in range(50)]
    early = [race(live_with([[0.25], [0.0]], seed=seed), 2, (4,)).standing == (0,) for seed in range(50)]
    assert np.mean(late) > 0.9
    assert np.mean(early) < 0.4
