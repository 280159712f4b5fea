"""What a trial sets among the lab's assumptions, and in words what it does not.

Serves whoever takes a log's lessons over into a scenario (`--assumptions FILE`).
"""

from __future__ import annotations

from decimal import Decimal

from memberlab.scenarios import response
from memberlab.sim import ASSUMPTIONS, AssumptionSet

MESSAGE_VISIT = "contact_visit"
"""Chance of a visit after a message: the one assumption that a trial of a message can set."""


def lift_assumptions(found: response.CampaignResponse, conversion: float) -> tuple[AssumptionSet | None, list[str]]:
    """Return a set of assumptions that the trials give, None without any, and what maps to what in words.

    A message without a benefit of its own can do one thing in the lab: bring a visit, which ends in an order with
    probability `conversion` (0 to 1). So extra orders a message / conversion is `contact_visit`. Of several messages
    the one with the smallest standard error sets it. Offers that lower a price also work through it, which the lab
    simulates itself, so they would count twice.
    """
    words: list[str] = []
    best: tuple[float, float, str] | None = None
    for lift in found.randomised:
        if not lift.is_sound:
            words.append(f"Offer {lift.offer} sets no assumption: its arms were not alike.")
        elif lift.value > 0.0:
            words.append(
                f"Offer {lift.offer} sets no assumption: it gives {lift.value:g} beside the message, and the lab "
                "simulates itself what a benefit does. Hold its lift against a simulated trial of the same offer."
            )
        else:
            extra = lift.outcomes["orders"].difference.times(lift.weeks / conversion)
            if best is None or extra.standard_error < best[0]:
                best = extra.standard_error, extra.value, lift.offer
    if found.observational is not None:
        words.append("Offers whose customers were not chosen by chance set no assumption; the prior stays.")
    if found.price is not None:
        words.append(
            "The price response sets no assumption: products answer to their own price by switching between them, a "
            "shop as a whole does not (fact 8)."
        )
    if best is None:
        return None, words
    error, value, offer = best
    known = next(one for one in ASSUMPTIONS if one.name == MESSAGE_VISIT)
    told = f"{value:.4f} visits a message (se {error:.4f}): extra orders / {conversion:.0%} conversion"
    if not known.is_plausible(max(value, 0.0)):
        words.append(
            f"Offer {offer} would set {MESSAGE_VISIT} to {told}, outside its range {known.low:g} to {known.high:g}."
        )
        return None, words
    words.append(f"Offer {offer} sets {MESSAGE_VISIT} to {told}.")
    return (
        AssumptionSet(
            name=f"learnt-{response.learnt_response(found).name}"[:60],
            title=f"Learnt from {found.log.name}"[:200],
            source=f"trial of offer {offer}, grade A: {told}"[:2000],
            assumptions={MESSAGE_VISIT: Decimal(f"{max(value, 0.0):.4f}")},
        ),
        words,
    )
