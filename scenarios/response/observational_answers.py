"""The answers that observational exposure gives to one question, from the naive to the controlled, and which to trust.

Serves `memberlab lift`. Nobody was chosen by chance, so no answer is called a lift. The figures stand side by side with
the same method on a fake date: a method that finds an effect where nobody was sent anything finds targeting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import DocumentError

from .campaign_log import CampaignLog
from .estimate import NORMAL_95, Estimate
from .exposed_weeks import exposed_over_unexposed, with_customer_and_week_effects
from .first_exposure import ENTRY_WEEKS, NARROW, WIDTH, around_first_exposure, known_customers
from .matched_differences import NEIGHBOURS, WEEKS_BEFORE, Windows, matched_differences
from .weekly_panel import NEVER, OUTCOMES, WEEK, WeeklyPanel, weekly_panel

Flags = NDArray[np.bool_]

FEWEST = 50
"""Customers that each side of a comparison needs."""
MOST_WEEKS_AFTER = 8
LEAST_P_ON_FAKE_DATE = 0.01
"""p-value of the effect on a fake date below which the comparison around the first exposure is not relied on."""
FAKE_DATES = 4
"""Fake dates over which the matched comparison is averaged, a week apart."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One method's answer, as shares by outcome (`spend`, `visits`, `orders`), and on whom it rests."""

    key: str
    method: str
    effects: dict[str, Estimate]
    exposed: int
    """Customers exposed in it."""
    others: int
    """Customers beside them."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Observational:
    """All answers, which of them holds, and the interval that the lab stands for."""

    offers: tuple[str, ...]
    matched_offer: str | None
    assigned_by: tuple[str, ...]
    customers: int
    exposed_customers: int
    answers: tuple[Answer, ...]
    interval: tuple[float, float] | None
    """What the data leave open for spend, as shares; None where no comparison could be made."""
    holds: bool
    """Whether the comparison around the first exposure passed its own checks."""
    at_most: float | None
    """Share above which an effect on spend is ruled out, if it holds; None otherwise."""

    def answer(self, key: str) -> Answer | None:
        """Return the answer of a method by its key, None if the log could not give it."""
        return next((one for one in self.answers if one.key == key), None)


def observational_answers(log: CampaignLog, offers: Sequence[str]) -> Observational:
    """Return the answers for `offers` whose customers were not chosen by chance.

    Raise DocumentError where there are under 50 exposed or unexposed customers, or no week of exposure in the log.
    """
    panel = weekly_panel(log, offers)
    rows = log.exposures[log.exposures["offer_id"].isin(list(offers)) & ~log.exposures["control"]]
    _fail_if_too_few(log, panel, offers)
    matched_offer = _offer_to_match(log, panel, rows)
    answers = [
        *_exposed_weeks(panel),
        *([] if matched_offer is None else _matched(log, panel, matched_offer)),
        *_first_exposures(panel),
    ]
    interval, holds, at_most = what_is_left_open({one.key: one for one in answers})
    return Observational(
        offers=tuple(offers),
        matched_offer=matched_offer,
        assigned_by=tuple(sorted(rows["assigned_by"].unique())),
        customers=len(log.customers),
        exposed_customers=int(panel.exposed.any(axis=1).sum()),
        answers=tuple(answers),
        interval=interval,
        holds=holds,
        at_most=at_most,
    )


def _fail_if_too_few(log: CampaignLog, panel: WeeklyPanel, offers: Sequence[str]) -> None:
    exposed = np.asarray(panel.exposed.any(axis=1))
    reached, others = int(exposed.sum()), int((~exposed).sum())
    told = "offer " + offers[0] if len(offers) == 1 else f"{len(offers)} offers"
    if not reached:
        column = "sent_at"
        message = f"{told} touched no whole week of the log, from {log.first_day} to {log.date(log.days - 1)}"
    elif not others:
        column, message = "control", f"{told} went to all customers, so there is no control to compare them with"
    elif min(reached, others) < FEWEST:
        column = "customer_id"
        message = (
            f"{told} reached {reached} of {reached + others} customers; at least {FEWEST} exposed and {FEWEST} "
            "unexposed are needed"
        )
    else:
        return
    raise DocumentError([log.fault("exposures", column, message)])


def _by_outcome(estimate: Callable[[str], Estimate]) -> dict[str, Estimate]:
    return {name: estimate(name) for name in OUTCOMES}


def _exposed_weeks(panel: WeeklyPanel) -> list[Answer]:
    """Return the comparisons of exposed with unexposed weeks."""
    exposed, reached = panel.exposed, panel.exposed.any(axis=1)
    count, others = int(reached.sum()), int((~reached).sum())
    answers = [
        Answer("naive", "exposed against unexposed customer-weeks",
               _by_outcome(lambda name: exposed_over_unexposed(panel.outcomes[name], exposed)), count, others),
    ]  # fmt: skip
    inner = exposed[reached]
    if not inner.all():
        answers.append(
            Answer("targeted", "targeted customers only, exposed against unexposed weeks",
                   _by_outcome(lambda name: exposed_over_unexposed(panel.outcomes[name][reached], inner)), count, 0)
        )  # fmt: skip
        answers.append(
            Answer("all-weeks", "customer and week effects, every exposed week",
                   with_customer_and_week_effects(panel.outcomes, exposed), count, others,
                   "contaminated by repeated targeting")
        )  # fmt: skip
    return answers


def _offer_to_match(log: CampaignLog, panel: WeeklyPanel, rows: pd.DataFrame) -> str | None:
    """Return the offer that most customers got as their first, of those that leave room for the weeks before."""
    first = panel.first_exposure()[rows["customer"].to_numpy()]
    is_first = (rows["start"].to_numpy() - panel.first_day) // WEEK == first
    news = rows["offer_id"].to_numpy()[is_first]
    for offer in pd.Series(news, dtype=object).value_counts().index.astype(str):
        start = panel.week_of(log.offer_days(offer)[0])
        if WEEKS_BEFORE <= start <= panel.weeks - 2 and _sides(log, panel, offer, start) is not None:
            return str(offer)
    return None


def _weeks_after(log: CampaignLog, panel: WeeklyPanel, offer: str, start: int) -> int:
    """Return the weeks of an offer from week `start` on that are compared."""
    last = panel.week_of(log.offer_days(offer)[1])
    return int(min(last - start + 1, MOST_WEEKS_AFTER, panel.weeks - start))


def _sides(log: CampaignLog, panel: WeeklyPanel, offer: str, start: int) -> tuple[Flags, Flags] | None:
    """Return the customers sent the offer, and those whom nothing touched from the weeks before to its end."""
    sent = log.exposures[(log.exposures["offer_id"] == offer) & ~log.exposures["control"]]
    exposed = np.zeros(len(log.customers), bool)
    exposed[sent["customer"].to_numpy()] = True
    after = start + _weeks_after(log, panel, offer, start)
    unexposed = ~exposed & ~panel.touched[:, start - WEEKS_BEFORE : after].any(axis=1)
    return (exposed, unexposed) if min(exposed.sum(), unexposed.sum()) >= FEWEST else None


def _matched(log: CampaignLog, panel: WeeklyPanel, offer: str) -> list[Answer]:
    """Return the matched comparisons of one offer: as usual, on fake dates, and matched on an earlier time."""
    start = panel.week_of(log.offer_days(offer)[0])
    sides = _sides(log, panel, offer, start)
    assert sides is not None
    length = _weeks_after(log, panel, offer, start)
    before = (start - WEEKS_BEFORE, start)

    def compared(key: str, method: str, windows: Windows, exposed: Flags, unexposed: Flags, remark: str = "") -> Answer:
        found, treated, others = matched_differences(panel.outcomes, exposed, unexposed, windows)
        return Answer(key, method, found, treated, others, remark)

    after = (start, start + length)
    told = f"matched on the {WEEKS_BEFORE} weeks before ({NEIGHBOURS} neighbours), offer {offer}"
    answers = [compared("matched", told, Windows(before, before, after), *sides)]
    fakes = []
    for fake in range(start - length, max(start - length - FAKE_DATES, WEEKS_BEFORE - 1), -1):
        untouched = ~panel.touched[:, : fake + length].any(axis=1)
        exposed, unexposed = sides[0] & untouched, ~sides[0] & untouched
        if min(exposed.sum(), unexposed.sum()) < FEWEST:
            continue
        own = (fake - WEEKS_BEFORE, fake)
        fakes.append(compared("", "", Windows(own, own, (fake, fake + length)), exposed, unexposed))
    if fakes:
        mean = _by_outcome(lambda name: _mean_of([fake.effects[name] for fake in fakes]))
        where = f"{len(fakes)} fake dates (mean)" if len(fakes) > 1 else "a fake date"
        told = f"the same on {where}, when none of them was exposed"
        answers.append(
            Answer("matched-fake", told, mean, fakes[0].exposed, fakes[0].others, "nobody was sent anything")
        )
    if start >= 2 * WEEKS_BEFORE:
        windows = Windows((start - 2 * WEEKS_BEFORE, start - WEEKS_BEFORE), before, after)
        answers.append(
            compared(
                "matched-earlier", "matched on the 8 weeks before those, then before against after", windows, *sides
            )
        )
    return answers


def _mean_of(estimates: list[Estimate]) -> Estimate:
    """Return the mean of estimates from overlapping data; its standard error is their mean, as if wholly dependent."""
    return Estimate(
        float(np.mean([one.value for one in estimates])), float(np.mean([one.standard_error for one in estimates]))
    )


def _first_exposures(panel: WeeklyPanel) -> list[Answer]:
    """Return the comparisons around the first exposure, by all customers and by known ones, and on a fake date."""
    first = panel.first_exposure()
    asked = first == NEVER
    rows = np.flatnonzero(~asked)
    asked[rows] = panel.exposed[rows, first[rows]]
    known = known_customers(panel.outcomes["visits"])
    outcomes = {name: outcome[asked] for name, outcome in panel.outcomes.items()}
    kinds = (
        ("first-all", f"customer and week effects, first exposure only, ±{WIDTH} weeks, all customers", WIDTH, None, 0),
        ("first", f"the same, customers known from the first {ENTRY_WEEKS} weeks on", WIDTH, known, 0),
        ("first-narrow", f"the same, ±{NARROW} weeks", NARROW, known, 0),
        ("first-fake", f"the same, ±{WIDTH} weeks, on a fake date {WIDTH} weeks earlier", WIDTH, known, WIDTH),
    )
    answers = []
    for key, method, width, kept, earlier in kinds:
        try:
            one = around_first_exposure(
                outcomes, first[asked], width=width, known=None if kept is None else kept[asked], earlier=earlier
            )
        except ValueError:
            continue
        if min(one.exposed, one.never) >= FEWEST:
            remark = "nobody was sent anything" if earlier else ""
            answers.append(Answer(key, method, one.effects, one.exposed, one.never, remark))
    return answers


def what_is_left_open(answers: dict[str, Answer]) -> tuple[tuple[float, float] | None, bool, float | None]:
    """Return the interval of the effect on spend that the lab stands for, whether it holds, and what is ruled out.

    The comparison around the first exposure holds if it finds nothing on a fake date and does not itself tell an effect
    (then an answer in which customers were chosen by their purchases could not be told from one). It is right for
    customers chosen by a lasting trait, and too low for those chosen by their purchases so far; a matched comparison is
    right for these and too high for those: the two bracket the truth (Ding and Li, 2019). So where it does not hold the
    interval reaches from the one to the other, and, after an effect on the fake date, as far as this again to either
    side (Rambachan and Roth, 2023, with relative magnitude 1).
    """
    if "first" not in answers:
        return None, False, None
    own = answers["first"].effects["spend"]
    fake = answers["first-fake"].effects["spend"] if "first-fake" in answers else None
    holds = fake is not None and fake.p_value >= LEAST_P_ON_FAKE_DATE and own.covers(0.0)
    if holds:
        shown = [answers[key].effects["spend"].high for key in ("first-all", "first", "first-narrow") if key in answers]
        return (own.low, own.high), True, max(shown)
    low, high = own.low, own.high
    if fake is not None and fake.p_value < LEAST_P_ON_FAKE_DATE:
        reach = abs(fake.value) + NORMAL_95 * own.standard_error
        low, high = own.value - reach, own.value + reach
    if "matched" in answers:
        matched = answers["matched"].effects["spend"]
        low, high = min(low, matched.low), max(high, matched.high)
    return (low, high), False, None
