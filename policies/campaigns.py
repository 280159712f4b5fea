"""Campaigns: what is given on which days to whom, up to which budget, and how it is announced."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator, field_validator

from .gifts import Gift
from .model import Section
from .names import Label
from .notation import OrNever, fault
from .number import CountNotation
from .quantities import Discount, Money, MoneyNotation, Multiplier, Percent, PercentNotation, PositiveMoney
from .target import Target
from .validation import read_with_faults
from .when import When
from .yaml_reader import Path

MOST_CAMPAIGNS = 16
"""Campaigns of one policy."""

MOST_STEPS = 4
"""Steps of a ladder of gifts or of a challenge."""

Units = CountNotation("uses", minimum=1)
PointsGiven = Annotated[int, CountNotation("points", maximum=1_000_000)]


class GiftStep(Section):
    """A gift with an order that reaches a spend; of several steps the highest one reached is given."""

    spend: Money = 0
    """Goods in one order, after discounts, from which the gift is given. In code: cents."""
    cost: Money
    """What the gift costs the shop. In code: cents."""
    value: Money
    """What the gift is worth to a member. In code: cents."""


class ChallengeStep(Section):
    """A goal of spend in a calendar month, and the reward for reaching it."""

    spend: PositiveMoney
    """Goods bought in the month that reach the step. In code: cents."""
    points: PointsGiven = 0
    """Points given for reaching it."""
    cost: Money = 0
    """What a gift for reaching it costs the shop. In code: cents."""
    value: Money = 0
    """What that gift is worth to a member. In code: cents."""


def check_steps(written: object, read: ValidatorFunctionWrapHandler) -> Any:
    """Read steps and report those that are not in rising order."""
    steps = read(written)
    faults: dict[Path, str] = {}
    if len(steps) > MOST_STEPS:
        faults[()] = f"{len(steps)} steps are too many; write {MOST_STEPS} or fewer"
    names = list(steps)
    for lower, name in pairwise(names):
        if steps[name].spend <= steps[lower].spend:
            below = _amount(steps[lower].spend)
            faults[name, "spend"] = f"{_amount(steps[name].spend)} is not above {lower}'s {below}; write more"
    return read_with_faults(written, lambda _: steps, faults)


Gifts = Annotated[Mapping[Label, GiftStep], WrapValidator(check_steps)]
"""Gifts by name, smallest spend first."""

Goals = Annotated[Mapping[Label, ChallengeStep], WrapValidator(check_steps)]
"""Steps of a spend goal by name, smallest first."""


class Event(Section):
    """An engagement that is no purchase: a livestream, a community meeting, a piece of content."""

    cost: Money = 0
    """Cost of each occasion, whoever comes. In code: cents."""
    cost_each: Money = 0
    """Cost for each member reached. In code: cents."""
    reach: Percent
    """Share of the members meant who take part. In code: basis points."""


class Budget(Section):
    """What a campaign may spend in one occasion; birthdays and other personal days, and `always`, count by year."""

    money: Annotated[int | None, OrNever(MoneyNotation(minimum=1))] = None
    """Discounts, gifts and delivery fees given up, all together; `never` runs out. In code: cents."""
    units: Annotated[int | None, OrNever(Units)] = None
    """Orders that get something, rewards and gifts, all together; `never` runs out."""
    money_a_day: Annotated[int | None, OrNever(MoneyNotation(minimum=1))] = None
    """The same as `money` for one day; the next day has its own. In code: cents."""
    units_a_day: Annotated[int | None, OrNever(Units)] = None
    """The same as `units` for one day: a flash sale."""
    units_a_member: Annotated[int | None, OrNever(CountNotation("uses", minimum=1, maximum=100))] = None
    """Uses by one member."""

    @field_validator("money_a_day")
    @classmethod
    def _is_not_above_the_whole(cls, daily: int | None, info: ValidationInfo) -> int | None:
        whole = info.data.get("money")
        if daily is not None and whole is not None and daily > whole:
            raise fault(f"{_amount(daily)} a day is above money, {_amount(whole)}; write {_amount(whole)} or less")
        return daily


class Balance(Section):
    """A discount whose depth moves each month by a step, within bounds, to hold a margin."""

    margin: Percent
    """Margin of last month's orders, as a share of GMV, above which the discount deepens. In code: basis points."""
    least: Discount = 0
    """Smallest depth. In code: basis points."""
    most: Discount
    """Largest depth. In code: basis points."""
    step: Annotated[int, PercentNotation(minimum=1, maximum=9_999)] = 100
    """Change of the depth in a month. In code: basis points."""

    @field_validator("most")
    @classmethod
    def _is_above_the_least(cls, most: int, info: ValidationInfo) -> int:
        least = info.data.get("least")
        if least is not None and most <= least:
            raise fault(f"{_share(most)} is not above least, {_share(least)}; write more")
        return most


