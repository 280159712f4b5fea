"""The space of policies that a study's levers span: from a point on the grid to a policy and back.

Serves the proposals. A point holds one level number a lever, in the order of the file; a lever that stands above
another adds its increment to the other's value, so that every ladder is in order. A lever that is tied to another has
no place in a point: its value follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from memberlab.policies import Policy

from .levers import Lever
from .quantity import Level, Quantity, as_written, level_of

Point = tuple[int, ...]
"""One level number for each lever."""


@dataclass(frozen=True)
class SearchSpace:
    """The incumbent, and the levers by which it may be changed."""

    incumbent: Policy
    levers: Mapping[str, Lever]
    fixed: Mapping[str, Level] = field(default_factory=dict[str, Level])
    """Values that every point has, by address."""

    @cached_property
    def free(self) -> Mapping[str, Lever]:
        """Return the levers that move by themselves."""
        return {address: lever for address, lever in self.levers.items() if lever.tied_to is None}

    @cached_property
    def levels(self) -> tuple[tuple[Level, ...], ...]:
        """Return the levels of each free lever; increments where it stands above another."""
        return tuple(lever.levels for lever in self.free.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Return the addresses of the free levers."""
        return tuple(self.free)

    @property
    def ordered(self) -> tuple[bool, ...]:
        """Return for each free lever whether neighbouring levels are alike."""
        return tuple(lever.is_ordered for lever in self.free.values())

    @property
    def size(self) -> int:
        """Return the number of points."""
        return prod(len(levels) for levels in self.levels)

    def values(self, point: Sequence[int]) -> dict[str, object]:
        """Return the value of every lever at `point`, by address, in file notation."""
        steps = {address: levels[i] for (address, levels), i in zip(self._by_address, point, strict=True)}
        return {address: as_written(self._value(address, steps)) for address in self.levers}

    def policy(self, point: Sequence[int], name: str) -> Policy:
        """Return the policy at `point` under `name`. Raises DocumentError when no valid policy is there."""
        fixed = {address: as_written(level) for address, level in self.fixed.items()}
        return self.incumbent.with_({**fixed, **self.values(point), "name": name})

    def point_of(self, policy: Policy) -> Point | None:
        """Return the point nearest to `policy`, lever by lever; None when a lever has nothing like its value, or the
        policy something else at a fixed address.
        """
        if any(level_of(policy.value_at(address)) != level for address, level in self.fixed.items()):
            return None
        found = [self._nearest(address, lever, policy) for address, lever in self.free.items()]
        return None if None in found else tuple(position for position in found if position is not None)

    @property
    def _by_address(self) -> list[tuple[str, tuple[Level, ...]]]:
        return list(zip(self.free, self.levels, strict=True))

    def _value(self, address: str, steps: Mapping[str, Level]) -> Level:
        """Return a lever's value: its level, on top of what it stands above; or what follows from its tie."""
        lever = self.levers[address]
        if lever.tied_to is not None:
            return lever.tied_value(self._value(lever.tied_to, steps))
        above, level = lever.above, steps[address]
        if above is None or not isinstance(level, Quantity):
            return level
        below = self._value(above, steps) if above in self.levers else self._given(above)
        if not isinstance(below, Quantity):
            raise ValueError(f"{address} stands above {above}, which has no number but {below}")
        return below.plus(level)

    def _given(self, address: str) -> Level | None:
        """Return the value at an address that is no lever."""
        return self.fixed[address] if address in self.fixed else level_of(self.incumbent.value_at(address))

    def _nearest(self, address: str, lever: Lever, policy: Policy) -> int | None:
        target = level_of(policy.value_at(address))
        if lever.above is not None:
            below = level_of(policy.value_at(lever.above))
            if not isinstance(target, Quantity) or not isinstance(below, Quantity) or target.percent != below.percent:
                return None
            target = target.plus(below, -1)
        if target in lever.levels:
            return lever.levels.index(target)
        if not isinstance(target, Quantity) or not lever.is_ordered:
            return None
        goal = target.number
        distances = [abs(level.number - goal) for level in lever.levels if isinstance(level, Quantity)]
        return distances.index(min(distances))
