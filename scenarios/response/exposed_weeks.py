"""What exposed weeks differ by from unexposed ones: the naive figures, which targeting alone can make.

Serves the answers that the lab shows in order not to believe them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .estimate import Estimate
from .two_way_effects import effects_on_each

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def exposed_over_unexposed(outcome: Floats, exposed: Flags) -> Estimate:
    """Return by what share the mean of exposed weeks (customers by weeks) is above that of the others.

    The standard error is that of a ratio of means with whole customers drawn (Taylor linearisation).
    """
    means = [outcome[flags].mean() if flags.any() else 0.0 for flags in (exposed, ~exposed)]
    if min(means) <= 0.0:
        raise ValueError("no purchases in exposed or in unexposed weeks")
    pull = np.zeros(len(outcome))
    for flags, mean, sign in ((exposed, means[0], 1.0), (~exposed, means[1], -1.0)):
        pull += sign * np.where(flags, outcome - mean, 0.0).sum(axis=1) / (flags.sum() * mean)
    ratio = means[0] / means[1]
    return Estimate(ratio - 1.0, ratio * float(np.sqrt((pull**2).sum())))


def with_customer_and_week_effects(outcomes: Mapping[str, Floats], exposed: Flags) -> dict[str, Estimate]:
    """Return what is left of it with effects of customer and week, as a share of exposed weeks without it.

    Every exposed week counts, so that weeks of repeated targeting and weeks between campaigns stand for each other;
    where effects differ over time such a figure is no mean of them (Goodman-Bacon, 2021). `outcomes` by name are
    customers by weeks.
    """
    customer, week = np.indices(exposed.shape)
    values = {name: outcome.ravel() for name, outcome in outcomes.items()}
    fits = effects_on_each(values, exposed.ravel()[:, None].astype(float), customer.ravel(), week.ravel())
    return {name: relative(fit.estimate(), float(outcomes[name][exposed].mean())) for name, fit in fits.items()}


def relative(effect: Estimate, mean_exposed: float) -> Estimate:
    """Return an effect as a share of what the exposed would have had without it, which is taken as known."""
    without = mean_exposed - effect.value
    if without <= 0.0:
        raise ValueError("the exposed have no purchases without the effect")
    return effect.times(1.0 / without)
