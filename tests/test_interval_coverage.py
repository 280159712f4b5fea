"""Intervals of comparisons hold the truth as often as they say: 200 A/A and 200 known-effect repetitions."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
REPETITIONS = 200


@pytest.fixture(scope="module", autouse=True)
def benchmarks_importable() -> Iterator[None]:
    """Let the study be found where `python benchmarks/interval_coverage.py` finds it."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


@pytest.mark.slow
@pytest.mark.parametrize("study", ["split_at_random", "known_effect"])
def test_intervals_hold_the_truth_as_often_as_they_say(study: str) -> None:
    """The mean over all figures lies within 93 to 97 %, no figure below 91 %, and all at once in 92.5 % at least.

    A figure that covers 95 % is inside fewer than 182 of 200 times (91 %) once in 200 draws of the seeds, all at once
    fewer than 185 times once in 15 were the simultaneous coverage 95 % and no more; the seeds are fixed.
    """
    coverage: Any = getattr(importlib.import_module("interval_coverage"), study)(REPETITIONS)
    shares = {name: inside / REPETITIONS for name, inside in coverage.alone.items()}
    assert 0.93 <= sum(shares.values()) / len(shares) <= 0.97, shares
    assert min(shares.values()) >= 0.91, shares
    assert coverage.simultaneous / REPETITIONS >= 0.925
    assert coverage.together < coverage.simultaneous
