"""Quiet worlds of paid members, for recomputing by hand what their membership costs and brings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.sim import MEMBER, TRAITS_DAY, Outcome, Purpose, Snapshot, World, keyed_uniforms, normal_quantile

from .worlds import let_buy, quiet_snapshot

YEAR = 365
ON_TRIAL, FORMER, REMINDED = 1, 2, 4
"""Bits of the standing on a card."""

FOR_SURE, NEVER_AGAIN = 1e8, -1e8
"""Expected benefits (cents a year) with which everybody stays, and nobody."""

KEEN = {"membership_consideration": 0.5, "perk_value_mean": 60, "fee_sensitivity": 4}
"""Assumptions under which whoever considers a membership of 1 yuan joins and stays."""


def membership_policy(membership: dict[str, object], **changes: object) -> Policy:
    """Return a policy with nothing but a paid membership, and `changes` by address with `__` for dots."""
    others = {address.replace("__", "."): value for address, value in changes.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "membership": membership, **others})


def members(
    policy: Policy, starts: list[int], expected_benefit: float, *, days: int = YEAR, fee: int | None = None,
    **changes: object,
) -> Snapshot:  # fmt: skip
    """Return launch morning of members whose terms of `days` began `starts` days before, paid at the policy's fee."""
    snapshot = quiet_snapshot(policy, len(starts), **changes)
    assert policy.membership is not None
    shoppers = snapshot.shoppers
    shoppers["status"] |= MEMBER
    shoppers["term_end"] = snapshot.day - np.array(starts) + days
    shoppers["fee_paid"] = policy.membership.fee if fee is None else fee
    shoppers["expected_benefit"] = expected_benefit
    if len(snapshot.cards) == len(starts):
        snapshot.cards["term_days"] = days
        snapshot.cards["member_since"] = snapshot.day - np.array(starts)
    return snapshot


def keen_world(policy: Policy, count: int, **assumptions: object) -> World:
    """Return a world on launch morning in which `count` shoppers come on the first five days, and about half join."""
    snapshot = quiet_snapshot(policy, count, assumptions={**KEEN, **assumptions})
    for shopper in range(count):
        let_buy(snapshot, shopper, snapshot.day + shopper % 5)
    return World.resume(snapshot)


def joined(world: World) -> dict[int, int]:
    """Return the day of joining by shopper, for those who join in the first five days."""
    days: dict[int, int] = {}
    for day in range(world.launch, world.launch + 5):
        outcome = world.run(day + 1)
        for shopper in np.flatnonzero(outcome.shoppers["status"] & MEMBER):
            days.setdefault(int(shopper), day)
    assert len(days) > 10
    return days


def perks(snapshot: Snapshot, mean: float = 20.0 * 700.0) -> NDArray[np.float64]:
    """Return what perks are worth to each shopper, cents a year: 20 a year in the population's currency, at 7."""
    draws = keyed_uniforms(snapshot.seed, range(len(snapshot.shoppers)), TRAITS_DAY, Purpose.PERK_VALUE)
    return mean * np.exp(0.8 * np.array([normal_quantile(float(draw)) for draw in draws]) - 0.32)


def draws(snapshot: Snapshot, days: NDArray[np.int64], purpose: Purpose) -> NDArray[np.float64]:
    """Return one uniform for each shopper on a day of its own."""
    return np.array(
        [keyed_uniforms(snapshot.seed, range(i, i + 1), int(day), purpose)[0] for i, day in enumerate(days)]
    )


def chance(utility: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of a choice with this log odds."""
    return 1 / (1 + np.exp(-utility))


def stayed(outcome: Outcome) -> list[bool]:
    """Return who is a member at the end."""
    return [bool(status & MEMBER) for status in outcome.shoppers["status"]]
