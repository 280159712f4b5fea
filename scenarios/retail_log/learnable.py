"""What can and what cannot be learnt from a log, with the reason and what would change it.

Serves the data report. Each lesson is a sentence about one part of the model; `no` means that a figure of that part
would rest on a prior, whatever a fit says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .log_facts import LogFacts
from .manifest import LogManifest, TableRecord

Verdict = Literal["yes", "partly", "no"]

FEWEST_CUSTOMERS, FEWEST_REPEATERS, FEWEST_CONTROLS = 50, 20, 100
FULL_YEAR, TWO_YEARS = 364, 728
MOST_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Lesson:
    """Whether the log tells a part of the model, why, and the mend where it does not."""

    part: str
    verdict: Verdict
    why: str


def what_can_be_learnt(manifest: LogManifest, facts: LogFacts) -> list[Lesson]:
    """Return a lesson for each part of the model, in the order of the calibration."""
    assert manifest.record is not None
    record = manifest.record
    days = (record.last_day - record.first_day).days + 1
    return [
        _frequency(facts),
        _dropout(manifest, facts, days),
        _season(days),
        _weekday(days),
        _hours(facts),
        _spend(facts),
        _population(manifest, facts),
        *_prices(facts),
        *_margin(record.tables.get("lines") is not None, facts, record.tables),
        _lift(facts),
        *_programme(manifest, facts),
    ]


def _frequency(facts: LogFacts) -> Lesson:
    part = "how often customers come"
    if facts.customers < FEWEST_CUSTOMERS:
        return Lesson(part, "no", f"{facts.customers:,} known customers; a fit needs {FEWEST_CUSTOMERS} or more")
    if facts.repeaters < FEWEST_REPEATERS:
        return Lesson(part, "no", f"{facts.repeaters:,} customers came twice; a fit needs {FEWEST_REPEATERS} or more")
    why = f"{facts.customers:,} customers, {facts.repeaters:,} of whom came more than once"
    return Lesson(part, "yes", why)


def _dropout(manifest: LogManifest, facts: LogFacts, days: int) -> Lesson:
    part = "when customers leave"
    gap = facts.median_gap
    if gap is None or days < 2 * gap:
        return Lesson(part, "no", "the log is shorter than twice the usual time between visits; give a longer one")
    if manifest.customers == "active":
        return Lesson(
            part, "no", "customers were chosen because they were active at the end, so nobody is seen leaving"
        )
    if manifest.customers == "new":
        return Lesson(part, "yes", "the manifest says that each customer's first purchase is in the log")
    if facts.known_since is None:
        return Lesson(part, "no", "no `customer_since`: lives begin before the log, and dropout is not identified")
    if not facts.new_customers:
        return Lesson(part, "no", "no customer began within the log, so dropout is not identified")
    if facts.known_since < (1 - MOST_UNKNOWN) * facts.customers:
        why = f"customer_since is known of {facts.known_since:,} of {facts.customers:,} customers only"
        return Lesson(part, "partly", why)
    return Lesson(part, "yes", f"{facts.new_customers:,} customers began within the log")


def _season(days: int) -> Lesson:
    part = "the season of the year"
    if days < FULL_YEAR:
        return Lesson(part, "no", f"{days:,} days are no full year: season is not identified")
    if days < TWO_YEARS:
        return Lesson(part, "partly", "one year shows each week once: a season and an event of that year look alike")
    return Lesson(part, "yes", f"{days / 365.25:.1f} years")


def _weekday(days: int) -> Lesson:
    part = "weekdays and days of the month"
    if days < 56:
        return Lesson(part, "partly" if days >= 28 else "no", f"{days:,} days show each weekday {days // 7} times")
    return Lesson(part, "yes", f"{days // 7:,} weeks, {days // 30:,} months")


def _hours(facts: LogFacts) -> Lesson:
    part = "hours of the day"
    return Lesson(part, "yes", "trips have times") if facts.hours else Lesson(part, "no", "trips have days only")


def _spend(facts: LogFacts) -> Lesson:
    part = "what customers spend"
    if facts.repeaters < FEWEST_REPEATERS:
        why = "too few customers came twice to tell differences between customers from chance"
        return Lesson(part, "partly" if facts.trips else "no", why)
    return Lesson(part, "yes", f"{facts.trips:,} sales, within and between customers")


def _population(manifest: LogManifest, facts: LogFacts) -> Lesson:
    part = "all customers of the shop"
    assert manifest.record is not None
    nameless = manifest.record.anonymous / max(facts.trips, 1)
    if manifest.customers is None:
        return Lesson(
            part, "partly", "the manifest does not say how customers were chosen (customers: all, sample, ...)"
        )
    if manifest.customers in ("members", "active"):
        why = {"members": "members of a programme", "active": "customers who were active at the end"}
        return Lesson(part, "no", f"only {why[manifest.customers]}: others may behave differently")
    if nameless > 0.1:
        return Lesson(part, "partly", f"{nameless:.0%} of sales are anonymous")
    return Lesson(part, "yes", "all customers, or a random sample" if manifest.customers != "new" else "new customers")


def _prices(facts: LogFacts) -> Iterator[Lesson]:
    deal, coupon = "how much is bought on deals", "who uses coupons"
    if facts.gross is None:
        yield Lesson(deal, "no", "no `gross_amount`: the deal share is unknown")
    elif "discount_amount" in facts.parts:
        share = facts.parts["discount_amount"] / max(facts.gross, 1)
        yield Lesson(deal, "yes", f"{share:.1%} of the shelf value is given away by deals")
    else:
        yield Lesson(deal, "no", "no `discount_amount`: deals and coupons cannot be told apart")
    if facts.parts.get("coupon_amount"):
        yield Lesson(coupon, "yes", "trips say what coupons were worth")
    elif facts.rows.get("redemptions"):
        yield Lesson(coupon, "yes", f"{facts.rows['redemptions']:,} redemptions")
    else:
        yield Lesson(coupon, "no", "no `coupon_amount` and no redemptions")


def _margin(has_lines: bool, facts: LogFacts, tables: Mapping[str, TableRecord]) -> Iterator[Lesson]:
    lines = tables["lines"] if has_lines else None
    priced = lines is not None and "gross_amount" in lines.columns
    if lines is None:
        yield Lesson("response to prices", "no", "no lines: nothing tells which product was bought at what price")
    elif not priced:
        yield Lesson(
            "response to prices", "partly", "lines have no `gross_amount`: deals cannot be told from list prices"
        )
    else:
        yield Lesson("response to prices", "yes", f"{facts.rows['lines']:,} lines with shelf and net price")
    if lines is not None and "unit_cost" in lines.columns:
        yield Lesson("margin", "yes", "lines have a unit cost")
    else:
        yield Lesson("margin", "no", "no `unit_cost`: margins are the scenario's assumption")


def _lift(facts: LogFacts) -> Lesson:
    part = "what campaigns change"
    if not facts.exposures:
        return Lesson(part, "no", "no exposures: campaign lift cannot be estimated")
    if not facts.exposures.get("random"):
        why = (
            "no exposures with `assigned_by: random`: campaign lift cannot be estimated, because those who were chosen "
            "differ from those who were not"
        )
        return Lesson(part, "no", why)
    if facts.controls < FEWEST_CONTROLS:
        return Lesson(part, "no", f"{facts.controls:,} controls by chance; {FEWEST_CONTROLS} or more are needed")
    return Lesson(part, "yes", f"{facts.exposures['random']:,} random exposures, {facts.controls:,} held back")


def _programme(manifest: LogManifest, facts: LogFacts) -> Iterator[Lesson]:
    if facts.rows.get("points_ledger"):
        worth = manifest.points_value is not None
        why = "a ledger of points" if worth else "a ledger, but the manifest does not say what a point is worth"
        yield Lesson("points", "yes" if worth else "partly", why)
    else:
        yield Lesson("points", "no", "no points ledger: earning, redemption and breakage rest on priors")
    if facts.rows.get("status_history"):
        yield Lesson("tiers and paid membership", "yes", f"{facts.rows['status_history']:,} periods of status")
    else:
        yield Lesson("tiers and paid membership", "no", "no status history")
    yield Lesson(
        "what the programme does to attrition",
        "no",
        "no order log tells it (attrition_effect): it needs a trial, and is told as a break-even value",
    )
