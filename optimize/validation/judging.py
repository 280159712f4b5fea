"""The verdict on a simulated market, statistic by statistic: is it as close to held-out customers as chance allows?

Serves the validation's table. A statistic passes within its tolerance: 2.5 bootstrap standard errors at the number of
held-out customers, or the error that does not matter in practice if that is larger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from memberlab.scenarios import calibration

ERRORS_ALLOWED = 2.5
"""Standard errors within which a statistic passes."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One statistic of the training and the held-out customers, its tolerance, and what was simulated (means)."""

    name: str
    words: str
    training: float
    held_out: float
    tolerance: float
    simulated: float
    naive: float | None

    @property
    def passes(self) -> bool:
        """Whether the simulated value is within the tolerance of the held-out one."""
        return abs(self.simulated - self.held_out) <= self.tolerance

    @property
    def naive_passes(self) -> bool:
        """Whether the naive simulator's value is within the tolerance."""
        return self.naive is not None and abs(self.naive - self.held_out) <= self.tolerance


def judge(
    training: Mapping[str, float],
    held_out: Mapping[str, float],
    errors: Mapping[str, float],
    simulated: Sequence[Mapping[str, float]],
    naive: Sequence[Mapping[str, float]],
) -> tuple[Judged, ...]:
    """Return the verdict on every statistic that training, held-out and simulated logs tell; simulated are means."""
    found = []
    for one in calibration.STATISTICS:
        values = [log[one.name] for log in simulated if one.name in log]
        if one.name not in training or one.name not in held_out or not values:
            continue
        value = held_out[one.name]
        tolerance = max(ERRORS_ALLOWED * errors.get(one.name, 0.0), one.relative * abs(value), one.absolute)
        naive_values = [log[one.name] for log in naive if one.name in log]
        found.append(
            Judged(
                one.name,
                one.words,
                training[one.name],
                value,
                tolerance,
                float(np.mean(values)),
                float(np.mean(naive_values)) if naive_values else None,
            )
        )
    return tuple(found)
