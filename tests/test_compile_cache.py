"""The cache of compiled rules: it must notice a change in any file of sim/, not only in the file that is called.

Numba's own cache keys a function by its own file, so a changed rule in another file would silently keep its old code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from memberlab.sim import cache_folder, sources_digest

ROOT = Path(__file__).parent.parent
ROOMS = ("policies", "scenarios", "sim", "results", "optimize")
EARNING = "* multiplier // 100"
"""The end of the rule for points earned in sim/points.py."""


@pytest.fixture
def sim(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__")))


def test_the_digest_changes_with_every_source(sim: Path) -> None:
    digests = {sources_digest(sim)}
    files = sorted(sim.glob("*.py"))
    for file in files:
        text = file.read_bytes()
        file.write_bytes(text + b"\n")
        digests.add(sources_digest(sim))
        file.write_bytes(text)
    assert len(digests) == len(files) + 1 > 20


def test_the_digest_changes_with_names_and_with_new_and_lost_files(sim: Path) -> None:
    digests = [sources_digest(sim)]
    (sim / "points.py").rename(sim / "points_of_members.py")
    digests.append(sources_digest(sim))
    (sim / "points_of_members.py").unlink()
    digests.append(sources_digest(sim))
    (sim / "empty.py").touch()
    digests.append(sources_digest(sim))
    assert len(set(digests)) == 4


def test_the_digest_depends_on_nothing_else(sim: Path) -> None:
    before = sources_digest(sim)
    os.utime(sim / "points.py", (1, 1))
    (sim / "notes.txt").write_text("not a source", encoding="utf-8")
    assert sources_digest(sim) == before == sources_digest(ROOT / "sim")


def test_the_cache_lies_where_the_user_wants_it(sim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("MEMBERLAB_CACHE", raising=False)
    assert cache_folder(sim) == tmp_path / "xdg" / "memberlab" / sources_digest(sim)
    monkeypatch.setenv("MEMBERLAB_CACHE", str(tmp_path / "own"))
    assert cache_folder(sim) == tmp_path / "own" / "memberlab" / sources_digest(sim)


def test_an_unusable_cache_place_falls_back_to_the_temporary_folder(
    sim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MEMBERLAB_CACHE", str(tmp_path / "file" / "below"))
    assert cache_folder(sim).is_relative_to(tempfile.gettempdir())


# the real thing: a copy of memberlab in which one number of one rule is changed

CALLER = """
import numpy as np
from memberlab.sim.compiled import kernel
from memberlab.sim.points import points_on

@kernel
def earned(terms, programme, paid):
    return points_on(paid, terms[0].earn_multiplier, programme[0])
"""
"""A kernel in a file of its own, which stays as it is."""

ASK_CALLER = """
import memberlab, sys
assert memberlab.__file__.startswith(sys.argv[1]), memberlab.__file__
from memberlab.policies import load_policy
from memberlab.scenarios import load_scenario
from memberlab.sim import behaviour_record
from memberlab.sim.programme_table import compile_policy
from caller import earned
table = compile_policy(load_policy("four-tiers-simple"), load_scenario("baseline"), behaviour_record())
print(earned(table.terms, table.programme, 12_345), sum(earned.stats.cache_hits.values()))
"""

ASK_WORLD = """
import memberlab, sys
assert memberlab.__file__.startswith(sys.argv[1]), memberlab.__file__
from memberlab.policies import load_policy
from memberlab.scenarios import load_scenario
from memberlab.sim import World
scenario = load_scenario("baseline").with_({"population.shoppers": 200, "warm_up.months": 3, "regions": 1})
world = World(load_policy("four-tiers-simple"), scenario)
outcome = world.run(world.launch)
print(outcome.digest(), outcome.total("points_issued"))
"""


class Copy:
    """A copy of memberlab in the layout of the wheel, with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.site, self.cache = folder / "site", folder / "cache"
        package = self.site / "memberlab"
        shutil.copytree(ROOT / "memberlab", package, ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
        for room in ROOMS:
            shutil.copytree(ROOT / room, package / room, ignore=shutil.ignore_patterns("__pycache__"))
        (self.site / "caller.py").write_text(CALLER, encoding="utf-8")
        self.points = package / "sim" / "points.py"

    def answer(self, program: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(self.site), "MEMBERLAB_CACHE": str(self.cache)}
        environment.pop("NUMBA_DISABLE_JIT", None)
        done = subprocess.run(
            [sys.executable, "-c", program, str(self.site)],
            capture_output=True, text=True, check=False, env=environment, cwd=self.cache.parent,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def earn_double(self) -> None:
        """Let every order earn twice the points, by one number in points.py."""
        text = self.points.read_text(encoding="utf-8")
        assert text.count(EARNING) == 1
        self.points.write_text(text.replace(EARNING, EARNING.replace("100", "50")), encoding="utf-8")


def test_a_caller_is_compiled_anew_when_a_rule_in_another_file_changes(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    assert copy.answer(ASK_CALLER) == "123 0"
    assert copy.answer(ASK_CALLER) == "123 1"  # from the cache, so a stale one would have been used below
    copy.earn_double()
    assert copy.answer(ASK_CALLER) == "246 0"


@pytest.mark.slow
def test_the_outcome_of_a_world_changes_with_one_number_in_one_rule(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    digest, issued = copy.answer(ASK_WORLD).split()
    copy.earn_double()
    other_digest, double_issued = copy.answer(ASK_WORLD).split()
    assert other_digest != digest
    assert int(double_issued) > 1.9 * int(issued)
