"""A `checks.yaml` with everything it refers to loaded and checked: the one object that a check works from.

Serves the command line and the pytest plugin. Every fault of the file, and of what it names, is reported at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from memberlab.policies import Document, DocumentError, Policy, Problem, is_path, load_model, load_policy, open_document
from memberlab.scenarios import (
    Population,
    Scenario,
    fail_if_incumbent_does_not_fit,
    load_population,
    load_scenario,
)
from memberlab.sim import (
    AssumptionSet,
    behaviour_record,
    calendar_of,
    fail_if_policy_does_not_fit,
    load_assumption_set,
    under,
)

from ..study import world_key
from .checks_file import CHECKS_FILE, Checks, OutcomeClaim
from .claim_checks import always_zero, claim_faults
from .contradictions import contradictions
from .decision import ErrorBudget, looks_between
from .statement import Statement, statements_of

Loaded = TypeVar("Loaded")
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class CheckedWorld:
    """A scenario as the checks live it, with who lives there and the policy of its warm-up."""

    scenario: Scenario
    population: Population
    incumbent: Policy

    @property
    def name(self) -> str:
        """Return the scenario's name."""
        return self.scenario.name

    def key(self) -> str:
        """Return a digest of the world by content, whatever its files are called."""
        return "-".join(world_key(self.scenario, self.population.model_copy(update={"fit": None}), self.incumbent))


@dataclass(frozen=True, slots=True)
class ClaimCell:
    """One statement of a claim in one world."""

    number: int
    """Place of the claim in the file, from 0 on."""
    claim: OutcomeClaim
    statement: Statement
    world: CheckedWorld
    line: int | None

    @property
    def name(self) -> str:
        """Return `claims.2/recession`: how the cell is asked for again."""
        return f"claims.{self.number}/{self.world.name}"


@dataclass(frozen=True, slots=True)
class ChecksPlan:
    """What is checked, ready to run."""

    checks: Checks
    file: Path
    policies: tuple[Policy, ...]
    worlds: tuple[CheckedWorld, ...]
    claims: tuple[ClaimCell, ...]
    document: Document

    @property
    def folder(self) -> Path:
        """Return the folder of the file: the project."""
        return self.file.parent

    @property
    def looks(self) -> tuple[int, ...]:
        """Return the replications of each look."""
        return looks_between(self.checks.replications.first, self.checks.replications.most)

    @property
    def cells(self) -> int:
        """Return how many decisions share the error budget: figures x policies x scenarios, and claims."""
        return len(self.checks.margins) * len(self.policies) * len(self.worlds) + len(self.claims)

    @property
    def budget(self) -> ErrorBudget:
        """Return the error budget of one look at one cell."""
        return ErrorBudget(self.cells, len(self.looks), self.checks.false_alarms / 10_000)

    def problem(self, place: Place, message: str) -> Problem:
        """Return a fault at a place of the file, with its line."""
        field = ".".join(str(step) for step in place)
        return Problem(self.document.name, self.document.line_of(place), field, message)


def checks_file(place: str | os.PathLike[str]) -> Path:
    """Return the path of the file for a project's folder, or for the path of the file itself."""
    path = Path(place)
    return path / CHECKS_FILE if path.is_dir() else path


def load_checks(place: str | os.PathLike[str]) -> Checks:
    """Return the checks of a project's folder or of a file. Raises DocumentError with every fault of the file."""
    return load_model(Checks, _existing(place))


def plan_checks(place: str | os.PathLike[str]) -> ChecksPlan:
    """Return the checks of a project's folder, or of a file, with everything they refer to.

    Raises DocumentError with every fault of the file and of what it names: unknown policies and key figures, claims
    that contradict each other, and checks that could never fail.
    """
    path = _existing(place)
    document = open_document(path)
    problems: list[Problem] = []
    checks = None
    try:
        checks = load_model(Checks, path)
    except DocumentError as error:
        problems += error.problems
    loading = _Loading(document, problems)
    loading.load_all(checks)
    if checks is None or loading.problems:
        raise DocumentError(dict.fromkeys(loading.problems))
    return ChecksPlan(checks, path, tuple(loading.policies), tuple(loading.worlds), tuple(loading.claims), document)


def _existing(place: str | os.PathLike[str]) -> Path:
    path = checks_file(place)
    if not path.exists() and path.name == CHECKS_FILE:
        mend = "`memberlab init` writes a project folder that has one"
        raise DocumentError([Problem(os.fspath(path), None, "", f"no such file; {mend}")])
    return path


