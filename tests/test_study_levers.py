"""The space that levers span: ladders in order by construction, and the way from a policy back to its point."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memberlab.optimize import Lever, SearchSpace, plan_study
from memberlab.policies import Policy, load_policy
from tests.studies import write_study

FASHION = load_policy("four-tiers-simple")
SHIPPED = plan_study("fashion-thresholds").space


def lever(**written: object) -> Lever:
    return Lever.model_validate(written)


LADDER = SearchSpace(
    FASHION,
    {
        "tiers.diamond.threshold": lever(low=100, high=300, step=100, above="tiers.gold.threshold"),
        "tiers.gold.threshold": lever(low=50, high=150, step=50, above="tiers.silver.threshold"),
        "tiers.silver.threshold": lever(low=200, high=400, step=100),
    },
)


def test_increments_add_up_whatever_the_order_of_the_file() -> None:
    assert LADDER.values((2, 1, 0)) == {
        "tiers.diamond.threshold": 600, "tiers.gold.threshold": 300, "tiers.silver.threshold": 200
    }  # fmt: skip


def test_an_increment_over_a_field_that_is_no_lever() -> None:
    space = SearchSpace(FASHION, {"tiers.gold.discount": lever(low="0 %", high="1 %", step="0.5 %",
                                                               above="tiers.silver.discount")})  # fmt: skip
    assert [space.values((level,))["tiers.gold.discount"] for level in range(3)] == ["2 %", "2.5 %", "3 %"]


@given(st.data())
def test_every_point_of_the_shipped_study_is_a_valid_policy_in_order(data: st.DataObject) -> None:
    point = tuple(data.draw(st.integers(0, len(levels) - 1)) for levels in SHIPPED.levels)
    policy = SHIPPED.policy(point, "candidate")
    tiers = list(policy.tiers.values())
    for below, tier in pairwise(tiers):
        assert below.threshold < tier.threshold
        assert below.discount <= tier.discount
        assert below.earn_multiplier <= tier.earn_multiplier
    assert SHIPPED.point_of(policy) == point


def test_the_shipped_study_holds_its_incumbent() -> None:
    point = SHIPPED.point_of(FASHION)
    assert point is not None
    assert SHIPPED.policy(point, "same").digest() == FASHION.digest()


def nearest(policy: Policy) -> tuple[int, ...] | None:
    return LADDER.point_of(policy)


def test_an_incumbent_off_the_grid_stands_at_the_nearest_point() -> None:
    changes = {"tiers.silver.threshold": 260, "tiers.gold.threshold": 270, "tiers.diamond.threshold": 9000}
    assert nearest(FASHION.with_(changes)) == (2, 0, 1)


def test_a_policy_that_has_nothing_like_the_levers_has_no_point() -> None:
    space = SearchSpace(FASHION, {"shipping.free_from": lever(low=99, high=199, step=50)})
    assert space.point_of(FASHION.with_({"shipping.free_from": "never"})) is None
    assert space.point_of(FASHION.with_({"shipping.free_from": 120})) == (0,)


def test_choices_may_be_switches_and_words() -> None:
    space = SearchSpace(
        FASHION,
        {"tiers.gold.free_shipping": lever(choices=[True, False]), "shipping.free_from": lever(choices=[99, "never"])},
    )
    policy = space.policy((1, 1), "candidate")
    assert policy.tiers["gold"].free_shipping is False
    assert policy.shipping.free_from is None
    assert space.point_of(policy) == (1, 1)
    assert not space.levers["shipping.free_from"].is_ordered


@pytest.mark.parametrize(("choices", "ordered"), [([6, 12, 24], True), ([24, 12, 6], True), ([12, 6, 24], False)])
def test_neighbouring_choices_are_alike_only_when_sorted(choices: list[int], ordered: bool) -> None:
    assert lever(choices=choices).is_ordered is ordered


def test_the_size_of_a_space(tmp_path: Path) -> None:
    assert plan_study(write_study(tmp_path)).space.size == 15 * 13 * 4 * 3
