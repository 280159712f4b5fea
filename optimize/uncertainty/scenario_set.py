"""A scenario set: worlds with probability weights, and what is uncertain in them, as one document.

Serves whoever asks whether a policy holds up in worlds that nobody can rule out (deep uncertainty: Lempert, Popper and
Bankes, 2003). It names assumptions of the registry, so it stands above the simulation, where studies stand.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidatorFunctionWrapHandler, field_validator

from memberlab.policies import Catalogue, CountNotation, RuleDocument, read_with_faults

from ..study import Faults, OrReference, Reference, ScenarioUse
from .ranges import Range, Ranges


class ScenarioSet(RuleDocument):
    """Worlds with probability weights and the ranges of what is uncertain in them, version 1."""

    scenarios: Annotated[
        tuple[Annotated[ScenarioUse, OrReference("scenario")], ...], Field(strict=False, min_length=1, max_length=64)
    ]
    """The worlds: names or paths, or `{scenario: recession, weight: 3}`. Weights are shares of probability; they need
    not add up to anything."""
    ranges: Ranges = Field(default_factory=dict[str, Range])
    """What is uncertain, by address: `assumptions.attrition_effect: prior`, `gross_margin: {low: 32 %, high: 44 %}`,
    `shocks.recession.visits: {low: 0.6, high: 0.95}`. A range counts in the worlds that have its section."""
    population: Reference | None = None
    """Population that replaces that of every scenario: a name, or the path of a .yaml file."""
    shoppers: Annotated[int, CountNotation("shoppers", minimum=1, maximum=20_000_000)] | None = None
    """Shoppers in each scenario, instead of the scenario's own number."""
    seed: Annotated[int, CountNotation("any whole number", maximum=2**63 - 1)] = 1
    """Start of the sampling of the ranges; the shoppers follow the scenarios' own seeds."""

    @field_validator("scenarios", mode="wrap")
    @classmethod
    def _are_named_once(cls, written: object, read: ValidatorFunctionWrapHandler) -> Any:
        faults: Faults = {}
        seen: list[object] = []
        for place, entry in enumerate(written if isinstance(written, list | tuple) else ()):
            name = entry.get("scenario") if isinstance(entry, Mapping) else entry
            if name in seen:
                faults[place,] = f"'{name}' is there twice; name each scenario once and add its weights"
            seen.append(name)
        return read_with_faults(written, read, faults)


SETS = Catalogue("scenario set", ScenarioSet, Path(__file__).parent / "sets")


def scenario_set_names() -> tuple[str, ...]:
    """Return the names of the scenario sets that ship with memberlab."""
    return SETS.names()


def load_scenario_set(name_or_path: str | os.PathLike[str]) -> ScenarioSet:
    """Return a scenario set by its name in the catalogue (`deep-uncertainty`) or by the path of a .yaml file.

    Raises DocumentError for an unknown name, listing what exists, and for every fault of the file; `plan_set` also
    checks what it names.
    """
    return SETS.load(name_or_path)
