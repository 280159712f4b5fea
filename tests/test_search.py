"""Whole searches, small but real: the same with any number of workers and after Ctrl-C and kill -9; files; refusals.

The uninterrupted search by one worker, made once, is what every other is held against.
"""

import json
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import (
    FRESH,
    LEDGER_FILE,
    ProcessPool,
    StudyResult,
    Verdict,
    compare,
    confirm,
    open_executor,
    open_study_folder,
    pareto_table,
    plan_study,
    replication_seeds,
    report,
    result_digest,
    run_study,
    scenario_table,
    search_table,
    shown,
    write_results,
)
from memberlab.policies import load_policy
from memberlab.results import KPIS
from memberlab.scenarios import load_population, load_scenario
from tests.studies import STUDY, study_with, write_study


def run(study: Path, out: Path, workers: int = 1, policies: int | None = None) -> StudyResult:
    plan = plan_study(study, policies=policies)
    with open_study_folder(out, plan) as ledger, open_executor(workers) as executor:
        return run_study(plan, ledger, out, executor)


def figures(result: StudyResult) -> tuple[str, ...]:
    """Return everything that must be the same to the last digit, however the search went."""
    tables = pareto_table(result), scenario_table(result), search_table(result)
    policy = result.recommendation.chosen.confirmed.policy
    return (report(result), policy.to_yaml(), *(table.to_csv(float_format="%r") for table in tables))


def evaluations(folder: Path) -> int:
    connection = sqlite3.connect(folder / LEDGER_FILE)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM evaluation").fetchone()[0])
    finally:
        connection.close()


