"""Documents as YAML text: whatever is a policy or a scenario is written so that it loads back as its equal."""

import datetime
import pickle
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from memberlab.policies import (
    Membership,
    Number,
    Points,
    Policy,
    Section,
    dump_model,
    load_model_text,
    load_policy,
    policy_names,
)
from memberlab.scenarios import MONTHS, Scenario

money = st.integers(0, 10**11).map(lambda cents: Decimal(cents) / 100)
price = st.integers(1, 10**11).map(lambda cents: Decimal(cents) / 100)
share = st.integers(0, 10_000).map(lambda points: f"{Decimal(points) / 100} %")
discount = st.integers(0, 9_999).map(lambda points: f"{Decimal(points) / 100} %")
factor = st.integers(0, 10_000).map(lambda percent: Decimal(percent) / 100)
label = st.from_regex(r"\A[a-z银V][\w%:#-]{0,20}\Z")
text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200)
name = st.just("made-up")
head = {"title": text, "description": text, "source": text}


@st.composite
def ladders(draw: st.DrawFn) -> dict[str, Any]:
    """Draw 2 to 8 tiers with rising thresholds."""
    names = draw(st.lists(label, min_size=2, max_size=8, unique=True))
    steps = draw(st.lists(st.integers(1, 10**10), min_size=len(names) - 1, max_size=len(names) - 1))
    thresholds = [Decimal(cents) / 100 for cents in accumulate([0, *steps])]
    rest = {"discount": discount, "earn_multiplier": factor, "free_shipping": st.booleans()}
    return {
        name: {"threshold": threshold, **draw(st.fixed_dictionaries({}, optional=rest))}
        for name, threshold in zip(names, thresholds, strict=True)
    }


points = st.fixed_dictionaries(
    {
        "earn": st.fixed_dictionaries({"points": st.integers(0, 10), "per": price.filter(lambda amount: amount >= 1)}),
        "redeem": st.fixed_dictionaries({"points": st.integers(1000, 10**6), "value": st.integers(1, 99)}),
    },
    optional={
        "minimum": st.integers(0, 10**6),
        "maximum_share": share,
        "expiry": st.just("never") | st.fixed_dictionaries({"months": st.integers(1, 24)}),
        "expected_redemption": share,
    },
)
policies = st.fixed_dictionaries(
    {"name": name, "currency": st.just("CNY")},
    optional={
        **head,
        "member_discount": discount,
        "shipping": st.fixed_dictionaries({}, optional={"fee": money, "free_from": money | st.just("never")}),
        "tiers": ladders() | st.just({}),
        "points": points | st.none(),
        "membership": st.none() | st.fixed_dictionaries({"fee": price}, optional={"discount": discount}),
    },
)


@settings(max_examples=80)
@given(policies)
def test_any_policy_comes_back_as_its_equal(written: dict[str, Any]) -> None:
    policy = Policy.model_validate(written)
    again = load_model_text(Policy, policy.to_yaml())
    assert again == policy
    assert (hash(again), again.digest(), again.diff(policy)) == (hash(policy), policy.digest(), [])
    assert list(again.tiers) == list(policy.tiers)
    assert pickle.loads(pickle.dumps(policy)) == policy


scenarios = st.fixed_dictionaries(
    {
        "name": name,
        "currency": st.just("CNY"),
        "start": st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)).map(lambda day: day.replace(day=1)),
        "incumbent": st.just("no-programme"),
        "warm_up": st.fixed_dictionaries({"months": st.integers(1, 60)}),
        "horizon": st.fixed_dictionaries({"months": st.integers(12, 120)}),
        "population": st.fixed_dictionaries(
            {
                "source": st.just("cd-retailer"),
                "shoppers": st.integers(64, 20_000_000),
                "established": share,
                "price_level": st.decimals(Decimal("0.01"), 1000, places=3),
            }
        ),
        "gross_margin": share,
        "shipping_cost": money,
    },
    optional={
        **head,
        "season": st.fixed_dictionaries({month: st.decimals(Decimal("0.1"), 10, places=2) for month in MONTHS}),
        "payment": st.fixed_dictionaries({}, optional={"share": share, "fixed": money}),
        "regions": st.integers(1, 64),
        "seed": st.integers(0, 2**63 - 1),
        "shocks": st.lists(
            st.fixed_dictionaries(
                {"name": label, "from_month": st.integers(1, 12)}, optional={"visits": factor, "baskets": factor}
            ),
            max_size=3,
            unique_by=lambda shock: shock["name"],
        ),
        "rival": st.none() | st.fixed_dictionaries({"launch_month": st.integers(1, 12), "adoption": share}),
        "assumptions": st.dictionaries(label, st.decimals(-1000, 1000, places=6), max_size=4),
    },
)


@settings(max_examples=60)
@given(scenarios)
def test_any_scenario_comes_back_as_its_equal(written: dict[str, Any]) -> None:
    scenario = Scenario.model_validate(written)
    again = load_model_text(Scenario, scenario.to_yaml())
    assert again == scenario
    assert (hash(again), again.digest(), again.diff(scenario)) == (hash(scenario), scenario.digest(), [])


def test_the_text_is_what_a_person_would_write() -> None:
    policy = load_policy("jd-plus").with_({"membership.fee": 149.5, "member_discount": "0.5 %", "tiers": {}})
    assert policy.to_yaml() == (
        "version: 1\n"
        "name: jd-plus\n"
        "title: JD PLUS (京东PLUS会员)\n"
        "description: A yearly fee buys unlimited free delivery and a rebate in beans; others pay delivery below a "
        "threshold.\n"
        'source: Catalogue of reference/programme-mechanics.md, facts of 2018 to 2023; "assumed" has no public figure\n'
        "member_discount: 0.5 %\n"
        "currency: CNY\n"
        "shipping:\n  fee: 6\n  free_from: 59\n"
        "points:\n"
        "  minimum: 500\n"
        "  earn:\n    points: 1\n    per: 2\n"
        "  redeem:\n    points: 100\n    value: 1\n"
        "  expiry:\n    months: 24\n"
        "membership:\n"
        "  fee: 149.50\n  earn_multiplier: 2\n  free_shipping: true\n"
        "  points_cap:\n    points: 50000\n    per: year\n"
    )


@pytest.mark.parametrize(
    "title",
    ["yes", "null", "12", "1.50", "2026-01-31", "- a", "a: b", "# a", " a ", "", "%", "a\nb\n", "\x85a\u2028\r"],
)
def test_text_that_looks_like_something_else_stays_text(title: str) -> None:
    policy = load_policy("no-programme").with_({"title": title})
    assert load_model_text(Policy, policy.to_yaml()).title == title


@pytest.mark.parametrize("preset", policy_names())
def test_other_readers_of_yaml_read_it_too(preset: str) -> None:
    assert yaml.safe_load(load_policy(preset).to_yaml())["name"] == preset


def test_sections_can_be_written_alone() -> None:
    assert dump_model(Membership(fee=149)) == "fee: 149\n"
    points = load_policy("jd-plus").points
    assert points is not None
    assert load_model_text(Points, dump_model(points)) == points


class Estimate(Section):
    value: Number
    other: float = 1e-7


@pytest.mark.parametrize("value", [1e-7, 1.5e300, 5e-324, -0.1, 0.0, 9594.976])
def test_estimates_keep_every_digit(value: float) -> None:
    estimate = Estimate.model_validate({"value": value})
    assert load_model_text(Estimate, dump_model(estimate)).value == value
