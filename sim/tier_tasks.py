"""The tasks of a member: the make-up task that saves a tier under observation, and the sprint to the next tier.

Serves the visit (an order works on a task, a task pulls) and the review (which sets tasks and ends them).
"""

from __future__ import annotations

import math

from memberlab.policies import UNREACHABLE

from .assumptions import Behaviour
from .card import Card, note_business
from .compiled import card_mechanic, mechanic, rule
from .dates import months_later
from .disappointment import CLOSE, disappointment
from .ledger import LedgerRow
from .market import Market
from .points_credit import award
from .programme_table import Programme
from .shopper import NEVER, Shopper
from .standing import value_now
from .standing_table import NO_TASK, SPRINT

DAYS_A_YEAR = 365.0


@rule
def begin_task(c: Card, task: int, spend: int, until: int) -> None:
    """Give the member a task of `spend` cents to be done before the morning of `until`."""
    c.task, c.task_left, c.task_until = task, spend, until
    note_business(c, until)


@rule
def end_task(c: Card) -> None:
    """Leave the member without a task."""
    c.task, c.task_left, c.task_until = NO_TASK, 0, NEVER


@mechanic
def offer_sprint(s: Shopper, c: Card, p: Programme, row: LedgerRow, day: int) -> None:
    """Offer a sprint to a member without a task who lacks no more than the promised share of the next threshold."""
    if p.sprint_spend == 0 or c.task != NO_TASK or s.tier + 1 >= p.tiers:
        return
    threshold = p.threshold[s.tier + 1]
    if threshold >= UNREACHABLE:
        return
    missing = threshold - value_now(s, c, p)
    if missing > 0 and missing * 10_000 <= p.sprint_within * threshold:
        begin_task(c, SPRINT, p.sprint_spend, day + p.sprint_days)
        row.sprints += 1


@mechanic
def work_on_task(
    s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, goods: int, day: int
) -> None:
    """Let an order of `goods` cents count towards the task, and pay or save when it is done."""
    if c.task == NO_TASK or day >= c.task_until or c.task_left == 0:
        return
    c.task_left = max(0, c.task_left - goods)
    if c.task_left > 0:
        return
    s.goodwill += b.task_goodwill
    if c.task == SPRINT:
        row.points_for_sprints += award(s, c, p, m, row, p.sprint_points, day)
        row.sprints_won += 1
    else:
        row.tiers_saved += 1
        c.held_until = max(c.held_until, months_later(day, p.safe_months, m))
    end_task(c)


@rule
def miss_task(s: Shopper, c: Card, p: Programme, b: Behaviour) -> None:
    """End a task that was not done; who was close to it is disappointed."""
    spend = p.sprint_spend if c.task == SPRINT else p.make_up_spend
    if spend > 0 and c.task_left <= (1.0 - CLOSE) * spend:
        s.goodwill -= disappointment(s, p, b)
    end_task(c)


@card_mechanic
def task_pull(s: Shopper, c: Card, b: Behaviour, day: int) -> float:
    """Return the pull of a task on the log odds of an order, before the response factor.

    Like that of a tier it is strongest for members on pace (behaviour reference, 2.5; fact 23), whose pace is their own
    spend of 12 months.
    """
    if c.task_left == 0 or s.window_spend == 0 or day >= c.task_until:
        return 0.0
    log_pace = math.log(s.window_spend / DAYS_A_YEAR * (c.task_until - day) / c.task_left)
    return b.task_pull * math.exp(-log_pace * log_pace / 0.72)
