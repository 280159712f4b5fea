"""The Pareto front and the shortlist, against the definition."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memberlab.optimize import front, layers, shortlist

GAINS = st.lists(st.tuples(*[st.integers(0, 4).map(float)] * 3), min_size=1, max_size=25)


def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True)) and one != other


@given(GAINS)
def test_the_front_is_what_nothing_dominates(gains: list[tuple[float, ...]]) -> None:
    assert front(gains) == [row for row, own in enumerate(gains) if not any(dominates(one, own) for one in gains)]


@given(GAINS)
def test_layers_hold_every_row_once_and_each_is_beaten_by_the_one_before(gains: list[tuple[float, ...]]) -> None:
    found = layers(gains)
    assert sorted(row for layer in found for row in layer) == list(range(len(gains)))
    for before, layer in pairwise(found):
        assert all(any(dominates(gains[one], gains[row]) for one in before) for row in layer)


@given(GAINS, st.integers(1, 8))
def test_a_shortlist_takes_from_the_best_layers(gains: list[tuple[float, ...]], count: int) -> None:
    picked = shortlist(gains, [2.0, 2.0, 2.0], count)
    best = [row for layer in layers(gains) for row in layer]
    assert len(set(picked)) == len(picked) == min(count, len(gains))
    depth = {row: number for number, layer in enumerate(layers(gains)) for row in layer}
    assert sorted(depth[row] for row in picked) == [depth[row] for row in best[: len(picked)]]


def test_the_shortlist_begins_with_the_best_trade_off_and_keeps_to_those_that_beat_the_baseline() -> None:
    gains = [(9.0, -9.0), (3.0, 3.0), (1.0, 4.0), (-9.0, 9.0), (4.0, 1.0)]
    assert shortlist(gains, [0.0, 0.0], 1) == [1]
    assert set(shortlist(gains, [0.0, 0.0], 3)) >= {1, 2} or set(shortlist(gains, [0.0, 0.0], 3)) >= {1, 4}


def test_a_shortlist_of_nothing_is_empty() -> None:
    assert shortlist([], [0.0, 0.0], 5) == []


def test_an_objective_that_never_changes_does_no_harm() -> None:
    assert shortlist([(1.0, 5.0), (2.0, 5.0)], [0.0, 5.0], 1) == [1]
    assert np.isfinite(shortlist([(1.0, 5.0)], [1.0, 5.0], 3)).all()
