"""Worlds that open with a handful of members, for recomputing by hand what becomes of them."""

from __future__ import annotations

from pathlib import Path

from memberlab.policies import Policy
from memberlab.scenarios import Scenario, with_members
from memberlab.sim import LAPSED, Pilot, Snapshot, World, no_pilot

from .worlds import brisk_population, small_scenario

AS_OF = "2026-01-01"
NEVER = 32_767

QUIET = {"membership_consideration": 0, "headroom": 0}


def write_file(folder: Path, rows: list[dict[str, object]], lots: list[tuple[str, int, str]] | None = None) -> Path:
    """Write a member file as of 1 January 2026; what a row leaves out is empty. Return its manifest."""
    names = ["member_id", "last_order_on", "orders_last_12_months", "spend_last_12_months"]
    names += sorted({name for row in rows for name in row} - set(names))
    lines = [",".join(names), *(",".join(str(row.get(name, "")) for name in names) for row in rows)]
    (folder / "members.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest = f"as_of: {AS_OF}\nname: handful\ncurrency: CNY\nmembers: members.csv\n"
    if lots is not None:
        table = ["member_id,points,expires_on", *(f"{who},{points},{day}" for who, points, day in lots)]
        (folder / "lots.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
        manifest += "lots: lots.csv\n"
    path = folder / "members.yaml"
    path.write_text(manifest, encoding="utf-8")
    return path


def scenario_with(path: Path, policy: Policy, *, shoppers: int, **changes: object) -> Scenario:
    """Return a flat market that opens with the members of `path`, who lived under `policy`."""
    flat = small_scenario(**{"season": {}, "assumptions": QUIET, **changes})
    return with_members(flat, path, shoppers=shoppers, incumbent=policy)


def opened(
    folder: Path, policy: Policy, rows: list[dict[str, object]], lots: list[tuple[str, int, str]] | None = None,
    *, pilot: Pilot | None = None, **changes: object,
) -> World:  # fmt: skip
    """Return the world that opens with these members alone, who have lived as if without a programme."""
    path = write_file(folder, rows, lots)
    scenario = scenario_with(path, policy, shoppers=len(rows), **changes)
    return World(policy, scenario, population=brisk_population(), pilot=pilot or no_pilot())


def quiet(world: World) -> Snapshot:
    """Return the opening morning with nobody coming to the shop any more and nobody leaving it."""
    world.run(world.launch)
    snapshot = world.snapshot()
    snapshot.shoppers["next_visit"] = NEVER
    snapshot.shoppers["lifetime_left"] = 1e9
    snapshot.shoppers["status"] &= ~LAPSED
    due = snapshot.shoppers["term_end"].copy()
    if len(snapshot.cards) == len(snapshot.shoppers):
        due = due.clip(max=snapshot.cards["office_day"])
    snapshot.due[:] = due
    return snapshot
