"""The moments of a traced life in words, a few lines a moment; an indented line explains the one above.

Serves the table of `memberlab trace`. Amounts are in currency units, utilities log odds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.policies import Policy
    from memberlab.sim import Basket, Calendar, Choice, Contact, Moment, Visit

SMALL_PART = 0.005
"""A pull below this would read as 0.00 and is left out."""

POINTS_MOVED = {
    "points_issued": "earned", "points_given_back": "given back", "points_redeemed": "used",
    "points_expired": "expired", "points_clawed_back": "taken back for a return", "points_capped": "not earned (cap)",
    "points_converted": "by the conversion at cut-over",
}  # fmt: skip

EVENTS = {
    "joins": "joins the membership", "trials": "free trial begins", "trial_conversions": "trial becomes a paid term",
    "renewals": "membership is renewed", "cancellations": "membership ends", "gifts_received": "is given a membership",
    "won_back": "is won back", "opt_outs": "wants no more messages", "observations": "tier under observation",
    "tiers_saved": "tier saved", "soft_landings": "soft landing begins", "invitations": "invited to the tier",
    "sprints": "is offered a sprint", "sprints_won": "sprint won", "returns": "goods come back",
    "reminders": "is reminded of expiring points", "reminders_sent": "is reminded of the membership's end",
    "rewards_taken": "takes a reward", "lottery_plays": "plays the lottery", "prizes_won": "wins a prize",
    "coupons_claimed": "coupons claimed", "coupons_redeemed": "coupon used", "coupons_expired": "coupons expired",
    "stock_outs": "finds goods out of stock", "order_failures": "the order fails",
    "tickets": "writes to the service desk", "referrals": "refers a friend",
    "goals_reached": "spend goal reached", "vouchers_used": "delivery voucher used", "price_refunds": "price refunded",
    "special_price_units": "buys at the special price", "trials_before_buying": "tries before buying",
    "instalment_orders": "pays by instalments", "refunded_at_once": "refunded at once",
    "tier_welcome_gifts": "welcome gift of the tier", "welcome_gifts": "welcome gift of the membership",
    "frozen_balances": "points are frozen", "raised_at_cutover": "is put into a higher tier at cut-over",
    "lowered_at_cutover": "is put into a lower tier at cut-over", "memberships_converted": "membership is converted",
}  # fmt: skip
"""What a count or an amount in the ledger says to people, where no decision has said it already."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells moments under one policy; the tier before launch was one of the ladder of `former`."""

    policy: Policy
    former: Policy
    calendar: Calendar

    def tell(self, moment: Moment, *, all_visits: bool) -> list[str]:
        """Return a moment in lines; without `all_visits` none for a visit on which nothing came of it."""
        lines = [self.contact(contact) for contact in moment.contacts]
        if moment.visit is not None:
            lines += self.visit(moment.visit, all_visits)
        lines += [choice_told(choice) for choice in moment.choices if self.is_worth_telling(choice, moment)]
        lines += self.events(moment)
        lines += self.points(moment)
        lines += self.standing(moment)
        return lines

    def is_worth_telling(self, choice: Choice, moment: Moment) -> bool:
        """Return whether a choice led to something: not how an order that was not placed would have been paid."""
        return choice.kind != "pay with points" or (moment.visit is not None and moment.visit.ordered)

    def contact(self, contact: Contact) -> str:
        """Return what a campaign did."""
        name = list(self.policy.campaigns)[contact.campaign]
        words = {"message": f"message of {name}", "gift": f"gift of {name}", "event": f"comes to {name}"}[contact.kind]
        return words + (", which brings a visit" if contact.brought else "")

    def visit(self, visit: Visit, all_visits: bool) -> list[str]:
        """Return how a visit went and why."""
        came = "comes, prompted" if visit.prompted else "comes"
        if visit.basket is None:
            if visit.outcome == "left for good":
                return ["is found to have left for good"]
            if not (all_visits or visit.prompted):
                return []
            if visit.outcome == "stayed away" and visit.attendance_draw is None:
                return ["finds the shop down"]
            if visit.outcome == "stayed away":
                return [f"stays away: draw {visit.attendance_draw:.2f}, season {visit.attendance:.2f}"]
            return [f"{came}, not tempted: utility {visit.bound:+.2f} at most, hurdle {visit.hurdle:+.2f}"]
        if visit.outcome == "first order":
            return [f"first order: {self.basket(visit.basket)}"]
        deed = {
            "ordered": "orders", "not worth it": f"{came}, does not buy", "had enough": f"{came}, has bought ahead",
            "out of stock": f"{came}, and leaves, the goods being out of stock",
            "waits for a sale": f"{came}, would buy, and waits for the next sale",
            "ordered what was put off": "orders what was put off for the sale",
        }  # fmt: skip
        if visit.utility is None:
            return [f"{deed[visit.outcome]}: {self.basket(visit.basket)}"]
        prompted = ", prompted" if visit.ordered and visit.prompted else ""
        return [
            f"{deed[visit.outcome]}{prompted}: {self.basket(visit.basket)}",
            f"  utility {visit.utility:+.2f}, hurdle {visit.hurdle:+.2f}: {parts_told(visit.parts)}",
        ]

    def basket(self, basket: Basket) -> str:
        """Return what lay in the basket and what it felt like to pay."""
        parts = [f"list {amount(basket.list_value)}"]
        if basket.added:
            parts.append(f"{amount(basket.added)} of it added to reach a threshold")
        if basket.goods != basket.list_value:
            parts.append(f"price {amount(basket.goods)}")
        if basket.shipping_fee:
            parts.append(f"delivery {amount(basket.shipping_fee)}")
        if basket.paid_by_points:
            parts.append(f"points pay {amount(basket.paid_by_points)}")
        if basket.paid_by_credit:
            parts.append(f"credit pays {amount(basket.paid_by_credit)}")
        if basket.felt_share is not None:
            parts.append(f"felt {basket.felt_share:.1%} of list")
        names = list(self.policy.campaigns)
        parts += [names[number] for number in basket.campaigns]
        return ", ".join(parts)

    def events(self, moment: Moment) -> list[str]:
        """Return what the ledger has counted beside orders and points."""
        lines = []
        for measure, words in EVENTS.items():
            if count := moment.posted.get(measure, 0):
                times = f" ({count})" if count > 1 and "gifts" not in measure else ""
                lines.append(words + times)
        if fee := moment.posted.get("fees_billed", 0):
            lines.append(f"fee of {amount(fee)} billed")
        if refund := moment.posted.get("fees_refunded", 0):
            lines.append(f"fee of {amount(refund)} refunded")
        if moment.posted.get("lapses", 0) and (moment.visit is None or moment.visit.outcome != "left for good"):
            lines.append("leaves for good")
        return lines

    def points(self, moment: Moment) -> list[str]:
        """Return the points that moved, with the months of the lots that were drawn on."""
        moves = [f"{words} {points:,}" for measure, words in POINTS_MOVED.items()
                 if (points := moment.posted.get(measure, 0))]  # fmt: skip
        if moment.kind == "others" and moment.after.points != moment.before.points:
            moves.append(f"credited {moment.after.points - moment.before.points:,}")
        if not moves:
            return []
        drawn = [
            f"{month_told(self.calendar, month)}: {points:,}" for month, points in moment.lots.items() if points < 0
        ]
        lots = f" (lots {', '.join(drawn)})" if drawn else ""
        return [f"points {', '.join(moves)}{lots}; balance {moment.after.points:,}"]

    def standing(self, moment: Moment) -> list[str]:
        """Return a move of the tier, and what others did to the shopper's mood."""
        lines = []
        before, after, tiers = moment.before, moment.after, list(self.policy.tiers)
        if before.tier != after.tier and tiers:
            if "promotions" not in moment.posted and "demotions" not in moment.posted:
                old = list(self.former.tiers)
                was = f" (was {named(old, before.tier)} of the old one)" if old else ""
                lines.append(f"stands at {tiers[after.tier]} of the new ladder{was}")
            else:
                verb = "rises" if after.tier > before.tier else "falls"
                lines.append(f"{verb} from {tiers[before.tier]} to {tiers[after.tier]}")
        if moment.kind == "others" and abs(after.goodwill - before.goodwill) >= SMALL_PART:
            lines.append(f"goodwill {before.goodwill:+.2f} to {after.goodwill:+.2f} (service desk or friends)")
        return lines


