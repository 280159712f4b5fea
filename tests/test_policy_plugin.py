"""The pytest plugin: statements are judged together when the run ends, failures belong to their tests, misuse is told.

Figures come from a table in place of a simulation, except where digests and identities are tested. Seeds are fixed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from memberlab.optimize import CheckVerdict
from memberlab.testing import Statement
from memberlab.testing.settling import settle
from memberlab.testing.small_worlds import SmallWorlds

pytest_plugins = ["pytester"]

FAIL, UNDECIDED = CheckVerdict.FAIL, CheckVerdict.INCONCLUSIVE

IS_INSTALLED = any(point.value == "memberlab.testing.plugin" for point in entry_points(group="pytest11"))
PLUGIN = [] if IS_INSTALLED else ["-p", "memberlab.testing.plugin"]  # in a checkout installed before the plugin was
"""How an inner run finds the plugin."""

TABLE = """
import numpy as np
import pytest
from memberlab.testing.small_worlds import SmallWorlds

SHIFT = {"gmv": 0.0, "margin": -5.0, "benefit_cost": 3.0, "orders": -1.0}

class Table(SmallWorlds):
    "100 for everybody, another level for no-programme, and noise that pairs share but for a little."

    def figures(self, policy, scenario, seed):
        common = np.random.default_rng(seed % 2**32)
        own = np.random.default_rng((seed + len(policy.name)) % 2**32)
        level = 100.0 + common.normal()
        return {
            kpi: level + 0.05 * own.normal() + (shift if policy.name == "no-programme" else 0.0)
            for kpi, shift in SHIFT.items()
        }

@pytest.fixture(scope="session")
def policy_worlds(pytestconfig):
    return Table(pytestconfig.rootpath)
"""

MARK = 'pytestmark = pytest.mark.policy("no-programme", against="four-tiers-simple", shoppers=50)\n'


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(TABLE)
    return pytester


def run(project: pytest.Pytester, body: str, *options: str, mark: str = MARK) -> pytest.RunResult:
    project.makepyfile(test_outcomes=f"import pytest\n{mark}\n{body}")
    return project.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", *options)


BODY = """
def test_gmv(policy_check):
    policy_check.assert_equivalent("gmv", "1 %")

def test_margin(policy_check):
    policy_check.assert_no_worse("margin", by="1 %")
    policy_check.assert_no_worse("gmv", by="1 %")

def test_cost(policy_check):
    policy_check.assert_no_worse("benefit_cost", by="1 %")

def test_plain():
    pass
"""


def test_a_figure_that_is_worse_fails_its_own_test(project: pytest.Pytester) -> None:
    result = run(project, BODY, "--junitxml=tests.xml")
    result.assert_outcomes(passed=2, failed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    text = result.stdout.str()
    assert "Contribution margin of no-programme in baseline is 0.05 lower than 0.99 under four-tiers-simple" in text
    assert "which is more than is allowed" in text
    assert "again: memberlab compare four-tiers-simple no-programme --scenario baseline --shoppers 50" in text
    assert "4 statements in 3 tests, judged together: 2 hold, 2 fail, 0 undecided" in text
    cases = {case.get("name"): case for case in ElementTree.parse(project.path / "tests.xml").iter("testcase")}
    assert len(cases) == 4
    assert [name for name, case in cases.items() if case.find("failure") is not None] == ["test_margin", "test_cost"]
    names = [one.get("name") for one in cases["test_margin"].iter("property")]
    assert names == ["policy-fails", "policy-holds"]


def test_costs_are_worse_when_they_rise_and_margins_when_they_fall(project: pytest.Pytester) -> None:
    turned = 'policy="four-tiers-simple", against="no-programme"'
    body = f"""
def test_cost(policy_check):
    policy_check.assert_no_worse("benefit_cost", by="1 %", {turned})

def test_margin(policy_check):
    policy_check.assert_no_worse("margin", by="1 %", {turned})

def test_both_sides(policy_check):
    policy_check.assert_equivalent("margin", "1 %", {turned})
"""
    run(project, body).assert_outcomes(passed=2, failed=1)


def test_what_seeds_leave_undecided_fails_only_where_that_is_asked_for(project: pytest.Pytester) -> None:
    body = 'def test_orders(policy_check):\n    policy_check.assert_no_worse("orders", by="1 %")\n'
    result = run(project, body, "--policy-seeds=8")
    result.assert_outcomes(passed=1)
    assert "8 seeds do not tell whether that is within what is allowed" in result.stdout.str()
    run(project, body, "--policy-seeds=8", "--policy-strict").assert_outcomes(failed=1)


def test_expected_failures_are_judged_too(project: pytest.Pytester) -> None:
    statement = '    policy_check.assert_no_worse("margin", by="1 %")\n'
    body = f"""
