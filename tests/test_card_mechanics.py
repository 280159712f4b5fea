"""Mechanics on a card: they happen to shoppers with cards of their own, and are not compiled where all share one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numba import config, njit
from numpy.typing import NDArray

from memberlab.policies import load_policy
from memberlab.sim import CARD, Card, World, are_kept, blank_card, card_mechanic, new_cards

from .worlds import small_scenario

IS_COMPILED = not getattr(config, "DISABLE_JIT")  # noqa: B009 - numba makes the name at import


@card_mechanic
def double_credit(c: Card) -> int:
    """Double the credit; return it."""
    c.credit *= 2
    return c.credit


@card_mechanic
def cannot_be_compiled(c: Card, day: int) -> float:
    """Do what no compiler can."""
    return open(f"{day}").no_such_thing  # type: ignore[attr-defined, no-any-return]  # noqa: PTH123


def double_all(cards: NDArray[np.void]) -> int:
    """Double the credit of every card; return the sum."""
    total = 0
    for i in range(cards.shape[0]):
        total += double_credit(cards[i])
    return total


def try_the_impossible(cards: NDArray[np.void], day: int) -> float:
    """Call a rule that compiles only to nothing."""
    return cannot_be_compiled(cards[0], day)


@pytest.mark.skipif(not IS_COMPILED, reason="plain Python knows no layouts")
def test_a_mechanic_happens_on_cards_and_not_on_the_blank_one() -> None:
    cards = new_cards(3)
    cards["credit"] = [1, 20, 300]
    compiled: Any = njit(double_all)
    assert compiled(cards) == 642
    assert cards["credit"].tolist() == [2, 40, 600]
    blank = blank_card()
    blank["credit"] = 5
    assert compiled(blank) == 0
    assert blank["credit"].tolist() == [5]


@pytest.mark.skipif(not IS_COMPILED, reason="plain Python compiles nothing")
def test_a_mechanic_on_the_blank_card_is_not_compiled() -> None:
    compiled: Any = njit(try_the_impossible)
    assert compiled(blank_card(), 5) == 0.0
    with pytest.raises(Exception, match=r"open|no_such_thing"):
        compiled(new_cards(1), 5)


def test_one_shopper_without_a_card_is_not_taken_for_one_with_a_card() -> None:
    assert not are_kept(blank_card())
    assert are_kept(new_cards(1))
    assert blank_card().dtype.names == ("is_blank", *(CARD.names or ()))
    one = small_scenario().with_({"population.shoppers": 1, "regions": 1})
    world = World(load_policy("four-tiers-simple"), one, first_orders=np.array([0]))
    outcome = world.run(world.launch)
    assert len(outcome.cards) == 1
    assert outcome.total("points_issued") > 0
