"""An uncertain world: a scenario set with everything it names loaded and checked, and the cases that it can make.

Serves the command line and the Python face. A case is a concrete scenario with a digest of its own; the same set, seed
and number of cases make the same scenarios anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Document, DocumentError, Policy, Problem, load_model, read_document
from memberlab.scenarios import Population, Scenario, disturbed

from ..study import Level, References, as_written, level_told
from .factor import ASSUMED, WORLD, Factor, factor_of
from .places import place_in
from .ranges import Range
from .scenario_set import SETS, ScenarioSet
from .spread import Chosen

OPTION = "--range"
"""What messages call the place of ranges that are given beside a set."""


@dataclass(frozen=True, slots=True)
class Case:
    """One concrete world, and the promises of the policy that are varied with it."""

    number: int
    """Counted from 1."""
    values: Mapping[str, Level]
    """Value of every factor by its address; of a figure that this world does not have as well."""
    scenario: Scenario
    base: Scenario
    """The world of the set that it was made from."""
    population: Population

    def promises(self, levers: Sequence[str]) -> dict[str, object]:
        """Return the values of the policy's levers in file notation."""
        return {address: as_written(self.values[address]) for address in levers}


@dataclass(frozen=True)
class UncertainWorld:
    """A scenario set ready to be sampled; `weights` add up to 1."""

    document: ScenarioSet
    scenarios: tuple[Scenario, ...]
    weights: tuple[float, ...]
    populations: tuple[Population, ...]
    factors: tuple[Factor, ...]

    @property
    def levers(self) -> tuple[str, ...]:
        """Return the addresses of the factors that are promises of the policy."""
        return tuple(one.address for one in self.factors if one.is_lever)

    def with_factors(self, more: Sequence[Factor]) -> UncertainWorld:
        """Return the same worlds with further factors at the end, such as levers of a policy."""
        return replace(self, factors=(*self.factors, *more))

    def case(self, number: int, shares: Sequence[float] | NDArray[np.float64]) -> Case:
        """Return the case at a share (0 to 1) of every factor's probability, in the order of `factors`.

        Raises DocumentError, with the values, for a world that its own checks refuse.
        """
        values = {one.address: one.spread.value(float(share)) for one, share in zip(self.factors, shares, strict=True)}
        names = [scenario.name for scenario in self.scenarios]
        place = names.index(str(values[WORLD])) if WORLD in values else 0
        base = self.scenarios[place]
        changes: dict[str, object] = {"name": f"{base.name}-{number:04d}"}
        assumed = dict(base.assumptions)
        for factor in self.factors:
            address, level = factor.address, values[factor.address]
            if factor.is_lever or address == WORLD:
                continue
            if address.startswith(f"{ASSUMED}."):
                assumed[address.partition(".")[2]] = as_written(level)  # type: ignore[assignment]
            elif (at := place_in(base, address)) is not None:
                changes[at] = as_written(level)
        if assumed:
            changes[ASSUMED] = assumed
        try:
            scenario = base.with_(changes)
        except DocumentError as error:
            raise _impossible(base, number, values, error) from None
        return Case(number, values, scenario, base, self.populations[place])

    def table(self, cases: Sequence[Case]) -> dict[str, list[object]]:
        """Return the values of cases by column: case, scenario, digest, and every factor by its address."""
        columns: dict[str, list[object]] = {
            "case": [case.number for case in cases], "base": [case.base.name for case in cases],
            "digest": [case.scenario.digest() for case in cases],
        }  # fmt: skip
        for factor in self.factors:
            if factor.address == WORLD:
                continue
            column = [case.values[factor.address] for case in cases]
            columns[factor.address] = [factor.number(one) if factor.is_ordered else level_told(one) for one in column]
        return columns


def plan_set(
    name_or_path: str | os.PathLike[str],
    *,
    ranges: Mapping[str, Range] | None = None,
    shoppers: int | None = None,
    disturbances: Sequence[str] = (),
) -> UncertainWorld:
    """Return a scenario set with everything it names, checked; `ranges` and `shoppers` replace its own, and
    `disturbances` of the catalogue are added to each of its scenarios.

    Raises DocumentError with every fault of the set, of what it names, of `ranges` and of `disturbances`.
    """
    path = SETS.path_of(name_or_path)
    problems: list[Problem] = []
    written = None
    try:
        written = load_model(ScenarioSet, path)
    except DocumentError as error:
        problems += error.problems
    document = _read(path, problems)
    if shoppers is not None:
        document = replace(document, data={**document.data, "shoppers": shoppers})
    references = References(document, None)
    problems += references.problems
    if written is None or problems:
        raise DocumentError(dict.fromkeys(problems))
    scenarios = tuple(disturbed(one, disturbances) for one in references.scenarios)
    factors = _factors({**written.ranges, **(ranges or {})}, scenarios, document, ranges or {})
    parts = [float(one.weight) for one in written.scenarios]
    weights = tuple(part / sum(parts) for part in parts)
    if len(scenarios) > 1:
        chosen = Chosen(tuple(one.name for one in scenarios), weights)
        factors = (Factor(WORLD, chosen, "Scenario"), *factors)
    residents = tuple(one.model_copy(update={"fit": None}) for one in references.populations)
    return UncertainWorld(written, scenarios, weights, residents, factors)


def _factors(
    ranges: Mapping[str, Range], scenarios: tuple[Scenario, ...], document: Document, given: Mapping[str, Range]
) -> tuple[Factor, ...]:
    problems, factors = [], []
    for address, one in ranges.items():
        factor, faults = factor_of(address, one, scenarios)
        if factor is not None:
            factors.append(factor)
        for path, message in faults.items():
            if address in given:
                problems.append(Problem(OPTION, None, address, message))
            else:
                field = ".".join(str(step) for step in ("ranges", address, *path))
                problems.append(Problem(document.name, document.line_of(("ranges", address, *path)), field, message))
    if problems:
        raise DocumentError(problems)
    return tuple(factors)


def fail_if_not_fitting(world: UncertainWorld, policies: Sequence[Policy], incumbent: Policy | None) -> None:
    """Raise DocumentError when a policy does not belong into one of the worlds."""
    from ..comparison import fail_if_not_comparable

    for policy in policies:
        fail_if_not_comparable([policy], world.scenarios, incumbent)


def _read(path: str | os.PathLike[str], problems: list[Problem]) -> Document:
    try:
        return read_document(path)
    except DocumentError as error:
        raise DocumentError(dict.fromkeys([*problems, *error.problems])) from None


def _impossible(base: Scenario, number: int, values: Mapping[str, Level], error: DocumentError) -> DocumentError:
    """Return the fault of a case that cannot be, with the values that do not go together."""
    fields = {problem.field for problem in error.problems}
    holders = {field.partition(".")[0] for field in fields}
    near = [f"{one} {level_told(level)}" for one, level in values.items() if one.partition(".")[0] in holders]
    where = f" (with {', '.join(near)})" if near else ""
    return DocumentError(
        Problem(
            f"{base.name}, case {number}", None, one.field, f"the ranges allow an invalid world: {one.message}{where}"
        )
        for one in error.problems
    )
