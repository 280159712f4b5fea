"""The cut-over: what becomes of one member's points and paid membership on the morning on which a policy takes over.

Serves the turn of the month on launch day, and later ones as long as old points are kept apart. Tiers are placed by the
review (sim/tier_review.py). Money is cents; parts of a point are rounded once for the whole balance, lot after lot from
the oldest, so that no lot loses one by itself.
"""

from __future__ import annotations

from .assumptions import Behaviour
from .attrition import settle
from .card import PARTS, Card, note_business
from .compiled import card_mechanic, mechanic
from .cut_over_record import (
    CONVERT_DAYS,
    CONVERT_MONEY,
    CONVERT_POINTS,
    FORFEIT_POINTS,
    GRANDFATHER,
    KEEP_FOR_GOOD,
    KEEP_UNTIL_REVIEW,
    REASSESS,
    REFUND_TERM,
    UNSAID,
)
from .day_lots import LOTS
from .headroom import headroom_of
from .ledger import LedgerRow
from .lots import expire_lot, lot_of
from .market import Market
from .membership_term import (
    OLD_FEE,
    REMINDED,
    YEAR,
    fee_earned,
    refund_membership,
    regular_fee,
    term_days,
)
from .points_table import ROUND_NEAREST, ROUND_UP
from .programme_table import Programme, Terms
from .shopper import LAPSED, LARGEST_HOLDING, LAST_DAY, LOT_MONTHS, MEMBER, Shopper

RETURNS = 4
"""Places on a card for returns on their way."""


@card_mechanic
def cut_over(s: Shopper, c: Card, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int) -> None:
    """Carry one member's membership and points over to the policy that is launched today.

    Who is told of it is hurt by points that are worth less, and by a tier lost where there are no tiers any more.
    """
    if s.status & MEMBER:
        carry_membership(s, c, p, row, day)
    before = points_of(s, c)
    if p.points_rule == CONVERT_POINTS:
        convert_points(s, c, p, m, row, oldest_lot(m, day))
    elif p.points_rule == FORFEIT_POINTS:
        forfeit_points(s, c, m, row, oldest_lot(m, day))
    if p.points_rule != UNSAID:
        worth = before * p.old_redeem_value / p.old_redeem_points
        if p.has_points:
            worth -= points_of(s, c) * p.redeem_value / p.redeem_points
        feel_loss(s, b, m, worth)
    if p.tiers == 0 and s.tier > 0:
        row.lowered_at_cutover += 1
        if p.tier_rule == REASSESS:
            feel_lost_tiers(s, b, int(s.tier))


@mechanic
def points_of(s: Shopper, c: Card) -> int:
    """Return the points that a member is owed: balance and pending points less debts."""
    return int(s.points_balance) + int(c.pending_points) - int(c.points_debt)


@mechanic
def feel_loss(s: Shopper, b: Behaviour, m: Market, loss: float) -> None:
    """Let points that have lost `loss` cents of their worth hurt, as a reward of that worth pleases and more."""
    if loss <= 0.0 or s.status & LAPSED:
        return
    basket = m.basket_shape * s.basket_scale * m.basket_factor
    s.goodwill -= b.cutover_points_loss * b.reward_goodwill * min(1.0, 2.0 * loss / basket) * headroom_of(s, b)


@mechanic
def feel_lost_tiers(s: Shopper, b: Behaviour, steps: int) -> None:
    """Let the loss of so many tiers hurt, by how much of a demotion it is felt to be (fact 25)."""
    if s.status & LAPSED == 0:
        s.goodwill -= b.cutover_tier_loss * b.demotion_ratio * b.tier_goodwill * steps


@mechanic
def tier_at_cut_over(s: Shopper, c: Card, p: Programme, earned: int) -> int:
    """Return the tier in which a member of today's tier begins under the new ladder, who has `earned` a tier of it."""
    counterpart = int(p.counterpart[s.tier])
    if p.tier_rule == KEEP_FOR_GOOD:
        c.kept_tier = counterpart
    if p.tier_rule in (KEEP_UNTIL_REVIEW, KEEP_FOR_GOOD):
        return counterpart
    return max(earned, counterpart) if p.tier_rule == GRANDFATHER else earned


# the paid membership


