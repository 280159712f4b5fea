"""The tables of `memberlab trace`: two lives by date, their sums, and how they were checked.

Serves the command.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from .trace_words import Teller, amount, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from memberlab.policies import Policy
    from memberlab.scenarios import Scenario
    from memberlab.sim import Life

SAME = "the same"


def life_table(
    world: Scenario, policies: list[Policy], lives: tuple[Life, ...], first: int, last: int, all_visits: bool
) -> Table:
    """Return the lives by date from day `first` to the one before `last`, a column a policy."""
    from memberlab.sim import calendar_of

    calendar = calendar_of(world)
    span = f"{calendar.date_of(first)} to {calendar.date_of(last - 1)}"
    title = f"Shopper {lives[0].shopper} in {world.title or world.name} ({world.name}), {world.currency}, {span}"
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True)
    table.add_column("Date", no_wrap=True)
    cells: dict[int, list[list[str]]] = defaultdict(lambda: [[] for _ in lives])
    for column, (policy, life) in enumerate(zip(policies, lives, strict=True)):
        table.add_column(policy.name, ratio=1)
        teller = Teller(policy, calendar, all_visits)
        for moment in life.moments:
            if moment.day >= first:
                cells[moment.day][column] += teller.tell(moment)
    for day in sorted(cells):
        if not any(cells[day]):
            continue
        texts = ["\n".join(lines) for lines in cells[day]]
        is_same = len(set(texts)) == 1
        shown = [texts[0], *(SAME if is_same else text for text in texts[1:])]
        style = "" if is_same else "bold"
        table.add_row(Text(str(calendar.date_of(day)), style), *(Text(text or "-") for text in shown))
    return table


def parting(world: Scenario, policies: list[Policy], lives: tuple[Life, ...]) -> str:
    """Return on which day the shopper first did otherwise under the one policy than under the other."""
    from memberlab.sim import calendar_of

    deeds = [
        {moment.day: moment.visit.outcome for moment in life.moments if moment.visit is not None} for life in lives
    ]
    for day in sorted(deeds[0].keys() | deeds[-1].keys()):
        one, other = (deed.get(day, "no visit") for deed in (deeds[0], deeds[-1]))
        if one != other:
            date = calendar_of(world).date_of(day)
            return f"The first visit that ends otherwise is on {date}: {one} under {policies[0].name}, {other} under " \
                   f"{policies[-1].name}."  # fmt: skip
    return "No visit ends otherwise under the one policy than under the other."


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
    for title, values in final_state(world, policies, lives).items():
        table.add_row(f"At the end: {title}", *values, "")
    return table


def posted(life: Life, measure: str) -> int:
    """Return the sum of a ledger measure over a life."""
    return sum(moment.posted.get(measure, 0) for moment in life.moments)


def final_state(world: Scenario, policies: list[Policy], lives: tuple[Life, ...]) -> dict[str, list[str]]:
    """Return how the last morning finds the shopper, by what is told, a value a policy."""
    from memberlab.sim import calendar_of

    calendar = calendar_of(world)
    rows: dict[str, list[str]] = defaultdict(list)
    for policy, life in zip(policies, lives, strict=True):
        teller, end = Teller(policy, calendar, False), life.closing
        tiers = list(policy.tiers)
        state = "has left" if end.lapsed else "customer" if end.enrolled else "has not ordered yet"
        rows["state"].append(f"{state}, paid member" if end.member else state)
        rows["tier"].append(named(tiers, end.tier) if tiers and end.enrolled else "-")
        rows["spend in the tier's window"].append(amount(end.window_spend))
        rows["points"].append(f"{end.points:,}")
        if any(one.closing.pending_points for one in lives):
            rows["pending points"].append(f"{end.pending_points:,}")
        if any(one.lots for one in lives):
            lots = life.dated_lots or life.lots
            dates = [str(calendar.date_of(one)) if life.dated_lots else teller.month(one) for one in lots]
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
