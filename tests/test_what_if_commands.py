"""What all commands that ask "what if" have in common: a migration that does not fit is told before anything is lived,
disturbances of the catalogue can be added, and a run that was stopped goes on.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import FinishedWork, partial_folder
from memberlab.policies import load_policy
from memberlab.sim import World

from .studies import SCENARIO
from .test_interrupted_run import Counting, contents

POLICY = "four-tiers-simple"

FILES = {
    "rollout.yaml": "name: trial\narms: {mine: {policy: mine.yaml}}\nhold_out: 20 %\n"
                    "pilot: {day: 1, share: 50 %, weeks: 4}\nlaunch: {day: 60}\n",
    "budget.yaml": "name: small\nversion: 1\ncurrency: CNY\nceilings: {points_paid: {year: 100000}}\n",
    "set.yaml": "version: 1\nname: one-world\nscenarios: [steady.yaml]\n"
                "ranges: {gross_margin: {low: 20 %, high: 60 %}}\n",
    "study.yaml": "version: 1\nname: tiny\npolicy: mine.yaml\nscenarios: [steady.yaml]\n"
                  "levers: {shipping.free_from: {choices: [99, 199]}}\nsearch: {policies: 2, start: 2, wave: 1}\n",
}  # fmt: skip

ASKED = {
    "run": "run mine.yaml --scenario steady.yaml",
    "compare": f"compare {POLICY} mine.yaml --scenario steady.yaml --no-break-even",
    "rollout": "rollout rollout.yaml --scenario steady.yaml",
    "cutover": f"cutover {POLICY} mine.yaml --scenario steady.yaml",
    "sensitivity": "sensitivity mine.yaml --scenario steady.yaml",
    "pilot": f"pilot {POLICY} mine.yaml --scenario steady.yaml --weeks 20 --no-attrition --replays 100",
    "budget": "budget budget.yaml mine.yaml --scenario steady.yaml",
    "trace": "trace 3 mine.yaml --scenario steady.yaml",
    "claims": "claims mine.yaml --scenario steady.yaml",
    "optimize": "optimize study.yaml --out study",
    "sweep": "sweep mine.yaml --scenario steady.yaml --lever shipping.free_from=99,149,199",
    "global-sensitivity": "global-sensitivity mine.yaml --set set.yaml",
    "discover": "discover mine.yaml --set set.yaml --cases 40",
    "fee": "fee jd-plus steady.yaml --fees 49,99 --refine 0",
    "scenarios": "scenarios --set set.yaml",
    "lint": "lint mine.yaml --scenario steady.yaml",
    "explain": "explain mine.yaml --scenario steady.yaml",
}
"""A small question to each command, in the folder of `FILES`."""

LAUNCHING = sorted(ASKED.keys() - {"scenarios", "lint", "explain", "fee"})
RESUMABLE = sorted({*LAUNCHING, "fee"} - {"run", "trace", "optimize"})

NO_SCENARIO_TO_DISTURB = {
    "finance",  # reads a run: its --scenario names one of those that were lived
    "members",  # opens a world and lives nothing
    "runs",  # its --scenario is one in which something was lived
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a policy, a scenario of six regions, and a document of every kind that names them."""
    place = tmp_path_factory.mktemp("what-if")
    mine = load_policy(POLICY).with_({"name": "mine", "tiers.gold.threshold": 1600})
    (place / "mine.yaml").write_text(mine.to_yaml(), encoding="utf-8")
    scenario = SCENARIO.format(name="steady", visits=0.9).replace("regions: 2", "regions: 6")
    (place / "steady.yaml").write_text(scenario, encoding="utf-8")
    brief = scenario.replace("regions: 6", "regions: 1").replace("months: 6", "months: 3").replace("steady", "brief")
    (place / "brief.yaml").write_text(brief, encoding="utf-8")
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


def ask(words: str) -> Result:
    return CliRunner().invoke(main, words.split())


@pytest.fixture
def nothing_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a world was opened")

    monkeypatch.setattr(World, "__init__", refuse)


# a migration that does not fit


@pytest.fixture
def misfit(here: Path) -> Iterator[int]:
    """Give `mine.yaml` a migration of a tier that nobody has; return the line."""
    file = here / "mine.yaml"
    before = file.read_text(encoding="utf-8")
    text = f"{before.rstrip()}\nmigration: {{tiers: {{rule: grandfather, months: 3, map: {{platin: gold}}}}}}\n"
    file.write_text(text, encoding="utf-8")
    yield len(text.splitlines())
    file.write_text(before, encoding="utf-8")


@pytest.mark.usefixtures("nothing_lives")
@pytest.mark.parametrize("command", LAUNCHING)
def test_a_migration_that_does_not_fit_is_told_before_anything_is_lived(command: str, misfit: int) -> None:
    result = ask(ASKED[command])
    assert result.exit_code == 2, result.output
    told = "has no tier 'platin'"
    assert told in result.output
    if command == "rollout":
        assert "rollout.yaml:2 arms.mine.policy: mine migration.tiers.map.platin:" in result.output
    else:
        assert f"mine.yaml:{misfit} migration.tiers.map.platin: " in result.output


# disturbances


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    return {name: found for name in main.list_commands(context) if (found := main.get_command(context, name))}


def options_of(command: click.Command) -> dict[str, click.Option]:
    return {name: one for one in command.params if isinstance(one, click.Option) for name in one.opts}


