"""Populations: the files that ship, their rules, and round trips through YAML."""

import pytest

from memberlab.policies import DocumentError, dump_model, json_schema, load_model_text
from memberlab.scenarios import BGNBD, GammaGamma, ParetoNBD, Population, load_population, population_names

SMALL = """\
name: small
currency: EUR
purchases: {model: pareto-nbd, r: 0.5, alpha_weeks: 10.5, s: 0.6, beta_weeks: 12}
spend: {p: 6, q: 3.7, v: 15.4}
conversion: 10 %
"""


def refusals(text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load_model_text(Population, text, "small.yaml")
    return [str(problem) for problem in caught.value.problems]


FITTED = ("cd-retailer", "grocery")
"""Populations that were fitted to a log; the others are assumed."""


class TestShipped:
    def test_these_ship(self) -> None:
        assert population_names() == ("cd-retailer", "coffee-house", "grocery", "marketplace")

    @pytest.mark.parametrize("name", sorted(set(population_names()) - set(FITTED)))
    def test_the_others_say_that_they_are_assumed(self, name: str) -> None:
        population = load_population(name)
        assert population.name == name
        assert population.fit is None
        assert "assumed" in population.title
        assert "every figure is an assumption" in population.description

    @pytest.mark.parametrize("name", FITTED)
    def test_each_is_named_as_its_file_and_tells_where_it_comes_from(self, name: str) -> None:
        population = load_population(name)
        assert population.name == name
        assert population.fit is not None
        assert set(population.fit.purchases) == {"pareto-nbd", "bg-nbd", "nbd"}
        assert "not shipped" in population.source
        assert "assumed" in population.description
        assert population.fit.command.startswith("python -m memberlab.scenarios.calibration.shipped")

    @pytest.mark.parametrize("name", FITTED)
    def test_each_uses_the_model_its_fit_chose(self, name: str) -> None:
        population = load_population(name)
        assert population.fit is not None
        chosen = population.fit.purchases[population.fit.chosen]
        written = population.purchases.model_dump()
        assert {key: float(written[key]) for key in chosen.estimates} == chosen.estimates

    @pytest.mark.parametrize("name", population_names())
    def test_each_survives_a_round_trip(self, name: str) -> None:
        population = load_population(name)
        assert load_model_text(Population, dump_model(population)) == population

    def test_the_cd_retailer_holds_the_published_figures(self) -> None:
        population = load_population("cd-retailer")
        assert population.currency == "USD"
        assert population.conversion == 1000
        assert population.spend.mean == pytest.approx(35.17, abs=0.01)
        assert population.fit is not None
        hazard = population.fit.purchases["pareto-nbd"].estimates
        assert [round(value, 3) for value in hazard.values()] == [0.553, 10.578, 0.606, 11.669]

    def test_the_grocery_says_that_dropout_is_not_identified(self) -> None:
        population = load_population("grocery")
        assert "dropout is not identified" in population.description
        assert population.fit is not None
        assert "dropout is not identified" in population.fit.caveats[0]
        assert population.conversion == 2500
        assert isinstance(population.purchases, ParetoNBD)
        assert "s is held at 1" in population.fit.purchases["pareto-nbd"].remarks[0]

    def test_an_unknown_name_lists_what_exists(self) -> None:
        with pytest.raises(DocumentError, match=r"unknown population, did you mean 'grocery'.*cd-retailer"):
            load_population("grocry")


class TestRules:
    def test_a_small_one(self) -> None:
        population = load_model_text(Population, SMALL)
        assert population.purchases == ParetoNBD(model="pareto-nbd", r=0.5, alpha_weeks=10.5, s=0.6, beta_weeks=12.0)
        assert population.frequency_spend_correlation == 0.0
        assert population.fit is None

    def test_bg_nbd(self) -> None:
        purchases = "{model: bg-nbd, r: 0.24, alpha_weeks: 4.4, a: 0.8, b: 2.4}"
        text = SMALL.replace("{model: pareto-nbd, r: 0.5, alpha_weeks: 10.5, s: 0.6, beta_weeks: 12}", purchases)
        assert isinstance(load_model_text(Population, text).purchases, BGNBD)

    def test_nobody_leaves_without_s_and_beta(self) -> None:
        population = load_model_text(Population, SMALL.replace(", s: 0.6, beta_weeks: 12", ""))
        assert isinstance(population.purchases, ParetoNBD)
        assert not population.purchases.has_dropout
        assert load_model_text(Population, dump_model(population)) == population

    @pytest.mark.parametrize("half", [", s: 0.6", ", beta_weeks: 12"])
    def test_half_a_dropout_is_refused(self, half: str) -> None:
        text = SMALL.replace(", s: 0.6, beta_weeks: 12", half)
        assert refusals(text) == [
            "small.yaml:3 purchases.beta_weeks: s and beta_weeks belong together; "
            "write both, or neither when nobody leaves"
        ]

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("q: 3.7", "q: 1", "small.yaml:4 spend.q: 1 is not above 1, so that the mean amount would be infinite"),
            ("q: 3.7", "q: -2", "small.yaml:4 spend.q: -2 is not above 0"),
            ("r: 0.5", "r: 0", "small.yaml:3 purchases.r: 0 is not above 0"),
            (
                "alpha_weeks",
                "alpha_week",
                "small.yaml:3 purchases.alpha_week: unknown key 'alpha_week', did you mean 'alpha_w",
            ),
            ("10 %", "0.1", "small.yaml:5 conversion: 0.1 has no unit; write 0.1 % or 10 %"),
            ("10 %", "0 %", "small.yaml:5 conversion: 0 % is below 0.01 %"),
            ("10 %", "100 %", "small.yaml:5 conversion: 100 % is above 99.99 %"),
            ("pareto-nbd", "paretonbd", "small.yaml:3 purchases: 'model' 'paretonbd' is unknown; write one of"),
            ("EUR", "euro", "small.yaml:2 currency: 'euro' is not a currency"),
            (
                "10 %",
                "10 %\nfrequency_spend_correlation: 1",
                "small.yaml:6 frequency_spend_correlation: 1 is not a correlat",
            ),
        ],
    )
    def test_what_is_refused(self, old: str, new: str, message: str) -> None:
        assert any(line.startswith(message) for line in refusals(SMALL.replace(old, new))), refusals(
            SMALL.replace(old, new)
        )

    def test_the_mean_amount(self) -> None:
        assert GammaGamma(p=6.0, q=4.0, v=15.0).mean == 30.0

    def test_two_fits_of_the_same_figures_are_the_same_rules(self) -> None:
        population = load_population("cd-retailer")
        renamed = population.model_copy(update={"fit": None, "name": "other"})
        assert renamed.digest() == population.digest()
        assert population.diff(renamed) == []

    def test_figures_can_be_changed_by_address(self) -> None:
        changed = load_population("cd-retailer").with_({"purchases.r": 0.3, "conversion": "12 %"})
        assert changed.purchases.r == 0.3
        assert changed.conversion == 1200

    def test_the_schema_tells_units(self) -> None:
        schema = json_schema(Population)
        assert schema["properties"]["conversion"]["type"] == "string"
        assert "currency units" in schema["$defs"]["GammaGamma"]["properties"]["v"]["description"]