class _Loading:
    """Everything that the file names, as far as it can be loaded, and what is wrong with it."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self.document, self.problems = document, problems
        self.folder = os.path.dirname(document.name)  # noqa: PTH120 - paths are kept as the user gave them
        self.policies: list[Policy] = []
        self.worlds: list[CheckedWorld] = []
        self.claims: list[ClaimCell] = []

    def load_all(self, checks: Checks | None) -> None:
        """Load what the file names as written, and check what stands against each other in it."""
        for place, reference in self._entries("policies"):
            policy = self._load(place, reference, load_policy)
            if policy is not None and policy.name in [other.name for other in self.policies]:
                self.fail(place, f"two policies are called {policy.name}; give each a name of its own")
            elif policy is not None:
                self.policies.append(policy)
        incumbent = self._load(("incumbent",), self.document.data.get("incumbent"), load_policy)
        for place, reference in self._entries("scenarios"):
            scenario = self._load(place, reference, load_scenario)
            if scenario is not None:
                self._add(place, scenario, checks, incumbent)
        if checks is not None and not self.problems:
            self._check_margins(checks)
            self._check_claims(checks)

    def fail(self, place: Place, message: str) -> None:
        """Note a fault at a place of the file."""
        field = ".".join(str(step) for step in place)
        self.problems.append(Problem(self.document.name, self.document.line_of(place), field, message))

    def _entries(self, key: str) -> list[tuple[Place, object]]:
        written = self.document.data.get(key)
        return [((key, place), entry) for place, entry in enumerate(written if isinstance(written, list) else ())]

    def _load(self, place: Place, reference: object, load: Callable[[str], Loaded]) -> Loaded | None:
        """Return what a name or path stands for, None if that fails; paths are seen from the file's folder."""
        if not isinstance(reference, str) or not reference:
            return None
        here = os.path.join(self.folder, reference) if is_path(reference) else reference  # noqa: PTH118
        try:
            return load(here)
        except DocumentError as error:
            for problem in error.problems:
                if problem.line is None and not problem.field:
                    self.fail(place, f"'{reference}': {problem.message}")
                else:
                    self.problems.append(problem)
            return None

    def _add(self, place: Place, scenario: Scenario, checks: Checks | None, incumbent: Policy | None) -> None:
        """Add a scenario as the checks live it, with everything that every policy must fit."""
        try:
            world = self._world(scenario, checks, incumbent)
            for policy in self.policies:
                fail_if_policy_does_not_fit(policy, world.scenario)
        except DocumentError as error:
            for problem in error.problems:
                self.fail(place, f"{problem.field}: {problem.message}" if problem.field else problem.message)
            return
        if world.name in [other.name for other in self.worlds]:
            self.fail(place, f"two scenarios are called {world.name}; name each once")
        elif self.worlds and world.scenario.currency != self.worlds[0].scenario.currency:
            first = self.worlds[0]
            self.fail(place, f"{world.name} is in {world.scenario.currency}, {first.name} in {first.scenario.currency};"
                      " take scenarios in one currency")  # fmt: skip
        else:
            self.worlds.append(world)

    def _world(self, scenario: Scenario, checks: Checks | None, incumbent: Policy | None) -> CheckedWorld:
        changes: dict[str, object] = {}
        if checks is not None and checks.shoppers is not None and scenario.population.members is None:
            changes["population.shoppers"] = checks.shoppers
        if checks is not None and checks.months is not None:
            changes["horizon.months"] = checks.months
        lived = scenario.with_(changes) if changes else scenario
        first = incumbent or load_policy(lived.incumbent)
        behaviour_record(lived.assumptions, file=lived.name)
        fail_if_policy_does_not_fit(first, lived)
        fail_if_incumbent_does_not_fit(lived, first)
        return CheckedWorld(lived, load_population(lived.population.source), first)

    def _check_margins(self, checks: Checks) -> None:
        for kpi in checks.margins:
            reasons = [always_zero(kpi, policy) for policy in self.policies]
            if all(reasons):
                self.fail(("margins", kpi), f"{reasons[0]}; the check could never fail, leave it out")

    def _check_claims(self, checks: Checks) -> None:
        policies = {policy.name: policy for policy in self.policies}
        worlds = {world.name: world for world in self.worlds}
        sound: dict[int, OutcomeClaim] = {}
        for number, claim in enumerate(checks.claims):
            faults = list(claim_faults(claim, policies, list(worlds)))
            for path, message in faults:
                self.fail(("claims", number, *path), message)
            if not faults:
                sound[number] = claim
                self._add_claim(number, claim, worlds)
        lines = {number: self.document.line_of(("claims", number)) or 0 for number in sound}
        for place, message in contradictions(sound, list(worlds), lines):
            self.fail(place, message)

    def _add_claim(self, number: int, claim: OutcomeClaim, worlds: Mapping[str, CheckedWorld]) -> None:
        place: Place = ("claims", number)
        assumptions = self._load((*place, "assumptions"), claim.assumptions, load_assumption_set)
        for name in worlds if claim.scenarios == "all" else claim.scenarios:
            try:
                world = _under(worlds[name], assumptions)
            except DocumentError as error:
                for problem in error.problems:
                    self.fail((*place, "assumptions"), f"{problem.field}: {problem.message}")
                continue
            if claim.until is not None and (text := _outside(claim, world)):
                self.fail((*place, "until"), text)
                continue
            line = self.document.line_of(place)
            self.claims += [ClaimCell(number, claim, one, world, line) for one in statements_of(claim)]


def _under(world: CheckedWorld, assumptions: AssumptionSet | None) -> CheckedWorld:
    if assumptions is None:
        return world
    return CheckedWorld(under(world.scenario, assumptions), world.population, world.incumbent)


def _outside(claim: OutcomeClaim, world: CheckedWorld) -> str | None:
    calendar = calendar_of(world.scenario)
    first, last = calendar.date_of(calendar.launch), calendar.date_of(calendar.end - 1)
    if claim.until is None or first <= claim.until <= last:
        return None
    return f"{claim.until} is outside the horizon of {world.name}; write a day from {first} to {last}"
