"""Twins: the identity of a naive comparison without a residual, a placebo's exact zero, and undisturbed lives."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from memberlab.optimize import CLAIMS, Lives, Stop, control_of, lives_from, merge_lives, placebo_of, programme_of
from memberlab.policies import Policy, load_policy
from memberlab.results import Decomposition, decompose
from memberlab.scenarios import Scenario
from memberlab.sim import World, warm_up

from .worlds import brisk_population, small_scenario

EVENT = programme_of("event", small_scenario())
TIERS = load_policy("four-tiers-simple")


def market(**changes: object) -> Scenario:
    return small_scenario(**{"horizon__months": 24, "population__shoppers": 300, **changes})


@cache
def lives(policy: Policy, shoppers: int = 300) -> Lives:
    return lived_by_region(policy, market(population__shoppers=shoppers))


def lived_by_region(policy: Policy, scenario: Scenario) -> Lives:
    """Let the last region live first."""
    parts: list[Lives] = []
    for region in reversed(range(scenario.regions)):
        start = warm_up(scenario, incumbent=control_of(scenario), region=region, population=brisk_population())
        parts.insert(0, lives_from(start, policy))
    return merge_lives(parts)


def orders(one: Lives) -> NDArray[np.int64]:
    return one.between("orders", Stop.LABELLED, Stop.END)


def heavy(one: Lives) -> NDArray[np.bool_]:
    """Return who ordered three times or more in the label year: a label that gives nothing."""
    label: NDArray[np.bool_] = one.between("orders", Stop.START, Stop.LABELLED) >= 3
    return label


# the identity


def test_two_groups_by_hand() -> None:
    """Two labelled shoppers buy 6 and 4 with the programme, 5 and 3 without; three others 1, 2, 0 and 0, 2, 0."""
    labelled = np.array([True, True, False, False, False])
    found = decompose(labelled, np.array([6, 4, 1, 2, 0]), np.array([5, 3, 0, 2, 0]))
    assert found.naive == 4
    assert found.effect == 1
    assert (found.selection, found.spill_over) == (Fraction(10, 3), Fraction(1, 3))
    assert (found.labelled, found.others, found.effect_on_all) == (2, 3, Fraction(3, 5))
    assert (found.naive_lift, found.causal_lift, found.lift_of_all) == (4.0, 0.25, 0.3)
    assert found.half_width == 0  # both labelled shoppers gained one


Twin = st.tuples(st.booleans(), st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))


@given(st.lists(Twin, min_size=2, max_size=40).filter(lambda twins: len({label for label, _, _ in twins}) == 2))
def test_the_identity_has_no_residual(twins: list[tuple[bool, int, int]]) -> None:
    labels, with_programme, without = (np.array(column) for column in zip(*twins, strict=True))
    found = decompose(labels, with_programme, without)
    assert found.naive == found.effect + found.selection - found.spill_over
    assert found.residual == 0


def test_groups_that_are_empty_and_other_shoppers_are_refused() -> None:
    nobody = np.zeros(3, bool)
    ones = np.ones(3, np.int64)
    with pytest.raises(ValueError, match="0 of 3 shoppers have the label; both groups must have some"):
        decompose(nobody, ones, ones)
    with pytest.raises(ValueError, match="twins must be the same shoppers"):
        decompose(nobody, ones, ones[:2])


def test_a_count_in_which_nobody_moved_is_not_certain_unless_the_markets_are_the_same() -> None:
    label, ones = np.array([True] * 5 + [False] * 5), np.ones(10, np.int64)
    assert decompose(label, ones, ones).half_width == pytest.approx(2.776 / 5, rel=1e-3)
    assert decompose(label, ones, ones, are_same=True).half_width == 0


# lived


def found_of(lived: Lives, twins: Lives) -> Decomposition:
    return decompose(heavy(lived), orders(lived), orders(twins), are_same=lived.are_those_of(twins))


PLACEBOS: dict[str, dict[str, object]] = {
    "another name": {},
    "a campaign that never comes": {"campaigns": {"never": {"when": "2035-01-01", "discount": "10 %"}}},
    "points that nobody can earn": {
        "points": {"earn": {"points": 1, "per": 1_000_000}, "redeem": {"points": 1000, "value": 1}}
    },
}


@pytest.mark.parametrize("changes", PLACEBOS.values(), ids=PLACEBOS)
def test_a_placebo_has_an_effect_of_exactly_zero_and_a_difference_above_zero(changes: dict[str, object]) -> None:
    control = control_of(market())
    placebo = placebo_of(control).with_({"title": "Placebo", **changes})
    found = found_of(lives(placebo), lives(control))
    assert found.effect == found.spill_over == found.effect_on_all == found.half_width == 0
    assert found.naive == found.selection > 1  # an order more in a year, for a label that gives nothing


def test_the_identity_holds_for_a_real_programme() -> None:
    found = found_of(lives(TIERS), lives(control_of(market())))
    assert found.effect > 0
    assert found.residual == 0
    label, with_programme, without = heavy(lives(TIERS)), orders(lives(TIERS)), orders(lives(control_of(market())))
    effect = (with_programme - without)[label].mean()
    selection = without[label].mean() - without[~label].mean()
    spill_over = (with_programme - without)[~label].mean()
    naive = with_programme[label].mean() - with_programme[~label].mean()
    assert abs(naive - (effect + selection - spill_over)) < 1e-9
    assert float(found.naive) == pytest.approx(naive, abs=1e-9)
    assert float(found.effect) == pytest.approx(effect, abs=1e-9)


def test_reading_the_accounts_disturbs_nobody() -> None:
    start = warm_up(market(), incumbent=control_of(market()), population=brisk_population())
    world = World.resume(start, EVENT)
    straight = world.run(world.end).shoppers
    for account in ("orders", "gmv", "benefit_cost"):
        assert (lives(EVENT).at(account, Stop.END) == straight[account]).all()


def test_labels_are_fixed_before_outcomes_begin() -> None:
    """Whatever follows the label year, no label of any claim and nobody who is compared depends on it."""
    lived = lives(TIERS)
    later = {name: accounts.copy() for name, accounts in lived.accounts.items()}
    for accounts in later.values():
        accounts[Stop.LABELLED + 1 :] = -7
    changed = Lives(later, lived.draw)
    for claim in CLAIMS:
        assert Stop.LABELLED <= claim.outcome.since < claim.outcome.until
        for label in (claim.among, claim.label, claim.placebo):
            assert (label.rule(lived, TIERS) == label.rule(changed, TIERS)).all(), (claim.name, label.words)


# nobody's history depends on anybody else; `test_world.py` has the same for a policy without campaigns


def same(one: Lives, other: Lives) -> bool:
    return one.are_those_of(other) and bool((one.draw == other.draw).all())


def test_adding_a_shopper_changes_no_other_shoppers_accounts() -> None:
    more = lives(EVENT, 301)
    assert same(Lives({name: one[:, :300] for name, one in more.accounts.items()}, more.draw[:300]), lives(EVENT))


def test_a_programme_under_another_name_changes_no_account() -> None:
    renamed = EVENT.model_copy(update={"name": "other", "title": "Another"})
    assert same(lives(renamed), lives(EVENT))
    assert not same(lives(control_of(market())), lives(EVENT))


@pytest.mark.parametrize("regions", [2, 5])
def test_the_order_in_which_parts_of_the_market_live_changes_no_account(regions: int) -> None:
    assert same(lived_by_region(EVENT, market(regions=regions)), lives(EVENT))
