"""`checks.yaml`: what it may say, and what is said of it when it cannot hold or could never fail, by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from memberlab.optimize import Checks, plan_checks
from memberlab.policies import DocumentError, reference_page

HEAD = """\
policies: [four-tiers-simple, no-programme, jd-plus]
scenarios: [baseline, recession]
shoppers: 500
"""
CLAIM = "claims:\n  - {claim: c, policy: four-tiers-simple, against: no-programme, kpi: margin, no_worse_by: 1 %}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "checks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        plan_checks(written(folder, text))
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def claim(keys: str) -> str:
    return f"{HEAD}claims:\n  - {{claim: c, {keys}}}\n"


def test_a_plan_counts_every_decision_of_a_run(tmp_path: Path) -> None:
    plan = plan_checks(written(tmp_path, HEAD + "margins: {gmv: 1 %, retention: 1 pp}\n" + CLAIM))
    assert plan.cells == 2 * 3 * 2 + 2  # figures x policies x scenarios, and one claim in two scenarios
    assert [cell.name for cell in plan.claims] == ["claims.0/baseline", "claims.0/recession"]
    assert {world.scenario.population.shoppers for world in plan.worlds} == {500}


def test_the_folder_stands_for_its_file(tmp_path: Path) -> None:
    written(tmp_path, HEAD)
    assert plan_checks(tmp_path).checks.name == "checks"


def test_claims_in_every_form_are_read(tmp_path: Path) -> None:
    plan = plan_checks(
        written(
            tmp_path,
            HEAD
            + """\
claims:
  - {claim: share, policy: jd-plus, kpi: benefit_cost_share, at_most: 7 %, probability: 95 %}
  - {claim: rise, policy: four-tiers-simple, against: no-programme, kpi: retention, rises_by: 1 pp}
  - {claim: debt, policy: four-tiers-simple, kpi: points_liability, at_most: 3000000, until: 2026-12-31}
  - {claim: order, ranking: [four-tiers-simple, no-programme], kpi: gmv, assumptions: sceptical, scenarios: [recession]}
