"""What lies ahead is told before it begins, and what is done as it is done."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import SerialExecutor, WatchedExecutor, Workers, open_executor, work_ahead, work_of
from memberlab.policies import load_policy

from .pieces_of_work import sleep, square
from .worlds import small_scenario


def test_pieces_time_and_memory_follow_from_the_question() -> None:
    worlds = [
        small_scenario(population__shoppers=1000, regions=2),
        small_scenario(population__shoppers=4000).model_copy(update={"name": "other"}),
    ]
    policies = [load_policy("four-tiers-simple"), load_policy("no-programme")]
    ahead = work_of(policies, worlds, 3)
    assert {name: kind.count for name, kind in ahead.kinds.items()} == {"simulate_warm_up": 9, "simulate_arm": 18}
    assert ahead.most_shoppers == 4000
    assert ahead.kept_bytes == 2 * 3 * 5000 * 11 * 8
    with_break_even = work_of(policies, worlds, 3, break_even=True)
    assert with_break_even.kinds["simulate_arm"].count == 4 * 18
    assert with_break_even.seconds(2) < with_break_even.seconds(1)
    double = work_ahead(worlds, 6, arms={"small-world": 2, "other": 2})
    assert double.work == pytest.approx(2 * ahead.work)


def test_kinds_count_by_their_time_and_unplanned_pieces_join_the_plan() -> None:
    told: list[tuple[float, float, int, int]] = []
    plan = work_ahead([small_scenario(population__shoppers=100)], 1, arms={"small-world": 1})
    executor = WatchedExecutor(SerialExecutor(), plan, lambda *values: told.append(values))
    for number in range(2):
        executor.submit(square, number)
    assert [values[2:] for values in told] == [(1, 3), (2, 4)]
    assert told[0][0] < told[0][1]
    executor.submit(sleep, 0)
    done, planned, *_ = told[-1]
    assert planned - done == pytest.approx(plan.work)


def test_work_that_this_machine_cannot_hold_is_refused() -> None:
    command = ["compare", "no-programme", "jd-plus", "--shoppers", "20000000", "--replications", "1000"]
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 2
    words = " ".join(told.output.split())
    assert "of memory, and this machine has" in words
    assert "take fewer --workers, fewer --shoppers, fewer replications, or more regions" in words


def test_workers_say_who_works() -> None:
    assert isinstance(open_executor(Workers()), SerialExecutor)
    with pytest.raises(ValueError, match=r"workers \(0\) must be at least 1"):
        open_executor(Workers(0))
