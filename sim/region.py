"""Regions: parts of the population that share nothing, and may run anywhere.

Serves the world, which lives in one of them, and whoever splits the work.
"""

from __future__ import annotations

from dataclasses import dataclass

from memberlab.scenarios import Scenario

from .acquisition import surge


@dataclass(frozen=True, slots=True)
class Region:
    """The shoppers `first` to `first + count - 1`; regions share nothing and may run anywhere."""

    number: int
    first: int
    count: int


def part_of(whole: int, region: int, regions: int) -> int:
    """Return a region's part of a whole number of agents or units; the parts differ by one at most."""
    return whole * (region + 1) // regions - whole * region // regions


def everybody(scenario: Scenario) -> int:
    """Return the number of shoppers of all regions, with the reserve of those who come by word of mouth."""
    reserve = 0 if scenario.word_of_mouth is None else scenario.word_of_mouth.reserve
    return scenario.population.shoppers + reserve + surge(scenario)


def regions_of(scenario: Scenario) -> tuple[Region, ...]:
    """Return the regions of a scenario, in order; their shoppers are consecutive and differ by at most one in number.

    The reserve of shoppers who come by word of mouth is among them.
    """
    total, parts = everybody(scenario), scenario.regions
    bounds = [total * number // parts for number in range(parts + 1)]
    return tuple(Region(number, bounds[number], bounds[number + 1] - bounds[number]) for number in range(parts))
