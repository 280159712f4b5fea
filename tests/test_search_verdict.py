"""What a search reports beside its front: every table as documented, other values, limits, single changes, keep.

One small study with a rival serves all tests that need a whole search; the rest is recomputed by hand.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.cli.against_today import leave_against_today
from memberlab.cli.study_result import as_data
from memberlab.optimize import (
    FRESH,
    STUDY_TABLES,
    Bound,
    Candidate,
    Confirmed,
    Counted,
    Estimate,
    Goals,
    Objective,
    SerialExecutor,
    StudyResult,
    Tried,
    Verdict,
    all_blocks,
    annotated,
    binding_limits,
    compare,
    count_all,
    is_as_good,
    open_executor,
    open_study_folder,
    plan_study,
    planned_lives,
    planned_told,
    run_study,
    shown,
    study_tables,
    study_tables_page,
    under_reaction,
    write_results,
)
from memberlab.policies import DocumentError, load_policy
from memberlab.results import (
    AGAINST_TODAY,
    KPIS,
    Uplift,
    Wording,
    margin_bridge,
    read_books,
    statements_of,
    write_report,
)
from tests.chromium import PHONE, accessibility_faults, open_page, scrolls_sideways
from tests.studies import SCENARIO, study_with, write_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RIVAL = "rival: {launch_month: 1, adoption: 60 %, reaction: 50 %, reaction_days: 10}\n"
SMALL = {
    "scenarios": "[steady.yaml, rival.yaml]", "shoppers": "200", "search": "{policies: 21, replications: 1, start: 12}",
    "race": "{shortlist: 3, start: 2, replications: 2}", "confirmation": "{replications: 2, shortlist: 2}",
    "objectives": "{gmv: maximise, margin: maximise}",
}  # fmt: skip


def write_small(folder: Path) -> Path:
    """Write a study with a limit told from today's figure, which every part of a search has to know."""
    text = study_with(**SMALL).replace("constraints:", "constraints:\n  retention: {at_least: today - 99 pt}")
    path = write_study(folder, text)
    (folder / "rival.yaml").write_text(SCENARIO.format(name="rival", visits=1) + RIVAL)
    return path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StudyResult]:
    plan = plan_study(write_small(tmp_path_factory.mktemp("study")))
    out = tmp_path_factory.mktemp("runs") / "out"
    with open_study_folder(out, plan) as ledger, open_executor(1) as executor:
        result = run_study(plan, ledger, out, executor)
        write_results(out, result, 0.0)
        leave_against_today(out, result, executor, lambda done, total: None)
    return out, result


