"""The documents of a run's world in its folder: scenario, incumbent, population and members, so that the run can be
repeated.

Serves every command that lives in a world, and the what-if page. The scenario names the files beside it, so a folder
may be moved and runs again as it was.
"""

from __future__ import annotations

from pathlib import Path

from memberlab.policies import DocumentError, Policy, load_policy

from .catalogue import load_scenario
from .member_worlds import members_in
from .population import Population, load_population
from .scenario import Scenario


def scenario_of_run(folder: Path, name: str) -> Scenario | None:
    """Return the scenario `name` that a run or comparison left in its folder; None where it cannot be loaded."""
    for file in (folder / f"scenario-{name}.yaml", folder / "scenario.yaml"):
        if file.is_file():
            try:
                found = load_scenario(str(file))
            except DocumentError:
                return None
            return found if found.name == name else None
    return None


def write_world(
    folder: Path,
    scenario: Scenario,
    incumbent: Policy | None,
    population: Population | None,
    *,
    seed: int,
    tag: str = "",
) -> None:
    """Write scenario, incumbent and population to `folder`, their names ending in `tag`.

    `incumbent` and `population` are None where the scenario's own hold.
    """
    from .members import write_members

    incumbent_file, population_file = f"incumbent{tag}.yaml", f"population{tag}.yaml"
    policy = incumbent or load_policy(scenario.incumbent)
    shoppers = population or load_population(scenario.population.source)
    changes = {"seed": seed, "incumbent": incumbent_file, "population.source": population_file}
    if (members := members_in(scenario)) is not None:
        members_file = f"members{tag}.yaml"
        write_members(members, folder / members_file)
        changes["population.members.file"] = members_file
    (folder / f"scenario{tag}.yaml").write_text(scenario.with_(changes).to_yaml(), encoding="utf-8")
    (folder / incumbent_file).write_text(policy.to_yaml(), encoding="utf-8")
    (folder / population_file).write_text(shoppers.to_yaml(), encoding="utf-8")


def members_record(*scenarios: Scenario) -> dict[str, object]:
    """Return for a manifest what the members of each scenario were read from: their SHA-256, and that of each file;
    nothing where no world opens with members.
    """
    found = {scenario.name: members for scenario in scenarios if (members := members_in(scenario)) is not None}
    if not found:
        return {}
    return {
        "members": {name: members.sha256 for name, members in found.items()},
        "member_files": {name: dict(members.files) for name, members in found.items()},
    }
