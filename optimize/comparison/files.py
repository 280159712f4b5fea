"""The folder of a comparison: manifest, documents, every table as Parquet and CSV, books and pictures.

Serves `memberlab compare --out` and the downloads of the what-if page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from memberlab.policies import Policy
from memberlab.scenarios import Population, members_record, write_world

from ..break_even import own_value_told
from .attribution import Attribution
from .comparison import Arm, Comparison

if TYPE_CHECKING:
    import pandas as pd


def by_scenario(result: Comparison) -> list[list[Arm]]:
    """Return the arms of each scenario, in order."""
    names = list(dict.fromkeys(arm.scenario.name for arm in result.arms))
    return [[arm for arm in result.arms if arm.scenario.name == name] for name in names]


def write_comparison(
    out: Path, result: Comparison, *, started: float, split: Sequence[Attribution] = (),
    incumbent: Policy | None = None, population: Population | None = None, command: Sequence[str] | None = None,
    force: bool = False, pictures: bool = True, **facts: object,
) -> None:  # fmt: skip
    """Write the comparison's folder `out`, with the attributions in `split` if there are any, and with `pictures`.

    `incumbent` and `population` are those that replace the scenarios' own, `started` is a time.time(), `command` the
    one that repeats the comparison, by default the one that was typed; `facts` come into its manifest as well. Raises
    DocumentError for a folder that cannot be used.
    """
    import pandas as pd

    from memberlab.results import new_run, write_books, write_manifest, write_table

    with new_run(out, force=force) as folder:
        for arm in result.arms:
            (folder / f"policy-{arm.policy.name}.yaml").write_text(arm.policy.to_yaml(), encoding="utf-8")
            if arm.books is not None:
                write_books(folder, arm.books)
        write_table(folder, "comparison", result.table)
        write_table(folder, "bridge", bridges_of(result))
        if any(arm.break_even is not None for arm in result.arms):
            write_table(folder, "break-even", result.break_even_table)
            write_table(folder, "margin-by-attrition-effect", result.margin_table)
        if split:
            write_table(folder, "attribution", pd.concat([one.table for one in split], ignore_index=True))
        (folder / "tables").mkdir()
        for name, table in result.tables.items():
            if name != "comparison":
                write_table(folder / "tables", name, table)
        for arms in by_scenario(result):
            scenario = arms[0].scenario
            tag = f"-{scenario.name}"
            write_world(folder, scenario, incumbent, population, seed=scenario.seed, tag=tag)
            if pictures:
                draw_pictures(folder, result, arms)
        write_manifest(
            folder, started, kind="comparison", replications=result.replications,
            policies={arm.policy.name: arm.policy.digest() for arm in result.arms},
            scenarios={arm.scenario.name: arm.scenario.digest() for arm in result.arms},
            weights=dict(result.joint.weights),
            simultaneous={"family": result.joint.family, "confidence": result.joint.confidence},
            **({} if result.looks is None else {"precision": str(result.looks)}),
            **({} if command is None else {"command": list(command)}),
            **members_record(*(arms[0].scenario for arms in by_scenario(result))), **facts,
        )  # fmt: skip


def bridges_of(result: Comparison) -> pd.DataFrame:
    """Return the margin bridge of every arm, mean of replications: a row for each line, `amount` in cents to be added;
    a line that `is_total` must not be.
    """
    import pandas as pd

    from memberlab.results import margin_bridge

    return pd.DataFrame([
        {"scenario": arm.scenario.name, "policy": arm.policy.name, "line": line.name, "title": line.title,
         "amount": line.amount, "is_total": line.is_total}
        for arm in result.arms for line in margin_bridge(arm.bridge)
    ])  # fmt: skip


def draw_pictures(folder: Path, result: Comparison, arms: list[Arm]) -> None:
    """Draw one scenario's pictures: the margin bridge, and retention, tier flows and uplift by decile if known."""
    from memberlab.results import decile_picture, margin_bridge_picture, retention_picture, tier_flow_picture

    scenario = arms[0].scenario
    notes = [f"The margins hold {own_value_told(scenario)}, which no order log can tell."]
    notes += [f"{arm.policy.name} {arm.break_even}." for arm in arms if arm.break_even is not None]
    bridges = {arm.policy.name: arm.bridge for arm in arms}
    margin_bridge_picture(bridges, folder / f"margin-bridge-{scenario.name}.png", scenario.currency, notes=notes)
    if not result.breakdowns:
        return
    own = {name: table[table["scenario"] == scenario.name] for name, table in result.breakdowns.items() if len(table)}
    retention_picture(own["retention"], folder / f"retention-{scenario.name}.png")
    tier_flow_picture(own["tier_flows"], folder / f"tier-flows-{scenario.name}.png")
    if "by_decile" in own:
        decile_picture(own["by_decile"], folder / f"uplift-by-decile-{scenario.name}.png", scenario.currency)
