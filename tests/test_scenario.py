"""Scenarios: the presets that ship, their rules, and what they refer to."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from memberlab.policies import DocumentError, load_model_text, load_policy, policy_names
from memberlab.scenarios import (
    MONTHS,
    Rival,
    Scenario,
    Shock,
    currency_problem,
    load_scenario,
    population_names,
    scenario_names,
)

BASE = load_scenario("baseline")

MINIMAL = """\
name: small
currency: CNY
start: 2026-01-01
incumbent: no-programme
warm_up: {months: 12}
horizon: {months: 12}
population: {source: cd-retailer, shoppers: 10, established: 60 %, price_level: 7}
gross_margin: 40 %
shipping_cost: 8
"""


def refusals(changes: dict[str, object]) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        BASE.with_(changes)
    return [f"{problem.field}: {problem.message}" for problem in caught.value.problems]


class TestPresets:
    def test_these_ship(self) -> None:
        assert scenario_names() == (
            "acquisition-drought",
            "baseline",
            "bonus-hunters",
            "china-coffee-house",
            "china-marketplace",
            "cost-inflation",
            "friends-and-failures",
            "margin-squeeze",
            "no-expiry-rule",
            "recession",
            "recession-and-recovery",
            "renewal-notice-rule",
            "rival-launch",
            "rival-paid-membership",
            "shop-outage",
            "supply-trouble",
            "us-coffee-house",
            "us-marketplace",
            "viral-quarter",
        )  # fmt: skip

    @pytest.mark.parametrize("name", scenario_names())
    def test_each_is_named_as_its_file(self, name: str) -> None:
        scenario = load_scenario(name)
        assert scenario.name == name
        assert scenario.title and scenario.description and scenario.source

    def test_baseline(self) -> None:
        assert (BASE.currency, BASE.start, BASE.incumbent) == ("CNY", datetime.date(2026, 1, 1), "four-tiers-simple")
        assert (BASE.warm_up.months, BASE.horizon.months) == (12, 24)
        population = BASE.population
        assert (population.source, population.shoppers, population.established) == ("cd-retailer", 10_000, 6_000)
        assert population.price_level == Decimal(7)
        assert (BASE.gross_margin, BASE.shipping_cost) == (4_000, 800)
        assert (BASE.payment.share, BASE.payment.fixed) == (60, 0)
        assert (BASE.regions, BASE.seed, BASE.shocks, BASE.rival, dict(BASE.assumptions)) == (2, 1, (), None, {})

    def test_the_fourth_quarter_holds_its_share_of_the_year(self) -> None:
        """US Census 2021: 257.6 of 870.8 billion dollars, 29.6 % (reference/behaviour.md, fact 7)."""
        quarter = sum(BASE.season[month] for month in MONTHS[9:])
        assert quarter / sum(BASE.season.values()) == pytest.approx(Decimal("0.296"), abs=Decimal("0.005"))

    def test_the_others_differ_from_the_baseline_in_one_thing(self) -> None:
        recession, launch = load_scenario("recession"), load_scenario("rival-launch")
        assert {change.address.partition(".")[0] for change in BASE.diff(recession)} == {"shocks"}
        assert {change.address.partition(".")[0] for change in BASE.diff(launch)} == {"rival"}
        assert recession.shocks[0].visits < 100 < recession.shocks[0].price_sensitivity
        assert launch.rival == Rival.model_validate({"launch_month": 7, "adoption": "25 %", "ramp_months": 6})


def test_what_may_be_left_out() -> None:
    small = load_model_text(Scenario, MINIMAL)
    assert (small.season, small.regions, small.seed, small.payment.share) == ({}, 1, 1, 0)


def test_what_is_missing_is_told_at_once() -> None:
    with pytest.raises(DocumentError) as caught:
        load_model_text(Scenario, "name: small\n", "small.yaml")
    assert [str(problem) for problem in caught.value.problems] == [
        f"small.yaml:1 {field}: missing; this key is required"
        for field in (
            "currency", "start", "incumbent", "warm_up", "horizon", "population", "gross_margin", "shipping_cost"
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"start": "2026-01-15"}, ["start: 2026-01-15 is not the first of a month; write 2026-01-01"]),
        ({"start": "1815-06-01"}, ["start: 1815-06-01 is out of range; write a year from 1900 to 2199"]),
        ({"warm_up.months": 61}, ["warm_up.months: 61 is above 60; write 60 or less"]),
        ({"horizon.months": 0}, ["horizon.months: 0 is below 1; write 1 or more"]),
        ({"population.shoppers": 0}, ["population.shoppers: 0 is below 1; write 1 or more"]),
        ({"population.shoppers": 1}, ["regions: 2 is more than population.shoppers, 1; write fewer regions"]),
        ({"population.price_level": 0}, ["population.price_level: 0 is not above 0; write a larger number"]),
        ({"population.established": 0.6}, ["population.established: 0.6 has no unit; write 0.6 % or 60 %"]),
        ({"regions": 65}, ["regions: 65 is above 64; write 64 or less"]),
        (
            {"seed": 2**63},
            ["seed: 9223372036854775808 is above 9223372036854775807; write 9223372036854775807 or less"],
        ),
        ({"incumbent": ""}, ["incumbent: '' is too short; write 1 character or more"]),
        ({"season.janury": 1}, ["season.janury: 'janury' is not a month, did you mean 'january'?"]),
        ({"season.january": 0}, ["season.january: 0 is not above 0; write a larger number"]),
        (
            {"season": {"january": 1, "may": "5 %"}},
            [
                "season.may: '5 %' is not a number; write for example 1.25",
                "season: no figure for february, march, april, june, july, august, september, october, november, "
                "december; write all 12 months, or no season",
            ],
        ),
        ({"season": []}, ["season: a list is not a section; write 'key: value' lines below it, indented"]),
        (
            {
                "shocks": [
                    {"name": "a", "from_month": 25, "visit": 1},
                    {"name": "a", "from_month": 3, "until_month": 2},
                    {"from_month": 1, "until_month": 30},
                ]
            },
            [
                "shocks.0.visit: unknown key 'visit', did you mean 'visits'?",
                "shocks.1.until_month: 2 is before from_month, 3; write 3 or a later month",
                "shocks.2.name: missing; this key is required",
                "shocks.0.from_month: 25 is after the last month of the horizon; write 24 or less",
                "shocks.1.name: 'a' names an earlier shock; give each its own name",
                "shocks.2.until_month: 30 is after the last month of the horizon; write 24 or less",
            ],
        ),
        ({"shocks": {"a": 1}}, ["shocks: a mapping is not a list; write each entry on a line after '- '"]),
        (
            {"rival": {"launch_month": 25, "adoption": 20}},
            [
                "rival.adoption: 20 has no unit; write 20 %",
                "rival.launch_month: 25 is after the last month of the horizon; write 24 or less",
            ],
        ),
        (
            {"horizon.months": 6, "rival": {"launch_month": 7, "adoption": "20 %"}},
            ["rival.launch_month: 7 is after the last month of the horizon; write 6 or less"],
        ),
        ({"assumptions.gamma": "high"}, ["assumptions.gamma: 'high' is not a number; write for example 1.25"]),
        ({"payment.fixed": -1}, ["payment.fixed: -1 is negative; write 0 or more"]),
        (
            {"returns": {"share": "5 %", "refund_days": 61}},
            ["returns.refund_days: 61 is above 60; write 60 or less"],
        ),
        (
            {"returns": {"share": "5 %", "refund_days": 2.5}},
            ["returns.refund_days: 2.5 is not a whole number of days; write 2 or 3"],
        ),
    ],
)
def test_what_is_refused(changes: dict[str, object], messages: list[str]) -> None:
    assert refusals(changes) == messages


def test_shocks_are_read_in_percent_and_last_to_the_end_by_default() -> None:
    scenario = BASE.with_({"shocks": [{"name": "strike", "from_month": 2, "shipping_cost": 1.5}]})
    (strike,) = scenario.shocks
    assert strike == Shock.model_validate({"name": "strike", "from_month": 2, "shipping_cost": Decimal("1.50")})
    assert (strike.shipping_cost, strike.visits, strike.until_month) == (150, 100, None)


def test_assumptions_keep_their_sign_and_digits() -> None:
    assert BASE.with_({"assumptions": {"gamma_L": -0.15}}).assumptions == {"gamma_L": Decimal("-0.15")}


class TestReferences:
    def write(self, folder: Path, incumbent: str, source: str = "cd-retailer") -> Path:
        path = folder / "small.yaml"
        text = MINIMAL.replace("no-programme", incumbent).replace("cd-retailer", source)
        path.write_text(text, encoding="utf-8")
        return path

    def test_paths_are_seen_from_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "mine.yaml").write_text("name: mine\n", encoding="utf-8")
        scenario = load_scenario(self.write(tmp_path, "mine.yaml"))
        assert load_policy(scenario.incumbent).name == "mine"

    def test_absolute_paths_stay(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.yaml"
        path.write_text("name: mine\n", encoding="utf-8")
        assert load_scenario(self.write(tmp_path, str(path))).incumbent == str(path)

    def test_an_unknown_incumbent_is_told_with_its_line(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError) as caught:
            load_scenario(self.write(tmp_path, "jdplus"))
        assert [str(problem) for problem in caught.value.problems] == [
            f"{tmp_path}/small.yaml:4 incumbent: 'jdplus' cannot be used as the incumbent policy",
            f"jdplus: unknown policy, did you mean 'jd-plus'? Known: {', '.join(policy_names())}",
        ]

    def test_the_faults_of_the_incumbent_are_told_at_their_place(self, tmp_path: Path) -> None:
        (tmp_path / "mine.yaml").write_text("name: mine\nmember_discount: 5\n", encoding="utf-8")
        with pytest.raises(DocumentError, match=r"mine\.yaml:2 member_discount: 5 has no unit; write 5 %"):
            load_scenario(self.write(tmp_path, "mine.yaml"))

    def test_an_unknown_population_is_told_beside_an_unknown_incumbent(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError) as caught:
            load_scenario(self.write(tmp_path, "zzz", "grocer"))
        assert [str(problem) for problem in caught.value.problems] == [
            f"{tmp_path}/small.yaml:4 incumbent: 'zzz' cannot be used as the incumbent policy",
            f"{tmp_path}/small.yaml:7 population.source: 'grocer' cannot be used as the population",
            f"grocer: unknown population, did you mean 'grocery'? Known: {', '.join(population_names())}",
            f"zzz: unknown policy; known: {', '.join(policy_names())}",
        ]

    def test_a_population_of_ones_own_is_seen_from_the_file(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match=rf"^{tmp_path}/own\.yaml: no such file"):
            load_scenario(self.write(tmp_path, "no-programme", "own.yaml"))

    def test_currencies_must_agree(self, tmp_path: Path) -> None:
        (tmp_path / "mine.yaml").write_text("name: mine\ncurrency: USD\n", encoding="utf-8")
        with pytest.raises(
            DocumentError, match=r"small\.yaml:4 incumbent: policy 'mine' is in USD, scenario 'small' in CNY"
        ):
            load_scenario(self.write(tmp_path, "mine.yaml"))
        assert currency_problem(load_policy("jd-plus"), BASE) is None
        assert currency_problem(load_policy("no-programme"), BASE.with_({"currency": "USD"})) is None

    def test_an_unknown_scenario_lists_what_exists(self) -> None:
        with pytest.raises(
            DocumentError,
            match=r"^recesion: unknown scenario, did you mean 'recession'\? Known: acquisition-drought, baseline",
        ):
            load_scenario("recesion")
