"""Scenarios by name or path, with everything they refer to checked before a simulation starts."""

from __future__ import annotations

import os
from pathlib import Path

from memberlab.policies import (
    Catalogue,
    DocumentError,
    Policy,
    Problem,
    is_path,
    load_policy,
    read_document,
)

from .inheritance import load_extended
from .member_worlds import fail_if_incumbent_does_not_fit, member_problems, recorded
from .population import load_population
from .scenario import Scenario

_SCENARIOS = Catalogue("scenario", Scenario, Path(__file__).parent / "presets")


def scenario_names() -> tuple[str, ...]:
    """Return the names of the scenarios that ship with memberlab."""
    return _SCENARIOS.names()


def load_scenario(name_or_path: str | os.PathLike[str]) -> Scenario:
    """Return a scenario by its name in the catalogue (`baseline`) or by the path of a .yaml file.

    Relative paths inside the file are seen from the file's folder; those of the scenario returned, from the working
    directory. Raise DocumentError for an unknown name, listing what exists, for every fault of the file, and for an
    incumbent or a population that cannot be loaded or is in another currency.
    """
    path = _SCENARIOS.path_of(name_or_path)
    written = load_extended(path, _SCENARIOS.path_of)
    folder = os.path.dirname(path)  # noqa: PTH120 - the path is kept as the user gave it
    population = written.population.model_copy(update={"source": _seen_from(folder, written.population.source)})
    incumbent = _seen_from(folder, written.incumbent)
    if population.members is not None:
        file = _seen_from(folder, population.members.file)
        population = population.model_copy(update={"members": population.members.model_copy(update={"file": file})})
    scenario = written.model_copy(update={"incumbent": incumbent, "population": population})
    _fail_if_references_are_broken(scenario, path)
    return recorded(scenario)


def currency_problem(policy: Policy, scenario: Scenario) -> str | None:
    """Return what is wrong if *policy* is in another currency than *scenario*; None if they fit."""
    if policy.currency in (None, scenario.currency):
        return None
    return f"policy '{policy.name}' is in {policy.currency}, scenario '{scenario.name}' in {scenario.currency}"


def _seen_from(folder: str, reference: str) -> str:
    return os.path.join(folder, reference) if is_path(reference) else reference  # noqa: PTH118


def _fail_if_references_are_broken(scenario: Scenario, path: str | os.PathLike[str]) -> None:
    """Load what the scenario refers to; report the faults of each, and the line of the scenario that names it."""
    problems: list[Problem] = []
    wrong: dict[tuple[str, ...], str] = {}
    try:
        if message := currency_problem(load_policy(scenario.incumbent), scenario):
            wrong["incumbent",] = message
    except DocumentError as error:
        problems += error.problems
        wrong["incumbent",] = f"'{scenario.incumbent}' cannot be used as the incumbent policy"
    try:
        load_population(scenario.population.source)
    except DocumentError as error:
        problems += error.problems
        wrong["population", "source"] = f"'{scenario.population.source}' cannot be used as the population"
    if scenario.population.members is not None and not wrong:
        try:
            wrong |= member_problems(scenario)
            if not wrong:
                fail_if_incumbent_does_not_fit(scenario)
        except DocumentError as error:
            problems += error.problems
            wrong["population", "members"] = f"'{scenario.population.members.file}' cannot be used as the members"
    if wrong:
        document = read_document(path)
        places = [(document.line_of(place), ".".join(place), message) for place, message in wrong.items()]
        raise DocumentError([*problems, *(Problem(document.name, *place) for place in places)])
