"""What many replays say of a planned pilot: bias, coverage, power, false alarms, and how far findings exaggerate.

Serves pilot planning. Every rate has its Monte-Carlo interval, so that a reader sees what replays can tell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .replays import METHODS, Replays
from .sample_size import Certainty, power_of
from .twin_outcomes import FloatArray, TwinOutcomes

NORMAL_ENOUGH = 355
"""Shoppers an arm needs for each square of the skewness, so that tails are as the normal distribution's (Kohavi, Deng,
Longbotham and Xu, 2014, rule 7)."""

MATTERS = 0.01
"""Difference of a false-alarm rate from alpha, or of a coverage from its level, that matters in practice."""

DEVIATIONS = 2.576
"""Standard errors beyond which a rate differs from its nominal value: 1 % of replays that are right say so."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of replays, and its 95 % interval (Wilson, 1927)."""

    value: float
    low: float
    high: float

    @classmethod
    def among(cls, hits: NDArray[np.bool_]) -> Rate:
        """Return the share of hits among replays (shape: replays)."""
        replays, share, z = len(hits), float(hits.mean()), 1.96
        middle = (share + z * z / (2 * replays)) / (1 + z * z / replays)
        half = z / (1 + z * z / replays) * math.sqrt(share * (1 - share) / replays + z * z / (4 * replays**2))
        return cls(share, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Verified:
    """What the replays of one pilot say when it is read by one method; estimates are in the figure's unit."""

    method: str
    replays: int
    truth: float
    mean: float
    """Mean of the estimates under the candidate as it is simulated."""
    mean_error: float
    """Its Monte-Carlo standard error."""
    deviation: float
    """Standard deviation of the estimates."""
    coverage: Rate
    """Share of intervals of coverage 1 - alpha that hold the truth."""
    planned_effect: float
    planned_power: float
    """Power that the plan promises at the planned effect with this many shoppers."""
    power_at_planned: Rate
    """Share of replays that see a difference when the truth is the planned effect."""
    expected_power: float
    """Power that the plan promises at the effect as it is simulated."""
    power_as_simulated: Rate
    false_alarms: Rate
    """Share of placebos, the incumbent in both arms, that see a difference."""
    alarms_below: Rate
    alarms_above: Rate
    exaggeration: float | None
    """Mean size of the estimates that were called different over the true size (type M error; Gelman and Carlin, 2014);
    None where nothing was called different, or the truth is 0."""
    wrong_sign: float | None
    """Share of them that have the wrong sign (type S error)."""
    skewness: float
    """Of the estimates."""
    shoppers_for_normality: int
    """Shoppers that the smaller arm should have by Kohavi's rule, for this figure's skewness."""

    @property
    def bias(self) -> float:
        """Return by how much the mean of the estimates differs from the truth."""
        return self.mean - self.truth

    def is_trusted(self, alpha: float) -> bool:
        """Return whether false alarms and coverage are as they should be, beyond what chance in the replays does and
        by less than what matters.
        """
        wanted = ((self.false_alarms.value, alpha), (self.coverage.value, 1 - alpha))
        chance = DEVIATIONS * math.sqrt(alpha * (1 - alpha) / self.replays)
        return all(abs(found - nominal) <= max(chance, MATTERS) for found, nominal in wanted)


def verify_pilot(
    lived: TwinOutcomes, found: Replays, planned_effect: float, certainty: Certainty
) -> tuple[Verified, ...]:
    """Return what the replays of a pilot say, by method; `planned_effect` is in the figure's unit."""
    shoppers = found.candidate_shoppers + found.incumbent_shoppers
    share = found.candidate_shoppers / shoppers
    spreads = lived.spread, lived.adjusted(share)
    skewed = max(abs(lived.skewness(lived.incumbent)), abs(lived.skewness(lived.candidate)))
    replays, alpha = len(found.placebo.estimate), certainty.alpha
    holds = np.abs(found.as_simulated.estimate - found.truth) <= found.as_simulated.half_width(alpha)
    seen, alarms = found.as_simulated.detected(alpha), found.placebo.detected(alpha)
    planned = found.as_simulated.detected(alpha, planned_effect - found.truth)
    verified = []
    for place, method in enumerate(METHODS):
        estimates, placebos = found.as_simulated.estimate[:, place], found.placebo.estimate[:, place]
        deviation = float(estimates.std(ddof=1))
        exaggeration, wrong_sign = _exaggeration(estimates[seen[:, place]], found.truth)
        verified.append(
            Verified(
                method=method,
                replays=replays,
                truth=found.truth,
                mean=float(estimates.mean()),
                mean_error=deviation / math.sqrt(replays),
                deviation=deviation,
                coverage=Rate.among(holds[:, place]),
                planned_effect=planned_effect,
                planned_power=power_of(spreads[place], shoppers, share, planned_effect, certainty),
                power_at_planned=Rate.among(planned[:, place]),
                expected_power=power_of(spreads[place], shoppers, share, found.truth, certainty),
                power_as_simulated=Rate.among(seen[:, place]),
                false_alarms=Rate.among(alarms[:, place]),
                alarms_below=Rate.among(alarms[:, place] & (placebos < 0)),
                alarms_above=Rate.among(alarms[:, place] & (placebos > 0)),
                exaggeration=exaggeration,
                wrong_sign=wrong_sign,
                skewness=_skewness(estimates),
                shoppers_for_normality=math.ceil(NORMAL_ENOUGH * skewed**2),
            )
        )
    return tuple(verified)


def _exaggeration(seen: FloatArray, truth: float) -> tuple[float | None, float | None]:
    """Return type M and type S error of the estimates that were called different."""
    if not len(seen) or truth == 0:
        return None, None
    return float(np.abs(seen).mean()) / abs(truth), float((np.sign(seen) != np.sign(truth)).mean())


def _skewness(values: FloatArray) -> float:
    deviation = float(values.std())
    return float(((values - values.mean()) ** 3).mean()) / deviation**3 if deviation else 0.0
