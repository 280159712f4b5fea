"""The ensemble: vectors of assumptions under which every calibration fact is in band, in place of one vector.

Serves comparisons that ask how far a result hangs on what nobody knows of shoppers. It is made by `tuning.py`.
"""

from __future__ import annotations

import csv
from pathlib import Path

from memberlab.policies import DocumentError, Problem
from memberlab.sim import ASSUMPTIONS

ENSEMBLE = Path(__file__).with_name("ensemble.csv")
"""The accepted vectors that ship with memberlab, one a row."""

Vector = dict[str, float]
"""Assumptions by name; what is left out has its default."""


def load_ensemble(path: Path = ENSEMBLE) -> tuple[Vector, ...]:
    """Return the vectors of a file. Raises DocumentError for values that are no numbers, unknown or not plausible."""
    vectors: list[Vector] = []
    problems: list[Problem] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                vector = {name: float(value) for name, value in row.items()}
            except (TypeError, ValueError):
                problems.append(Problem(path.name, line, "", "is not a row of numbers; write one for each column"))
                continue
            problems.extend(
                Problem(path.name, line, name, _fault(name, value))
                for name, value in vector.items()
                if _fault(name, value)
            )
            vectors.append(vector)
    if problems:
        raise DocumentError(problems)
    return tuple(vectors)


def _fault(name: str, value: float) -> str:
    """Return what is wrong with a value, or nothing."""
    assumption = {one.name: one for one in ASSUMPTIONS}.get(name)
    if assumption is None:
        return "is no assumption; `memberlab assumptions` lists them"
    return "" if assumption.is_plausible(value) else f"{value:g} is outside {assumption.low:g} to {assumption.high:g}"
