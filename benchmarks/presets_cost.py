"""What each programme of the catalogue costs a visit, against the full rule set without any mechanic of the office.

Serves whoever asks how long a real programme takes: the benchmark of mechanics switches all of them on at once, which
no retailer does.
"""

from __future__ import annotations

from figures import Cell, Figures, Table
from mechanics import MARKET
from mechanics_cost import against_none, snapshot_under
from reference_world import full_scenario

from memberlab.policies import Policy, load_policy, policy_names
from memberlab.sim import Snapshot, warm_up

SHOPPERS_AN_AGENT = 8_000
"""So many that the desk answers on the day; the presets are staffed for smaller shops than that of the benchmark."""


def measure_presets(figures: Figures, shoppers: int, rounds: int) -> None:
    """Add a year's time a visit under each preset, in turns with the full rule set."""
    without = snapshot_under(shoppers, {}, {})
    rows: list[list[Cell]] = []
    for name in policy_names():
        row, outcome = against_none(name, without, snapshot_of_preset(load_policy(name), shoppers), rounds)
        rows.append([*row, outcome.total("orders") / outcome.total("visits")])
    note = (
        "The programmes that ship, against tiers, points, discounts and paid membership at once without any mechanic "
        f"of the programme office; {shoppers:,} shoppers, World.run over a year, median of {rounds} in turns. A "
        f"service desk has an agent for each {SHOPPERS_AN_AGENT:,} shoppers, orders that fail and questions; a "
        "referral has newcomers to bring."
    )
    heads = ("", "ns/visit without", "ns/visit", "times", "orders/visit")
    figures.tables.append(Table("Programmes of the catalogue", note, heads, rows))


def snapshot_of_preset(policy: Policy, shoppers: int) -> Snapshot:
    """Return launch morning after a warm-up under a preset, in a market in which all that it offers can happen."""
    changes: dict[str, object] = {"currency": policy.currency or "CNY"}
    categories = {"slow-brands": {"share": "15 %"}, **{name: {"share": "15 %"} for name in policy.categories}}
    changes["categories"] = categories
    policy = policy.with_({"currency": changes["currency"]})
    if policy.referral is not None:
        changes |= MARKET["referral"]
    if policy.service is not None:
        changes |= MARKET["service desk"]
        agents = max(1, shoppers // SHOPPERS_AN_AGENT)
        policy = policy.with_({f"service.shifts.{name}.agents": agents for name in policy.service.shifts})
    return warm_up(full_scenario(shoppers).with_(changes), incumbent=policy)
