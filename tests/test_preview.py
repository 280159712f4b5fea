"""The engine of the what-if page: previews are exact and never compile here, and workers let go of stale work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba
import pytest
from numba import config

from memberlab.optimize import (
    Cancelled,
    FullComparison,
    FullFigures,
    LivePreviews,
    NotCompiled,
    PairedFigures,
    Preview,
    SharedWorkers,
    Stage,
    compare,
    without_compiling,
)
from memberlab.policies import DocumentError, Policy, load_policy
from tests.pieces_of_work import pass_on, wait_until_told
from tests.worlds import small_scenario

TODAY = load_policy("four-tiers-simple")
VARIANT = TODAY.with_({"name": "dearer-delivery", "shipping.free_from": 399, "tiers.gold.discount": "5 %"})


@pytest.fixture(scope="module")
def preview() -> Preview:
    return Preview(TODAY, small_scenario())


@pytest.fixture(scope="module")
def figures(preview: Preview) -> PairedFigures:
    return preview.of(VARIANT)


def test_today_against_itself_differs_by_nothing(preview: Preview) -> None:
    same = preview.of(TODAY.with_({"name": "another-name"}))
    assert {(one.difference, one.low, one.high) for one in same.figures} == {(0.0, 0.0, 0.0)}
    assert {one.difference for one in same.benefit_cost_by_tier} == {0.0}


def test_figures_are_those_of_a_comparison(figures: PairedFigures) -> None:
    arm = compare([TODAY, VARIANT], [small_scenario()]).arms[1]
    for uplift in arm.uplifts:
        one = figures.figure(uplift.kpi)
        expected = (uplift.baseline, uplift.value, uplift.difference, uplift.low, uplift.high)
        assert (one.today, one.variant, one.difference, one.low, one.high) == expected
    assert figures.figure("gmv").difference != 0


def test_costs_by_tier_add_up_to_the_benefit_cost(figures: PairedFigures) -> None:
    whole = figures.figure("benefit_cost")
    assert sum(one.today for one in figures.benefit_cost_by_tier) == pytest.approx(whole.today, abs=0.5)
    assert sum(one.variant for one in figures.benefit_cost_by_tier) == pytest.approx(whole.variant, abs=0.5)
    assert [one.tier for one in figures.benefit_cost_by_tier] == [*TODAY.tiers, "guests", "points_promised"]


def test_a_part_stands_for_the_market(figures: PairedFigures) -> None:
    part = Preview(TODAY, small_scenario(), shoppers=200).of(VARIANT)
    assert (part.shoppers, part.market) == (200, 600)
    projected = part.in_market
    assert projected.shoppers == 600
    assert projected.figure("gmv").today == pytest.approx(3 * part.figure("gmv").today)
    assert projected.figure("retention") == part.figure("retention")
    assert part.figure("gmv").today < figures.figure("gmv").today


def test_figures_are_plain_data(figures: PairedFigures) -> None:
    data = json.loads(json.dumps(figures.as_json()))
    assert data["variant"] == "dearer-delivery"
    assert {"gmv", "margin", "active_members"} <= {one["name"] for one in data["figures"]}
    with pytest.raises(KeyError, match="no figure gvm; there are gmv"):
        figures.figure("gvm")


def test_a_policy_of_another_currency_is_refused(preview: Preview) -> None:
    with pytest.raises(DocumentError, match="amazon-prime currency: USD does not fit scenario small-world"):
        preview.of(load_policy("amazon-prime"))


def test_fewer_units_than_parts_are_refused_in_words() -> None:
    variant = TODAY.with_({"special_price_pool": {"units": 2, "price": 100, "discount": "10 %"}})
    with pytest.raises(DocumentError, match="too few for the preview, which lives one part in 3 of small-world"):
        Preview(TODAY, small_scenario(), shoppers=200).of(variant)


# compiling


@pytest.mark.skipif(bool(getattr(config, "DISABLE_JIT", False)), reason="rules run as plain Python")
def test_a_kernel_is_not_compiled_where_nobody_may_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))

    def plus_one(number: int) -> int:
        return number + 1

    kept = cast(Callable[[int], int], numba.njit(cache=True)(plus_one))
    with pytest.raises(NotCompiled), without_compiling():
        kept(1)
    assert kept(1) == 2  # outside it is
    with without_compiling():
        assert kept(2) == 3
        assert cast(Callable[[int], int], numba.njit(plus_one))(3) == 4  # what no cache keeps takes a moment


class _Workers:
    """Stands for worker processes, and does the work at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def do(self, person: object, function: Callable[..., Any], /, *arguments: Any, told: object = None) -> Any:
        self.asked.append(function.__name__)
        return function(lambda done, planned: None, *arguments)


