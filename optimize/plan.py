"""A study with everything it refers to loaded and checked: the one object that search and confirmation work from.

Serves the command line and the Python face. Every fault of the study, and of what it names, is reported at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memberlab.policies import (
    Catalogue,
    Document,
    DocumentError,
    Policy,
    Problem,
    load_model,
    read_document,
)
from memberlab.scenarios import Population, Scenario, disturbed
from memberlab.sim import AssumptionSet, under

from .references import References
from .samplers import sampler_for
from .space import SearchSpace
from .study import Study

_STUDIES = Catalogue("study", Study, Path(__file__).parent / "studies")


@dataclass(frozen=True)
class Plan:
    """A study ready to run."""

    study: Study
    file: Path
    """Where the study was read from."""
    incumbent: Policy
    scenarios: tuple[Scenario, ...]
    weights: tuple[float, ...]
    """Part of each scenario in the mean; they add up to 1."""
    populations: tuple[Population, ...]
    """Who lives in each scenario."""

    @cached_property
    def residents(self) -> tuple[Population, ...]:
        """Return the populations without the record of their fit, which every snapshot would carry for nothing."""
        return tuple(population.model_copy(update={"fit": None}) for population in self.populations)

    @cached_property
    def space(self) -> SearchSpace:
        """Return the space that the levers span."""
        return SearchSpace(self.incumbent, self.study.levers)

    @cached_property
    def scenario_keys(self) -> tuple[str, ...]:
        """Return a digest of each scenario with its population and the incumbent, whatever their files are called."""
        return tuple(
            scenario_key(scenario, population, self.incumbent)
            for scenario, population in zip(self.scenarios, self.populations, strict=True)
        )

    def digest(self) -> str:
        """Return the SHA-256 of everything that rules the search; the number of policies only ends it, and does not."""
        search = self.study.search
        rules = self.study.with_({"search.policies": 2, "search.sampler": "auto"}).digest()
        parts = (
            rules,
            sampler_for(search.sampler, search.policies),
            self.study.name,
            self.incumbent.name,
            self.incumbent.digest(),
            *self.scenario_keys,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def scenario_key(scenario: Scenario, population: Population, incumbent: Policy) -> str:
    """Return a digest of a world: scenario, population and the incumbent of its warm-up, by content."""
    neutral = {"population.source": "population", "incumbent": "incumbent"}
    if scenario.population.members is not None:
        neutral["population.members.file"] = "members.yaml"
    world = scenario.with_(neutral)
    text = "\n".join((world.name, world.digest(), population.digest(), incumbent.digest()))
    return hashlib.sha256(text.encode()).hexdigest()


def study_names() -> tuple[str, ...]:
    """Return the names of the studies that ship with memberlab."""
    return _STUDIES.names()


def load_study(name_or_path: str | os.PathLike[str]) -> Study:
    """Return a study by its name in the catalogue (`fashion-thresholds`) or by the path of a .yaml file.

    Raises DocumentError for an unknown name, listing what exists, and for every fault of the file; `plan_study` also
    checks what the file refers to.
    """
    return _STUDIES.load(name_or_path)


def plan_study(
    name_or_path: str | os.PathLike[str],
    *,
    population: Population | None = None,
    policies: int | None = None,
    assumptions: AssumptionSet | None = None,
    disturbances: Sequence[str] = (),
) -> Plan:
    """Return a study with everything it refers to, checked.

    `population` replaces that of every scenario, `policies` the number to try; every scenario is lived under
    `assumptions` if they are given, and with the `disturbances` of the catalogue that are asked for. Raises
    DocumentError with every fault of the study and of what it names.
    """
    path = _STUDIES.path_of(name_or_path)
    problems: list[Problem] = []
    study = None
    try:
        study = load_model(Study, path)
    except DocumentError as error:
        problems += error.problems
    references = References(_read(path, problems), population)
    problems += references.problems
    if study is None or references.incumbent is None or problems:
        raise DocumentError(dict.fromkeys(problems))
    if policies is not None:
        study = study.with_({"search.policies": policies})
    worlds = [disturbed(one, disturbances) for one in references.scenarios]
    parts = [float(use.weight) for use in study.scenarios]
    return Plan(
        study=study,
        file=Path(path),
        incumbent=references.incumbent,
        scenarios=tuple(under(one, assumptions) if assumptions else one for one in worlds),
        weights=tuple(part / sum(parts) for part in parts),
        populations=tuple(references.populations),
    )


def _read(path: str | os.PathLike[str], problems: list[Problem]) -> Document:
    """Return the study's file as written, also where it is no valid study; raise what was found if it is no text."""
    try:
        return read_document(path)
    except DocumentError as error:
        raise DocumentError(dict.fromkeys([*problems, *error.problems])) from None
