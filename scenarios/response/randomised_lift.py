"""The lift of an offer that was assigned by chance, by intention to treat and adjusted by what customers bought before.

Serves `memberlab lift`: the one case in which a difference is called a lift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .additive_or_proportional import FormOfLift, form_of_lift
from .arms import RATES, Arms, arms_of
from .balance import Balance, balance_of
from .campaign_log import CampaignLog
from .estimate import Estimate

Floats = NDArray[np.float64]

FEWEST_REDEEMED = 30
"""Redeeming orders without which nothing is said of those that would have come anyway."""


@dataclass(frozen=True, slots=True)
class OutcomeLift:
    """The lift of one outcome, a customer and week."""

    raw: Estimate
    """Targets less controls, unadjusted."""
    difference: Estimate
    """The same adjusted by the prior purchases."""
    share: Estimate
    """The adjusted difference as a share of the controls."""
    control: float
    """Mean of the controls, adjusted."""
    variance_saved: float
    """Share of the difference's variance that the adjustment takes away."""


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What became of the offers sent."""

    redeeming_share: float
    """Targeted customers who redeemed at least once."""
    per_target: float
    """Redemptions a targeted customer."""
    orders: int
    """Orders with a redemption."""
    by_controls: int
    """Controls who redeemed all the same."""
    anyway: Estimate | None
    """Share of the redeeming orders that would have come anyway: 1 - extra orders / redeeming orders; None if too few.

    A lower bound where some of the extra orders carried no redemption.
    """


@dataclass(frozen=True, slots=True)
class RandomisedLift:
    """All that a randomised offer tells."""

    offer: str
    kind: str
    value: float
    arms: Arms
    balance: Balance
    outcomes: dict[str, OutcomeLift]
    """By `spend` (currency units), `visits` (days with a receipt), `orders` (receipts)."""
    form: FormOfLift | None
    redeemed: Redeemed | None

    @property
    def is_sound(self) -> bool:
        """Whether the arms were alike before the offer; else the difference is no lift."""
        return not self.balance.faults

    @property
    def weeks(self) -> float:
        """Weeks that each customer is followed."""
        return self.arms.days / 7.0


def randomised_lift(log: CampaignLog, offer: str, planned_share: float | None = None) -> RandomisedLift:
    """Return the lift of `offer`; `planned_share` (0 to 1) is the share of targets that was planned.

    Raise DocumentError where the table cannot tell one: no controls, fewer than 50 in an arm, assigned otherwise.
    """
    arms = arms_of(log, offer)
    outcomes = {name: lift_of(arms, name) for name in RATES}
    return RandomisedLift(
        offer=offer,
        kind=str(log.offers.at[offer, "kind"]),
        value=float(log.offers["value"].loc[offer]),
        arms=arms,
        balance=balance_of(arms, planned_share),
        outcomes=outcomes,
        form=form_of_lift(arms.after["spend"], arms.before["spend"], arms.treated) if arms.prior_days else None,
        redeemed=_redeemed(log, arms, outcomes["orders"]),
    )


def lift_of(arms: Arms, outcome: str) -> OutcomeLift:
    """Return the lift of one outcome, adjusted by prior spend and visits (CUPED: Deng, Xu, Kohavi and Walker, 2013)."""
    after = arms.after[outcome]
    raw, _, _ = _difference(after, arms.treated)
    adjusted = after - _explained(arms, after) if arms.prior_days else after
    difference, control, variances = _difference(adjusted, arms.treated)
    if control > 0.0:
        ratio = 1.0 + difference.value / control
        share = Estimate(ratio - 1.0, float(np.sqrt(variances[0] + ratio**2 * variances[1])) / control)
    else:
        share = Estimate(float("nan"), float("nan"))
    saved = 1.0 - (difference.standard_error / raw.standard_error) ** 2 if raw.standard_error else 0.0
    return OutcomeLift(raw, difference, share, control, saved)


def _difference(values: Floats, treated: NDArray[np.bool_]) -> tuple[Estimate, float, tuple[float, float]]:
    """Return the difference of means, the controls' mean, and the variances of both means."""
    target, control = values[treated], values[~treated]
    variances = float(target.var(ddof=1) / len(target)), float(control.var(ddof=1) / len(control))
    return Estimate(float(target.mean() - control.mean()), sum(variances) ** 0.5), float(control.mean()), variances


def _explained(arms: Arms, after: Floats) -> Floats:
    """Return the part of an outcome that prior spend and visits explain, with mean 0 over both arms together."""
    prior = np.column_stack([arms.before["spend"], arms.before["visits"]])
    prior = prior - prior.mean(axis=0)
    within_prior, within_after = prior.copy(), after.astype(np.float64, copy=True)
    for flags in (arms.treated, ~arms.treated):
        within_prior[flags] -= within_prior[flags].mean(axis=0)
        within_after[flags] -= within_after[flags].mean()
    slopes, *_ = np.linalg.lstsq(within_prior, within_after, rcond=None)
    return np.asarray(prior @ slopes, dtype=np.float64)


def _redeemed(log: CampaignLog, arms: Arms, orders: OutcomeLift) -> Redeemed | None:
    """Return what targets redeemed in their time; None if the log has no redemption of the offer."""
    rows = log.redemptions[log.redemptions["offer_id"] == arms.offer]
    if rows.empty:
        return None
    place = np.full(len(log.customers), -1)
    place[arms.customers] = np.arange(len(arms.customers))
    who, day = place[rows["customer"].to_numpy()], rows["day"].to_numpy()
    inside = (who >= 0) & (day >= arms.start[who]) & (day < arms.start[who] + arms.days)
    rows, who = rows[inside], who[inside]
    own = arms.treated[who]
    receipt = rows["receipt"].where(rows["receipt"].notna(), rows["day"].astype(str))
    redeeming = len({*zip(who[own].tolist(), receipt[own].astype(str), strict=True)})
    targets = int(arms.treated.sum())
    anyway = None
    if redeeming >= FEWEST_REDEEMED:
        extra = orders.difference.times(targets * arms.days / 7.0 / redeeming)
        anyway = Estimate(1.0 - extra.value, extra.standard_error)
    return Redeemed(
        redeeming_share=len(np.unique(who[own])) / targets,
        per_target=int(own.sum()) / targets,
        orders=redeeming,
        by_controls=len(np.unique(who[~own])),
        anyway=anyway,
    )
