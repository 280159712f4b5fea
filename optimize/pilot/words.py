"""A planned pilot in sentences: what is recommended, what its replays say, what it cannot see, and what to beware of.

Serves whoever decides on the pilot and reads no table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from memberlab.results import KPIS, Kpi, written, written_difference

from ..break_even import DECISIVE_ASSUMPTION
from .attrition import CERTAIN, AttritionPoint, SmallestSeen
from .plan import PilotPlan
from .question import WEEKS_OF_THE_RULE

PLAUSIBLE = 0.15
"""The attrition effect of which it is said where it shows: the registry's default."""

UNSURE = 0.25
"""Relative standard error of the shoppers needed from which on a plan is called unsure."""

SMALL_POOL = 10
"""Shoppers of a pilot for each of the pool from which on its tails rest on too few."""


@dataclass(frozen=True, slots=True)
class PilotWords:
    """A planned pilot in sentences."""

    recommendation: str
    saving: str
    """What adjustment by prior spend saves."""
    replays: tuple[str, ...]
    looks: str
    """What looking at it every week does; empty where that was left out."""
    attrition: tuple[str, ...]
    """From which attrition effect on the pilot sees it; empty where that was left out."""
    warnings: tuple[str, ...]


def pilot_words(plan: PilotPlan) -> PilotWords:
    """Return a planned pilot in sentences."""
    return PilotWords(
        _recommendation(plan), _saving_told(plan), tuple(_replays_told(plan)), _looks_told(plan),
        tuple(_attrition_told(plan)), tuple(_warnings(plan)),
    )  # fmt: skip


def figure_of_pilot(kpi: Kpi) -> str:
    """Return the figure's name as it stands in a sentence: a sum is told for a shopper."""
    title = kpi.title if kpi.title.isupper() else kpi.title[0].lower() + kpi.title[1:]
    return f"{title} a shopper" if kpi.denominator is None else title


def pilot_value_told(kpi: Kpi, value: float) -> str:
    """Return the figure's value: a count a shopper needs decimals."""
    return f"{value:,.3f}" if kpi.unit == "count" else written(value, kpi.unit)


def pilot_difference_told(kpi: Kpi, value: float) -> str:
    """Return a difference of the figure with its sign."""
    return f"{value:+,.3f}" if kpi.unit == "count" and value else written_difference(kpi, value)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _recommendation(plan: PilotPlan) -> str:
    """Return in one sentence or two which pilot is recommended."""
    row, question, choice = plan.choice.row, plan.question, plan.choice
    figure, certainty = figure_of_pilot(question.figure), question.certainty
    relative = "" if row.relative_effect is None else f" ({100 * row.relative_effect:+.1f} %)"
    whose = "as large as simulated" if question.effect is None else "asked for"
    effect = f"{pilot_difference_told(question.figure, row.effect)}{relative} in {figure}, {whose}"
    if not choice.is_powered:
        assert question.customers is not None and row.power is not None and row.smallest_effect is not None
        least = row.smallest_effect / abs(row.baseline) if row.baseline else None
        seen = pilot_difference_told(question.figure, row.smallest_effect) + (
            "" if least is None else f" ({100 * least:+.1f} %)"
        )
        return (
            f"No pilot among these sees an effect of {effect}, with power {certainty.power:g}: the "
            f"{question.customers:,} customers reach a power of {row.power:.2f} after {row.weeks} weeks, where "
            f"{row.shoppers:,} would be needed. The smallest effect that they can see then is {seen}."
        )
    candidate, hold_out = plan.replays.candidate_shoppers, plan.replays.incumbent_shoppers
    told = (
        f"{row.weeks} weeks with {choice.shoppers:,} shoppers, {candidate:,} with {plan.candidate.name} and "
        f"{hold_out:,} held out ({100 * hold_out / choice.shoppers:.0f} %), read with adjustment by prior spend, see "
        f"an effect of {effect}, with power {certainty.power:g} at alpha {certainty.alpha:g}."
    )
    if choice.fewest.weeks != row.weeks:
        told += f" It takes the fewest shoppers after {choice.fewest.weeks} weeks: {choice.fewest.shoppers:,}."
    return told


def _saving_told(plan: PilotPlan) -> str:
    """Return how much the adjustment by prior spend saves."""
    row = plan.choice.row
    if plan.lived.prior_spend.std() == 0:
        return "Nobody had spent anything before launch, so there is nothing to adjust by."
    return (
        f"Adjustment by prior spend saves {100 * row.saved:.0f} % of the shoppers, as figure and prior spend are "
        f"correlated at {row.correlation:.2f} (1 less its square is what is left where both arms vary alike)."
    )


def _replays_told(plan: PilotPlan) -> list[str]:
    """Return what the replays say of the pilot, for the reading that is recommended."""
    one, figure, alpha = plan.verified[1], plan.question.figure, plan.question.certainty.alpha
    mean, truth = pilot_difference_told(figure, one.mean), pilot_difference_told(figure, one.truth)
    told = [
        f"In {one.replays:,} replays the estimate is {mean} on average where the truth is {truth}; "
        f"{_percent(one.coverage.value)} of the {100 * (1 - alpha):g} % intervals hold the truth. "
        f"{_percent(one.false_alarms.value)} of the placebos raise a false alarm (nominal {100 * alpha:g} %), "
        f"{_percent(one.power_at_planned.value)} see the planned effect (planned {_percent(one.planned_power)})."
    ]
    if not one.is_trusted(alpha):
        told.append(
            f"So small a pilot is not read by the normal distribution: these rates are off. The rule of thumb for "
            f"skewness asks for {one.shoppers_for_normality:,} shoppers an arm."
        )
    if one.exaggeration is not None and one.wrong_sign is not None and one.power_as_simulated.value < 0.5:
        told.append(
            f"It is underpowered for what the candidate is simulated to do: it sees it in "
            f"{_percent(one.power_as_simulated.value)} of the replays, and then tells it {one.exaggeration:.1f} "
            f"times as large as it is, with the wrong sign in {_percent(one.wrong_sign)} (type M and S errors)."
        )
    return told