class TestTables:
    def test_each_has_the_columns_of_the_catalogue(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        levers = list(result.plan.study.levers)
        aims = [one.kpi for one in result.goals.objectives] + [one.kpi for one in result.goals.bounds]
        from_today = [one.figure for one in result.goals.bounds if one.figure not in KPIS]
        assert from_today
        tables = study_tables(result)
        assert list(tables) == list(STUDY_TABLES)
        for name, table in tables.items():
            kpis = [*KPIS, *from_today] if name == "search" else aims
            assert list(table.columns) == STUDY_TABLES[name].columns_for(kpis, levers), name
            assert len(pd.read_csv(out / f"{name}.csv")) == len(table) > 0, name

    def test_the_page_is_up_to_date(self) -> None:
        page = (Path(__file__).parent.parent / "docs" / "search-report.md").read_text(encoding="utf-8")
        assert page.endswith(study_tables_page().rstrip() + "\n")

    def test_report_terminal_and_json_say_the_same(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        written = (out / "report.md").read_text()
        for block in all_blocks(result):
            assert f"## {block.title}" in written
            assert all(f"| {' | '.join(row)} |" in written for row in block.rows)
            assert all(note in written for note in block.notes)
        data = json.loads(json.dumps(as_data(result)))
        assert {"robustness", "shrinkage", "limits", "recommendation_by_value", "changed_levers", "flips"} <= set(data)
        assert len(data["robustness"]) == len(result.recommendation.standings) * 2 * 5

    def test_a_figure_has_a_wider_interval_than_its_difference(self, finished: tuple[Path, StudyResult]) -> None:
        table = study_tables(finished[1])["pareto"].iloc[1:]
        together, alone = table["gmv_high"] - table["gmv_low"], table["gmv_own_high"] - table["gmv_own_low"]
        assert (together > alone).all()
        assert (table["gmv_value_high"] - table["gmv_value_low"] > together).all()
        middle = (table["gmv_own_high"] + table["gmv_own_low"]) / 2
        assert middle.to_numpy() == pytest.approx(table["gmv_difference"].to_numpy())

    def test_chances_are_of_one_set_of_draws(self, finished: tuple[Path, StudyResult]) -> None:
        for odds in finished[1].odds:
            assert odds.on_front <= odds.feasible
            assert odds.on_front >= odds.feasible - odds.dominated - 1e-9
        assert finished[1].odds[0].beats_incumbent == 0

    def test_shrinkage_is_what_the_search_promised_less_what_held(self, finished: tuple[Path, StudyResult]) -> None:
        tables = study_tables(finished[1])
        search, pareto = (tables[name].set_index("policy") for name in ("search", "pareto"))
        for row in tables["shrinkage"].to_dict("records"):
            promised = search.loc[row["policy"], row["kpi"]] - search[row["kpi"]].iloc[0]
            held = pareto.loc[row["policy"], f"{row['kpi']}_difference"]
            assert row["flattered_by"] == pytest.approx(promised - held)

    def test_pictures_are_there(self, finished: tuple[Path, StudyResult]) -> None:
        for name in ("pareto", "margin-bridge", "lever-importance", "recommendation-by-value"):
            assert (finished[0] / f"{name}.png").read_bytes().startswith(b"\x89PNG"), name


@pytest.fixture(scope="module")
def page(finished: tuple[Path, StudyResult]) -> Path:
    return write_report(finished[0])


class TestTheReport:
    def test_it_is_one_file_that_asks_for_nothing(self, page: Path) -> None:
        text = page.read_text(encoding="utf-8")
        assert page.name == "report.html"
        assert len(text.encode()) < 6_000_000
        written = text.partition('<script type="application/json" id="charts">')[0]
        assert not re.findall(r"(?:src|href)=\"(?!#|data:)", written)
        for section in ("figures", "explorer", "changes", "trust", "values", "limits", "scenarios", "levers", "bridge"):
            assert f'<h2 id="{section}">' in written, section

    def test_its_figures_are_those_of_the_tables(self, finished: tuple[Path, StudyResult], page: Path) -> None:
        result, text = finished[1], page.read_text(encoding="utf-8")
        for standing in result.recommendation.standings[1:]:
            for objective in result.goals.objectives:
                uplift = standing.confirmed.overall[objective.kpi]
                middle, *ends = (
                    f"{100 * value / uplift.baseline:+.2f}%".replace("-", "\u2212")
                    for value in (uplift.difference, uplift.low, uplift.high)
                )
                assert f"{middle}<br>" in text
                assert "\u00a0to\u00a0".join(ends) in text

    def test_the_policy_behind_each_point_is_there_to_the_letter(
        self, finished: tuple[Path, StudyResult], page: Path, tmp_path: Path
    ) -> None:
        text = page.read_text(encoding="utf-8")
        texts = re.findall(r"<summary>The policy as a file</summary><pre [^>]*>(.*?)</pre>", text, re.DOTALL)
        standings = finished[1].recommendation.standings
        assert len(texts) == len(standings)
        for text, standing in zip(texts, standings, strict=True):
            (tmp_path / "one.yaml").write_text(html.unescape(text), encoding="utf-8")
            assert load_policy(tmp_path / "one.yaml").digest() == standing.confirmed.policy.digest()

    def test_a_policy_that_cannot_be_made_again_is_not_shown_as_if(
        self, finished: tuple[Path, StudyResult], tmp_path: Path
    ) -> None:
        folder = copied(finished[0], tmp_path)
        pareto = pd.read_csv(folder / "pareto.csv")
        pareto.loc[1, "points.earn.points"] = 77
        pareto.to_csv(folder / "pareto.csv", index=False)
        text = write_report(folder).read_text(encoding="utf-8")
        assert text.count('<p class="note">This folder does not tell this policy to the letter') == 1
        assert text.count("<summary>The policy as a file") == len(pareto) - 1

    def test_an_earlier_folder_has_one_too_and_a_broken_one_is_named(
        self, finished: tuple[Path, StudyResult], tmp_path: Path
    ) -> None:
        folder = copied(finished[0], tmp_path)
        (folder / "bridge.csv").unlink()
        search = pd.read_csv(folder / "search.csv").drop(columns="keeps_limits")
        search.to_csv(folder / "search.csv", index=False)
        assert '<h2 id="bridge">' not in write_report(folder).read_text(encoding="utf-8")
        before = (folder / "report.html").read_bytes()
        (folder / "plan.json").write_text("{")
        with pytest.raises(DocumentError, match=r"plan\.json: cannot be read"):
            write_report(folder)
        (folder / "pareto.csv").unlink()
        with pytest.raises(DocumentError, match=r"holds no pareto\.csv"):
            write_report(folder)
        assert (folder / "report.html").read_bytes() == before

    def test_the_explorer_in_a_browser(self, finished: tuple[Path, StudyResult], page: Path, chromium: Browser) -> None:
        """By keyboard alone a policy is opened, the choice narrowed, and everything shown again; no grave fault."""
        opened = open_page(chromium, page)
        tab = opened.page
        tab.wait_for_selector("#explorer-scatter .annotation")
        standings = finished[1].recommendation.standings
        last = standings[-1].confirmed.policy.name
        tab.focus(f'tr[data-policy="{last}"] button')
        tab.keyboard.press("Enter")
        assert tab.locator(".policy:visible").get_attribute("data-policy") == last
        assert tab.evaluate("document.activeElement.textContent").startswith(last)
        slider = tab.locator(".explorer-sliders input").first
        slider.focus()
        tab.keyboard.press("End")
        rows = tab.locator("#pareto-explorer tr[data-policy]:visible")
        assert 0 < rows.count() < len(standings)
        assert tab.inner_text("#explorer-count") == f"{rows.count()} of {len(standings)} policies shown"
        tab.focus("#explorer-everything")
        tab.keyboard.press("Enter")
        assert rows.count() == len(standings)
        tab.select_option("#explorer-across", "benefit_cost_share")
        assert "Benefit cost of GMV" in str(tab.text_content("#explorer-scatter .xtitle"))
        box = tab.locator("#explorer-scatter .nsewdrag").bounding_box()
        assert box is not None
        tab.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
        tab.locator("#explorer-scatter").scroll_into_view_if_needed()
        box = tab.locator("#explorer-scatter .nsewdrag").bounding_box()
        assert box is not None
        tab.mouse.move(box["x"] + 2, box["y"] + 2)
        tab.mouse.down()
        tab.mouse.move(box["x"] + 12, box["y"] + 12, steps=4)
        tab.mouse.up()
        assert opened.requests == [page.absolute().as_uri()]
        assert opened.faults == []
        assert accessibility_faults(tab) == []

    def test_on_a_phone_in_the_dark(self, page: Path, chromium: Browser) -> None:
        opened = open_page(chromium, page, size=PHONE, dark=True)
        opened.page.wait_for_selector("#explorer-scatter .main-svg")
        assert not scrolls_sideways(opened.page)
        assert accessibility_faults(opened.page) == []
        assert opened.faults == []


def copied(folder: Path, to: Path) -> Path:
    """Return a copy of a study's folder without what the search keeps for itself."""
    target = to / "copy"
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("warm-ups", "*.sqlite*", "*.png"))
    return target


class TestBesideToday:
    """What the folder holds of the policy shown and today's beside figures, and what the page makes of it."""

    def test_books_are_those_of_the_confirmation_to_the_cent(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        plan, subject = result.plan, shown(result)
        assert subject is not None
        with open_study_folder(out, plan) as ledger:
            for policy in (plan.incumbent, subject.confirmed.policy):
                for scenario, key in zip(plan.scenarios, plan.scenario_keys, strict=True):
                    confirmed = ledger.figures(policy.digest(), key, FRESH)
                    assert confirmed is not None
                    books = statements_of(read_books(out / AGAINST_TODAY, policy.name, scenario.name))
                    told = books["bridge"].groupby("line", sort=False)["amount"].sum()
                    assert {line.name: line.amount for line in margin_bridge(confirmed["bridge"])} == dict(told)

    def test_its_figures_are_those_held_out(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        subject = shown(result)
        assert subject is not None
        table = pd.read_parquet(out / AGAINST_TODAY / "comparison.parquet").set_index(["policy", "scenario", "kpi"])
        for policy in (result.recommendation.standings[0], subject):
            for scenario, uplifts in policy.confirmed.by_scenario.items():
                for kpi, uplift in uplifts.items():
                    value = table.loc[(policy.confirmed.policy.name, scenario, kpi), "value"]
                    assert value == pytest.approx(uplift.value, rel=1e-12)

    def test_the_page_shows_them(self, finished: tuple[Path, StudyResult], page: Path) -> None:
        told, run = page.read_text(), finished[0] / AGAINST_TODAY
        manifest = json.loads((run / "manifest.json").read_text())
        for anchor in ("bridge", "benefits", "liability", "tier-flows"):
            assert f'id="{anchor}"' in told
        for scenario, policy in product(manifest["scenarios"], manifest["policies"]):
            assert f'id="benefits-{scenario}-{policy}"' in told
            assert f'id="tiers-{scenario}-{policy}"' in told
            benefits = statements_of(read_books(run, policy, scenario))["benefits"]
            cents = float(benefits.loc[benefits["tier"] != "all", "cost"].sum())
            assert f'<td class="total">{Wording().figure(cents, "money")}</td>' in told
        assert "memberlab finance DIR/against-today --policy " in told
        names = re.findall(r' id="([^"]+)"', told)
        assert len(names) == len(set(names))  # a chart is drawn where its name stands first

    def test_what_is_there_is_not_lived_again(self, finished: tuple[Path, StudyResult], tmp_path: Path) -> None:
        """But a study that shows no other policy leaves no comparison of an earlier call."""
        folder, result = copied(finished[0], tmp_path), finished[1]
        before = (folder / AGAINST_TODAY / "manifest.json").read_bytes()
        leave_against_today(folder, result, NoExecutor(), lambda done, total: None)
        assert (folder / AGAINST_TODAY / "manifest.json").read_bytes() == before
        keep = replace(result.recommendation, verdict=Verdict.KEEP, trade_off=None)
        leave_against_today(folder, replace(result, recommendation=keep), NoExecutor(), lambda done, total: None)
        assert not (folder / AGAINST_TODAY).exists()
        assert "Benefit cost by tier" not in write_report(folder).read_text()


class NoExecutor(SerialExecutor):
    """Does no work."""

    def submit(self, *arguments: object, **named: object) -> NoReturn:
        raise AssertionError(f"asked to do {arguments[0]}")


class TestOtherValues:
    def test_the_choice_is_made_at_each(self, finished: tuple[Path, StudyResult]) -> None:
        result = finished[1]
        attrition, reaction = result.choices
        assert (attrition.name, attrition.own, list(attrition.choices)) == (
            "attrition_effect",
            0.15,
            [0, 0.15, 0.3, 0.85],
        )
        assert (reaction.name, reaction.own, list(reaction.choices)) == ("rival_reaction", 0.5, [0, 0.5, 1])
        for choice in result.choices:
            assert choice.choices[choice.own or 0.0] is result.recommendation
            taken = [one.chosen.confirmed.policy.name for one in choice.choices.values()]
            assert len(choice.flips) == sum(left != right for left, right in pairwise(taken))
            assert choice.told in (finished[0] / "report.md").read_text()
        table = study_tables(result)["recommendation-by-value"]
        assert (table[table["is_recommended"]].groupby(["assumption", "value"])["policy"].nunique() == 1).all()

    def test_a_reaction_is_lived_as_in_a_comparison(self, finished: tuple[Path, StudyResult]) -> None:
        """On the same fresh populations; where there is no rival nothing changes."""
        result = finished[1]
        without, fully = (result.reacted.by_value[value] for value in (0.0, 1.0))
        policies = [one.policy for one in fully]
        worlds = under_reaction(result.plan, 1.0).scenarios
        assert [one.rival.reaction for one in worlds if one.rival is not None] == [10_000]
        direct = compare(policies, worlds, replications=2, first_replication=FRESH)
        for one in fully:
            for scenario, uplifts in one.by_scenario.items():
                expected = direct.arm(one.policy.name, scenario).uplift("gmv")
                assert uplifts["gmv"].value == pytest.approx(expected.value, rel=1e-9)
        assert fully[0].by_scenario["steady"] == without[0].by_scenario["steady"]
        assert fully[0].by_scenario["rival"]["gmv"].value != without[0].by_scenario["rival"]["gmv"].value

    def test_without_a_rival_it_is_said(self, tmp_path: Path) -> None:
        plan = plan_study(write_study(tmp_path))
        assert "rival's reactions" not in planned_lives(plan)
        assert "--no-rival-reaction" not in planned_told(plan)

    def test_the_lives_are_counted(self, tmp_path: Path) -> None:
        plan = plan_study(write_small(tmp_path))
        lives = planned_lives(plan)
        assert lives["search"] == 21 * 2
        assert (
            lives["rival's reactions"] == 2 * 1 * 2 * 3
        )  # two other values, one scenario, two populations, three arms
        assert "simpler policies" not in planned_lives(plan, simpler=False)
        assert f"{sum(lives.values()):,} lives" in planned_told(plan)


class TestPolicies:
    def test_comments_change_nothing_and_stand_at_each_change(self, finished: tuple[Path, StudyResult]) -> None:
        out, result = finished
        subject = shown(result)
        assert subject is not None
        keep = result.recommendation.verdict is Verdict.KEEP
        file = out / ("best-trade-off-policy.yaml" if keep else "recommended-policy.yaml")
        assert load_policy(file).digest() == subject.confirmed.policy.digest()
        text = file.read_text()
        for change in result.plan.incumbent.diff(subject.confirmed.policy):
            assert f"was {change.before}; the change brings GMV" in text
        changes = file.with_name(f"{file.stem}-changes.txt").read_text()
        said = CliRunner().invoke(main, ["diff", str(out / "incumbent-policy.yaml"), str(file)]).output
        assert changes.splitlines()[1:] == said.splitlines()[1:]
        assert "Give-back" in file.with_name(f"{file.stem}-explained.md").read_text()

    def test_each_change_is_held_against_the_policy_without_it(self, finished: tuple[Path, StudyResult]) -> None:
        result = finished[1]
        subject = shown(result)
        assert subject is not None
        policy = subject.confirmed.policy
        changes = result.simplification.changes
        assert {one.address for one in changes} == {one.address for one in result.plan.incumbent.diff(policy)}
        first = changes[0]
        assert first.effects is not None
        without = policy.with_({first.address: result.plan.incumbent.value_at(first.address), "name": "without"})
        direct = compare([without, policy], result.plan.scenarios)
        found = [direct.arm(policy.name, one.name).uplift("gmv").difference for one in result.plan.scenarios]
        assert first.effects["gmv"] == pytest.approx(np.dot(result.plan.weights, found))

    def test_a_value_at_its_default_is_commented_at_its_section(self) -> None:
        text = "name: x\ntiers:\n  gold:\n    threshold: 100\npoints:\n  per: 1\n"
        comments = {"tiers.gold.threshold": "was 90", "tiers.gold.discount": "was 2 %", "membership.fee": "was 9"}
        assert annotated(text, comments).splitlines() == [
            "name: x", "tiers:", "  gold:", "    # discount: was 2 %", "    # was 90", "    threshold: 100", "points:",
            "  per: 1", "# membership.fee: was 9",
        ]  # fmt: skip


GOALS = Goals((Objective("gmv", 1), Objective("margin", 1)), (Bound("benefit_cost_share", 1, 0.06),))


def tried(name: str, gmv: float, margin: float, cost: float) -> Tried:
    figures = {"gmv": gmv, "margin": margin, "benefit_cost_share": cost}
    policy = load_policy("four-tiers-simple").with_({"name": name})
    return Tried(Candidate(0, None, policy), {kpi: Estimate(value, 0.0) for kpi, value in figures.items()})


def confirmed(name: str, gain: float, half: float = 0.01, cost: float = 0.05, error: float = 0.002) -> Confirmed:
    uplifts = {kpi: Uplift(kpi, 100, 100 * (1 + gain), 100 * gain, 100 * (gain - half), 100 * (gain + half))
               for kpi in ("gmv", "margin")}  # fmt: skip
    figures = {kpi: Estimate(100 * (1 + gain), 0.0) for kpi in uplifts}
    figures["benefit_cost_share"] = Estimate(cost, error)
    policy = load_policy("four-tiers-simple").with_({"name": name})
    return Confirmed(policy, {"steady": uplifts}, uplifts, figures, {}, uplifts)


class TestLimits:
    def test_one_binds_where_it_alone_keeps_out_something_better(self) -> None:
        kept, near, far, worse = (
            tried("kept", 101, 101, 0.05), tried("near", 103, 102, 0.065), tried("far", 110, 110, 0.09),
            tried("worse", 120, 99, 0.061),
        )  # fmt: skip
        incumbent = tried("today", 100, 100, 0.05)
        (found,) = binding_limits([incumbent, kept, near, far, worse], [confirmed("a", 0.01)], GOALS)
        assert (found.broken_by, found.only_this) == (3, 3)
        assert found.best_kept == pytest.approx(0.01)
        assert found.nearest is not None
        assert found.best is not None
        assert found.nearest.policy == "near"
        assert found.nearest.relax_by == pytest.approx(0.005)
        assert found.best.policy == "far"
        assert found.best.least_gain == pytest.approx(0.10)
        assert found.binds
        assert found.room_in_errors("a") == pytest.approx(5)
        assert not found.is_tight("a")
        (free,) = binding_limits([incumbent, kept, worse], [confirmed("a", 0.01, cost=0.058)], GOALS)
        assert not free.binds
        assert free.is_tight("a")

    def test_a_policy_that_another_limit_keeps_out_too_says_nothing(self) -> None:
        goals = replace(GOALS, bounds=(*GOALS.bounds, Bound("margin", -1, 105.0)))
        found = binding_limits([tried("today", 100, 100, 0.05), tried("b", 104, 104, 0.07)], [], goals)
        assert [one.only_this for one in found] == [0, 0]


class TestSimplest:
    def test_as_good_is_within_one_standard_error_and_the_limits(self) -> None:
        best, errors = confirmed("best", 0.03), [0.005, 0.005]
        assert is_as_good(confirmed("a", 0.026), best, GOALS, errors)
        assert is_as_good(confirmed("more", 0.05), best, GOALS, errors)
        assert not is_as_good(confirmed("b", 0.024), best, GOALS, errors)
        assert not is_as_good(confirmed("c", 0.03, cost=0.059), best, GOALS, errors)  # 1.28 errors are above the limit


class TestCriteria:
    def test_each_is_recomputed_by_hand(self) -> None:
        today = {"gmv": np.array([[10.0, 12.0], [4.0, 6.0]]), "margin": np.ones((2, 2))}
        other = {"gmv": np.array([[11.0, 13.0], [3.0, 4.0]]), "margin": np.ones((2, 2))}
        found = count_all({"today": today, "other": other}, [True, True], (0.5, 0.5), GOALS)

        def of(criterion: str) -> Counted:
            return next(one for one in found if (one.policy, one.kpi, one.criterion) == ("other", "gmv", criterion))

        assert (of("mean").figure.baseline, of("mean").figure.value) == (8, 7.75)
        assert (of("worst").figure.baseline, of("worst").figure.value) == (5, 3.5)
        assert (of("regret").figure.baseline, of("regret").figure.value) == (1, 1.5)
        assert not of("regret").more_is_better
        assert (of("satisficing").reference, of("satisficing").figure.value) == (8, 0.5)

    def test_regret_is_against_those_that_keep_the_limits(self) -> None:
        today, other = ({"gmv": np.full((1, 2), one), "margin": np.ones((1, 2))} for one in (10.0, 15.0))
        found = count_all({"today": today, "other": other}, [True, False], (1.0,), GOALS)
        assert [one.figure.value for one in found if one.kpi == "gmv" and one.criterion == "regret"] == [0, 0]


def test_keep_is_said_where_nothing_can_beat_the_incumbent(tmp_path: Path) -> None:
    """Dearer delivery alone: every policy of the space sells less."""
    text = study_with(
        objectives="{gmv: maximise, orders: maximise}", levers="{shipping.free_from: {choices: [299, 499, never]}}",
        search="{policies: 4, replications: 2, start: 4}", scenarios="[steady.yaml]",
        confirmation="{replications: 2, shortlist: 2}", constraints="{}",
    )  # fmt: skip
    lines = [line for line in text.splitlines() if not line.startswith("  ")]
    study = write_study(tmp_path, "\n".join(lines) + "\n")
    answer = CliRunner().invoke(
        main, ["optimize", str(study), "--out", str(tmp_path / "out"), "--workers", "1", "--json", "--no-simpler"]
    )
    assert answer.exit_code == 0, answer.output
    data = json.loads(answer.stdout)
    assert (data["verdict"], data["recommended"]) == ("keep", "four-tiers-simple")
    assert data["summary"][0] == "Recommended: keep four-tiers-simple."
    recommended = load_policy(tmp_path / "out" / "recommended-policy.yaml")
    assert recommended.digest() == load_policy("four-tiers-simple").digest()
    assert "no lever differs" in (tmp_path / "out" / "recommended-policy-changes.txt").read_text()
    assert all(row["probability_beats_incumbent"] == 0 for row in data["confirmed"])
    assert "Keep today&#39;s policy, four-tiers-simple: " in (tmp_path / "out" / "report.html").read_text()