def optimize(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["optimize", "--no-report", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def finished(study: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StudyResult]:
    out = tmp_path_factory.mktemp("runs") / "finished"
    result = run(study, out)
    write_results(out, result, 0.0)
    return out, result


@pytest.fixture
def copy(finished: tuple[Path, StudyResult], tmp_path: Path) -> Path:
    """Return a copy of the finished folder."""
    return Path(shutil.copytree(finished[0], tmp_path / "copy"))


class TestTheSameResult:
    def test_by_two_workers_one_of_which_is_killed(
        self, study: Path, finished: tuple[Path, StudyResult], tmp_path: Path
    ) -> None:
        plan, out = plan_study(study), tmp_path / "out"
        with open_study_folder(out, plan) as ledger, ProcessPool(2) as executor:

            def kill_one(stage: str, done: int, total: int) -> None:
                if stage == "searching" and done == 8 and not killed:
                    killed.append(executor.processes()[0])
                    os.kill(killed[0], signal.SIGKILL)

            killed: list[int] = []
            result = run_study(plan, ledger, out, executor, progress=kill_one)
            assert killed[0] not in executor.processes()
        assert figures(result) == figures(finished[1])
        assert result_digest(result) == result_digest(finished[1])

    @pytest.mark.slow
    def test_by_three_workers(self, study: Path, finished: tuple[Path, StudyResult], tmp_path: Path) -> None:
        assert figures(run(study, tmp_path / "out", workers=3)) == figures(finished[1])

    @pytest.mark.slow  # test_search_kills.py kills a smaller one 25 times
    def test_after_kill_9_of_the_search(self, study: Path, finished: tuple[Path, StudyResult], tmp_path: Path) -> None:
        out = tmp_path / "out"
        killed = start(study, out, workers=2)
        wait_for_policies(killed, 6)
        workers = children_of(killed.pid)
        killed.kill()
        killed.wait()
        assert len(workers) >= 2
        for worker in workers:
            wait_for_end(worker)
        done = evaluations(out)
        assert 6 * 4 <= done < 14 * 4
        assert figures(run(study, out)) == figures(finished[1])
        assert evaluations(out) == evaluations(finished[0]) > 14 * 4  # the race's as well

    def test_after_ctrl_c(self, study: Path, finished: tuple[Path, StudyResult], tmp_path: Path) -> None:
        out = tmp_path / "out"
        stopped = start(study, out, workers=1)
        wait_for_policies(stopped, 3)
        stopped.send_signal(signal.SIGINT)
        stopped.send_signal(signal.SIGINT)  # people press it twice
        assert stopped.stderr is not None
        told = stopped.stderr.read()
        assert stopped.wait() == 130, told
        assert "of 14 policies; run the same command to go on" in told
        assert "Traceback" not in told
        assert not (out / "manifest.json").exists()
        assert figures(run(study, out)) == figures(finished[1])

    def test_in_two_steps_of_policies(self, study: Path, finished: tuple[Path, StudyResult], tmp_path: Path) -> None:
        out = tmp_path / "out"
        assert len(run(study, out, policies=8).tried) == 8
        assert figures(run(study, out)) == figures(finished[1])

    def test_again(self, study: Path, finished: tuple[Path, StudyResult], copy: Path) -> None:
        before = evaluations(copy)
        assert figures(run(study, copy)) == figures(finished[1])
        assert evaluations(copy) == before


def start(study: Path, out: Path, workers: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "memberlab", "optimize", str(study), "--out", str(out), "--workers", str(workers)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=study.parent)


def wait_for_policies(process: "subprocess.Popen[str]", count: int) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("searching:") and int(line.split()[1]) >= count:
            return
    raise AssertionError(f"the search ended before {count} policies")


def children_of(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task")
    if not tasks.exists():
        pytest.skip("needs Linux's /proc")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def wait_for_end(process: int) -> None:
    """Wait until a process that is not our child has ended."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([handle], [], [], 20)
        assert ended, f"worker {process} outlived the search"
    finally:
        os.close(handle)


class TestResults:
    def test_the_incumbent_comes_first_and_is_confirmed_with_exact_zeros(
        self, finished: tuple[Path, StudyResult]
    ) -> None:
        _, result = finished
        assert result.tried[0].candidate.policy is result.plan.incumbent
        first = result.recommendation.standings[0].confirmed
        assert first.policy.name == "four-tiers-simple"
        assert all(uplift.is_zero for uplift in first.overall.values())

    def test_every_policy_met_the_same_shoppers(self, finished: tuple[Path, StudyResult]) -> None:
        connection = sqlite3.connect(finished[0] / LEDGER_FILE)
        searched = ",".join(str(seed) for seed in replication_seeds(finished[1].plan.scenarios[0], 2))
        seeds = connection.execute("SELECT policy, group_concat(seed) FROM (SELECT * FROM evaluation "
                                   f"WHERE seed IN ({searched}) ORDER BY seed) GROUP BY policy").fetchall()  # fmt: skip
        connection.close()
        tried = {one.candidate.policy.digest() for one in finished[1].tried}
        assert len(tried) == 14
        assert tried <= {row[0] for row in seeds}  # the others are what a simpler policy was looked for among
        assert len({row[1] for row in seeds}) == 1

    def test_confirmation_is_a_comparison_on_fresh_seeds(self, finished: tuple[Path, StudyResult]) -> None:
        _, result = finished
        policies = [one.confirmed.policy for one in result.recommendation.standings]
        direct = compare(policies, result.plan.scenarios, replications=2, first_replication=FRESH)
        for standing in result.recommendation.standings:
            for scenario, uplifts in standing.confirmed.by_scenario.items():
                arm = direct.arm(standing.confirmed.policy.name, scenario)
                for expected in arm.uplifts:
                    found = uplifts[expected.kpi]
                    for field in ("baseline", "value", "difference", "low", "high"):
                        assert getattr(found, field) == pytest.approx(getattr(expected, field), rel=1e-9, abs=1e-9)

    def test_intervals_of_the_mean_are_wider_than_one_alone(
        self, study: Path, finished: tuple[Path, StudyResult], copy: Path
    ) -> None:
        plan = plan_study(study)
        result = finished[1]
        policies = [one.confirmed.policy for one in result.recommendation.standings[1:]]
        with open_study_folder(copy, plan) as ledger, open_executor(1) as executor:
            alone = confirm(plan, ledger, executor, policies[:1], replications=2)[1]
        together = result.recommendation.standings[1].confirmed
        assert alone.figures == together.figures
        for kpi in ("gmv", "margin"):
            widths = [one.overall[kpi].high - one.overall[kpi].low for one in (alone, together)]
            assert widths[0] < widths[1]

    def test_the_recommendation_is_shown_at_several_attrition_effects(self, finished: tuple[Path, StudyResult]) -> None:
        """Lived by the same fresh populations, under each value from launch on: as in a comparison."""
        _, result = finished
        standings = result.recommendation.standings
        subject = shown(result)
        assert subject is not None
        assert result.tested.own == 0.15
        assert list(result.tested.shown) == [0, 0.15, 0.3, 0.85]
        own = result.tested.shown[0.15]
        assert (own.overall, own.figures) == (subject.confirmed.overall, subject.confirmed.figures)
        assert list(result.tested.break_evens) == [one.confirmed.policy.name for one in standings[1:]]
        policies = [standings[0].confirmed.policy, subject.confirmed.policy]
        scenarios, weights = result.plan.scenarios, result.plan.weights
        direct = compare(policies, scenarios, replications=2, first_replication=FRESH, break_even=True)
        margins = [arm.break_even.margins for arm in direct.arms if arm.break_even is not None]
        for value, uplift in result.tested.break_evens[policies[1].name].margins.items():
            mean = sum(weight * one[value].difference for weight, one in zip(weights, margins, strict=True))
            assert uplift.difference == pytest.approx(mean, rel=1e-9)
            assert result.tested.shown[value].overall["margin"] == uplift

    def test_every_confirmed_policy_says_where_its_margin_pays(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        subject = shown(result)
        assert subject is not None
        searched = [name for name, found in result.tested.break_evens.items() if found.refined]
        assert searched == [subject.confirmed.policy.name]
        pareto = pd.read_csv(out / "pareto.csv", keep_default_na=False)
        told = {name: str(found) for name, found in result.tested.break_evens.items()}
        assert dict(zip(pareto["policy"], pareto["break_even_told"], strict=True)) == {"four-tiers-simple": "", **told}
        assert len(pd.read_csv(out / "margin-by-attrition-effect.csv")) == 4 * len(told)
        written = (out / "report.md").read_text()
        assert "at attrition_effect 0.15" in written
        assert all(f"| {found.where} |" in written for found in result.tested.break_evens.values())
        assert "| 0.15 (assumed) |" in written
        assert f"its contribution margin {told[searched[0]]}" in written
        head = [line for line in (out / "recommended-policy.yaml").read_text().splitlines() if line.startswith("# ")]
        assert any("By attrition_effect" in line for line in head)

    def test_a_value_that_scenarios_do_not_share_is_nobodys_own(self, tmp_path: Path) -> None:
        study = write_study(tmp_path, study_with(confirmation="{replications: 2, shortlist: 1}", shoppers="100"))
        steady = tmp_path / "steady.yaml"
        steady.write_text(steady.read_text() + "assumptions: {attrition_effect: 0.3}\n")
        result = run(study, tmp_path / "out", policies=6)
        assert result.tested.own is None
        assert all(list(found.margins) == [0, 0.15, 0.3, 0.85] for found in result.tested.break_evens.values())
        assert "at each scenario's own attrition_effect" in report(result)

    def test_the_files(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        recommended = load_policy(out / "recommended-policy.yaml")
        assert recommended.digest() == result.recommendation.chosen.confirmed.policy.digest()
        pareto = pd.read_csv(out / "pareto.csv")
        assert next(iter(pareto["policy"])) == "four-tiers-simple"
        assert len(pareto) == 1 + len(result.shortlist) == len(pd.read_parquet(out / "pareto.parquet"))
        assert len(pd.read_csv(out / "search.csv")) == 14
        assert len(pd.read_csv(out / "by-scenario.csv")) == len(pareto) * 2 * len(KPIS)
        for picture in ("pareto.png", "margin-bridge.png"):
            assert (out / picture).read_bytes().startswith(b"\x89PNG")
        assert set(pd.read_csv(out / "trade-offs.csv")["paid"]) <= {"gmv", "retention", "margin"}
        manifest = json.loads((out / "manifest.json").read_text())
        assert manifest["result_digest"] == result_digest(result)
        assert manifest["seeds"] == {"study": 3, "steady": 5, "slump": 5}
        assert (out / "study.yaml").read_text() == STUDY
        assert not [file for file in out.iterdir() if file.name.startswith(".")]

    def test_the_recommended_policy_tells_why_and_runs(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        text = (out / "recommended-policy.yaml").read_text()
        head = [line for line in text.splitlines() if line.startswith("# ")]
        assert head[0].startswith("# Recommended: ")
        assert "# Seeds: study 3; steady 5, slump 5." in head
        answer = CliRunner().invoke(main, ["run", str(out / "recommended-policy.yaml"), "--shoppers", "50", "--json"])
        assert answer.exit_code == 0, answer.output
        keeps = result.recommendation.verdict is Verdict.KEEP
        assert json.loads(answer.output)["policy"] == "four-tiers-simple" + ("" if keeps else "-recommended")


def write_log(path: Path) -> Path:
    """Write the purchases of 300 customers who differ in rate, life and amount, and return the path."""
    draw = np.random.default_rng(1)
    rows = []
    for customer in range(300):
        day, last = float(draw.integers(0, 60)), draw.exponential(200)
        rate, mean = draw.gamma(0.8, 1 / 30), draw.gamma(6, 10)
        while day < min(365, last):
            rows.append(
                f"{customer:04d},{date(2025, 1, 1) + timedelta(days=int(day))},{draw.gamma(4, mean / 4) + 1:.2f}"
            )
            day += draw.exponential(1 / rate) + 1
    path.write_text("\n".join(["customer_id,date,net_amount", *rows]) + "\n")
    return path


class TestTheCommand:
    def test_it_goes_on_in_its_folder_and_prints_json(self, study: Path, copy: Path) -> None:
        answer = optimize(study, "--out", copy, "--workers", 1, "--json")
        assert answer.exit_code == 0, answer.output
        data = json.loads(answer.output)
        assert data["policies_tried"] == 14
        assert data["verdict"] in {"certain", "likely", "keep"}
        assert next(row["role"] for row in data["confirmed"]) == "incumbent"
        assert data["attrition_effect"] == 0.15
        assert len(data["margin_by_attrition_effect"]) == 4 * (len(data["confirmed"]) - 1)
        assert data["break_even"][0]["told"] in {row["break_even_told"] for row in data["confirmed"]}

    def test_it_prints_a_verdict(self, study: Path, copy: Path) -> None:
        answer = optimize(study, "--out", copy, "--workers", 1)
        assert answer.exit_code == 0, answer.output
        assert "Recommended: " in answer.output
        assert "recommended-policy.yaml" in answer.output
        assert "│ 0.15 (assumed)" in answer.output
        assert "By attrition_effect, which no order log can tell" in " ".join(answer.output.split())

    def test_an_impossible_limit_binds_and_the_nearest_policy_is_told(self, tmp_path: Path) -> None:
        text = STUDY.replace("at_most: 9 %", "at_most: 0.1 %").replace("policies: 14", "policies: 4")
        text = text.replace("constraints:", "constraints:\n  retention: {at_least: today - 99 pt}")
        answer = optimize(write_study(tmp_path, text), "--out", tmp_path / "out", "--workers", 1)
        assert answer.exit_code == 3, answer.output
        told = " ".join(answer.output.split())
        assert "Recommended: keep four-tiers-simple." in told
        assert "Nothing found beats four-tiers-simple on all three objectives. No other policy kept the limits." in told
        assert "None of the 4 policies tried keeps every limit, today's included." in told
        assert "benefit cost of GMV at most 0.10 % binds: no policy keeps it; the nearest is" in told
        assert "retention at least today's - 99.00 pp is kept by 4 of them" in told
        assert "Nearest on fresh seeds is" in told and "with: benefit cost of GMV at most" in told
        named = told.partition("Nearest on fresh seeds is ")[2].partition(":")[0]
        nearest = tmp_path / "out" / "nearest-policy.yaml"
        assert nearest.exists() == ("today" not in named)
        assert not nearest.exists() or load_policy(nearest).name == named
        kept = load_policy(tmp_path / "out" / "recommended-policy.yaml")
        assert kept.digest() == load_policy("four-tiers-simple").digest()

    @pytest.mark.parametrize("objectives", ["{gmv: maximise}", "{margin: maximise, benefit_cost: minimise}"])
    def test_fewer_objectives_and_a_space_that_ends(self, tmp_path: Path, objectives: str) -> None:
        lines = [line for line in study_with(objectives=objectives).splitlines() if "threshold" not in line]
        text = "\n".join(line for line in lines if "free_from" not in line)
        answer = optimize(
            write_study(tmp_path, text), "--out", tmp_path / "out", "--workers", 1, "--json", "--no-rival-reaction",
            "--no-simpler",
        )  # fmt: skip
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.output)["policies_tried"] == 4
        assert (tmp_path / "out" / "pareto.png").exists()

    @pytest.mark.slow
    def test_shoppers_may_come_from_a_log(self, tmp_path: Path) -> None:
        study = write_study(
            tmp_path, STUDY.replace("policies: 14", "policies: 3").replace("at_most: 9 %", "at_most: 90 %")
        )
        arguments = ("--trips", write_log(tmp_path / "own-shop.csv"), "--currency", "CNY", "--workers", 1, "--json")
        answer = optimize(study, "--out", tmp_path / "out", *arguments)
        assert answer.exit_code == 0, answer.output
        population = load_population(tmp_path / "out" / "population-own-shop.yaml")
        assert population.currency == "CNY"
        assert load_scenario(tmp_path / "out" / "scenario-slump.yaml").population.price_level == 1
        again = optimize(study, "--out", tmp_path / "out", *arguments)
        assert json.loads(again.output) == json.loads(answer.output)

    def test_a_missing_log_is_told_before_anything_is_written(self, tmp_path: Path) -> None:
        answer = optimize(write_study(tmp_path), "--out", tmp_path / "out", "--trips", tmp_path / "log.csv")
        assert answer.exit_code == 2
        assert "log.csv" in answer.output
        assert not (tmp_path / "out").exists()


class TestRefusals:
    def refused(self, study: Path, out: Path, message: str) -> None:
        before = snapshot(out)
        answer = optimize(study, "--out", out, "--workers", 1)
        assert answer.exit_code == 2, answer.output
        assert message in answer.output
        assert "Traceback" not in answer.output
        assert snapshot(out) == before

    def test_a_folder_with_other_files(self, study: Path, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("years of work")
        self.refused(study, tmp_path, "holds files that are no study of memberlab")

    def test_a_file(self, study: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        self.refused(study, tmp_path / "file", "is a file; name a folder that does not exist yet")

    def test_a_place_below_a_file(self, study: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        self.refused(study, tmp_path / "file" / "out", "cannot be written: Not a directory")

    def test_the_folder_of_a_changed_study(self, tmp_path: Path, copy: Path) -> None:
        self.refused(
            write_study(tmp_path, study_with(seed="4")), copy, "the study tiny, or a policy, scenario or population"
        )

    def test_the_folder_of_another_study(self, tmp_path: Path, copy: Path) -> None:
        self.refused(
            write_study(tmp_path, study_with(name="other")), copy, "it holds the search of the study tiny, not of other"
        )

    def test_the_folder_of_another_version(self, study: Path, copy: Path) -> None:
        connection = sqlite3.connect(copy / LEDGER_FILE)
        connection.execute("UPDATE identity SET value = 'memberlab 9.9 (0)' WHERE key = 'model'")
        connection.commit()
        connection.close()
        self.refused(study, copy, "was made by memberlab 9.9 (0), and this is memberlab")

    def test_a_faulty_study_leaves_no_folder(self, tmp_path: Path) -> None:
        study = write_study(tmp_path, STUDY.replace("slump.yaml", "slmp.yaml"))
        self.refused(study, tmp_path / "out", "tiny.yaml:4 scenarios.1")
        assert not (tmp_path / "out").exists()


def snapshot(path: Path) -> object:
    """Return everything below a path, for telling whether anything was touched."""
    if path.is_dir():
        return {str(file.relative_to(path)): file.is_dir() or file.read_bytes() for file in sorted(path.rglob("*"))}
    return path.read_bytes() if path.is_file() else None