def _looks_told(plan: PilotPlan) -> str:
    """Return what looking every week does, and what bounds make of it."""
    looks = plan.looks
    if looks is None:
        return ""
    first = next((week for week, bound in zip(looks.weeks, looks.bounds, strict=True) if bound < math.inf), None)
    every, end, bounded, power, at_once = (
        _percent(rate.value)
        for rate in (looks.alarms_every_week, looks.alarms_at_the_end, looks.alarms_bounded, looks.power_bounded,
                     looks.power_at_the_end)
    )  # fmt: skip
    return (
        f"Looked at every week, {every} of the placebos are called different at some time; with a single look at the "
        f"end {end}. Under weekly bounds (O'Brien and Fleming's spending: the first in week {first}, "
        f"{looks.bounds[-1]:.2f} standard errors in the last) it is {bounded}, the planned effect is seen in {power} "
        f"instead of {at_once}, after {looks.mean_weeks:.0f} weeks on average."
    )


def _attrition_told(plan: PilotPlan) -> list[str]:
    """Return for retention and margin from which attrition effect on the pilot sees it, and where a plausible one
    shows.
    """
    return [
        _seen_told(plan, seen) + " " + _plausible_told(plan, seen.kpi)
        for seen in plan.smallest_seen if seen.weeks == plan.choice.row.weeks
    ]  # fmt: skip


def _seen_told(plan: PilotPlan, seen: SmallestSeen) -> str:
    figure, power = figure_of_pilot(KPIS[seen.kpi]), plan.question.certainty.power
    largest = plan.attrition[-1].attrition_effect
    pilot = f"with {plan.choice.shoppers:,} shoppers over {seen.weeks} weeks"
    if seen.from_no_attrition is None:
        return (
            f"{figure[0].upper() + figure[1:]}: {pilot}, no {DECISIVE_ASSUMPTION} up to {largest:g} is told from 0 "
            f"with power {power:g}."
        )
    return (
        f"{figure[0].upper() + figure[1:]}: {pilot}, an {DECISIVE_ASSUMPTION} is told from 0 with power {power:g} from "
        f"{seen.from_no_attrition:.2f} on."
    )


def _plausible_told(plan: PilotPlan, kpi: str) -> str:
    points = [one for one in plan.attrition if one.kpi == kpi and one.attrition_effect == PLAUSIBLE]
    known: list[tuple[int, AttritionPoint]] = [
        (one.shoppers_for_attrition, one) for one in points if one.shoppers_for_attrition is not None
    ]
    if not known:
        return f"One of {PLAUSIBLE:g} does nothing to it that these populations show at any of these durations."
    shoppers, point = min(known, key=lambda pair: pair[0])
    customers = plan.question.customers
    beyond = "" if customers is None or shoppers <= customers else ", more than there are"
    return f"One of {PLAUSIBLE:g} shows after {point.weeks} weeks with {shoppers:,} shoppers{beyond}."


def _warnings(plan: PilotPlan) -> list[str]:
    """Return what to beware of."""
    row, found = plan.choice.row, []
    short = [week for week in plan.question.weeks if week < WEEKS_OF_THE_RULE]
    if row.is_too_short:
        found.append(
            f"A pilot of {row.weeks} weeks is shorter than half a year: no verdict on a programme or campaign can rest "
            "on it, as purchases brought forward are missing later and attrition has not shown; plan "
            f"{WEEKS_OF_THE_RULE} weeks or more."
        )
    elif short:
        found.append(
            f"Pilots of {', '.join(map(str, short))} weeks are shorter than half a year; they are shown for comparison "
            "and are not recommended."
        )
    if plan.candidate.campaigns:
        found.append(
            f"{plan.candidate.name} has campaigns; half a year must be left between the last of them that counts and "
            "the verdict."
        )
    found += [f"Shoppers touch each other, which replays leave out: {one}." for one in plan.interferences]
    if plan.choice.shoppers > SMALL_POOL * plan.pool:
        found.append(
            f"The pilot is {plan.choice.shoppers / plan.pool:.0f} times as large as the pool of {plan.pool:,} shoppers "
            "whose variance it is planned with; raise --shoppers or --replications for a surer plan."
        )
    if row.effect_error and abs(row.effect) < CERTAIN * row.effect_error:
        found.append(
            f"The candidate's effect after {row.weeks} weeks is not certain in these populations either, so the plan "
            "may miss by far; raise --shoppers or --replications, or name the effect to look for."
        )
    elif row.shoppers_error > UNSURE:
        found.append(
            f"Shoppers needed are known to {100 * row.shoppers_error:.0f} % only (one standard error), as variance "
            "and effect come from a sample of simulated shoppers; raise --shoppers or --replications."
        )
    return found
