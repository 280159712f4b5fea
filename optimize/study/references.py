"""What a study refers to: its policy, scenarios and populations, loaded and checked against each other and the levers.

Serves `plan.py`. It works from the file as written, so that a fault in one part does not hide those of another.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from memberlab.policies import Document, DocumentError, Policy, Problem, is_path, load_policy, problems_in_file
from memberlab.scenarios import (
    Population,
    Scenario,
    at_own_prices,
    disturbed,
    fail_if_incumbent_does_not_fit,
    load_population,
    load_scenario,
)
from memberlab.sim import (
    AssumptionSet,
    behaviour_record,
    fail_if_policy_does_not_fit,
    load_assumption_set,
    migration_problems,
    under,
)

from .levers import Lever
from .quantity import Level, LevelNotation
from .space_checks import FIXED, space_faults

NO_SET: Sequence[AssumptionSet | None] = (None,)
"""In place of sets of assumptions where there are none: each scenario's own."""


class References:
    """Everything that a study's file names, as far as it can be loaded, and what is wrong with it."""

    def __init__(self, document: Document, population: Population | None) -> None:
        self.document = document
        self.folder = os.path.dirname(document.name)  # noqa: PTH120 - paths are kept as the user gave them
        self.problems: list[Problem] = []
        self.scenarios: list[Scenario] = []
        self.populations: list[Population] = []
        self.sets: list[AssumptionSet] = []
        self.incumbent = self._load(("policy",), document.data.get("policy"), load_policy)
        self.shared = population or self._load(("population",), document.data.get("population"), load_population)
        self._load_scenarios()
        self._load_sets()
        if self.incumbent is not None:
            self._check_migration(self.incumbent)
            self._check_levers(self.incumbent)

    def _fail(self, path: tuple[str | int, ...], message: str) -> None:
        field = ".".join(str(step) for step in path)
        self.problems.append(Problem(self.document.name, self.document.line_of(path), field, message))

    def _path_of(self, reference: str) -> str:
        return os.path.join(self.folder, reference) if is_path(reference) else reference  # noqa: PTH118

    def _load(self, path: tuple[str | int, ...], reference: object, load: Any) -> Any:
        """Return what a name or path stands for, None if that fails; paths are seen from the study's folder."""
        if not isinstance(reference, str) or not reference:
            return None
        try:
            return load(self._path_of(reference))
        except DocumentError as error:
            for problem in error.problems:
                if problem.line is None and not problem.field:
                    self._fail(path, f"'{reference}': {problem.message}")
                else:
                    self.problems.append(problem)
            return None

    def _load_scenarios(self) -> None:
        written = self.document.data.get("scenarios")
        for position, entry in enumerate(written if isinstance(written, list) else ()):
            path: tuple[str | int, ...] = ("scenarios", position)
            reference = entry.get("scenario") if isinstance(entry, Mapping) else entry
            scenario = self._load(path, reference, load_scenario)
            if scenario is not None:
                self._add(path, self._changed(scenario))
        for position, scenario in enumerate(self.scenarios):
            if scenario.name in [other.name for other in self.scenarios[:position]]:
                self._fail(("scenarios",), f"two scenarios are called {scenario.name}; name each once")
            if scenario.currency != self.scenarios[0].currency:
                names = f"{self.scenarios[0].name} is in {self.scenarios[0].currency}, {scenario.name} in"
                self._fail(("scenarios",), f"{names} {scenario.currency}; take scenarios in one currency")

    def _load_sets(self) -> None:
        written = self.document.data.get("assumptions")
        for position, entry in enumerate(written if isinstance(written, list) else ()):
            path: tuple[str | int, ...] = ("assumptions", position)
            found = self._load(path, entry.get("set") if isinstance(entry, Mapping) else entry, load_assumption_set)
            if found is not None and found.name in [other.name for other in self.sets]:
                self._fail(path, f"two sets of assumptions are called {found.name}; name each once")
            elif found is not None:
                self.sets.append(found)

    def worlds(
        self, assumptions: AssumptionSet | None, disturbances: Sequence[str]
    ) -> tuple[list[Scenario], list[Population], list[int]]:
        """Return each scenario, disturbed, under each set of assumptions, or under the one set given, with who lives
        there; and for each of these worlds the place of its scenario.

        A scenario without any set is lived under its own assumptions.
        """
        sets = self.sets if assumptions is None else [assumptions]
        worlds = [disturbed(scenario, disturbances) for scenario in self.scenarios]
        found = [
            (place, scenario if one is None else under(scenario, one))
            for place, scenario in enumerate(worlds) for one in (sets or NO_SET)
        ]  # fmt: skip
        return [world for _, world in found], [self.populations[place] for place, _ in found], [at for at, _ in found]

    def _changed(self, scenario: Scenario) -> Scenario:
        """Return the scenario with the study's number of shoppers, and at the prices of the study's population."""
        shoppers = self.document.data.get("shoppers")
        if self.shared is not None:
            scenario = at_own_prices(scenario, self.shared)
        if not isinstance(shoppers, int) or not 0 < shoppers <= 20_000_000:
            return scenario
        try:
            return scenario.with_({"population.shoppers": shoppers})
        except DocumentError as error:
            for problem in error.problems:
                self._fail(("shoppers",), f"scenario {scenario.name}: {problem.field}: {problem.message}")
            return scenario

    def _add(self, path: tuple[str | int, ...], scenario: Scenario) -> None:
        population = self.shared or self._load(path, scenario.population.source, load_population)
        if population is None:
            return
        self.scenarios.append(scenario)
        self.populations.append(population)
        if self.incumbent is None:
            return
        try:
            behaviour_record(scenario.assumptions, file=scenario.name)
            fail_if_policy_does_not_fit(self.incumbent, scenario)
            fail_if_incumbent_does_not_fit(scenario, self.incumbent)
        except DocumentError as error:
            for problem in error.problems:
                self._fail(path, f"{problem.field}: {problem.message}")

    def _check_migration(self, policy: Policy) -> None:
        """Note what a migration section of the policy would not fit: whatever is tried takes over from it."""
        place = self._path_of(str(self.document.data["policy"]))
        self.problems += problems_in_file(place, policy, migration_problems(policy, policy))

    def _check_levers(self, policy: Policy) -> None:
        written = self.document.data.get("levers")
        if not isinstance(written, Mapping):
            return
        levers: dict[str, Lever] = {}
        for address, lever in written.items():
            with suppress(ValidationError):  # reported by the study itself
                levers[address] = Lever.model_validate(lever)
        fixed: dict[str, Level] = {}
        entries = self.document.data.get("fixed")
        for address, value in entries.items() if isinstance(entries, Mapping) else ():
            with suppress(PydanticCustomError):
                fixed[address] = LevelNotation().read(value)
        standing = {address: lever for address, lever in levers.items() if _is_grounded(address, levers, written)}
        for path, message in space_faults(policy, standing, fixed):
            self._fail(path if path[:1] == (FIXED,) else ("levers", *path), message)


def _is_grounded(address: str, levers: Mapping[str, Lever], written: Mapping[str, object]) -> bool:
    """Return whether everything that a lever stands above or is tied to could be read, and does not lead back to it."""
    way: list[str] = []
    while address in written:
        if address in way or address not in levers:
            return False
        way.append(address)
        base = levers[address].base
        if base is None:
            return True
        address = base
    return True