class Personalised(Section):
    """Messages made for each member from what is known about them; how well they hit is an assumption."""

    cost: Money
    """Cost of making one message personal, beside the channel's. In code: cents."""


class Campaign(Section):
    """One campaign for enrolled shoppers. Of several campaigns the best applies, for each kind of benefit apart.

    Newcomer tasks are `points.activities.profile`, a campaign `when: first order and 7 days after`, and a `challenge`
    with `to: {stages: new}`; a flash sale is `units_a_day` of the budget.
    """

    when: When
    """Days on which it is on, or a member's own day. A member orders at most once a day, so `every 100 orders` are 100
    days of purchase; `every 100 reviews` counts what `points.activities.review` rewards, taken to be good reviews."""
    to: Target = Target()
    """Whom it is for."""
    discount: Discount = 0
    """Off the goods; `stacking` says what comes before it. In code: basis points."""
    amount_off: Money = 0
    """Amount off the goods of an order that reaches `minimum_spend`, which must be larger. In code: cents."""
    minimum_spend: Annotated[Money, Field(validate_default=True)] = 0
    """Goods of an order, after the reductions before it, from which it gives anything. In code: cents."""
    points_multiplier: Multiplier = 100
    """Points earned on an order, times the usual: 2 for double points. In code: percent."""
    bonus_points: PointsGiven = 0
    """Points for an order beside those earned."""
    free_shipping: bool = False
    """Whether orders are delivered free of charge."""
    gifts: Gifts = Field(default_factory=dict[str, GiftStep])
    """Gifts with an order by name, smallest spend first: none, or up to 4."""
    gift: Gift | None = None
    """Gift without an order on the first day of each occasion, to every member whom `to` means. Who has left for good
    without a word gets it too, unless `to` leaves out the silent; a promotion by an order has its gift on the next
    morning."""
    challenge: Goals = Field(default_factory=dict[str, ChallengeStep])
    """Steps of a monthly spend goal by name, smallest first: none, or up to 4; a shopper's first order counts."""
    event: Event | None = None
    """An engagement that is no purchase, held on the first day of each occasion."""
    budget: Budget = Budget()
    """What it may spend; the campaign ends when the budget is spent."""
    balance: Balance | None = None
    """Lets the depth of `discount` follow the margin; `discount` is the depth at the start."""
    message: Label | None = None
    """Channel of `contact` on which it is announced on the first day of each occasion."""
    personalised: Personalised | None = None
    """Whether its messages are made for each member."""

    @field_validator("amount_off")
    @classmethod
    def _is_one_kind_of_price_cut(cls, amount: int, info: ValidationInfo) -> int:
        if amount and info.data.get("discount"):
            raise fault("a discount in percent and an amount off in one campaign; write two campaigns")
        return amount

    @field_validator("minimum_spend")
    @classmethod
    def _covers_the_amount_off(cls, minimum: int, info: ValidationInfo) -> int:
        amount = info.data.get("amount_off", 0)
        if amount and minimum <= amount:
            raise fault(f"{_amount(minimum)} is not above amount_off, {_amount(amount)}; an order cannot cost nothing")
        return minimum

    @field_validator("balance")
    @classmethod
    def _starts_within_its_bounds(cls, balance: Balance | None, info: ValidationInfo) -> Balance | None:
        start = info.data.get("discount")
        if balance is not None and start is not None and not balance.least <= start <= balance.most:
            bounds = f"{_share(balance.least)} to {_share(balance.most)}"
            raise fault(f"the discount at the start, {_share(start)}, is outside {bounds}; write a discount within")
        return balance

    @property
    def gives_on_orders(self) -> bool:
        """Whether an order can get something from it."""
        price = self.discount or self.amount_off or self.balance is not None
        points = self.points_multiplier > 100 or self.bonus_points
        return bool(price or points or self.free_shipping or self.gifts or self.challenge)


def _amount(cents: int) -> str:
    return str(MoneyNotation().write(cents))


def _share(basis_points: int) -> str:
    return PercentNotation().write(basis_points)