def test_whatever_lives_a_scenario_takes_disturbances_by_one_option() -> None:
    asked = {
        name: options
        for name, one in commands().items()
        if {"--scenario", "--set"} & (options := options_of(one)).keys()
    }
    asked |= {name: options_of(commands()[name]) for name in ("optimize", "fee")}  # in a file, or arguments
    assert asked.keys() - NO_SCENARIO_TO_DISTURB == ASKED.keys()
    assert {name for name, options in asked.items() if "--with" not in options} == NO_SCENARIO_TO_DISTURB
    helps = {options["--with"].help for name, options in asked.items() if name not in NO_SCENARIO_TO_DISTURB}
    assert len(helps) == 1


@pytest.mark.usefixtures("nothing_lives", "here")
@pytest.mark.parametrize("command", sorted(ASKED))
@pytest.mark.parametrize(
    ("disturbance", "told"),
    [
        ("recesion-2009", "--with recesion-2009: unknown disturbance, did you mean 'recession-2009'?"),
        ("two-day-outage@2031-01-01", "--with two-day-outage@2031-01-01: "),
    ],
)
def test_a_disturbance_that_cannot_be_is_told_by_every_command(command: str, disturbance: str, told: str) -> None:
    result = ask(f"{ASKED[command]} --with {disturbance}")
    assert result.exit_code == 2, result.output
    assert told in result.output


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "command",
    ["scenarios --set set.yaml --json", "explain steady.yaml --json", "lint mine.yaml --scenario steady.yaml --json"],
)
def test_a_disturbance_is_there(command: str) -> None:
    plain, disturbed = ask(command), ask(f"{command} --with recession-2009@2")
    assert plain.exit_code == disturbed.exit_code
    if "lint" not in command:
        assert "steady-with-recession-2009" in disturbed.output
        assert "recession" not in plain.output


# runs that go on


def test_every_command_that_works_for_a_while_and_writes_can_go_on() -> None:
    able = {name for name, one in commands().items() if "--resume" in options_of(one)}
    assert able == set(RESUMABLE)
    working = {name for name, one in commands().items() if {"--workers", "--out"} <= options_of(one).keys()}
    assert working - able == {"optimize", "validate", "evidence"}  # the first has a ledger of its own


@pytest.mark.usefixtures("nothing_lives")
@pytest.mark.parametrize("command", RESUMABLE)
def test_resume_needs_a_folder_with_something_to_go_on_with(command: str, here: Path) -> None:
    without = ask(f"{ASKED[command]} --resume")
    assert (without.exit_code, "name it with --out DIR" in without.output) == (2, True), without.output
    nothing = ask(f"{ASKED[command]} --resume --out new")
    assert (nothing.exit_code, "new: has no interrupted run" in nothing.output) == (2, True), nothing.output
    assert not (here / "new").exists()


@pytest.mark.parametrize("command", RESUMABLE)
def test_what_was_finished_is_kept_and_not_done_again(
    command: str, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice two pieces are done, and then somebody presses Ctrl-C: four are kept."""
    out = tmp_path / "out"
    for finished, more in ((2, ""), (4, "--resume")):
        pool = Counting(stop_at=2)
        monkeypatch.setattr("memberlab.optimize.open_executor", lambda _, pool=pool: pool)
        result = ask(f"{ASKED[command]} --out {out} {more}")
        assert pool.done.total() == 2, result.output
        assert "of memory here" in result.output, "what lies ahead is told before it begins"
        assert f"out.partial keeps {finished} finished pieces of work" in result.output
        assert not out.exists()
        with FinishedWork(partial_folder(out) / "finished.sqlite") as kept:
            assert kept.count() == finished


ROLLOUT = "rollout rollout.yaml --scenario brief.yaml --replications 4"


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a rollout that nothing interrupted."""
    out = tmp_path_factory.mktemp("whole") / "out"
    process = started(f"{ROLLOUT} --out {out}", folder)
    assert process.stderr is not None
    assert process.wait() == 0, process.stderr.read()
    return out


@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.slow)])
def test_a_rollout_goes_on_after_ctrl_c_and_kill_9(
    how: signal.Signals, here: Path, whole: Path, tmp_path: Path
) -> None:  # fmt: skip
    words, out = ROLLOUT, tmp_path / "out"
    stopped = started(f"{words} --out {out}", here)
    while len(list(partial_folder(out).glob("warm-ups/*.npz"))) < 4:
        assert stopped.poll() is None, stopped.stderr and stopped.stderr.read()
        time.sleep(0.01)
    stopped.send_signal(how)
    assert stopped.stderr is not None
    told = stopped.stderr.read()
    assert stopped.wait() == (130 if how == signal.SIGINT else -signal.SIGKILL), told
    if how == signal.SIGINT:
        assert "the same command with --resume goes on" in told
        assert "Traceback" not in told
    assert not out.exists()
    assert "holds an interrupted run; add --resume" in ask(f"{words} --out {out}").output
    assert ask(f"{words} --out {out} --resume").exit_code == 0
    assert contents(out) == contents(whole)
    assert not partial_folder(out).exists()


def started(words: str, folder: Path) -> subprocess.Popen[str]:
    command: list[Any] = [sys.executable, "-m", "memberlab", *words.split()]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=folder)
