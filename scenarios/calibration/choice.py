"""Which purchase model a population uses, and why: the one rule of the choice, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from . import nbd
from .holdout import HoldoutScores
from .maximum_likelihood import Fitted
from .purchase_history import FloatArray, PurchaseModel

LEAST_GAIN_OF_DROPOUT = 3.0
"""Log units by which a dropout model must beat NBD: the 5 % point of half a chi-square with its 2 further
parameters.
"""


@dataclass(frozen=True)
class Candidate:
    """A purchase model fitted on the calibration window, with its scores on the hold-out if there is one."""

    model: PurchaseModel
    fitted: Fitted
    scores: HoldoutScores | None = None
    predictive: FloatArray | None = None
    """Predictive log-likelihood of each customer (nats)."""


@dataclass(frozen=True)
class Choice:
    """The chosen candidate and the reason, a sentence."""

    candidate: Candidate
    reason: str


def choose(candidates: Mapping[str, Candidate]) -> Choice:
    """Choose the model with the highest log-likelihood in the calibration window; NBD when dropout gains too little.

    Pareto/NBD and BG/NBD have four parameters each, so their log-likelihoods compare as they are.
    """
    plain = candidates[nbd.NAME]
    first, second = sorted(
        (candidate for name, candidate in candidates.items() if name != nbd.NAME),
        key=lambda candidate: -candidate.fitted.log_likelihood,
    )
    gain = first.fitted.log_likelihood - plain.fitted.log_likelihood
    if gain <= LEAST_GAIN_OF_DROPOUT:
        return Choice(
            plain,
            f"NBD: no dropout can be seen, as {first.model.TITLE}, the better of the dropout models, gains only "
            f"{gain:.1f} log units over none (less than {LEAST_GAIN_OF_DROPOUT:g})",
        )
    return Choice(
        first,
        f"{first.model.TITLE}: its log-likelihood in the calibration window is {first.fitted.log_likelihood:.2f} "
        f"against {second.fitted.log_likelihood:.2f} of {second.model.TITLE} and {plain.fitted.log_likelihood:.2f} "
        "without dropout" + _on_the_holdout(first, second),
    )


def _on_the_holdout(first: Candidate, second: Candidate) -> str:
    """Say whether the hold-out agrees with a choice: the predictive log-likelihoods and their difference."""
    if first.predictive is None or second.predictive is None:
        return ""
    difference = first.predictive - second.predictive
    total, error = float(difference.sum()), float(difference.std() * np.sqrt(len(difference)))
    verdict = "cannot tell the two apart" if abs(total) < 2 * error else "agrees" if total > 0 else "disagrees"
    return f"; the hold-out {verdict} (predictive log-likelihood {total:+.1f}, standard error {error:.1f})"
