"""Factors: everything that a case of a scenario set fixes, one at a time, with the spread of its values.

Serves sampling, sensitivity and scenario discovery. A factor is a figure of the world, or a lever of the policy that
somebody asked to vary beside it; which world it is, is a factor as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from memberlab.policies import DocumentError
from memberlab.scenarios import Scenario
from memberlab.sim import ASSUMPTIONS, FAMILIES, behaviour_record

from ..study import Faults, Level, Place, Quantity, as_written, level_told
from .places import fault_of, place_in
from .ranges import Range
from .spread import Chosen, Even, PriorOf, Spread, evenly

WORLD = "scenario"
"""Address of the factor that is the choice of the world."""

LEVERS = "Levers"
"""Group of the levers of a policy."""

GROUPS = {
    WORLD: "Scenario", "gross_margin": "Costs and prices", "shipping_cost": "Costs and prices",
    "payment": "Costs and prices", "sales_tax": "Costs and prices", "shocks": "Shocks", "rival": "A rival",
    "word_of_mouth": "Word of mouth",
}  # fmt: skip
"""Group of a figure by the first step of its address; others are named after that step."""

ASSUMED = "assumptions"
BY_NAME = {one.name: one for one in ASSUMPTIONS}
FEWEST_STEPS = 1_000
"""Steps that a range has at least, as far as its field is fine enough."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One uncertain figure or lever: its address, how its values lie, and the group it is counted in."""

    address: str
    spread: Spread
    group: str
    is_lever: bool = False

    @property
    def is_ordered(self) -> bool:
        """Return whether its values are numbers that a limit can part."""
        if not isinstance(self.spread, Chosen):
            return True
        return all(isinstance(level, Quantity) for level in self.spread.levels)

    def number(self, level: Level) -> float:
        """Return a value as a number: as it is written (5 % is 5), or the place of a word among the choices."""
        if self.is_ordered and isinstance(level, Quantity):
            return float(level.number)
        assert isinstance(self.spread, Chosen)
        return float(self.spread.levels.index(level))

    def told(self, number: float) -> str:
        """Return a number of `number` as people read it: `34 %`, `0.21`, `recession`."""
        if not self.is_ordered:
            assert isinstance(self.spread, Chosen)
            return level_told(self.spread.levels[round(number)])
        return f"{number:.3g} %" if self.is_percent else f"{number:.3g}"

    @property
    def is_percent(self) -> bool:
        """Return whether its values are written with a percent sign."""
        if isinstance(self.spread, Even):
            return self.spread.low.percent
        if isinstance(self.spread, PriorOf):
            return False
        return all(isinstance(one, Quantity) and one.percent for one in self.spread.levels)


def factor_of(address: str, written: Range, scenarios: tuple[Scenario, ...]) -> tuple[Factor | None, Faults]:
    """Return the factor of a range in the worlds that have its figure, or what is wrong, by path below the range."""
    name = address.partition(".")[2] if address.startswith(f"{ASSUMED}.") else None
    if name is None and (wrong := fault_of(scenarios, address)) is not None:
        return None, {(): wrong}
    if name is not None and name not in BY_NAME:
        return None, {(): _assumption_fault(name, Decimal(0)) or "unknown assumption"}
    group = written.group or _group(address)
    if written.prior:
        if name is None:
            return None, {(): "only an assumption has a prior; write low and high, or choices"}
        return Factor(address, PriorOf(BY_NAME[name]), group), {}
    faults: Faults = {}
    tried: list[tuple[Place, Level | None]] = [(("low",), written.low), (("high",), written.high)]
    tried += [(("choices", place), one) for place, one in enumerate(written.choices)]
    for path, level in tried:
        if level is not None and (wrong := refused(scenarios, address, level)) is not None:
            faults[path] = wrong
    if faults:
        return None, faults
    if written.low is None or written.high is None:
        return Factor(address, evenly(written.choices), group), {}
    unit = _finest(scenarios, address, written.low, written.high)
    return Factor(address, Even(written.low, written.high, unit), group), {}


def refused(scenarios: tuple[Scenario, ...], address: str, level: Level) -> str | None:
    """Return why the worlds that have the figure do not take a value of it; None if they do."""
    if address.startswith(f"{ASSUMED}."):
        if not isinstance(level, Quantity) or level.percent:
            return f"{level_told(level)} is not a number; an assumption is a number without a unit"
        return _assumption_fault(address.partition(".")[2], level.number)
    for scenario in scenarios:
        if (place := place_in(scenario, address)) is None:
            continue
        try:
            scenario.with_({place: as_written(level)})
        except DocumentError as error:
            return error.problems[0].message
    return None


def _assumption_fault(name: str, value: Decimal) -> str | None:
    try:
        behaviour_record({name: value})
    except DocumentError as error:
        return error.problems[0].message
    return None


def _finest(scenarios: tuple[Scenario, ...], address: str, low: Quantity, high: Quantity) -> Decimal:
    """Return the step of a range: fine enough for a thousand values, and no finer than its field can hold."""
    wide = (high.number - low.number) / FEWEST_STEPS
    unit = Decimal(1).scaleb(min(0, wide.adjusted()))
    while unit < 1:
        if refused(scenarios, address, low.plus(Quantity(unit, low.percent))) is None:
            return unit
        unit *= 10
    return Decimal(1)


def _group(address: str) -> str:
    first, _, rest = address.partition(".")
    if first == ASSUMED:
        return next(family for family, members in FAMILIES.items() if any(one.name == rest for one in members))
    return GROUPS.get(first, first.replace("_", " ").capitalize())
