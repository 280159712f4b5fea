"""The documents of a run's world in its folder: scenario, incumbent, population and members, so that the run can be
repeated.

Serves `run`, `compare` and `finance`. The scenario names the files beside it, so a folder may be moved and runs again
as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.policies import Policy
    from memberlab.scenarios import Population, Scenario


def read_scenario(folder: Path, name: str) -> Scenario | None:
    """Return the scenario `name` that a run or comparison left in its folder; None where it cannot be loaded."""
    from memberlab.policies import DocumentError
    from memberlab.scenarios import load_scenario

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
    from memberlab.policies import load_policy
    from memberlab.scenarios import load_population, members_in, write_members

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
    from memberlab.scenarios import members_in

    found = {scenario.name: members for scenario in scenarios if (members := members_in(scenario)) is not None}
    if not found:
        return {}
    return {
        "members": {name: members.sha256 for name, members in found.items()},
        "member_files": {name: dict(members.files) for name, members in found.items()},
    }
