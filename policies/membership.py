"""Paid membership: what it costs, for how long, on which conditions it is sold and ended, and what it buys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from .coupons import CouponsAMonth
from .membership_benefits import DiscountCap, Perk, PointsCap, Vouchers, WelcomeGift, fail_if_free_already
from .model import Section
from .names import Label
from .notation import fault, shown
from .number import CountNotation
from .problems import hint
from .qualification import UNITS
from .quantities import Discount, Money, MoneyNotation, Multiplier, PositiveMoney
from .tiers import ThresholdNotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .policy import Policy
    from .yaml_reader import Path

LONGEST_TERM = 24
"""Months of the longest term."""

MOST_PLANS = 4
"""Plans on offer at once, the membership's own among them."""

TermMonths = Annotated[int, CountNotation("months", minimum=1, maximum=LONGEST_TERM)]


class Plan(Section):
    """One more way to pay for the same membership, beside the membership's own fee and term."""

    fee: PositiveMoney
    """Fee for one term of the plan. In code: cents."""
    months: TermMonths
    """Length of a term; 12 terms of 1 month are 365 days."""


class Trial(Section):
    """A free trial for whoever has not been a member before; it turns into a paid term unless it is ended."""

    days: Annotated[int, CountNotation("days", minimum=1, maximum=365)]
    """Days with all benefits before the first fee."""


class Gate(Section):
    """A lower fee for members of a tier, or for whoever has spent enough or has the score. Give one of `tier`, `spend`
    and `score`.
    """

    fee: PositiveMoney
    """Fee for whoever passes, in place of the membership's own, at joining and at each renewal. In code: cents."""
    tier: Label | None = None
    """Lowest tier that passes."""
    spend: Money | None = None
    """Spend in the last 12 calendar months that passes. In code: cents."""
    score: Annotated[int, ThresholdNotation()] | None = None
    """What passes of that which `qualification` counts in its window, such as growth points; read as a tier's threshold
    is, and held against what a review would look at on the day. In code: hundredths of the unit.
    """

    @model_validator(mode="after")
    def _has_one_condition(self) -> Self:
        asked = [f"a {name}" for name in ("tier", "spend", "score") if getattr(self, name) is not None]
        if len(asked) != 1:
            raise fault(f"the gate asks for {' and for '.join(asked) or 'nothing'}; write one of tier, spend and score")
        return self


class GiftCard(Section):
    """A term that one person pays for another; it does not renew itself."""

    fee: PositiveMoney
    """What the giver pays. In code: cents."""
    months: TermMonths
    """Months that it lasts."""


class Reminder(Section):
    """A message before a term ends."""

    days: Annotated[int, CountNotation("days", minimum=1, maximum=90)]
    """Days before the end of the term."""
    cost: Money = 0
    """Cost of one message. In code: cents."""


class Cancellation(Section):
    """What a member gets back who ends the membership before the term is over.

    With `refund: pro-rata` it can end on the first of any month; with `none` it runs to the end of its term.
    """

    refund: Literal["none", "pro-rata"] = "none"
    """Part of the fee that goes back when a membership ends within a term: `none`, or what is not yet earned."""
    money_back_days: Annotated[int, CountNotation("days", maximum=90)] = 0
    """Days after joining or renewing within which the whole fee goes back; 0: none."""


