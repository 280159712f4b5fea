"""A scenario that opens with a retailer's own members: what the file and the scenario have to agree on.

Serves whoever loads scenarios, and the commands that give a scenario a member file. What reads the file brings pandas
and is loaded when there is one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from memberlab.policies import DocumentError, Policy, Problem, is_path, load_policy

from .scenario import Scenario

if TYPE_CHECKING:
    from .members import Members

Place = tuple[str, ...]


def members_in(scenario: Scenario) -> Members | None:
    """Return the members with whom a scenario opens; None where it lives a warm-up.

    Raise DocumentError for every fault of the file, for one that has changed since the scenario was loaded, and for
    what file and scenario do not agree on.
    """
    use = scenario.population.members
    if use is None:
        return None
    from .members import load_members

    wrong = member_problems(scenario)
    if wrong:
        raise DocumentError([Problem(scenario.name, None, ".".join(place), text) for place, text in wrong.items()])
    return load_members(use.file)


def member_problems(scenario: Scenario) -> dict[Place, str]:
    """Return what a scenario and its member file do not agree on, by the place in the scenario.

    Raise DocumentError for faults of the file itself.
    """
    from .members import load_members

    use = scenario.population.members
    assert use is not None
    if not is_path(use.file):
        return {("population", "members", "file"): f"'{use.file}' is not a manifest; give the path of a .yaml file"}
    members = load_members(use.file)
    wrong: dict[Place, str] = {}
    if members.currency != scenario.currency:
        wrong["currency",] = f"{scenario.currency}, but the members' amounts are in {members.currency}"
    if members.as_of != scenario.start:
        wrong["start",] = f"{scenario.start}, but the members are as of {members.as_of}; write start: {members.as_of}"
    if len(members) > scenario.population.shoppers:
        shoppers = scenario.population.shoppers
        wrong["population", "shoppers"] = (
            f"{shoppers:,} are fewer than the {len(members):,} members of {use.file}; write {len(members)} or more: "
            "the others come over the horizon"
        )
    if use.sha256 is not None and use.sha256 != members.sha256:
        wrong["population", "members", "sha256"] = (
            f"'{use.file}' says something else than when this was written: its SHA-256 is {members.sha256}; take the "
            "file of then, or leave sha256 out"
        )
    return wrong


def fail_if_incumbent_does_not_fit(scenario: Scenario, incumbent: Policy | None = None) -> None:
    """Raise DocumentError if the members of a scenario cannot have become what they are under its incumbent, or under
    the one given in its place.
    """
    from .members import fail_if_members_do_not_fit

    members = members_in(scenario)
    if members is not None:
        fail_if_members_do_not_fit(members, incumbent or load_policy(scenario.incumbent))


def recorded(scenario: Scenario) -> Scenario:
    """Return `scenario` with the SHA-256 of its member file, so that its digest stands for the members as well."""
    use = scenario.population.members
    if use is None or use.sha256 is not None:
        return scenario
    from .members import load_members

    return scenario.with_({"population.members.sha256": load_members(use.file).sha256})


def with_members(
    scenario: Scenario, file: str | os.PathLike[str], *, shoppers: int | None = None, incumbent: Policy | None = None
) -> Scenario:
    """Return `scenario` opened with the members of a manifest: on their as-of date, and with them its SHA-256.

    `shoppers` are members and newcomers together; left out, so many that the members are the scenario's established
    share. The members became what they are under `incumbent`, or the scenario's own. Raise DocumentError for every
    fault of the file, and where it does not fit scenario or incumbent.
    """
    from .members import load_members

    name = os.fspath(file)
    if not is_path(name):
        raise DocumentError([Problem(name, None, "--members", "is not a manifest; give the path of a .yaml file")])
    members = load_members(name)
    established = max(scenario.population.established, 1)
    changed = scenario.with_({
        "start": members.as_of,
        "population.shoppers": shoppers or -(-len(members) * 10_000 // established),
        "population.members": {"file": name, "sha256": members.sha256},
    })  # fmt: skip
    fail_if_incumbent_does_not_fit(changed, incumbent)
    return changed