def month_told(calendar: Calendar, number: int) -> str:
    """Return a month of the world as year and month; points may be older than the world."""
    return f"{calendar.date_of(calendar.month_starts[number]):%Y-%m}" if number >= 0 else "earlier"


def named(tiers: list[str], tier: int) -> str:
    """Return the name of a tier; without tiers, or where a former ladder had more of them, its number."""
    return tiers[tier] if tier < len(tiers) else f"tier {tier}"


def choice_told(choice: Choice) -> str:
    """Return a yes or no with what was behind it."""
    answer = "yes" if choice.taken else "no"
    if choice.utility is None:
        return "  renewed without looking" if choice.taken else "  not renewed: none is on offer, or has left"
    odds = f"chance {chance(choice.utility):.0%}, draw {choice.draw:.2f}: {answer}"
    if choice.kind == "pay with points":
        return f"  pay {amount(choice.cost)} with points? utility {choice.utility:+.2f}, {odds}"
    question = {"join": "join?", "renew": "renew?", "keep": "keep the membership?"}[choice.kind]
    believed = math.nan if choice.believed is None else choice.believed
    worth = f"thought to be worth {believed / 100:,.2f} a year, fee {amount(choice.cost)}"
    return f"  {question} {worth}; utility {choice.utility:+.2f} ({parts_told(choice.parts)}), {odds}"


def chance(utility: float) -> float:
    """Return the probability of log odds."""
    return 1.0 / (1.0 + math.exp(-max(-700.0, utility)))


def parts_told(parts: dict[str, float]) -> str:
    """Return the pulls on a utility, the largest first."""
    shown = sorted(parts.items(), key=lambda part: -abs(part[1]))
    return ", ".join(f"{name} {value:+.2f}" for name, value in shown if abs(value) >= SMALL_PART)


def amount(cents: int | None) -> str:
    """Return cents in currency units."""
    return "-" if cents is None else f"{cents / 100:,.2f}"