""",
        )
    )
    told = list(dict.fromkeys(cell.statement.words for cell in plan.claims))
    assert told == [
        "benefit_cost_share of jd-plus at most 7 %",
        "retention of four-tiers-simple rises by at least 1 pp against no-programme",
        "points_liability of four-tiers-simple at most 3,000,000",
        "gmv of four-tiers-simple rises against no-programme",
    ]
    assert plan.claims[-1].world.name == "recession-sceptical"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("policy: four-tier-simple, kpi: margin, at_least: 1", "did you mean 'four-tiers-simple'?"),
        ("policy: jd-plus, kpi: margn, at_least: 1", "unknown KPI 'margn', did you mean 'margin'?"),
        ("policy: jd-plus, kpi: gmv, at_least: 1, scenarios: [recesion]", "did you mean 'recession'?"),
        ("policy: jd-plus, kpi: gmv", "nothing is stated"),
        ("kpi: gmv, at_least: 1", "no policy"),
        ("policy: jd-plus, kpi: gmv, rises_by: 1 %", "name it with against"),
        ("policy: jd-plus, against: no-programme, kpi: gmv, at_least: 1", "write rises_by"),
        ("policy: jd-plus, against: no-programme, kpi: retention, rises_by: 1 %", "write 1 pp"),
        ("policy: jd-plus, against: no-programme, kpi: gmv, rises_by: 1 pp", "no share"),
        ("policy: jd-plus, kpi: retention, at_least: 60", "write for example 60 %"),
        ("policy: jd-plus, kpi: gmv, at_least: 1, until: 2031-01-31", "outside the horizon"),
        ("policy: jd-plus, kpi: gmv, at_least: 1, assumptions: septical", "did you mean 'sceptical'?"),
    ],
)
def test_what_cannot_be_tried_is_named_with_its_line(tmp_path: Path, keys: str, said: str) -> None:
    (found,) = faults(tmp_path, claim(keys))[:1]
    assert found.startswith("checks.yaml:5 claims.0"), found
    assert said in found


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("policy: jd-plus, kpi: gmv, at_least: 0", "could never fail"),
        ("policy: jd-plus, kpi: retention, at_most: 100 %", "could never fail"),
        ("policy: jd-plus, kpi: gmv, at_least: 1, probability: 0 %", "could never fail"),
        ("policy: jd-plus, against: no-programme, kpi: gmv, no_worse_by: 100 %", "could never fail"),
        ("policy: jd-plus, against: jd-plus, kpi: gmv, no_worse_by: 1 %", "is the policy itself"),
        ("policy: four-tiers-simple, kpi: paid_members, at_most: 10", "no paid membership"),
    ],
)
def test_a_claim_that_can_never_fail_is_named(tmp_path: Path, keys: str, said: str) -> None:
    (found,) = faults(tmp_path, claim(keys))
    assert found.startswith("checks.yaml:5 claims.0")
    assert said in found


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        ("{gmv: 100 %}", "could never fail"),
        ("{retention: 100 pp}", "could never fail"),
        ("{retention: 1 %}", "write 1 pp"),
        ("{gmv: 0 %}", "not above 0"),
        ("{gmw: 1 %}", "did you mean 'gmv'?"),
        ("{}", "no margin"),
    ],
)
def test_a_margin_that_means_nothing_is_named(tmp_path: Path, margins: str, said: str) -> None:
    (found,) = faults(tmp_path, f"{HEAD}margins: {margins}\n")
    assert found.startswith("checks.yaml:4 margins")
    assert said in found


@pytest.mark.parametrize(
    "claims",
    [
        [
            "{claim: a, policy: jd-plus, kpi: gmv, at_least: 2000}",
            "{claim: b, policy: jd-plus, kpi: gmv, at_most: 1000}",
        ],
        [
            "{claim: a, ranking: [jd-plus, no-programme], kpi: margin}",
            "{claim: b, ranking: [no-programme, jd-plus], kpi: margin, scenarios: [recession]}",
        ],
        [
            "{claim: a, ranking: [jd-plus, no-programme, four-tiers-simple], kpi: margin}",
            "{claim: b, policy: four-tiers-simple, against: jd-plus, kpi: margin, rises_by: 500}",
        ],
        [
            "{claim: a, policy: jd-plus, kpi: retention, at_least: 60 %, probability: 90 %}",
            "{claim: b, policy: jd-plus, kpi: retention, at_most: 50 %, probability: 50 %}",
        ],
    ],
)
def test_claims_that_contradict_each_other_are_named(tmp_path: Path, claims: list[str]) -> None:
    (found,) = faults(tmp_path, HEAD + "claims:\n" + "".join(f"  - {one}\n" for one in claims))
    assert found == "checks.yaml:6 claims.1: contradicts 'a' (line 5): no outcome can satisfy all of them; mend one"


def test_claims_that_can_hold_together_are_left_alone(tmp_path: Path) -> None:
    claims = """\
claims:
  - {claim: a, ranking: [jd-plus, no-programme], kpi: margin, scenarios: [baseline]}
  - {claim: b, ranking: [no-programme, jd-plus], kpi: margin, scenarios: [recession]}
  - {claim: c, policy: jd-plus, kpi: gmv, at_least: 1000}
  - {claim: d, policy: jd-plus, kpi: gmv, at_most: 2000}
  - {claim: e, policy: jd-plus, against: no-programme, kpi: gmv, no_worse_by: 1 %}
  - {claim: f, policy: no-programme, against: jd-plus, kpi: gmv, no_worse_by: 1 %}
"""
    assert len(plan_checks(written(tmp_path, HEAD + claims)).claims) == 10


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "policies: [jd-pluss]\nscenarios: [baselin]\nshopper: 500\n")
    assert [one.partition(" ")[0] for one in found] == ["checks.yaml:1", "checks.yaml:2", "checks.yaml:3"]


def test_two_policies_of_one_name_are_named(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "policies: [jd-plus, jd-plus]\nscenarios: [baseline]\n")
    assert "two policies are called jd-plus" in found


def test_a_missing_file_is_told_with_the_command_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="memberlab init"):
        plan_checks(tmp_path)


def test_the_reference_page_is_up_to_date() -> None:
    """Write it anew with `memberlab schema checks --page > docs/checks-reference.md`."""
    page = reference_page(Checks, "Reference: checks files")
    assert (Path(__file__).parent.parent / "docs" / "checks-reference.md").read_text(encoding="utf-8") == page
