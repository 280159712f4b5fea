"""Whether the levers of a study fit its policy: known addresses, the same notation, and valid policies at every corner.

Serves `plan.py`, which reports everything before a simulation starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

import numpy as np

from memberlab.policies import DocumentError, Policy, Problem, hint

from .levers import Faults, Lever, Place
from .quantity import Level, Quantity, level_of, level_told
from .space import Point, SearchSpace

NOT_A_PROMISE = Policy.HEAD | {"version", "currency"}
"""Parts of a policy that no lever can move: what it is called, and how its file is read."""

CORNERS_DRAWN = 64


FIXED = "fixed"
"""First step of the path of a fault in what is fixed; no address begins like that."""


def space_faults(
    policy: Policy, levers: Mapping[str, Lever], fixed: Mapping[str, Level] | None = None
) -> list[tuple[Place, str]]:
    """Return what is wrong with `levers` of `policy` and with what is `fixed`: paths below `levers`, or from `fixed`
    on, and what is wrong there.
    """
    faults: Faults = {}
    for address, lever in levers.items():
        faults |= _address_faults(policy, address, lever, levers)
    held = dict(fixed or {})
    for address in fixed or {}:
        if (wrong := _fixed_fault(policy, address, levers)) is not None:
            faults[FIXED, address] = wrong
            del held[address]
    sound = {address: lever for address, lever in levers.items() if _stands(address, levers, faults)}
    space = SearchSpace(policy, sound, held)
    return [*faults.items(), *(_corner_faults(space) if space.free else ())]


def _fixed_fault(policy: Policy, address: str, levers: Mapping[str, Lever]) -> str | None:
    if address in levers:
        return "is a lever too; leave it out under fixed, or under levers"
    return _not_an_address(policy, address)


def _stands(address: str, levers: Mapping[str, Lever], faults: Faults) -> bool:
    """Return whether a lever and everything it stands above is without fault."""
    while not any(path[0] == address for path in faults):
        base = levers[address].base if address in levers else None
        if base is None:
            return True
        address = base
    return False


def _address_faults(policy: Policy, address: str, lever: Lever, levers: Mapping[str, Lever]) -> Faults:
    if (wrong := _not_an_address(policy, address)) is not None:
        return {(address,): wrong}
    if lever.tied_to is not None:
        return _tie_faults(address, lever, lever.tied_to, levers)
    if lever.above is None:
        return {}
    if (wrong := _not_an_address(policy, lever.above)) is not None:
        return {(address, "above"): f"{lever.above}: {wrong}"}
    below = _sample(policy, lever.above, levers)
    if not isinstance(below, Quantity):
        wrong = (
            f"{lever.above} is {level_told(below)}" if isinstance(below, bool | str) else f"{lever.above} has no value"
        )
        return {(address, "above"): f"{wrong}, and nothing can stand above that; name a field with a number"}
    if lever.low is not None and lever.low.percent != below.percent:
        wrong = f"{lever.low} and the value of {lever.above}, such as {below}, are not of the same kind"
        return {(address, "low"): f"{wrong}; write both with % or both without"}
    return {}


def _tie_faults(address: str, lever: Lever, other: str, levers: Mapping[str, Lever]) -> Faults:
    if other not in levers:
        known = hint(other, list(levers), "levers")
        return {(address, "tied_to"): f"{other} is no lever of this study{known}; name one that moves"}
    levels = _root(other, levers).levels
    word = next((level for level in levels if not isinstance(level, Quantity)), None)
    if word is not None and lever.times not in (None, 1):
        return {(address, "times"): f"{other} can be {level_told(word)}, which has no multiple; leave times out"}
    numbers = [level for level in levels if isinstance(level, Quantity)]
    if lever.step is not None and numbers and lever.step.percent != numbers[0].percent:
        wrong = f"{lever.step} and the values of {other}, such as {numbers[0]}, are not of the same kind"
        return {(address, "step"): f"{wrong}; write both with % or both without"}
    return {}


def _root(address: str, levers: Mapping[str, Lever]) -> Lever:
    """Return the lever with values of its own to which ties lead."""
    lever = levers[address]
    return lever if lever.tied_to is None or lever.tied_to not in levers else _root(lever.tied_to, levers)


def _not_an_address(policy: Policy, address: str) -> str | None:
    if address in NOT_A_PROMISE:
        return "describes the policy and promises nothing; name a field such as tiers.gold.threshold"
    try:
        policy.value_at(address)
    except DocumentError as error:
        return error.problems[0].message
    return None


def _sample(policy: Policy, address: str, levers: Mapping[str, Lever]) -> object:
    return next(iter(_root(address, levers).levels), None) if address in levers else level_of(policy.value_at(address))


def _corner_faults(space: SearchSpace) -> list[tuple[Place, str]]:
    """Return why policies at the corners of the space would be invalid; each field of the policy is reported once."""
    faults: dict[str, tuple[Place, str]] = {}
    for point in corners(space):
        try:
            space.policy(point, space.incumbent.name)
        except DocumentError as error:
            for problem in error.problems:
                faults.setdefault(problem.field, _told(problem, space, point))
    return list(faults.values())


def _told(problem: Problem, space: SearchSpace, point: Point) -> tuple[Place, str]:
    """Return the lever to which a fault of a policy belongs, as a path, and the fault with the values behind it."""
    if problem.field in space.fixed:
        return (FIXED, problem.field), f"makes an invalid policy: {problem.message}"
    own = problem.field in space.levers
    address = problem.field if own else max(space.levers, key=lambda lever: len(shared_steps(lever, problem.field)))
    kin = shared_steps(address, problem.field)
    where = [f"{lever} {value}" for lever, value in space.values(point).items() if lever != problem.field]
    near = [value for value in where if kin and value.startswith(kin[0])]
    text = f"the levers allow an invalid policy: {'' if own else f'{problem.field}: '}{problem.message}"
    return ((address,) if kin else ()), f"{text} (with {', '.join(near)})" if near else text


def shared_steps(one: str, other: str) -> list[str]:
    """Return the steps that two addresses share at their start."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one.split("."), other.split("."), strict=False))
    return [step for step, _ in pairs]


def corners(space: SearchSpace) -> Iterator[Point]:
    """Yield corners of the space: all low and all high, each lever at odds with the rest, and some drawn by lot.

    The second level of each lever is tried as well, so that a step too fine for its field is found.
    """
    lows = tuple(0 for _ in space.levels)
    highs = tuple(len(levels) - 1 for levels in space.levels)
    yield lows
    yield highs
    for i, levels in enumerate(space.levels):
        yield (*lows[:i], 1, *lows[i + 1 :])
        for level in range(1, len(levels)) if isinstance(levels[-1], bool | str) else (highs[i],):
            yield (*lows[:i], level, *lows[i + 1 :])
        yield (*highs[:i], 0, *highs[i + 1 :])
    for addresses in _chains(space):
        yield tuple(high if address in addresses else 0 for address, high in zip(space.names, highs, strict=True))
    draws = np.random.default_rng(0).integers(0, 2, (CORNERS_DRAWN, len(lows)))
    yield from (tuple(int(high) if up else 0 for up, high in zip(row, highs, strict=True)) for row in draws)


def _chains(space: SearchSpace) -> Iterator[set[str]]:
    """Yield each lever that stands above another, with everything below it."""
    for address, lever in space.levers.items():
        chain, above = {address}, lever.above
        while above is not None and above in space.levers:
            chain.add(above)
            above = space.levers[above].above
        if len(chain) > 1:
            yield chain
