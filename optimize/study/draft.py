"""A first study of a policy: its numbers as levers with ranges around today's values, ladders kept in order.

Serves whoever begins a search and would rather strike out than write. The ranges are a beginning, from half to twice
today's value; what a draft proposes is checked like any other study.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from memberlab.policies import Policy, dump_model

from .levers import Lever
from .quantity import Quantity, level_of
from .space_checks import space_faults
from .study import ScenarioUse, Study

LEVELS = 8
"""Levels of a drafted lever, about."""
LEFT_OUT = ("version", "expected_redemption", "redeem.points", "per", "instalments")
"""Last parts of addresses that say how a promise is counted rather than what it is."""


def draft_study(policy: Policy, reference: str, scenarios: Sequence[str], only: Sequence[str] = ()) -> Study:
    """Return a study of all numbers that `policy` promises, or of the addresses in `only`.

    `reference` is how the study names the policy. Raises ValueError when nothing of it can be a lever.
    """
    levers = draft_levers(policy, only)
    if not levers:
        raise ValueError(f"{policy.name} has no number that a search could move")
    return Study.model_validate({
        "version": 1, "name": f"{policy.name}-study"[:64], "title": f"A better {policy.title or policy.name}"[:200],
        "policy": reference, "scenarios": [ScenarioUse(scenario=one) for one in scenarios], "levers": levers,
    })  # fmt: skip


def draft_levers(policy: Policy, only: Sequence[str] = ()) -> dict[str, Lever]:
    """Return the levers of a policy by address; those whose range would allow an invalid policy are left out."""
    found: dict[str, Lever] = {}
    ladders = _ladders(policy)
    for address, value in _numbers(policy):
        if only and address not in only:
            continue
        below = ladders.get(address)
        lever = _above(value, below, policy) if below is not None and below in found else _around(value)
        if lever is not None:
            found[address] = lever
    while faults := space_faults(policy, found):
        blamed = {str(path[0]) for path, _ in faults if path} & set(found)
        if not blamed:
            return {}
        found = _without(found, blamed)
    return found


def _without(levers: Mapping[str, Lever], blamed: set[str]) -> dict[str, Lever]:
    """Return the levers without those blamed and without what stands above them."""
    while more := {one for one, lever in levers.items() if lever.above in blamed and one not in blamed}:
        blamed = blamed | more
    return {address: lever for address, lever in levers.items() if address not in blamed}


def _numbers(policy: Policy) -> Iterator[tuple[str, Quantity]]:
    """Yield the addresses that hold a number above 0, with it."""
    for address in policy.written_addresses():
        if address in Policy.HEAD or any(address == one or address.endswith(f".{one}") for one in LEFT_OUT):
            continue
        value = level_of(policy.value_at(address))
        if isinstance(value, Quantity) and value.number > 0:
            yield address, value


def _ladders(policy: Policy) -> dict[str, str]:
    """Return by address of a tier's field that of the same field in the nearest tier below that has it."""
    found: dict[str, str] = {}
    last: dict[str, str] = {}
    for address, _ in _numbers(policy):
        head, _, rest = address.partition(".")
        if head != "tiers":
            continue
        field = rest.partition(".")[2]
        if field in last:
            found[address] = last[field]
        last[field] = address
    return found


def _around(value: Quantity) -> Lever | None:
    """Return a lever from about half to about twice a value, which is one of its levels."""
    step = _step(value.number * Decimal("1.5") / LEVELS, value)
    low = value.number - step * int((value.number / 2) / step)
    high = value.number + step * max(1, int(value.number / step))
    return _lever(low if low > 0 else value.number, high, step, value)


def _above(value: Quantity, below: str, policy: Policy) -> Lever | None:
    """Return a lever of the increment over the tier below, from half of today's to twice; from 0 where it is small."""
    lower = level_of(policy.value_at(below))
    if not isinstance(lower, Quantity) or lower.percent != value.percent or value.number <= lower.number:
        return _around(value)
    gap = Quantity(value.number - lower.number, value.percent)
    lever = _around(gap)
    return None if lever is None else lever.model_copy(update={"above": below})


def _step(size: Decimal, value: Quantity) -> Decimal:
    """Return the nearest round step (1, 2 or 5 times a power of ten); whole where today's value is whole and bare."""
    step = round_step(size)
    is_whole = not value.percent and value.number == int(value.number)
    return max(step, Decimal(1)) if is_whole else step


def round_step(size: Decimal) -> Decimal:
    """Return the least of 1, 2 or 5 times a power of ten that is not below `size`, which is above 0."""
    power = Decimal(10) ** math.floor(math.log10(size))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= size)


def _lever(low: Decimal, high: Decimal, step: Decimal, value: Quantity) -> Lever | None:
    if low >= high:
        return None
    return Lever(
        low=Quantity(low, value.percent), high=Quantity(high, value.percent), step=Quantity(step, value.percent)
    )


def draft_text(study: Study, policy: Policy) -> str:
    """Return the YAML of a drafted study, with today's value beside each lever."""
    lines = [
        f"# Drafted from {policy.name} by `memberlab study new`. Ranges run from about half to about twice of today's",
        "# value; strike out what must not change, set what the business allows, and add limits under `constraints`.",
    ]
    for line in dump_model(study).splitlines():
        address = line.strip().removesuffix(":")
        if line.startswith("  ") and not line.startswith("   ") and address in study.levers:
            lines.append(f"{line}  # today {policy.value_at(address)}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"
