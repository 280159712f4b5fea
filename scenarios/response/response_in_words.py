"""The verdicts on a log's campaigns as sentences: what was found, why it is or is no lift, and what is ruled out.

Serves the terminal and the page.
"""

from __future__ import annotations

from .campaign_log import CampaignLog
from .estimate import Estimate
from .observational_answers import Observational
from .own_price import PriceResponse
from .randomised_lift import RandomisedLift

PRIOR_LIFT = (0.0, 0.05)
"""What an effect of campaigns is taken to be where no trial tells it (data reference, 3.2)."""
ROUGHLY_EQUAL = 1.15
"""Ratio of exposed to unexposed weeks under which there is no illusion worth a sentence."""


def share_told(estimate: Estimate) -> str:
    """Return `-1.0 % [-4.2 %, +2.2 %]`."""
    return f"{_percent(estimate.value)} [{_percent(estimate.low)}, {_percent(estimate.high)}]"


def _percent(share: float) -> str:
    return f"{100 * share:+.1f} %"


def lift_in_words(lift: RandomisedLift, log: CampaignLog) -> list[str]:
    """Return the verdict on a randomised offer."""
    spend, arms = lift.outcomes["spend"], lift.arms
    told = f"{share_told(spend.share)} of spend, {spend.difference.value:+.2f} {log.currency} a customer and week"
    if not lift.is_sound:
        faults = "; ".join(lift.balance.faults)
        return [
            f"Offer {lift.offer}: no lift is reported, because the arms were not alike: {faults}. They differ by "
            f"{told} during the offer, which no longer means anything. Find out how customers came into the arms."
        ]
    if spend.difference.covers(0.0):
        verdict = f"Offer {lift.offer}: no lift that can be told from none: {told}."
    else:
        verdict = f"Offer {lift.offer}: a lift of {told} (intention to treat)."
    sentences = [verdict]
    if arms.prior_days:
        saved = f"{100 * spend.variance_saved:.0f} %"
        sentences.append(f"Adjusting by the {arms.prior_days} days before takes away {saved} of the variance.")
    if lift.form is not None and not spend.difference.covers(0.0):
        sentences.append(lift.form.in_words())
    if lift.redeemed is not None and lift.redeemed.anyway is not None:
        anyway = lift.redeemed.anyway
        low, high = (100 * min(max(end, 0.0), 1.0) for end in (anyway.low, anyway.high))
        value = 100 * min(max(anyway.value, 0.0), 1.0)
        sentences.append(
            f"Of the orders with a redemption {value:.0f} % [{low:.0f} %, {high:.0f} %] would have come anyway; more, "
            "if extra orders came without a redemption."
        )
    return [*sentences, *(f"Note: {notice}." for notice in arms.notices)]


def observational_in_words(found: Observational) -> list[str]:
    """Return why the differences between exposed and unexposed customers are no lift, and what the data leave open."""
    how = {"rule": "by a rule", "model": "by a model", "all": "to all", "random": "by chance"}
    assigned = " and ".join(how[word] for word in found.assigned_by)
    sentences = [
        f"No lift is reported: nobody was chosen by chance (assigned {assigned}), so a difference is no effect."
    ]
    naive = found.answer("naive")
    if naive is not None:
        ratio = 1.0 + naive.effects["spend"].value
        ends = "; offers go to customers who buy much anyway (targeting)." if ratio > ROUGHLY_EQUAL else "."
        sentences.append(f"Spend in exposed weeks is {ratio:.2f} times that in the others{ends}")
    sentences += _matching_in_words(found)
    own, fake = found.answer("first"), found.answer("first-fake")
    if own is None:
        sentences.append(
            "Nothing better can be made of this log: it lacks customers known before their first exposure beside "
            "others who were never exposed."
        )
        return [*sentences, _keep_prior()]
    sentences.append(
        "Around the first exposure, with effects of customer and week, spend changes by "
        f"{share_told(own.effects['spend'])}."
    )
    if found.holds and found.at_most is not None:
        sentences.append(
            f"No effect can be detected, and more than about +{max(100 * found.at_most, 1):.0f} % is ruled out, if "
            "exposed and unexposed customers would have moved alike without the offers. That is not the same as no "
            "effect."
        )
        if fake is not None:
            drift = fake.effects["spend"]
            carried = own.effects["spend"].value - drift.value
            sentences.append(
                f"On a fake date {share_told(drift)} is found"
                + ("" if drift.covers(0.0) else f"; had this drift gone on, the figure would read {_percent(carried)}")
                + "."
            )
    elif found.interval is not None:
        low, high = found.interval
        sentences.append(
            f"{_why_it_does_not_hold(found)} All that can be said is that the effect lies between {_percent(low)} and "
            f"{_percent(high)}; nothing useful is ruled out."
        )
    return [*sentences, _keep_prior()]


def _matching_in_words(found: Observational) -> list[str]:
    matched, fake = found.answer("matched"), found.answer("matched-fake")
    if matched is None:
        return []
    told = f"Customers matched on the weeks before differ by {share_told(matched.effects['spend'])}"
    if fake is None:
        return [f"{told}; there is no time without offers in which the same could be tried on a fake date."]
    effect = fake.effects["spend"]
    if effect.value > 0.0 and not effect.covers(0.0):
        return [
            f"{told}, and by {share_told(effect)} on a fake date, when none of them had been sent anything: the "
            "unexposed who match heavy buyers do so in good weeks and fall back afterwards (regression to the mean)."
        ]
    return [f"{told}, and by {share_told(effect)} on a fake date, when none of them had been sent anything."]


def _why_it_does_not_hold(found: Observational) -> str:
    fake, own = found.answer("first-fake"), found.answer("first")
    assert own is not None
    if fake is None:
        return "There is no time before the first exposures in which this could be tried on a fake date."
    drift = fake.effects["spend"]
    if own.effects["spend"].covers(0.0) or not drift.covers(0.0):
        return (
            f"The same on a fake date finds {share_told(drift)} where there is nothing to find: customers were chosen "
            "by what they had just bought, or were moving apart anyway."
        )
    if own.effects["spend"].value < 0.0:
        return (
            "Customers who were chosen by what they had bought so far fall back to their own mean and show the same, "
            "so this cannot be told from no effect."
        )
    return (
        "There may be an effect, but whoever chose the customers may have known of a rise to come, which shows the "
        "same; only a trial can tell them apart."
    )


def _keep_prior() -> str:
    low, high = PRIOR_LIFT
    kept = f"{100 * low:.0f} to {100 * high:.0f} %"
    return f"Keep the prior, {kept}, until a trial with controls tells it (assigned_by: random)."


def price_in_words(price: PriceResponse) -> list[str]:
    """Return what the price response says and what it does not."""
    own = price.own_price
    sentences = [
        f"Units of a product answer to its own price with an elasticity of {own.value:.2f} [{own.low:.2f}, "
        f"{own.high:.2f}] ({price.products:,} products). This includes switching from other products and buying ahead, "
        "so it is an upper bound for what a discount in the whole shop does."
    ]
    if price.deal is not None and price.shelf_price is not None:
        sentences.append(
            f"A deal moves units by {price.deal.value:.2f} ({price.deal.standard_error:.2f}) for each log point of "
            f"depth, the shelf price by {price.shelf_price.value:.2f} ({price.shelf_price.standard_error:.2f})."
        )
    if price.spread is not None:
        spread = price.spread
        sentences.append(
            f"Products differ: the true standard deviation is {spread.true_sd:.2f}, and {100 * spread.negative:.0f} % "
            f"of {spread.products:,} estimates are negative."
        )
    return sentences
