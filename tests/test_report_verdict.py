"""The two sentences of a comparison's report, from tables written by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from memberlab.results import Wording, comparison_verdict

WORDING = Wording("en", "CNY")


def figures(**differences: tuple[float, float]) -> pd.DataFrame:
    """Return a comparison in which every policy's KPIs differ by (difference, half the interval), in each scenario."""
    rows = []
    for name, (difference, half) in differences.items():
        policy, kpi, scenario = name.split("__")
        rows.append({"scenario": scenario, "policy": policy, "kpi": kpi, "difference": difference,
                     "simultaneous_low": difference - half, "simultaneous_high": difference + half})  # fmt: skip
    return pd.DataFrame(rows)


def one_policy(gmv: tuple[float, float], retention: tuple[float, float], margin: tuple[float, float]) -> pd.DataFrame:
    return figures(b__gmv__w=gmv, b__retention__w=retention, b__margin__w=margin)


def turns(pays: str, *values: float) -> pd.DataFrame:
    found = values or (float("nan"),)
    return pd.DataFrame([
        {"scenario": "w", "policy": "b", "own_attrition_effect": 0.15, "pays": pays, "break_even": value}
        for value in found
    ])  # fmt: skip


def test_only_what_is_certain_rises_or_falls() -> None:
    table = one_policy((200_000, 100_000), (0.013, 0.02), (-300_000, 299_999))
    assert comparison_verdict(table, WORDING, "a")[0] == (
        "b against a: GMV rises (+CN¥2,000); retention shows no certain change (+1.3 pp); contribution margin falls "
        "(−CN¥3,000)."
    )


def test_several_scenarios_are_told_by_their_range_and_where_it_is_certain() -> None:
    table = figures(
        b__gmv__w=(200_000, 1), b__gmv__v=(100_000, 1), b__retention__w=(0.01, 0.02), b__retention__v=(0.01, 0.001),
        b__margin__w=(-1, 2), b__margin__v=(1, 2),
    )  # fmt: skip
    told = comparison_verdict(table, WORDING, "a")[0]
    assert "GMV rises in every scenario (+CN¥1,000 to +CN¥2,000)" in told
    assert "retention changes for certain only in v (+1.0 pp)" in told
    assert "contribution margin shows no certain change" in told


def test_of_several_policies_the_one_with_most_margin_is_told() -> None:
    table = pd.concat([one_policy((1, 2), (0, 0), (500_000, 1)), figures(
        c__gmv__w=(1, 2), c__retention__w=(0, 0), c__margin__w=(600_000, 1))])  # fmt: skip
    told = comparison_verdict(table, WORDING, "a")
    assert told[0].startswith("Of 2 policies c brings the most contribution margin; c against a:")
    assert len(told) == 2


def test_a_policy_whose_campaigns_reach_beyond_the_horizon_has_no_verdict() -> None:
    table = one_policy((200_000, 1), (0.1, 0.01), (200_000, 1))
    verdicts = pd.DataFrame([{"scenario": "w", "policy": "b", "is_due": False, "verdict": "b: no verdict: ..."}])
    assert comparison_verdict(table, WORDING, "a", verdicts=verdicts)[0].startswith("There is no verdict on b yet")


@pytest.mark.parametrize(
    ("break_even", "told"),
    [
        (turns("from", 0.2214), "higher than today's from an attrition effect of 0.22 up; 0.15 is assumed"),
        (turns("up_to", 0.4), "up to an attrition effect of 0.40"),
        (turns("always"), "at every attrition effect from 0 to 0.85"),
        (turns("never"), "at no attrition effect from 0 to 0.85"),
        (turns("in_parts", 0.1, 0.3), "turning at 0.10, 0.30"),
        (turns("uncertain"), "with certainty at no attrition effect"),
        (turns("no_difference"), "since there is no difference"),
        (None, "was not asked for"),
    ],
)
def test_the_second_sentence_says_where_it_pays(break_even: pd.DataFrame | None, told: str) -> None:
    table = one_policy((1, 2), (0, 0), (1, 2))
    assert told in comparison_verdict(table, WORDING, "a", break_even=break_even)[1]


def test_a_policy_by_itself_asks_for_a_second_one() -> None:
    table = figures(a__gmv__w=(0, 0), a__retention__w=(0, 0), a__margin__w=(0, 0))
    assert "give a second policy" in comparison_verdict(table, WORDING, "a")[0]
