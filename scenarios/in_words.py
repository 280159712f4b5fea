"""A scenario in plain language: the world, who lives in it, and what befalls it when and how much.

Serves `memberlab explain SCENARIO`, and whoever has to agree on a scenario without reading YAML.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from memberlab.policies import Listing, Sentence

from .population import load_population
from .regulation import Regulation
from .scenario import Scenario
from .season import MONTHS
from .shock_dates import DAY, Span, months_later, span_of
from .shocks import SHARES, SIZES, Shock

WORDS = {
    "visits": "visits",
    "baskets": "the value of baskets",
    "prices": "list prices",
    "price_sensitivity": "the response to prices",
    "cost_of_goods": "the cost of goods",
    "shipping_cost": "the cost of delivery",
    "payment_cost": "the cost of payments",
    "wages": "the wages of the desk",
    "gift_prices": "the cost of gifts",
    "partner_prices": "what partners ask",
    "message_prices": "the cost of messages",
    "newcomers": "newcomers",
    "referrals": "referrals",
    "staff": "the hours worked at the desk",
    "missing_goods": "of orders find the goods missing",
    "minor_failures": "of orders have a minor failure beside the usual",
    "serious_failures": "of orders have a serious failure beside the usual",
    "questions": "of orders raise a question beside the usual",
}
"""What a shock changes, in words; shares come before theirs."""


def scenario_told(scenario: Scenario) -> list[str]:
    """Return a scenario as sentences: market, shoppers, costs, and then what befalls it in the order of the file."""
    end = months_later(scenario.start, scenario.horizon.months) - DAY
    told = [f"The time that is compared runs from {scenario.start} to {end}, {_months(scenario.horizon.months)}."]
    told += [_people(scenario), _money(scenario)]
    if scenario.season:
        levels = list(scenario.season.values())
        liveliest = MONTHS[levels.index(max(levels))].capitalize()
        quietest = MONTHS[levels.index(min(levels))].capitalize()
        told.append(
            f"The year has a season: {liveliest} has {max(levels):g} times the visits of an average month, {quietest} "
            f"{min(levels):g} times."
        )
    failures = scenario.failures
    parts = [
        f"{_percent(share)} {what}"
        for share, what in (
            (failures.minor, "have a minor failure"),
            (failures.serious, "a serious one"),
            (failures.questions, "raise a question"),
        )
        if share
    ]
    if parts:
        told.append(f"Of orders {listed(parts)}.")
    if scenario.word_of_mouth is not None:
        told.append(f"Shoppers refer friends; up to {scenario.word_of_mouth.reserve:,} more come that way.")
    if scenario.returns is not None and scenario.returns.share:
        told.append(f"{_percent(scenario.returns.share)} of orders are returned.")
    if scenario.rival is not None:
        rival = scenario.rival
        day = rival.launch_day or months_later(scenario.start, (rival.launch_month or 1) - 1)
        kind = "paid membership" if rival.kind == "paid" else "programme"
        joins = "shoppers join to whom it is worth it"
        if rival.adoption is not None:
            joins = f"{_percent(rival.adoption)} of shoppers join"
        told.append(f"A rival launches a {kind} on {day}, which {joins}.")
    if scenario.regulation is not None:
        told += laws_told(scenario.regulation)
    if not scenario.shocks:
        told.append("Nothing disturbs the market.")
    told += [shock_told(shock, span_of(shock, scenario.start, scenario.horizon.months)) for shock in scenario.shocks]
    if len(scenario.shocks) > 1:
        told.append("Where they overlap, multipliers multiply.")
    return told


def laws_told(law: Regulation) -> list[str]:
    """Return in words what the law demands from which day on."""
    told = []
    if law.points_expiry != "allowed":
        but = "" if law.points_expiry == "forbidden" else " other than by inactivity"
        told.append(f"From {law.since} on points must not expire{but}.")
    elif law.shortest_life_months is not None:
        told.append(f"From {law.since} on points must live {_months(law.shortest_life_months)} at least.")
    if (notice := law.renewal_notice) is not None:
        terms = _months(notice.shortest_term_months)
        told.append(f"From {law.since} on a membership with terms of {terms} or more that renews itself must tell its "
                    f"members {notice.days} days ahead.")  # fmt: skip
    return told


def shock_told(shock: Shock, span: Span) -> str:
    """Return `shock_in_words` in English."""
    return str(shock_in_words(shock, span))


def shock_in_words(shock: Shock, span: Span) -> Sentence:
    """Return a shock as one sentence: what it is called, when it is on, and what it changes."""
    sizes = {key: getattr(shock, key) for key in SIZES}
    changed = tuple(_size(key, size) for key, size in sizes.items() if size != (0 if key in SHARES else 100))
    what = Listing(changed) if changed else Sentence("nothing changes")
    return Sentence("{name}, {when}: {changes}.", {"name": shock.name, "when": _when(span), "changes": what})


def size_told(key: str, size: int) -> str:
    """Return one size in words: `visits x 0.97`, `7 % of orders have a minor failure beside the usual`."""
    return str(_size(key, size))


def _size(key: str, size: int) -> Sentence:
    what = Sentence(WORDS[key])
    if key in SHARES:
        return Sentence("{share} {what}", {"share": _percent(size), "what": what})
    return Sentence("{what} x {factor}", {"what": what, "factor": f"{Decimal(size).scaleb(-2).normalize():f}"})


def listed(words: Sequence[str]) -> str:
    """Return words as English lists them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _when(span: Span) -> Sentence:
    days = {"first": span.first, "last": span.fading - DAY, "full": span.full, "over": span.over - DAY}
    grows, fades = span.full > span.first, span.over > span.fading
    if grows and fades:
        return Sentence("from {first} to {last}, whole from {full} on, fading until {over}", days)
    if grows:
        return Sentence("from {first} to {last}, whole from {full} on", days)
    if fades:
        return Sentence("from {first} to {last}, fading until {over}", days)
    return Sentence("from {first} to {last}", days)


def _people(scenario: Scenario) -> str:
    use = scenario.population
    population = load_population(use.source)
    who = f"{use.shoppers:,} shoppers of {population.title or population.name}"
    if use.members is not None:
        return f"{who}; the first of them are the members of {use.members.file}, the others come over the horizon."
    late = _percent(10_000 - use.established)
    before = f"lives {_months(scenario.warm_up.months)} under {scenario.incumbent} first"
    return f"{who}; the market {before}, and {late} of them come for the first time after that."


def _money(scenario: Scenario) -> str:
    amount = f"{Decimal(scenario.shipping_cost).scaleb(-2):,} {scenario.currency}"
    payment = scenario.payment
    paid = [_percent(payment.share)] if payment.share else []
    paid += [f"{Decimal(payment.fixed).scaleb(-2):,} {scenario.currency}"] if payment.fixed else []
    taken = f", taking a payment {' and '.join(paid)}" if paid else ""
    return f"The shop keeps {_percent(scenario.gross_margin)} of list prices; a delivery costs it {amount}{taken}."


def _percent(basis_points: int) -> str:
    return f"{Decimal(basis_points).scaleb(-2).normalize():f} %"


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"