class Membership(Section):
    """A membership that shoppers may buy and renew."""

    fee: PositiveMoney
    """Fee for one term. In code: cents."""
    months: TermMonths = 12
    """Length of a term; 12 terms of 1 month are 365 days."""
    plans: Mapping[Label, Plan] = Field(default_factory=dict[str, Plan])
    """Further plans by name, such as a monthly one; the shopper chooses."""
    introductory_fee: PositiveMoney | None = None
    """Fee for the first term of whoever has not been a member before; not for further plans. In code: cents."""
    trial: Trial | None = None
    """Free trial, if there is one."""
    gate: Gate | None = None
    """A lower fee for some; not for further plans."""
    gift_card: GiftCard | None = None
    """Memberships as gifts, if there are any."""
    auto_renew: bool = True
    """Whether a term is renewed unless the member stops it; otherwise the member has to renew by hand."""
    renewal_discount: Discount = 0
    """Discount on the fee of every term after the first. In code: basis points."""
    save_offer: Discount = 0
    """Discount on the fee of the next term that a member is offered who would not renew. In code: basis points."""
    reminder: Reminder | None = None
    """Message before a term ends, if there is one."""
    cancellation: Cancellation = Cancellation()
    """What a member gets back who ends the membership within a term."""
    discount: Discount = 0
    """Discount on list prices for paid members. In code: basis points."""
    discount_cap: DiscountCap | None = None
    """Most that the membership's discount saves a member beyond what the shopper would get without it."""
    earn_multiplier: Multiplier = 100
    """Points earned by paid members, as a multiple of their tier's rate. In code: percent."""
    points_cap: PointsCap | None = None
    """Most points that the membership's multiplier gives a member beyond what the shopper would earn without it."""
    free_shipping: bool = False
    """Whether orders of paid members are delivered free of charge."""
    free_shipping_from: Money | None = None
    """Order value from which delivery is free for paid members; left out, their tier's or everybody's.
    In code: cents.
    """
    free_shipping_vouchers: Vouchers | None = None
    """Free deliveries in place of unlimited free shipping."""
    grants_tier: Label | None = None
    """Tier whose benefits paid members have at least while the term runs, whatever they have earned."""
    coupons_a_month: CouponsAMonth = 0
    """Coupons a month for paid members, beside those of their tier."""
    perks: Mapping[Label, Perk] = Field(default_factory=dict[str, Perk])
    """Content and services of partners by name, such as video or music."""
    welcome_gift: WelcomeGift | None = None
    """Gift to whoever joins for the first time."""
    replaces_tiers: bool = False
    """Whether paid members have the membership's benefits in place of their tier's; otherwise on top of them."""

    @property
    def all_plans(self) -> tuple[Plan, ...]:
        """Every plan on offer, the membership's own first."""
        return (Plan.model_construct(fee=self.fee, months=self.months), *self.plans.values())

    @property
    def lowest_fee(self) -> int:
        """The least that a year of membership costs anybody in the long run, cents: of all plans, gate and renewals."""
        yearly = [plan.fee * 12 // plan.months for plan in self.all_plans]
        if self.gate is not None:
            yearly.append(self.gate.fee * 12 // self.months)
        return min(yearly) * (10_000 - self.renewal_discount) // 10_000

    @field_validator("plans")
    @classmethod
    def _differ_in_length(cls, plans: Mapping[str, Plan], info: ValidationInfo) -> Mapping[str, Plan]:
        lengths = {info.data.get("months"): "the membership's own"}
        if len(plans) >= MOST_PLANS:
            raise fault(f"{len(plans)} plans beside the membership's own; write {MOST_PLANS - 1} or fewer")
        for name, plan in plans.items():
            if plan.months in lengths:
                raise fault(
                    f"{name} and {lengths[plan.months]} are both for {_months(plan.months)}; nobody would take the "
                    "dearer one: write another length, or drop it"
                )
            lengths[plan.months] = name
        return plans

    @field_validator("introductory_fee")
    @classmethod
    def _is_lower(cls, introductory: int | None, info: ValidationInfo) -> int | None:
        fee = info.data.get("fee")
        if introductory is not None and fee is not None and introductory >= fee:
            raise fault(f"{_money(introductory)} is not below the fee {_money(fee)}; write less, or drop it")
        return introductory

    @field_validator("gate")
    @classmethod
    def _opens_to_a_lower_fee(cls, gate: Gate | None, info: ValidationInfo) -> Gate | None:
        fee = info.data.get("fee")
        if gate is not None and fee is not None and gate.fee >= fee:
            raise fault(
                f"its fee {_money(gate.fee)} is not below the membership's {_money(fee)}; the gate is for the lower fee"
            )
        return gate

    @field_validator("reminder")
    @classmethod
    def _comes_within_the_term(cls, reminder: Reminder | None, info: ValidationInfo) -> Reminder | None:
        if reminder is not None:
            _fail_if_longer_than_a_term(reminder.days, "a reminder", info)
        return reminder

    @field_validator("cancellation")
    @classmethod
    def _ends_within_the_term(cls, cancellation: Cancellation, info: ValidationInfo) -> Cancellation:
        _fail_if_longer_than_a_term(cancellation.money_back_days, "money back", info)
        return cancellation

    @field_validator("free_shipping_vouchers")
    @classmethod
    def _stand_in_for_free_shipping(cls, vouchers: Vouchers | None, info: ValidationInfo) -> Vouchers | None:
        fail_if_free_already(vouchers, "vouchers", info.data.get("free_shipping"))
        return vouchers

    @field_validator("free_shipping_from")
    @classmethod
    def _is_short_of_free_shipping(cls, threshold: int | None, info: ValidationInfo) -> int | None:
        fail_if_free_already(threshold, "terms from a value on", info.data.get("free_shipping"))
        return threshold


def membership_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield tiers granted, asked for or replaced that do not exist, and a cap on points without points."""
    membership, tiers = policy.membership, policy.tiers
    if membership is None:
        return
    if membership.grants_tier is not None and membership.grants_tier not in tiers:
        wrong = f"{membership.grants_tier!r} is no tier{hint(membership.grants_tier, list(tiers), 'tiers')}"
        yield ("membership", "grants_tier"), wrong
    gate = membership.gate
    if gate is not None and gate.tier is not None and gate.tier not in tiers:
        mend = f"write one of {', '.join(tiers)}" if tiers else "the policy has no tiers: write spend instead"
        yield ("membership", "gate", "tier"), f"there is no tier {shown(gate.tier)}; {mend}"
    if gate is not None and gate.score is not None and (wrong := _score_fault(gate.score, policy)):
        yield ("membership", "gate", "score"), wrong
    if membership.replaces_tiers and not tiers:
        yield ("membership", "replaces_tiers"), "the policy has no tiers to replace; write tiers, or leave it out"
    if membership.points_cap is not None and policy.points is None:
        yield ("membership", "points_cap"), "the policy has no points to cap; write points, or drop the cap"


def _score_fault(score: int, policy: Policy) -> str:
    """Return what is wrong with a gate's *score* (hundredths); empty if nothing is."""
    if policy.qualification is None:
        return "nothing says what counts towards a score; write a qualification, or spend in place of score"
    unit = UNITS.get(policy.qualification.basis, "")
    if unit and score % 100:
        return f"{_money(score)} is not a whole number of {unit}; write {score // 100} or {score // 100 + 1}"
    return ""


def _fail_if_longer_than_a_term(days: int, what: str, info: ValidationInfo) -> None:
    """Refuse *days* that do not lie within the shortest term on offer."""
    plans: Mapping[str, Plan] = info.data.get("plans") or {}
    months = [*[plan.months for plan in plans.values()], *([info.data["months"]] if "months" in info.data else [])]
    shortest = min(months, default=LONGEST_TERM)
    if days >= term_days(shortest):
        raise fault(
            f"{what} of {days} days does not fit a term of {_months(shortest)}; "
            f"write {term_days(shortest) - 1} days or fewer"
        )


def term_days(months: int) -> int:
    """Return the days of a first term of `months`."""
    return months * 365 // 12


def _months(months: int) -> str:
    return "1 month" if months == 1 else f"{months} months"


def _money(cents: int) -> str:
    return shown(MoneyNotation().write(cents))