@pytest.mark.xfail
def test_margin(policy_check):
{statement}
@pytest.mark.xfail(strict=True)
def test_margin_strictly(policy_check):
{statement}
@pytest.mark.xfail(strict=True)
def test_gmv(policy_check):
    policy_check.assert_no_worse("gmv", by="1 %")
"""
    run(project, body).assert_outcomes(xfailed=2, failed=1)


def test_another_failure_of_the_test_stays_and_what_was_judged_is_told_beside_it(project: pytest.Pytester) -> None:
    body = 'def test_it(policy_check):\n    policy_check.assert_no_worse("margin", by="1 %")\n    assert "mine" == ""\n'
    result = run(project, body)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 'mine' == ''*", "*- policy outcomes -*", "*which is more than is allowed*"])


@pytest.mark.slow
def test_workers_of_xdist_send_their_statements_to_be_judged_together(project: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    project.makepyfile(test_outcomes=f"import pytest\n{MARK}\n{BODY}")
    result = project.runpytest_subprocess(*PLUGIN, "-n", "2")
    result.assert_outcomes(passed=2, failed=2)
    assert "4 statements in 3 tests, judged together: 2 hold, 2 fail" in result.stdout.str()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ('assert_no_worse("marginn", by="1 %")', "there is no KPI 'marginn', did you mean 'margin'?"),
        ('assert_no_worse("retention", by="1 %")', "ambiguous, since retention is a share; write 1 pp"),
        ('assert_no_worse("margin", by="1 pp")', "margin is no share; write for example 1 %, or an amount"),
        ('assert_no_worse("margin", by="-1 %")', "'-1 %' is not above 0"),
        ('assert_no_worse("margin", by="a lot")', "'a lot' is no distance"),
        ('assert_equivalent("gmv", "100 %")', "the check could never fail, write a smaller margin"),
        ('assert_equivalent("gmv", 2)', "all there is to lose"),
        ('assert_no_worse("gmv", by="1 %", policy="four-tier-simple")', "did you mean 'four-tiers-simple'?"),
        ('assert_no_worse("gmv", by="1 %", against="policies/none.yaml")', "none.yaml: no such file"),
        ('simulate(scenario="recesion")', "did you mean 'recession'?"),
    ],
)
def test_what_a_test_writes_wrong_is_told_without_a_traceback(project: pytest.Pytester, call: str, told: str) -> None:
    result = run(project, f"def test_it(policy_check):\n    policy_check.{call}\n")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert told in text
    assert "Traceback" not in text
    assert "During handling" not in text


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ('pytest.mark.policy(scenario="baseline")', "pytest.mark.policy knows no scenario, did you mean 'scenarios'?"),
        ("pytest.mark.policy(scenarios=[])", "a test without a world could not fail"),
        ("pytest.mark.policy(seeds=1)", "write a whole number from 2 on"),
        ('pytest.mark.policy("four-tiers-simple", "jd-plus")', "name the other with against="),
        ('pytest.mark.policy("four-tiers-simple")', "held against what?"),
        ('pytest.mark.policy(against="four-tiers-simple")', "which policy?"),
    ],
)
def test_a_marker_that_cannot_be_meant_is_told(project: pytest.Pytester, mark: str, told: str) -> None:
    body = 'def test_it(policy_check):\n    policy_check.assert_no_worse("gmv", by="1 %")\n'
    result = run(project, body, mark=f"pytestmark = {mark}\n")
    assert result.parseoutcomes().get("passed", 0) == 0
    assert told in result.stdout.str()


@pytest.mark.parametrize("option", ["--policy-false-alarm=2", "--policy-seeds=1", "--policy-statements=0"])
def test_options_out_of_range_end_the_run(project: pytest.Pytester, option: str) -> None:
    project.makepyfile("def test_nothing(): pass")
    result = project.runpytest_inprocess(*PLUGIN, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_nothing_heavy_is_imported_before_a_test_asks() -> None:
    heavy = ("numpy", "scipy", "pandas", "numba", "pydantic", "yaml", "memberlab.policies", "memberlab.sim")
    program = f"import sys, memberlab.testing.plugin\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# how a run's error budget is shared


def statement(shift: float, seed: int, *, deviation: float = 1.0, seeds: int = 16) -> Statement:
    """Return a statement of equivalence within 1 about differences that scatter around `shift`."""
    drawn = np.random.default_rng(seed).normal(size=seeds)
    drawn = (drawn - drawn.mean()) / drawn.std(ddof=1) * deviation + shift
    return Statement(
        kpi="gmv", scenario="baseline", policy="new", against="old", sides="both", margin=1.0, allowed="1 %",
        level=100.0, differences=tuple(drawn.tolist()), looks=(seeds,), planned_looks=1, correlation=None,
        test=f"{seed}",
    )  # fmt: skip


def test_the_same_difference_convinces_alone_and_not_among_forty() -> None:
    telling = statement(1.9, 0)
    assert [one.verdict for one in settle([telling], 0.01)] == [FAIL]
    wide = [statement(0.0, seed, deviation=9.0) for seed in range(1, 41)]
    among = settle([*wide, telling], 0.01)
    assert {one.verdict for one in among} == {UNDECIDED}


def test_who_is_decided_leaves_its_part_of_the_budget_to_the_rest() -> None:
    """Holm's step-down: what is undecided among 41 equals is decided when 40 of them fail beyond doubt."""
    clear = [statement(50.0, seed) for seed in range(1, 41)]
    assert settle([*clear, statement(1.9, 0)], 0.01)[-1].verdict is FAIL


