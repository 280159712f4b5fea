"""Whether a lift adds the same to everybody, or multiplies what each would have bought.

Serves whoever carries a lift over to other customers. The rule: customers are cut into tenths by their spend before the
campaign; over the tenths the mean of the targets is a line in that of the controls. Slope 1 is an additive lift,
intercept 0 a proportional one. The likelier of the two is taken, and it is said whether the other can be excluded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]
Form = Literal["additive", "proportional"]

MOST_GROUPS, FEWEST_GROUPS, FEWEST_IN_GROUP = 10, 3, 40
SIGNIFICANT, UNTENABLE, NO_LINE = 0.05, 0.01, 0.001
"""p-values below which the other form is excluded, a form does not hold, and no line does."""


@dataclass(frozen=True, slots=True)
class FormOfLift:
    """The form that fits better, with the tests of both and what was compared."""

    form: Form
    is_clear: bool
    """Whether the other form is rejected at 5 %, and this one holds."""
    additive_p: float
    proportional_p: float
    line_p: float
    """p-value of the line itself; a small one says that neither form holds over all tenths."""
    targets: tuple[float, ...]
    """Mean of the targets by group of prior spend, lowest first."""
    controls: tuple[float, ...]

    @property
    def holds(self) -> bool:
        """Whether either form can stand for the lift over all groups."""
        return max(self.additive_p, self.proportional_p) >= UNTENABLE and self.line_p >= NO_LINE

    def in_words(self) -> str:
        """Return the verdict as a sentence."""
        tests = (
            f"over {len(self.targets)} groups by prior spend: additive p {self.additive_p:.2g}, "
            f"proportional p {self.proportional_p:.2g}"
        )
        if not self.holds:
            return f"Neither form holds ({tests}); {self.form} is the nearer."
        if self.is_clear:
            return f"The lift is {self.form} ({tests})."
        return f"The data cannot tell an additive lift from a proportional one ({tests}); {self.form} fits better."


def form_of_lift(outcome: Floats, prior_spend: Floats, treated: NDArray[np.bool_]) -> FormOfLift | None:
    """Return the form of the lift in `outcome` over groups of `prior_spend`; None with too few customers for it.

    Both means of a group are uncertain, so the line is fitted with errors in both variables (York, 1966, without
    correlation), and each form is tested by the chi-square that it costs, on one degree of freedom.
    """
    groups = min(MOST_GROUPS, int(min(treated.sum(), (~treated).sum())) // FEWEST_IN_GROUP)
    if groups < FEWEST_GROUPS or prior_spend.std() == 0.0:
        return None
    rank = stats.rankdata(prior_spend, method="ordinal") - 1
    group = (rank * groups // len(rank)).astype(np.int64)
    target, target_variance = _means(outcome[treated], group[treated], groups)
    control, control_variance = _means(outcome[~treated], group[~treated], groups)
    usable = (target_variance > 0) & (control_variance > 0)
    if usable.sum() < FEWEST_GROUPS or control[usable].max() <= 0:
        return None
    means = target[usable], control[usable], target_variance[usable], control_variance[usable]
    line = _least(lambda slope: _misfit(*means, slope, None))
    additive = _misfit(*means, 1.0, None)
    proportional = _least(lambda slope: _misfit(*means, slope, 0.0))
    additive_p, proportional_p = (
        float(stats.chi2.sf(max(misfit - line, 0.0), 1)) for misfit in (additive, proportional)
    )
    form: Form = "additive" if additive_p > proportional_p else "proportional"
    line_p = float(stats.chi2.sf(line, int(usable.sum()) - 2))
    is_clear = min(additive_p, proportional_p) < SIGNIFICANT and max(additive_p, proportional_p) >= UNTENABLE
    is_clear &= line_p >= NO_LINE
    return FormOfLift(
        form, is_clear, additive_p, proportional_p, line_p, tuple(target.tolist()), tuple(control.tolist())
    )


def _means(outcome: Floats, group: NDArray[np.int64], groups: int) -> tuple[Floats, Floats]:
    """Return mean and variance of the mean by group; variance 0 for groups without any."""
    count = np.bincount(group, minlength=groups)
    mean = np.bincount(group, outcome, minlength=groups) / np.maximum(count, 1)
    squares = np.bincount(group, (outcome - mean[group]) ** 2, minlength=groups)
    return mean, squares / np.maximum(count - 1, 1) / np.maximum(count, 1)


def _misfit(
    target: Floats, control: Floats, target_variance: Floats, control_variance: Floats, slope: float,
    intercept: float | None,
) -> float:  # fmt: skip
    """Return the chi-square of a line; without an intercept, that with the best one."""
    weight = 1.0 / (target_variance + slope**2 * control_variance)
    left = target - slope * control
    if intercept is None:
        intercept = float((weight * left).sum() / weight.sum())
    return float((weight * (left - intercept) ** 2).sum())


def _least(misfit: Callable[[float], float]) -> float:
    """Return the least misfit over slopes from 0.05 to 20."""

    def at(log_slope: float) -> float:
        return misfit(float(np.exp(log_slope)))

    found = optimize.minimize_scalar(at, bounds=(-3.0, 3.0), method="bounded")
    return float(found.fun)
