"""One lively market and its twins, whose books the tests of finance look at."""

from __future__ import annotations

from functools import lru_cache

from memberlab.policies import Policy, load_policy
from memberlab.results import LivedBooks, lived_books, merge_lived_books
from memberlab.scenarios import Scenario
from memberlab.sim import Outcome, Snapshot, World, regions_of, warm_up

from .worlds import brisk_population, full_policy, small_scenario


def short_lived(**changes: object) -> Policy:
    """Return the full policy with points that live three months, so that most cohorts end within the horizon."""
    return full_policy().with_({"points.expiry": {"months": 3}, **changes})


def without_programme() -> Policy:
    """Return the control in the market's currency."""
    return load_policy("no-programme").with_({"currency": "CNY"})


def busy_scenario(**changes: object) -> Scenario:
    """Return a market with returns and sales tax, in which every line of the full policy moves."""
    return small_scenario(**{"returns": {"share": "10 %", "refund_days": 7}, "sales_tax": "13 %", **changes})


@lru_cache
def launch(regions: int = 1, region: int = 0) -> Snapshot:
    """Return the launch morning of one region."""
    scenario = busy_scenario(regions=regions)
    return warm_up(scenario, incumbent=short_lived(), region=region, population=brisk_population())


def lived(start: Snapshot, policy: Policy, twin: Outcome | None = None) -> Outcome:
    """Return the outcome of a world that keeps books, held against `twin`."""
    world = World.resume(start, policy)
    world.keep_books(None if twin is None or twin.books is None else twin.books.order_days)
    return world.run(world.end)


@lru_cache
def both(regions: int = 1) -> tuple[LivedBooks, LivedBooks]:
    """Return the books of the short-lived policy and of its twin without any programme, in so many regions."""
    own, twins = [], []
    for region in regions_of(busy_scenario(regions=regions)):
        start = launch(regions, region.number)
        twin = lived(start, without_programme())
        twins.append(lived_books(twin))
        own.append(lived_books(lived(start, short_lived(), twin)))
    return merge_lived_books(own), merge_lived_books(twins)
