"""Sets of assumptions: worlds that differ in how shoppers react, each a document that can be swapped on every command.

Serves the strategist who asks whether a result survives a sceptic, and the facts of the behaviour reference that
contradict each other, which are kept apart as alternative worlds.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidatorFunctionWrapHandler, field_validator

from memberlab.policies import Catalogue, DecimalNotation, Label, RuleDocument, read_with_faults
from memberlab.scenarios import Scenario

from .assumptions import assumption_faults

NAMED_AFTER = "{scenario}-{assumptions}"
"""Name of a scenario whose assumptions have been swapped."""


class AssumptionSet(RuleDocument):
    """Assumptions that differ from their defaults, version 1; what is left out keeps its default."""

    assumptions: Mapping[Label, Annotated[Decimal, DecimalNotation()]] = Field(default_factory=dict[str, Decimal])
    """Values by name of the assumption; `memberlab assumptions` lists names, units and ranges."""

    @field_validator("assumptions", mode="wrap")
    @classmethod
    def _are_known_and_plausible(cls, written: object, read: ValidatorFunctionWrapHandler) -> Any:
        numbers = {}
        for name, value in written.items() if isinstance(written, Mapping) else ():
            if isinstance(name, str) and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                numbers[name] = value
        return read_with_faults(written, read, {(name,): text for name, text in assumption_faults(numbers).items()})


_SETS = Catalogue("set of assumptions", AssumptionSet, Path(__file__).parent / "assumption_sets")


def assumption_set_names() -> tuple[str, ...]:
    """Return the names of the sets that ship with memberlab."""
    return _SETS.names()


def load_assumption_set(name_or_path: str | os.PathLike[str]) -> AssumptionSet:
    """Return a set by its name in the catalogue (`sceptical`) or by the path of a .yaml file.

    Raises DocumentError for an unknown name, listing what exists, and for every fault of the file, with its line.
    """
    return _SETS.load(name_or_path)


def under(scenario: Scenario, assumptions: AssumptionSet) -> Scenario:
    """Return `scenario` with the values of the set in place of its own; its name says so.

    The set `default` and others that hold no value leave the scenario's own assumptions as they are.
    """
    values = {**scenario.assumptions, **assumptions.assumptions}
    name = NAMED_AFTER.format(scenario=scenario.name, assumptions=assumptions.name)
    return scenario.with_({"name": name, "assumptions": values})