class _Shape:
    """A preview whose rules are compiled once it has been asked in a worker."""

    def __init__(self) -> None:
        self.is_compiled = False
        self.workers = _Workers()

    def of(self, variant: Policy) -> str:
        if not self.is_compiled and not self.workers.asked:
            raise NotCompiled
        self.is_compiled = True
        return variant.name


def test_a_new_shape_is_compiled_by_a_worker_once() -> None:
    shape = _Shape()

    async def asks() -> list[str]:
        live = LivePreviews(cast(SharedWorkers, shape.workers))
        told: list[str] = []
        try:
            for person in ("a", "a", "b"):
                found = await live.of(person, cast(Preview, shape), TODAY, compiling=lambda: told.append("compiling"))
                assert str(found) == TODAY.name
        finally:
            live.close()
        return told

    assert asyncio.run(asks()) == ["compiling"]
    assert shape.workers.asked == ["asked_in_worker"]


def test_of_one_persons_questions_the_latest_is_answered(preview: Preview) -> None:
    async def asks() -> list[object]:
        live = LivePreviews(cast(SharedWorkers, _Workers()))
        try:
            asked = [live.of("a", preview, TODAY.with_({"shipping.fee": fee})) for fee in (5, 6, 7)]
            return list(await asyncio.gather(*asked, live.of("b", preview, VARIANT), return_exceptions=True))
        finally:
            live.close()

    first, second, third, other = asyncio.run(asks())
    assert isinstance(second, Cancelled)
    assert isinstance(third, PairedFigures)
    assert isinstance(other, PairedFigures)
    assert isinstance(first, Cancelled | PairedFigures)  # it may have begun already


# worker processes


def test_workers_are_shared_and_let_go_of_stale_work(tmp_path: Path) -> None:
    """One process, one loop: a stale answer ends between its steps, others wait their turn, the full one is exact."""
    release = tmp_path / "release"

    async def asks() -> tuple[list[str], FullComparison, list[Stage]]:
        seen: list[str] = []
        stages: list[Stage] = []

        async def asked(name: str, answer: Any) -> None:
            try:
                seen.append(f"{name} {await answer}")
            except Cancelled:
                seen.append(f"{name} cancelled")

        with SharedWorkers(1) as workers:
            full = FullFigures(workers)
            stale = asyncio.ensure_future(asked("stale", workers.do("a", wait_until_told, release, told=stages.append)))
            while not stages:
                await asyncio.sleep(0.05)
            other = asyncio.ensure_future(asked("other", workers.do("b", pass_on, "b")))
            newer = asyncio.ensure_future(asked("newer", workers.do("a", pass_on, "a")))
            await stale  # at once, though the worker has not answered
            assert seen == ["stale cancelled"]
            await asyncio.gather(other, newer)  # the worker has ended the stale one between two of its steps
            assert not release.exists()
            with pytest.raises(DocumentError, match="USD does not fit"):
                await full.full("a", TODAY, load_policy("amazon-prime"), small_scenario())
            same_name = VARIANT.with_({"name": TODAY.name})
            found = await full.full("a", TODAY, same_name, small_scenario(), break_even=False, progress=stages.append)
            gone = asyncio.ensure_future(asked("gone", workers.do("c", wait_until_told, release)))
            await asyncio.sleep(0.3)
            workers.cancel("c")
            await gone
        with pytest.raises(RuntimeError, match="closed"):
            await workers.do("a", pass_on, "late")
        return seen, found, stages

    seen, found, stages = asyncio.run(asks())
    assert seen == ["stale cancelled", "other b", "newer a", "gone cancelled"]
    assert stages[-1] == Stage(2, 2)
    same = compare([TODAY, VARIANT], [small_scenario()])
    arm = same.arms[1]
    assert [one.difference for one in found.figures] == [one.difference for one in arm.uplifts]
    bands = [same.joint.band("small-world", VARIANT.name, one) for one in arm.uplifts]
    assert [one.low for one in found.figures] == pytest.approx([low for low, _ in bands])
    assert [one.high for one in found.figures] == pytest.approx([high for _, high in bands])
    assert json.loads(json.dumps(found.as_json()))["replications"] == 1
    assert found.comparison.arms[1].policy.name == "four-tiers-simple-variant"
