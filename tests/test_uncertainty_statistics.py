"""Sensitivity, the worth of knowing and PRIM, each held against functions whose answers are known exactly."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.optimize import (
    Design,
    Even,
    Factor,
    Index,
    Quantity,
    evenly,
    find_box,
    rule_of,
    score,
    worth_of_all,
    worth_of_each,
)

Numbers = NDArray[np.float64]


def factor(name: str) -> Factor:
    return Factor(name, Even(Quantity(Decimal(0)), Quantity(Decimal(1)), Decimal("0.001")), "group")


def by_name(indices: tuple[Index, ...]) -> dict[str, Index]:
    return {one.name: one for one in indices}


def ishigami(shares: Numbers) -> Numbers:
    """Ishigami and Homma (1990), a = 7, b = 0.1; first-order 0.3139, 0.4424, 0, total 0.5576, 0.4424, 0.2437."""
    one, two, three = (np.pi * (2 * shares[:, place] - 1) for place in range(3))
    return np.asarray(np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one))


def sobol_g(shares: Numbers, weights: tuple[float, ...]) -> Numbers:
    """Sobol's g-function (Saltelli and Sobol', 1995)."""
    terms = [(np.abs(4 * shares[:, i] - 2) + a) / (1 + a) for i, a in enumerate(weights)]
    return np.asarray(np.prod(terms, axis=0))


def g_totals(weights: tuple[float, ...]) -> list[float]:
    """The exact total indices: with v = 1/3 / (1 + a)^2, v (whole product of the others' 1 + v) over the variance."""
    parts = [1 / 3 / (1 + a) ** 2 for a in weights]
    variance = np.prod([1 + v for v in parts]) - 1
    return [float(v * np.prod([1 + w for w in parts]) / (1 + v) / variance) for v in parts]


def test_sobol_indices_of_ishigami_are_the_exact_ones() -> None:
    design = Design("sobol", ("a", "b", "c", "chance"), ("a", "b", "c", "chance"), 1024, seed=3)
    found = by_name(design.analyse(ishigami(design.shares)))
    for name, first, total in (("a", 0.3139, 0.5576), ("b", 0.4424, 0.4424), ("c", 0.0, 0.2437)):
        assert found[name].index == pytest.approx(total, abs=0.05)
        assert found[name].first == pytest.approx(first, abs=0.05)
        assert found[name].is_above_chance
    assert found["chance"].index == pytest.approx(0, abs=1e-9) and not found["chance"].is_above_chance


def test_sobol_indices_of_the_g_function_are_the_exact_ones_also_by_groups() -> None:
    weights = (0.0, 1.0, 4.5, 9.0)
    names = ("a", "b", "c", "d", "chance")
    single = Design("sobol", names, names, 1024, seed=5)
    found = [one.index for one in single.analyse(sobol_g(single.shares, weights))]
    assert found[:4] == pytest.approx(g_totals(weights), abs=0.06)
    grouped = Design("sobol", names, ("first", "first", "rest", "rest", "chance"), 1024, seed=5)
    by_group = by_name(grouped.analyse(sobol_g(grouped.shares, weights)))
    assert list(by_group) == ["first", "rest", "chance"]
    parts = [1 / 3 / (1 + a) ** 2 for a in weights]
    variance = np.prod([1 + v for v in parts]) - 1
    alone = np.prod([1 + v for v in parts[2:]]) - 1
    assert by_group["first"].first == pytest.approx((np.prod([1 + v for v in parts[:2]]) - 1) / variance, abs=0.06)
    assert by_group["first"].index == pytest.approx(1 - alone / variance, abs=0.06)


def test_morris_on_a_linear_function_finds_its_slopes_exactly_and_no_interaction() -> None:
    names = ("up", "down", "nothing", "chance")
    design = Design("morris", names, names, 6, seed=1)
    found = by_name(design.analyse(3 * design.shares[:, 0] - 5 * design.shares[:, 1] + 2))
    for name, slope in (("up", 3.0), ("down", -5.0), ("nothing", 0.0)):
        assert found[name].first == pytest.approx(slope)
        assert found[name].index == pytest.approx(abs(slope))
        assert found[name].spread == pytest.approx(0, abs=1e-9)
    assert found["down"].is_above_chance and not found["nothing"].is_above_chance


def test_morris_by_groups_has_no_sign_and_knows_which_group_moved() -> None:
    design = Design("morris", ("a", "b", "c", "chance"), ("pair", "pair", "c", "chance"), 20, seed=1)
    found = by_name(design.analyse(design.shares[:, 0] - design.shares[:, 2]))
    assert found["pair"].first is None and found["pair"].index > 0 and found["chance"].index == 0


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_an_index_that_noise_alone_gives_is_not_above_chance(method: str) -> None:
    """Every case meets random numbers by chance's share; half of the outcome's variance is theirs."""
    names = ("moves", "nothing", "chance")
    design = Design("morris" if method == "morris" else "sobol", names, names, 64, seed=2)
    people = design.populations
    noise = np.random.default_rng(7).normal(0, 0.2, people.max() + 1)[people]
    found = by_name(design.analyse(2 * design.shares[:, 0] + noise))
    assert found["moves"].is_above_chance
    assert not found["nothing"].is_above_chance
    assert found["chance"].index > 0.01


def test_a_population_is_met_again_wherever_chance_did_not_move() -> None:
    names = ("a", "b", "chance")
    sobol = Design("sobol", names, names, 8, seed=1)
    assert sobol.populations.max() + 1 == 16
    morris = Design("morris", names, names, 8, seed=1)
    assert morris.populations.max() + 1 == 16
    for start in range(0, len(morris.shares), morris.block):
        assert len(set(morris.populations[start : start + morris.block])) == 2


def test_steps_that_change_the_better_policy_are_counted_by_the_factor_that_moved() -> None:
    names = ("a", "b", "chance")
    design = Design("morris", names, names, 40, seed=1)
    found = by_name(design.analyse(design.shares[:, 0] - 0.5))
    assert found["a"].flips == 1.0  # every step of Morris goes over two thirds, so across the middle
    assert found["b"].flips == found["chance"].flips == 0.0


def test_the_worth_of_knowing_is_the_one_worked_out_by_hand() -> None:
    """d = x - 0.4, x even on 0 to 1: E max(d, 0) - max(E d, 0) = 0.18 - 0.1; the other factor is worth nothing."""
    shares = (np.random.default_rng(1).permuted(np.tile(np.arange(2000) + 0.5, (2, 1)), axis=1) / 2000).T
    differences = shares[:, 0] - 0.4
    known, other = worth_of_each([factor("x"), factor("y")], shares, differences)
    assert known.value == pytest.approx(0.08, abs=1e-4) and known.low < 0.08 < known.high
    assert [float(one) for one in known.turns] == pytest.approx([0.4], abs=2e-3) and known.explained == pytest.approx(1)
    assert other.value == pytest.approx(0, abs=1e-3)
    assert worth_of_all(differences) == pytest.approx(0.08, abs=1e-4)


def test_noise_does_not_make_knowing_a_factor_worth_something() -> None:
    """Where the better policy never changes, knowing is worth nothing, however much the difference moves."""
    generator = np.random.default_rng(3)
    shares = generator.random((400, 2))
    differences = 10 + 2 * shares[:, 0] + generator.normal(0, 1, 400)
    assert [one.value for one in worth_of_each([factor("x"), factor("y")], shares, differences)] == [0, 0]


def test_the_worth_of_knowing_a_word() -> None:
    """Two worlds, +1 and -3, alike in probability: knowing which is worth E max(d, 0) = 0.5 over not adopting."""
    world = Factor("scenario", evenly(("calm", "storm")), "Scenario")
    shares = np.random.default_rng(1).random((1000, 1))
    differences = np.where(shares[:, 0] < 0.5, 1.0, -3.0)
    (found,) = worth_of_each([world], shares, differences)
    assert found.value == pytest.approx((shares[:, 0] < 0.5).mean()) and found.turns == ()


def test_prim_finds_the_box_that_was_planted() -> None:
    generator = np.random.default_rng(4)
    table = generator.random((600, 5))
    interest = (table[:, 1] < 0.4) & (table[:, 3] > 0.55)
    box = find_box(table, interest, [True] * 5, most_limits=3)
    assert box is not None and [one.column for one in box.limits] == [1, 3]
    assert box.of(1).high == pytest.approx(0.4, abs=0.03) and box.of(1).low is None
    assert box.of(3).low == pytest.approx(0.55, abs=0.03) and box.of(3).high is None
    again = generator.random((2000, 5))
    found = score(box, again, (again[:, 1] < 0.4) & (again[:, 3] > 0.55))
    assert found.coverage > 0.9 and found.density > 0.9
    assert max(found.quasi_p) < 1e-6


def test_prim_takes_categories_apart_and_keeps_to_the_limits_allowed() -> None:
    generator = np.random.default_rng(5)
    table = np.column_stack([generator.integers(0, 3, 600), generator.random(600), generator.random(600)])
    interest = (table[:, 0] == 2) & (table[:, 1] < 0.5)
    box = find_box(table, interest, [False, True, True], most_limits=2)
    assert box is not None and box.of(0).kept == (2.0,)
    single = find_box(table, interest, [False, True, True], most_limits=1)
    assert single is not None and len(single.limits) == 1


def test_where_nothing_is_planted_a_rule_does_not_hold_on_the_other_half() -> None:
    """What PRIM finds in noise is near the base rate on cases it has not seen: the reason for the held-out half."""
    generator = np.random.default_rng(6)
    factors = [factor(name) for name in "abcd"]
    densities = []
    for _ in range(20):
        table, loses = generator.random((200, 4)), generator.random(200) < 0.3
        learning = np.arange(200) < 100
        box, learnt, held = rule_of(factors, table, loses, learning, 3)
        if box is not None and learnt is not None and held is not None and held.inside:
            densities.append((learnt.density, held.density))
    assert densities
    taught, honest = np.mean(densities, axis=0)
    assert honest < 0.4 < taught


def test_no_rule_is_made_of_a_handful_of_losing_cases() -> None:
    table = np.random.default_rng(1).random((100, 2))
    assert rule_of([factor("a"), factor("b")], table, np.arange(100) < 4, np.arange(100) % 2 == 0, 3) == (None,) * 3
