"""The tables of `memberlab trace`: two lives by date, their sums, and how they were checked.

Serves the command.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .trace_words import Teller, amount, month_told, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from memberlab.policies import Policy
    from memberlab.scenarios import Scenario
    from memberlab.sim import Life, Moment

SAME = "the same"


def life_table(
    world: Scenario, policies: list[Policy], former: Policy, lives: tuple[Life, ...], first: int, last: int,
    all_visits: bool,
) -> Table:  # fmt: skip
    """Return the lives by date from day `first` to the one before `last`, a column a policy.

    A day on which something comes of a visit under the one policy is told in full under the other as well.
    """
    from memberlab.sim import calendar_of

    calendar = calendar_of(world)
    span = f"{calendar.date_of(first)} to {calendar.date_of(last - 1)}"
    title = f"Shopper {lives[0].shopper} in {world.title or world.name} ({world.name}), {world.currency}, {span}"
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True)
    table.add_column("Date", no_wrap=True)
    days: dict[int, list[list[Moment]]] = defaultdict(lambda: [[] for _ in lives])
    tellers = [Teller(policy, former, calendar) for policy in policies]
    for column, (policy, life) in enumerate(zip(policies, lives, strict=True)):
        table.add_column(policy.name, ratio=1)
        for moment in life.moments:
            if moment.day >= first:
                days[moment.day][column].append(moment)
    otherwise, left = {day for day, _, _ in partings(lives)}, [left_on(life, last) for life in lives]
    for day, columns in sorted(days.items()):
        short, full = (cells_of(columns, tellers, is_full) for is_full in (False, True))
        if not any(full if all_visits else short):
            continue
        full = [cell or (["has left"] if day > gone else []) for cell, gone in zip(full, left, strict=True)]
        is_same = all(cell == full[0] for cell in full)
        shown: list[RenderableType] = [cell_of(full[0]), *(SAME if is_same else cell_of(cell) for cell in full[1:])]
        mark = Text(f"{calendar.date_of(day)} *", "bold") if day in otherwise else Text(str(calendar.date_of(day)))
        table.add_row(mark, *shown)
    return table


def left_on(life: Life, last: int) -> int:
    """Return the day on which the shopper was found to have left for good; `last` for one who is still there."""
    days = [moment.day for moment in life.moments if moment.after.lapsed and not moment.before.lapsed]
    if not life.closing.lapsed:
        return last
    return max(days, default=life.first_day - 1)


def cells_of(columns: list[list[Moment]], tellers: list[Teller], all_visits: bool) -> list[list[str]]:
    """Return the lines of one day, a list a policy."""
    return [
        [line for moment in moments for line in teller.tell(moment, all_visits=all_visits)]
        for moments, teller in zip(columns, tellers, strict=True)
    ]


def cell_of(lines: list[str]) -> RenderableType:
    """Return lines as a cell in which an indented line stays indented when it is broken."""
    if not lines:
        return "-"
    return Group(*(Padding(Text(line.strip()), (0, 0, 0, 2 if line.startswith(" ") else 0)) for line in lines))


def partings(lives: tuple[Life, ...]) -> list[tuple[int, str, str]]:
    """Return the days on which a visit ends otherwise under the last policy than under the first, and both ends."""
    deeds = [
        {moment.day: moment.visit.outcome for moment in life.moments if moment.visit is not None} for life in lives
    ]
    days = sorted(deeds[0].keys() | deeds[-1].keys())
    ends = [(day, deeds[0].get(day, "no visit"), deeds[-1].get(day, "no visit")) for day in days]
    return [(day, one, other) for day, one, other in ends if bought(one) != bought(other)]


def bought(outcome: str) -> bool:
    """Return whether a visit ended with an order."""
    return outcome in ("ordered", "first order")


def parting(world: Scenario, policies: list[Policy], lives: tuple[Life, ...]) -> str:
    """Return on how many days the shopper orders under one policy only, and on which day first."""
    from memberlab.sim import calendar_of

    days = partings(lives)
    if not days:
        return "The shopper orders on the same days under both policies."
    (first, one, other), names = days[0], [policy.name for policy in policies]
    more = sum(bought(end) for _, _, end in days)
    return (
        f"* Orders under one policy only: {len(days) - more} under {names[0]}, {more} under {names[-1]}, first on "
        f"{calendar_of(world).date_of(first)} ({one} under {names[0]}, {other} under {names[-1]})."
    )


def summary_table(world: Scenario, policies: list[Policy], lives: tuple[Life, ...]) -> Table:
    """Return what each life comes to, and how its last morning finds the shopper."""
    table = Table(title="From launch on", title_justify="left", title_style="bold")
    table.add_column("")
    for policy in policies:
        table.add_column(policy.name, justify="right")
    table.add_column("Difference", justify="right")

    def counted(title: str, value: Callable[[Life], int], told: Callable[[int], str] = "{:,}".format) -> None:
        values = [value(life) for life in lives]
        if any(values):
            difference = values[-1] - values[0]
            sign = "+" if difference > 0 else "-" if difference < 0 else ""
            table.add_row(title, *map(told, values), sign + told(abs(difference)))

    counted("Candidate days of visiting", lambda life: sum(one.visit is not None for one in life.moments))
    counted("Visits", lambda life: posted(life, "visits"))
    counted("of these brought by messages", lambda life: posted(life, "prompted_visits"))
    counted("Orders", lambda life: posted(life, "orders"))
    counted("GMV", lambda life: life.closing.gmv, amount)
    counted("Contribution margin", lambda life: life.closing.margin, amount)
    counted("Cost of benefits", lambda life: life.closing.benefit_cost, amount)
    counted("Membership fees billed", lambda life: posted(life, "fees_billed"), amount)
    for measure, title in (
        ("points_issued", "Points earned"), ("points_redeemed", "Points used"), ("points_expired", "Points expired"),
        ("promotions", "Promotions"), ("demotions", "Demotions"), ("messages_sent", "Messages"),
        ("returns", "Returns"), ("coupons_redeemed", "Coupons used"), ("rewards_taken", "Rewards taken"),
    ):  # fmt: skip
        counted(title, lambda life, measure=measure: posted(life, measure))  # type: ignore[misc]
    table.add_section()
    for name, means in mean_pulls(lives).items():
        table.add_row(name, *(f"{mean:+.3f}" for mean in means), f"{means[-1] - means[0]:+.3f}")
    table.add_section()
    for title, values in final_state(world, policies, lives).items():
        table.add_row(f"At the end: {title}", *values, "")
    return table


def mean_pulls(lives: tuple[Life, ...]) -> dict[str, list[float]]:
    """Return the mean utility of an order and of the pulls that it is made of, a value a life, over the days on which a
    basket was weighed in all of them.
    """
    weighed = [{moment.day: moment.visit for moment in life.moments
                if moment.visit is not None and moment.visit.utility is not None} for life in lives]  # fmt: skip
    days = sorted(set.intersection(*(set(one) for one in weighed)))
    if not days:
        return {}
    names = dict.fromkeys(name for one in weighed for day in days for name in one[day].parts)
    means = {f"  {name}": [sum(one[day].parts.get(name, 0.0) for day in days) / len(days) for one in weighed]
             for name in names}  # fmt: skip
    whole = [sum(one[day].utility or 0.0 for day in days) / len(days) for one in weighed]
    basket = "basket" if len(days) == 1 else "baskets"
    return {f"Mean utility, {len(days)} {basket} weighed under both": whole, **means}


def posted(life: Life, measure: str) -> int:
    """Return the sum of a ledger measure over a life."""
    return sum(moment.posted.get(measure, 0) for moment in life.moments)


def final_state(world: Scenario, policies: list[Policy], lives: tuple[Life, ...]) -> dict[str, list[str]]:
    """Return how the last morning finds the shopper, by what is told, a value a policy."""
    from memberlab.sim import calendar_of

    calendar = calendar_of(world)
    rows: dict[str, list[str]] = defaultdict(list)
    for policy, life in zip(policies, lives, strict=True):
        end = life.closing
        tiers = list(policy.tiers)
        state = "has left" if end.lapsed else "customer" if end.enrolled else "has not ordered yet"
        rows["state"].append(f"{state}, paid member" if end.member else state)
        rows["tier"].append(named(tiers, end.tier) if tiers and end.enrolled else "-")
        rows["spend in the tier's window"].append(amount(end.window_spend))
        rows["points"].append(f"{end.points:,}")
        if any(one.closing.pending_points for one in lives):
            rows["pending points"].append(f"{end.pending_points:,}")
        if any(one.lots for one in lives):
            lots = dict(sorted((life.dated_lots or life.lots).items()))
            dates = [str(calendar.date_of(one)) if life.dated_lots else month_told(calendar, one) for one in lots]
            told = ", ".join(f"{date}: {points:,}" for date, points in zip(dates, lots.values(), strict=True))
            rows["lots, by day of expiry" if life.dated_lots else "lots, by month of earning"].append(told or "-")
        if any(one.closing.credit for one in lives):
            rows["reward credit"].append(amount(end.credit))
        rows["goodwill (log odds)"].append(f"{end.goodwill:+.3f}")
        rows["price that the shopper is used to"].append(f"{math.exp(end.reference_price):.1%} of list")
        rows["orders bought ahead"].append(f"{end.purchase_debt:.2f}")
    return {title: values if len(values) == len(lives) else [*values, "-"] for title, values in rows.items()}


def check_told(world: Scenario, policies: list[Policy], lives: tuple[Life, ...]) -> list[str]:
    """Return how each life was held against the full run, and where it differs."""
    from memberlab.sim import calendar_of

    sentences = []
    for policy, life in zip(policies, lives, strict=True):
        where = f"under {policy.name}, at {life.turns:,} of {life.turns:,} comparisons"
        if not life.differences:
            sentences.append(f"Checked: lived alone, every field of the shopper equals the full run {where}.")
        elif life.is_the_full_runs:
            count = len(life.differences)
            sentences.append(f"Checked: lived alone, the shopper equals the full run {where}; in {count} of the fields "
                             f"compared the last bits of a float differ.")  # fmt: skip
        else:
            first = next(one for one in life.differences if not one.is_in_last_bits)
            date = calendar_of(world).date_of(first.day)
            sentences.append(f"NOT equal to the full run under {policy.name}: after {date} {first.field} is "
                             f"{first.alone} alone and {first.in_full_run} in the full run.")  # fmt: skip
    return sentences
