"""The file that `memberlab lift` writes: effects with interval, source and grade, to be taken over as priors.

Serves whoever sets assumptions, and other commands that read the file. It rules nothing by itself.
"""

from __future__ import annotations

import os
import re
from typing import Annotated, Literal

from pydantic import Field

from memberlab.policies import Number, RuleDocument, Section, load_model

from .campaign_log import CampaignLog
from .estimate import Estimate
from .observational_answers import Observational
from .randomised_lift import RandomisedLift
from .response import CampaignResponse
from .response_in_words import PRIOR_LIFT, lift_in_words, observational_in_words

Words = Annotated[tuple[str, ...], Field(strict=False)]


class LearntEffect(Section):
    """An estimate with its 95 % interval."""

    estimate: Number
    """The estimate."""
    low: Number
    """Lower end."""
    high: Number
    """Upper end."""


class LearntLift(Section):
    """What is known of one offer, or of several whose customers were not chosen by chance."""

    offers: Words
    """Offers."""
    grade: Literal["A", "none"]
    """A: a trial with controls; none: no lift can be told, and `spend_share` is the prior that is kept."""
    source: str
    """Table and method."""
    form: Literal["additive", "proportional", "unknown"] = "unknown"
    """Whether the lift adds the same to everybody or multiplies what each would have bought."""
    spend_share: LearntEffect
    """Lift of spend, as a share of the controls'; for grade none the prior."""
    spend_a_week: LearntEffect | None = None
    """Lift of spend, currency units a customer and week."""
    visits_a_week: LearntEffect | None = None
    """Lift of days with a receipt, a customer and week."""
    orders_a_week: LearntEffect | None = None
    """Lift of receipts, a customer and week."""
    weeks: Number | None = None
    """Weeks that each customer was followed."""
    left_open: LearntEffect | None = None
    """For grade none: the controlled comparison and the interval that it leaves open; no lift."""
    says: Words = ()
    """The verdict in words."""


class LearntPrice(Section):
    """Elasticities of units of a product: switching between products is in them."""

    own_price: LearntEffect
    """On the paid price."""
    deal: LearntEffect | None = None
    """On the depth of deals."""
    shelf_price: LearntEffect | None = None
    """On the shelf price."""
    true_sd: Number | None = None
    """Standard deviation over products."""


class LearntResponse(RuleDocument):
    """What a log taught about campaigns and discounts, version 1."""

    currency: str
    """Currency of amounts."""
    lifts: Annotated[tuple[LearntLift, ...], Field(strict=False)] = ()
    """Effects of offers."""
    price: LearntPrice | None = None
    """Price response of products."""


def load_learnt_response(path: str | os.PathLike[str]) -> LearntResponse:
    """Return the file at `path`; raise DocumentError with every fault and its line."""
    return load_model(LearntResponse, path)


def learnt_response(found: CampaignResponse, source: str = "") -> LearntResponse:
    """Return what is learnt, as a document; `source` is the log or the command it comes from."""
    lifts = [_of_trial(lift, found.log) for lift in found.randomised]
    if found.observational is not None:
        lifts.append(_of_observation(found.observational))
    price = None
    if found.price is not None:
        own = found.price
        price = LearntPrice(
            own_price=_effect(own.own_price),
            deal=None if own.deal is None else _effect(own.deal),
            shelf_price=None if own.shelf_price is None else _effect(own.shelf_price),
            true_sd=None if own.spread is None else own.spread.true_sd,
        )
    name = re.sub(r"[^a-z0-9]+", "-", os.path.basename(found.log.name.rstrip("/")).lower()).strip("-") or "log"  # noqa: PTH119
    return LearntResponse(
        name=f"response-{name}"[:60], title=f"Campaign and discount response of {found.log.name}"[:200], source=source,
        currency=found.log.currency, lifts=tuple(lifts), price=price,
    )  # fmt: skip


def _effect(estimate: Estimate) -> LearntEffect:
    return LearntEffect(estimate=estimate.value, low=estimate.low, high=estimate.high)


def _of_trial(lift: RandomisedLift, log: CampaignLog) -> LearntLift:
    """Return a trial's lift; one whose arms were not alike keeps the prior."""
    says = tuple(lift_in_words(lift, log))
    if not lift.is_sound:
        return LearntLift(
            offers=(lift.offer,), grade="none", source="trial whose arms were not alike; keeps the prior",
            spend_share=_prior(), says=says,
        )  # fmt: skip
    form = lift.form.form if lift.form is not None and lift.form.is_clear else "unknown"
    adjusted = f", adjusted by {lift.arms.prior_days} days before" if lift.arms.prior_days else ""
    spend = lift.outcomes["spend"]
    return LearntLift(
        offers=(lift.offer,),
        grade="A",
        source=f"trial: {lift.balance.treated} targets, {lift.balance.controls} controls, intention to treat{adjusted}",
        form=form,
        spend_share=_effect(spend.share),
        spend_a_week=_effect(spend.difference),
        visits_a_week=_effect(lift.outcomes["visits"].difference),
        orders_a_week=_effect(lift.outcomes["orders"].difference),
        weeks=lift.weeks,
        says=says,
    )


def _of_observation(found: Observational) -> LearntLift:
    own = found.answer("first")
    left_open = None
    if own is not None and found.interval is not None:
        low, high = found.interval
        left_open = LearntEffect(estimate=own.effects["spend"].value, low=low, high=high)
    return LearntLift(
        offers=found.offers, grade="none", source="observational exposure, no lift; keeps the prior",
        spend_share=_prior(), left_open=left_open, says=tuple(observational_in_words(found)),
    )  # fmt: skip


def _prior() -> LearntEffect:
    low, high = PRIOR_LIFT
    return LearntEffect(estimate=(low + high) / 2, low=low, high=high)
