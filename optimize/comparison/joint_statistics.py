"""What holds for all differences of a comparison at once: simultaneous intervals, and the weights of scenarios.

Serves comparisons. Nobody asks for one KPI alone: with ten of them, three policies and three scenarios, four or five
of 90 differences that are none would be called certain by intervals of 95 % each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from memberlab.results import CONFIDENCE, KPIS, JointErrors, Uplift, joint_band, joint_errors

from ..lives import ArmResult

Place = tuple[str, str, str]


@dataclass(frozen=True)
class JointStatistics:
    """The joint `errors` of all differences, where intervals are over shoppers; `bands` by scenario, policy and KPI,
    where they are across worlds. `confidence` is that of this look; of an only look it is 95 %.
    """

    errors: JointErrors | None = None
    bands: Mapping[Place, tuple[float, float]] = field(default_factory=dict)
    confidence: float = CONFIDENCE
    weights: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def pointwise(self) -> float:
        """Return the multiple of its standard error by which an interval for itself alone reaches on each side."""
        return 1.0 if self.errors is None else self.errors.pointwise_value(self.confidence)

    @cached_property
    def simultaneous(self) -> float:
        """Return the multiple of its standard error by which intervals of the whole family reach on each side."""
        return self.pointwise if self.errors is None else self.errors.critical_value(self.confidence)

    def share_of_width(self, confidence: float) -> float:
        """Return how wide an interval of `confidence` is against one of this look; exactly 1 for the same."""
        if self.errors is None or confidence == self.confidence:
            return 1.0
        return self.errors.pointwise_value(confidence) / self.pointwise

    @property
    def family(self) -> int:
        """Return how many differences share the confidence."""
        return len(self.bands) if self.errors is None else self.errors.family

    def band(self, scenario: str, policy: str, uplift: Uplift) -> tuple[float, float]:
        """Return the simultaneous interval of an uplift; its own interval where the family is not known."""
        if self.errors is None:
            return self.bands.get((scenario, policy, uplift.kpi), (uplift.low, uplift.high))
        wide = uplift.half_width * self.simultaneous / self.pointwise
        return uplift.difference - wide, uplift.difference + wide

    def is_certain(self, scenario: str, policy: str, uplift: Uplift) -> bool:
        """Return whether the simultaneous interval excludes zero."""
        low, high = self.band(scenario, policy, uplift)
        return low > 0 or high < 0


Measures = Mapping[tuple[int, int], Sequence[NDArray[np.float64]]]


def joint_statistics(
    names: Sequence[tuple[str, Sequence[str]]], results: Mapping[tuple[int, int], Sequence[ArmResult]],
    uplifts: Mapping[tuple[int, int], Sequence[Uplift]], *, confidence: float, across_worlds: bool,
    weights: Mapping[str, float],
) -> JointStatistics:  # fmt: skip
    """Return the joint statistics of `results` by scenario and policy; `names` are scenarios with their policies."""
    measures = {
        key: [one.measures for one in lived if one.measures is not None] for key, lived in results.items()
    }  # fmt: skip
    keys = [(s, p) for s, (_, policies) in enumerate(names) for p in range(1, len(policies))]
    arms = [(names[s][0], names[s][1][p]) for s, p in keys]
    if not keys:
        return JointStatistics(confidence=confidence, weights=weights)
    if across_worlds:
        return JointStatistics(bands=_bands(keys, arms, measures), confidence=confidence, weights=weights)
    baselines = {name: measures[s, 0] for s, (name, _) in enumerate(names)}
    errors = joint_errors(arms, baselines, [measures[key] for key in keys])
    value = errors.pointwise_value(confidence)
    own = np.array([(one.half_width / value) ** 2 for key in keys for one in uplifts[key]])
    return JointStatistics(errors.with_variances(own), confidence=confidence, weights=weights)


def _bands(
    keys: Sequence[tuple[int, int]], arms: Sequence[tuple[str, str]], measures: Measures
) -> dict[Place, tuple[float, float]]:
    """Return the joint band of all differences across worlds."""
    columns, places = [], []
    for (s, p), (scenario, policy) in zip(keys, arms, strict=True):
        for kpi in KPIS.values():
            pairs = zip(measures[s, 0], measures[s, p], strict=True)
            columns.append([kpi.value(right.sum(axis=0)) - kpi.value(left.sum(axis=0)) for left, right in pairs])
            places.append((scenario, policy, kpi.name))
    low, high = joint_band(np.array(columns).T)
    return {place: (float(a), float(b)) for place, a, b in zip(places, low, high, strict=True)}
