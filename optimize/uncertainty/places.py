"""Places: an address in a scenario as people write it, with shocks by their names, and whether a scenario has it.

Serves ranges and sweeps. `shocks.recession.visits` is a figure of the worlds that have a shock of that name, and
`rival.adoption` of those with a rival; elsewhere they mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from memberlab.policies import DocumentError, hint
from memberlab.scenarios import Scenario

FIXED = Scenario.HEAD | {"version", "currency", "incumbent", "seed", "population.source", "population.members"}
"""Addresses that are no uncertain figure: they describe the world, or say where it comes from."""

SHOCKS = "shocks"


def place_in(scenario: Scenario, address: str) -> str | None:
    """Return `address` as the scenario's own `with_` takes it; None where the scenario has no such section.

    Raises DocumentError for an address that no scenario can have.
    """
    steps = address.split(".")
    if steps[0] == SHOCKS and len(steps) > 2:
        written = scenario.value_at(SHOCKS)
        if not isinstance(written, Mapping):
            names = [one.name for one in scenario.shocks]
            if steps[1] not in names:
                return None
            steps[1] = str(names.index(steps[1]))
    place = ".".join(steps)
    scenario.value_at(place)  # raises for an address that does not exist
    holder = place.rpartition(".")[0]
    if holder and holder != "assumptions" and scenario.value_at(holder) is None:
        return None
    return place


def fault_of(scenarios: tuple[Scenario, ...], address: str) -> str | None:
    """Return why `address` is no figure of any of `scenarios`; None if it is one of some."""
    if any(address == fixed or address.startswith(f"{fixed}.") for fixed in FIXED):
        return (
            "says what the world is or where it comes from, and is no uncertain figure; name one such as gross_margin"
        )
    absent = 0
    for scenario in scenarios:
        try:
            if place_in(scenario, address) is not None:
                return None
            absent += 1
        except DocumentError as error:
            fault = error.problems[0].message
    if not absent:
        return fault
    steps = address.split(".")
    names = ", ".join(one.name for one in scenarios)
    if steps[0] == SHOCKS:
        known = list(dict.fromkeys(shock.name for one in scenarios for shock in one.shocks))
        return f"no shock is called '{steps[1]}' in {names}{hint(steps[1], known, 'shocks')}"
    return f"none of {names} has the section {address.rpartition('.')[0]}; add it to one of them"