def test_two_looks_share_the_budget_of_one() -> None:
    telling = statement(1.9, 0)
    assert settle([telling], 0.003)[0].verdict is FAIL
    assert settle([replace(telling, planned_looks=20)], 0.003)[0].verdict is UNDECIDED


def test_statements_survive_the_way_from_worker_to_controller() -> None:
    one = statement(0.5, 3)
    assert Statement.from_data(json.loads(json.dumps(one.as_data()))) == one


def random_statement(draw: np.random.Generator, shift: float) -> Statement:
    """Return a statement as the fixture makes them: looks at 8 and 16 seeds, a scatter of a third of the margin."""
    differences = draw.normal(shift, 0.33, size=16)
    return replace(statement(0, 0), differences=tuple(differences.tolist()), looks=(8, 16), planned_looks=2)


@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_runs_without_cause_seldom_fail(shift: float) -> None:
    """Of 150 runs of 12 statements, at most 6 fail at a budget of 1 %, also with every shift exactly at the margin.

    A right rule fails this with a probability of 0.1 % at the most: Binomial(150, 0.01) exceeds 6 with 0.0007.
    """
    draw = np.random.default_rng(5)
    runs = [settle([random_statement(draw, shift) for _ in range(12)], 0.01) for _ in range(150)]
    assert sum(any(one.verdict is FAIL for one in run) for run in runs) <= 6


def test_twice_the_margin_is_seen() -> None:
    draw = np.random.default_rng(6)
    runs = [settle([random_statement(draw, shift) for shift in (2.0, *[0.0] * 11)], 0.01) for _ in range(30)]
    assert sum(run[0].verdict is FAIL for run in runs) >= 29


# what is exact


REAL = """
import dataclasses
import pytest
pytestmark = pytest.mark.policy("policies/mine.yaml", scenarios=["baseline"], shoppers=200, months=3)

def test_digest(policy_check):
    policy_check.assert_digest(policy_check.simulate(), "mine")

def test_conserved(policy_check):
    policy_check.assert_conserved(policy_check.simulate())

def test_broken(policy_check):
    run = policy_check.simulate()
    ledger = run.ledger.copy()
    ledger["gmv"][3] += 1
    with pytest.raises(pytest.fail.Exception, match="does not tie out"):
        policy_check.assert_conserved(dataclasses.replace(run, ledger=ledger))
"""


@pytest.fixture(scope="module")
def lived_before(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Live a world here: an inner run forgets what it imports, and what the compiler registers cannot be twice."""
    worlds = SmallWorlds(tmp_path_factory.mktemp("before"))
    scenario = worlds.scenario("baseline", 50, 1)
    worlds.figures(worlds.policy("four-tiers-simple"), scenario, scenario.seed)


@pytest.mark.usefixtures("lived_before")
def test_digests_are_accepted_then_guarded_and_a_change_is_told_in_figures(pytester: pytest.Pytester) -> None:
    preset = Path(__file__).parent.parent / "policies" / "presets" / "four-tiers-simple.yaml"
    policy = pytester.mkdir("policies") / "mine.yaml"
    policy.write_text(preset.read_text(encoding="utf-8"), encoding="utf-8")
    pytester.makepyfile(test_real=REAL)
    first = pytester.runpytest_inprocess(*PLUGIN)
    first.assert_outcomes(passed=2, failed=1)
    assert "no digest was accepted under 'mine'" in first.stdout.str()
    pytester.runpytest_inprocess(*PLUGIN, "--policy-update").assert_outcomes(passed=3)
    accepted = pytester.path / "tests" / "policy-digests.json"
    assert list(json.loads(accepted.read_text(encoding="utf-8"))) == ["mine"]
    pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=3)
    policy.write_text(policy.read_text(encoding="utf-8").replace("discount: 2 %", "discount: 3 %"), encoding="utf-8")
    changed = pytester.runpytest_inprocess(*PLUGIN, "-k", "digest")
    changed.assert_outcomes(failed=1, deselected=2)
    text = changed.stdout.str()
    assert "outcomes under 'mine' are not those that were accepted" in text
    assert "the policy is another: four-tiers-simple (" in text
    assert "figures that moved: gmv " in text
    accepted.write_text("[]", encoding="utf-8")
    assert "holds no digests; restore it from git" in pytester.runpytest_inprocess(*PLUGIN, "-k", "digest").stdout.str()