@mechanic
def carry_membership(s: Shopper, c: Card, p: Programme, row: LedgerRow, day: int) -> None:
    """Refund the term that runs, convert it, or let it run; a term that ends today comes to its usual end."""
    c.standing |= OLD_FEE
    if p.fee == 0 or s.term_end <= day:
        return
    if p.membership_rule == REFUND_TERM:
        refund_membership(s, c, p, row, day)
        return
    left = s.fee_paid - fee_earned(s, c, s.term_end - term_days(c), day)
    if p.membership_rule == CONVERT_MONEY and left > 0:
        length = p.plan_months[0] * YEAR // 12
        price = max(1, regular_fee(s, c, p, 0))
        days = max(1, min((left * length + price - 1) // price, LAST_DAY - day))
        s.fee_paid, s.term_saving = left, 0
        s.term_end, c.term_days = day + days, days
        c.standing &= ~REMINDED
    if p.membership_rule in (CONVERT_DAYS, CONVERT_MONEY):
        c.plan, c.term_number = 0, 0  # the next term is the first of its plan
        row.memberships_converted += 1
        row.fees_converted += left


# points


@mechanic
def converted(points: int, p: Programme) -> int:
    """Return the new points for so many old ones; more than an account holds is cut."""
    if p.convert_rounding == ROUND_UP:
        new = (points * p.convert_new + p.convert_old - 1) // p.convert_old
    elif p.convert_rounding == ROUND_NEAREST:
        new = (2 * points * p.convert_new + p.convert_old) // (2 * p.convert_old)
    else:
        new = points * p.convert_new // p.convert_old
    return min(new, LARGEST_HOLDING)


@mechanic
def oldest_lot(m: Market, day: int) -> int:
    """Return the age of the oldest lot on `day`: its place is the running month's as soon as that has begun to earn."""
    return LOT_MONTHS if day == m.month_start else LOT_MONTHS - 1


@mechanic
def convert_points(s: Shopper, c: Card, p: Programme, m: Market, row: LedgerRow, oldest: int) -> None:
    """Exchange every lot, pending part and debt of a member; what is on its way with a return follows at the rate."""
    old = new = 0  # added up so far
    for age in range(oldest, oldest - LOT_MONTHS, -1):
        lot = lot_of(m.month - age)
        held = s.lots[lot]
        if held > 0:
            becomes = converted(old + held, p) - new
            m.converted_by_age[age] += becomes - held
            s.lots[lot] = becomes
            old += held
            new += becomes
    s.points_balance = new
    in_balance = new
    for part in range(PARTS):
        held = c.pending_parts[part]
        if held > 0:
            becomes = converted(old + held, p) - new
            c.pending_parts[part] = becomes
            old += held
            new += becomes
    c.pending_points = new - in_balance
    debt = c.points_debt
    if debt > 0:
        c.points_debt = debt_converted(debt, p)
    row.points_converted += new - old - (c.points_debt - debt)
    close_empty_parts(c)
    for place in range(RETURNS):
        c.return_spent[place] = converted(c.return_spent[place], p)
        c.return_earned[place] = converted(c.return_earned[place], p)
    c.earned_on_day, c.earned_in_month = converted(c.earned_on_day, p), converted(c.earned_in_month, p)
    c.earned_in_year, c.earned_ever = converted(c.earned_in_year, p), converted(c.earned_ever, p)


@mechanic
def debt_converted(debt: int, p: Programme) -> int:
    """Return the new points of a debt: whom the rounding favours in a balance, it favours in a debt."""
    if p.convert_rounding == ROUND_UP:
        new = debt * p.convert_new // p.convert_old
    elif p.convert_rounding == ROUND_NEAREST:
        new = (2 * debt * p.convert_new + p.convert_old - 1) // (2 * p.convert_old)
    else:
        new = (debt * p.convert_new + p.convert_old - 1) // p.convert_old
    return min(new, LARGEST_HOLDING)


@mechanic
def close_empty_parts(c: Card) -> None:
    """Move the pending parts together where a conversion has left one without points."""
    place = 0
    for part in range(PARTS):
        points, day = c.pending_parts[part], c.pending_days[part]
        c.pending_parts[part] = 0
        if points > 0:
            c.pending_parts[place], c.pending_days[place] = points, day
            place += 1


@mechanic
def forfeit_points(s: Shopper, c: Card, m: Market, row: LedgerRow, oldest: int) -> None:
    """Take all points that a member brings along, those pending as well; a debt is forgiven."""
    before = points_of(s, c)
    row.points_expired += c.pending_points - c.points_debt
    c.pending_points = c.points_debt = 0
    for part in range(PARTS):
        c.pending_parts[part] = 0
    for age in range(oldest - LOT_MONTHS + 1, oldest + 1):
        expire_lot(s, m, row, age)
    row.points_forfeited += before


@card_mechanic
def end_notice(
    s: Shopper, c: Card, t: Terms, p: Programme, b: Behaviour, m: Market, row: LedgerRow, day: int, rival: bool
) -> None:
    """Forfeit what is left of the points brought along, as the month opens in which their notice ends."""
    if m.old_points_forfeited == 0 or m.old_points_until != m.month:
        return
    before = int(s.points_balance)
    for age in range(m.month - m.old_points_before + 1, LOT_MONTHS):
        expire_lot(s, m, row, age)
    gone = before - s.points_balance
    if gone == 0:
        return
    row.points_forfeited += gone
    drop_day_lots(c, m, gone)
    settle(s, t, b, m, day, rival)
    feel_loss(s, b, m, gone * p.redeem_value / p.redeem_points)
    if c.lot_points[0] > 0:
        note_business(c, c.lot_days[0])


@mechanic
def drop_day_lots(c: Card, m: Market, points: int) -> None:
    """Take `points` out of the lots to the day: those brought along first, then what had joined them."""
    for keeps_new in (1, 0):
        for place in range(LOTS):
            if c.lot_points[place] > 0 and (keeps_new == 0 or c.lot_months[place] < m.old_points_before):
                taken = min(points, c.lot_points[place])
                c.lot_points[place] -= taken
                points -= taken
    place = 0
    for lot in range(LOTS):
        held, day, month = c.lot_points[lot], c.lot_days[lot], c.lot_months[lot]
        c.lot_points[lot] = 0
        if held > 0:
            c.lot_points[place], c.lot_days[place], c.lot_months[place] = held, day, month
            place += 1
