"""A world goes on from a member file as it would have gone on itself: exported after two years, opened, lived a year.

Compiled worlds of 6,000 shoppers each, three seeds. Orders of a year differ between two runs of such a world by 4 % (a
standard deviation, of which the file removes a part), so the mean of three differences has a standard error of about
2.5 %; within 9 % false alarms are below one in 1,000.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from memberlab.cli import main
from memberlab.policies import load_policy
from memberlab.results import COLUMNS, shopper_measures
from memberlab.scenarios import Scenario, load_scenario, with_members, write_members
from memberlab.sim import World, calendar_of, merge_regions, regions_of, warm_up

from .test_card_mechanics import IS_COMPILED

SEEDS, TOLERANCE = range(3), 0.09

pytestmark = pytest.mark.skipif(not IS_COMPILED, reason="lives large worlds")


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """Return the example that writes member files from worlds."""
    path = Path(__file__).parent.parent / "examples" / "member_file_from_a_world.py"
    spec = importlib.util.spec_from_file_location("member_file_from_a_world", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def base() -> Scenario:
    return load_scenario("baseline").with_({
        "warm_up.months": 24, "horizon.months": 12, "population.shoppers": 6000, "population.established": "100 %",
        "regions": 1,
    })  # fmt: skip


@pytest.fixture(scope="module")
def files(example: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, NDArray[np.float64]]]:
    """Return a member file of each seed's world, and what its own shoppers did in the year after (sums of measures)."""
    scenario, found = base(), []
    policy, calendar = load_policy(scenario.incumbent), calendar_of(scenario)
    folder = tmp_path_factory.mktemp("members")
    for seed in SEEDS:
        world = World(policy, scenario, seed=seed)
        world.run(calendar.month_starts[12])
        a_year_ago = world.shoppers["orders"].copy()
        world.run(world.launch)
        path = folder / f"seed-{seed}.yaml"
        write_members(example.members_of_world(world, a_year_ago), path)
        outcome = World.resume(world.snapshot()).run(world.end)
        found.append((path, shopper_measures(outcome, policy).sum(axis=0)))
    return found


def test_the_year_after_is_that_of_the_world_it_was_taken_from(files: list[tuple[Path, NDArray[np.float64]]]) -> None:
    policy = load_policy(base().incumbent)
    errors = []
    for seed, (path, expected) in zip(SEEDS, files, strict=True):
        world = World.resume(warm_up(with_members(base(), path), incumbent=policy, seed=100 + seed))
        warm = shopper_measures(world.run(world.end), policy).sum(axis=0)
        errors.append(warm / np.where(expected == 0, 1, expected) - 1)
    mean = dict(zip(COLUMNS, np.mean(errors, axis=0), strict=True))
    assert mean["shoppers"] == 0
    assert mean["base"] == 0
    for measure in ("orders", "gmv", "margin", "retained", "active", "liability"):
        assert abs(mean[measure]) < TOLERANCE, (measure, mean)


def test_regions_in_any_split_live_the_same_lives(files: list[tuple[Path, NDArray[np.float64]]]) -> None:
    policy, path = load_policy(base().incumbent), files[0][0]
    digests = []
    for regions in (1, 3):
        scenario = with_members(base(), path, shoppers=7001).with_({"regions": regions})
        worlds = [World.resume(warm_up(scenario, region=region.number)) for region in regions_of(scenario)]
        outcomes = [world.run(calendar_of(scenario).month_starts[63]) for world in worlds]
        digests.append(merge_regions(outcomes).digest())
        placebo = World.resume(warm_up(scenario), policy.with_({"name": "placebo"}))
        assert placebo.run(calendar_of(scenario).month_starts[63]).digest() == outcomes[0].digest()
    assert digests[0] == digests[1]


def test_a_run_folder_runs_again_as_it_was(files: list[tuple[Path, NDArray[np.float64]]], tmp_path: Path) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    given = ["run", "four-tiers-simple", "--members", str(files[0][0]), "--shoppers", "6500"]
    answer = CliRunner().invoke(main, [*given, "--out", str(first), "--json"])
    assert answer.exit_code == 0, answer.output
    moved = first.rename(tmp_path / "moved")
    repeated = ["run", str(moved / "policy.yaml"), "--scenario", str(moved / "scenario.yaml"), "--out", str(again)]
    answer = CliRunner().invoke(main, [*repeated, "--json"])
    assert answer.exit_code == 0, answer.output
    manifests = [json.loads((folder / "manifest.json").read_text()) for folder in (moved, again)]
    assert manifests[0]["outcome"] == manifests[1]["outcome"]
    assert manifests[0]["members"] == manifests[1]["members"] != ""


def test_a_comparison_from_the_file_has_no_uplift_without_a_change(
    files: list[tuple[Path, NDArray[np.float64]]], tmp_path: Path
) -> None:
    (tmp_path / "same.yaml").write_text(load_policy("four-tiers-simple").with_({"name": "same"}).to_yaml())
    given = ["compare", "four-tiers-simple", str(tmp_path / "same.yaml"), "--members", str(files[0][0])]
    answer = CliRunner().invoke(main, [*given, "--replications", "2", "--no-break-even", "--json"])
    assert answer.exit_code == 0, answer.output
    for row in json.loads(answer.stdout)["figures"]:
        assert row["difference"] == row["low"] == row["high"] == 0
