"""The margin bridge: from the list value of goods to the contribution margin, every benefit and cost on its own line.

Serves finance. Lines are integer cents and add up exactly; each comes from one measure of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from memberlab.policies import Policy
from memberlab.sim import MONEY_LINES, Account, Outcome


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One step of the bridge: cents to add, or the running total where `is_total`."""

    name: str
    title: str
    amount: int
    is_total: bool = False


def _steps() -> Iterator[tuple[str, str, int]]:
    """Yield the steps from the ledger's money lines: a benefit that has a line in the ledger has one here."""
    titles = {
        account: [(line.name, line.title) for line in MONEY_LINES if line.account is account] for account in Account
    }

    def signed(sign: int, *accounts: Account) -> Iterator[tuple[str, str, int]]:
        for account in accounts:
            yield from ((name, title, sign) for name, title in titles[account])

    yield from signed(1, Account.LIST_VALUE)
    yield from signed(-1, Account.DISCOUNT)
    yield from signed(0, Account.GMV)
    yield from signed(-1, Account.PAID_IN_KIND, Account.RETURN)
    yield from signed(1, Account.INCOME)
    yield from signed(-1, Account.TAX)
    yield "net_revenue", "Net revenue", 0
    yield from signed(-1, Account.COST, Account.BENEFIT)
    yield "points_provision", "Rise in points liability", -1
    yield "margin", "Contribution margin", 0


BRIDGE_STEPS: tuple[tuple[str, str, int], ...] = tuple(_steps())
"""Lines in order: measure, title, and its sign; 0 marks a total of all lines above."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Points and credits (cents) that are owed, and what a point costs: `cents_for` cents for `points_for` points."""

    points: int
    credits: int
    cents_for: int
    points_for: int

    @property
    def liability(self) -> int:
        """Return the liability in cents, rounded down once for all points."""
        return self.points * self.cents_for // self.points_for + self.credits

    def with_more(self, other: Owed) -> Owed:
        """Return what is owed by two regions together."""
        return replace(self, points=self.points + other.points, credits=self.credits + other.credits)


@dataclass(frozen=True, slots=True)
class BridgeParts:
    """One region's amounts of the bridge but for the provision, and what was owed before and after, which gives it.

    The provision is rounded once for all regions together, so that their number changes no figure.
    """

    amounts: dict[str, int]
    before: Owed
    after: Owed

    def with_more(self, other: BridgeParts) -> BridgeParts:
        """Return the parts of two regions together."""
        amounts = {name: amount + other.amounts[name] for name, amount in self.amounts.items()}
        return BridgeParts(amounts, self.before.with_more(other.before), self.after.with_more(other.after))

    @property
    def totals(self) -> dict[str, int]:
        """Return the amounts of the bridge in cents, unsigned, by measure; the provision may have either sign."""
        return {**self.amounts, "points_provision": self.after.liability - self.before.liability}


def bridge_parts(outcome: Outcome) -> BridgeParts:
    """Return the bridge of one region, to which those of others can be added."""
    measures = [name for name, _, sign in BRIDGE_STEPS if sign and name != "points_provision"]
    before = Owed(outcome.opening.points, outcome.opening.credits, *_cost_of_points(outcome.opened_under))
    after = Owed(outcome.closing.points, outcome.closing.credits, *_cost_of_points(outcome.policy))
    return BridgeParts({name: outcome.total(name) for name in measures}, before, after)


def _cost_of_points(policy: Policy) -> tuple[int, int]:
    """Return the expected cost of points: so many cents for so many points."""
    if policy.points is None:
        return 0, 1
    value, worth = policy.points.worth
    return value * policy.points.expected_redemption, worth * 10_000


def bridge_totals(outcome: Outcome) -> dict[str, int]:
    """Return the amounts of the bridge in cents, unsigned, by measure; the provision may have either sign."""
    return bridge_parts(outcome).totals


def margin_bridge(totals: Mapping[str, int]) -> tuple[BridgeLine, ...]:
    """Return the lines of the bridge from `totals` in cents (as of `bridge_totals`, perhaps added over
    replications).
    """
    lines, running = [], 0
    for name, title, sign in BRIDGE_STEPS:
        if sign:
            running += sign * totals[name]
            lines.append(BridgeLine(name, title, sign * totals[name]))
        else:
            lines.append(BridgeLine(name, title, running, is_total=True))
    return tuple(lines)
