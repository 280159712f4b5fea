"""A study with everything it refers to loaded and checked: the one object that search and confirmation work from.

Serves the command line and the Python face. Every fault of the study, and of what it names, is reported at once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TypedDict, Unpack

from memberlab.policies import (
    Catalogue,
    Document,
    DocumentError,
    Policy,
    Problem,
    model_from,
    open_document,
    parse_document,
)
from memberlab.scenarios import Population, Scenario
from memberlab.sim import AssumptionSet

from ..ledger import WorldKey
from .presets import PRESETS, BudgetName
from .references import References
from .samplers import is_installed, sampler_for
from .shares import shares_of
from .space import SearchSpace
from .study import Study

_STUDIES = Catalogue("study", Study, Path(__file__).parent.parent / "studies")


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
    text: str | None = None
    """The study as YAML, where it is not that of the file: drafted from a policy, or changed on the command line."""

    @cached_property
    def residents(self) -> tuple[Population, ...]:
        """Return the populations without the record of their fit, which every snapshot would carry for nothing."""
        return tuple(population.model_copy(update={"fit": None}) for population in self.populations)

    @property
    def only_population(self) -> Population | None:
        """Return who lives in every scenario; None where the scenarios' populations differ."""
        first, *others = self.populations
        return first if all(other == first for other in others) else None

    @cached_property
    def space(self) -> SearchSpace:
        """Return the space that the levers span."""
        return SearchSpace(self.incumbent, self.study.levers, self.study.fixed)

    @cached_property
    def scenario_keys(self) -> tuple[WorldKey, ...]:
        """Return the digests of each scenario with population and incumbent, whatever their files are called."""
        return tuple(
            world_key(scenario, population, self.incumbent)
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
            *(part for key in self.scenario_keys for part in key),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def world_key(scenario: Scenario, population: Population, incumbent: Policy) -> WorldKey:
    """Return the digests of a world: scenario, population and the incumbent of its warm-up, by content."""
    neutral: dict[str, object] = {"population.source": "population", "incumbent": "incumbent", "assumptions": {}}
    if scenario.population.members is not None:
        neutral["population.members.file"] = "members.yaml"
    world = scenario.with_(neutral)
    text = "\n".join((world.name, world.digest(), population.digest(), incumbent.digest()))
    return WorldKey(hashlib.sha256(text.encode()).hexdigest(), assumptions_digest(scenario.assumptions))


def assumptions_digest(values: Mapping[str, Decimal], launched: Mapping[str, float] | None = None) -> str:
    """Return the digest of the assumptions that a scenario replaces, and of those that hold from launch on."""
    own = {name: float(value) for name, value in values.items()}
    text = json.dumps([own, dict(launched or {})], sort_keys=True)
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


class Instead(TypedDict, total=False):
    """What stands in place of a study's own: `population` of that of every scenario, `budget` (its name, or a number of
    simulations) of all that the file says of search, race and confirmation, `policies` of the number to try,
    `assumptions` of its sets. `disturbances` of the catalogue come to every scenario.
    """

    population: Population | None
    budget: BudgetName | int | None
    policies: int | None
    assumptions: AssumptionSet | None
    disturbances: Sequence[str]


def plan_study(name_or_path: str | os.PathLike[str], **instead: Unpack[Instead]) -> Plan:
    """Return a study with everything it refers to, checked.

    Raises DocumentError with every fault of the study and of what it names.
    """
    path = _STUDIES.path_of(name_or_path)
    return _planned(lambda: open_document(path), Path(path), instead)


def plan_text(text: str, name: str, **instead: Unpack[Instead]) -> Plan:
    """Return a study that stands in no file, checked as `plan_study` does; `name` stands for the file in messages.

    Paths in it are seen from the folder of `name`, as if a file of that name were there.
    """
    return replace(_planned(lambda: parse_document(text, name), Path(name), instead), text=text)


def _planned(opened: Callable[[], Document], path: Path, instead: Instead) -> Plan:
    problems: list[Problem] = []
    study = None
    document = opened()
    try:
        study = model_from(Study, document)
    except DocumentError as error:
        problems += error.problems
    if document.problems:
        raise DocumentError(dict.fromkeys([*problems, *document.problems]))
    references = References(document, instead.get("population"))
    problems += references.problems
    if study is not None and not is_installed(study.search.sampler):
        line = references.document.line_of(("search", "sampler"))
        message = "gp needs torch; pip install 'memberlab[gp]', or write surrogate, which needs nothing more"
        problems.append(Problem(str(path), line, "search.sampler", message))
    if study is None or references.incumbent is None or problems:
        raise DocumentError(dict.fromkeys(problems))
    if (budget := instead.get("budget")) is not None:
        study = (shares_of(budget) if isinstance(budget, int) else PRESETS[budget]).applied(study)
    if (policies := instead.get("policies")) is not None:
        study = study.with_({"search.policies": policies})
    scenarios, populations, places = references.worlds(instead.get("assumptions"), instead.get("disturbances", ()))
    weights = [float(use.weight) for use in study.scenarios]
    own_sets = study.assumptions if instead.get("assumptions") is None else ()
    shares = [float(use.weight) for use in own_sets] or [1.0]
    parts = [weights[place] * shares[number % len(shares)] for number, place in enumerate(places)]
    return Plan(
        study=study,
        file=path,
        incumbent=references.incumbent,
        scenarios=tuple(scenarios),
        weights=tuple(part / sum(parts) for part in parts),
        populations=tuple(populations),
    )
