"""`memberlab cutover`: the blast radius of a launch: who goes up or down, what expires, what the liability does.

Serves whoever decides on a launch day, before anything is simulated forward.
"""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .migrations import fail_if_take_overs_do_not_fit
from .names import FILE, POLICY, POPULATION
from .option_groups import Work, scenario_option, work_options
from .options import (
    assumptions_option,
    load_inputs,
    progress_bar,
    with_option,
)
from .output_options import print_json
from .report_options import leaves_report
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from memberlab.results import BlastRadius
    from memberlab.scenarios import Population, Scenario

PICTURE = "cutover.png"
MONEY = (
    "spend", "face_value", "liability", "refunded", "deferred_before", "deferred_after", "give_back_before",
    "give_back_after", "lost", "lost_each", "points_worth_lost", "change",
)  # fmt: skip
"""Columns of the printed tables that are cents."""

PRINTED = ("tier_flows", "points_steps", "memberships", "losers", "worst_kinds")
"""Frames that are printed; all are written."""

HEADS = {
    "old_tier": "Old tier", "usual_tier": "By the old rules",
    "new_tier": "New tier", "move": "Move", "members": "Members", "share": "Share",
    "spend": "Spend of the year", "moved_anyway": "Anyway", "step": "Cause", "points": "Points",
    "face_value": "Face value", "liability": "Liability", "paid_membership": "Paid membership", "refunded": "Refunded",
    "deferred_before": "Deferred before", "deferred_after": "After", "old_fee": "At old fee", "tenth": "Tenth",
    "falling": "Falling", "give_back_before": "Give-back before", "give_back_after": "After", "lost": "Lost",
}  # fmt: skip


@click.command()
@click.argument("incumbent", type=POLICY)
@click.argument("candidate", type=POLICY)
@scenario_option("The world in which INCUMBENT is warmed up.")
@click.option("--members", type=FILE, metavar="FILE.yaml",
              help="Real members, as `memberlab members` checks them, in place of a warm-up.")  # fmt: skip
@click.option("--threshold", default="20 %", show_default=True, metavar="SHARE",
              help="Tell of members whose give-back falls by more than this share.")  # fmt: skip
@click.option("--population", type=POPULATION, metavar="NAME|FILE", help="Population that replaces the scenario's.")
@click.option("--shoppers", type=click.IntRange(1, 20_000_000), help="Shoppers in the scenario.")
@assumptions_option()
@with_option()
@work_options("every frame but the members as JSON (money in cents)")
@leaves_report
def cutover(
    incumbent: str, candidate: str, scenario: str, members: str | None, threshold: str, population: str | None,
    shoppers: int | None, assumptions: str | None, disturbances: tuple[str, ...], work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Tell what happens to members on the morning on which CANDIDATE takes over from INCUMBENT.

    What becomes of tiers, points and paid memberships stands in the migration section of CANDIDATE; without one, tiers
    are reassessed, points keep their number, and a membership runs on if there still is one. Told are: tiers from old
    to new, forced expiry and the points liability cause by cause, what happens to paid memberships, and what the last
    12 months' orders of each member would have given back under either policy, with those who lose more than
    --threshold, and the kinds of member hit hardest.

    Nothing is simulated beyond that morning, and figures are those that the simulation has when it lives the day.
    --out writes every frame, one row for each member among them, and a picture. docs/cutover.md explains each column.
    """
    from memberlab.optimize import find_blast_radius, open_executor, question

    started = time.time()
    least = _share(threshold)
    sets = () if assumptions is None else (assumptions,)
    inputs = load_inputs((incumbent, candidate), (scenario,), None, population, shoppers, sets, members, disturbances)
    old, new = inputs.policies
    fail_if_take_overs_do_not_fit([(candidate, new, old)])
    work.fail_if_not_usable()
    world = inputs.scenarios[0]
    asked = question(inputs.policies, inputs.scenarios, None, inputs.population, threshold=least)
    tell_of_lives(world, work.workers, replications=1, lives=1)
    with work.kept(asked) as keeper:
        with progress_bar("warming up") as progress, open_executor(work.workers) as pool:
            found = find_blast_radius(
                old, new, world, threshold=least, executor=keeper.remembering(pool), population=inputs.population,
                progress=keeper.heeding(progress),
            )  # fmt: skip
        if work.out is not None:
            write(work.out, found, world, inputs.population, started, work.force)
    if as_json:
        print_json(as_data(found))
        return
    show(found)
    work.tell_where("Cut-over")


def _share(written: str) -> float:
    """Return a share between 0 and 1. Raises DocumentError for anything else."""
    from memberlab.policies import DocumentError, Problem

    text = written.strip()
    try:
        value = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < 1.0:
        wrong = f"'{written}' is no share from 0 up to 1; write for example 20 %"
        raise DocumentError([Problem("--threshold", None, "", wrong)])
    return value


def show(found: BlastRadius) -> None:
    """Print the verdict, the tables and the notes."""
    from memberlab.results import FRAMES

    from .tables import console

    screen = console()
    screen.print(
        f"Cut-over from {found.incumbent.name} to {found.candidate.name} on launch morning in {found.scenario.name}",
        style="bold", highlight=False,
    )  # fmt: skip
    for sentence in found.verdict:
        screen.verdict(sentence, highlight=False)
    screen.print()
    for frame in FRAMES:
        table = shortened(frame.name, found.frames[frame.name])
        if frame.name not in PRINTED or not len(table):
            continue
        if frame.name == "worst_kinds":
            screen.print("The kinds of member hit hardest, by what one of them loses", style="bold")
            for place, kind in enumerate(table["kind"], start=1):
                screen.print(f"{place:>2}. {kind}.", highlight=False)
            screen.print()
        else:
            screen.print(printed(frame.title, table, found.scenario.currency))
    for note in found.notes:
        screen.print(f"Note: {note}", highlight=False)
    held = int(found.frames["checks"]["holds"].sum())
    screen.verdict(f"{held} of {len(found.frames['checks'])} figures tie out with the world's own.", highlight=False)


def shortened(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without the rows in which nothing happens, for the terminal."""
    if name == "losers":
        return frame[frame["falling"] > 0]
    if name == "points_steps":
        moved = (frame[["points", "face_value", "liability"]] != 0).any(axis=1)
        return frame[moved | frame["step"].isin([frame["step"].iloc[0], frame["step"].iloc[-1]])]
    return frame


def printed(title: str, frame: pd.DataFrame, currency: str) -> Table:
    """Return a frame as a table of the terminal."""
    import pandas as pd
    from rich.table import Table

    table = Table(title=f"{title} ({currency})", title_justify="left", title_style="bold")
    for name in frame.columns:
        is_text = not pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(HEADS.get(name, name), justify="left" if is_text else "right", no_wrap=True)
    for row in frame.itertuples(index=False):
        table.add_row(*(told(name, value) for name, value in zip(frame.columns, row, strict=True)))
    return table


def told(column: str, value: Any) -> str:
    """Return a cell: money in currency units, shares in percent."""
    if isinstance(value, str):
        return value
    if column in MONEY:
        return f"{value / 100:,.2f}"
    return f"{value:.1%}" if column == "share" else f"{value:,}"


def as_data(found: BlastRadius) -> dict[str, object]:
    """Return verdict, notes and every frame but the members for JSON; an end without limit is null."""
    frames = {name: frame for name, frame in found.frames.items() if name != "members"}
    return {
        "incumbent": found.incumbent.name, "candidate": found.candidate.name, "scenario": found.scenario.name,
        "currency": found.scenario.currency, "threshold": found.threshold, "members": len(found.frames["members"]),
        "verdict": list(found.verdict),
        **{name: [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]
           for name, frame in frames.items()},
        "notes": list(found.notes),
    }  # fmt: skip


def _plain(value: Any) -> object:
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(
    out: Path, found: BlastRadius, scenario: Scenario, population: Population | None, started: float, force: bool
) -> None:
    """Write every frame as Parquet and CSV, the picture, the documents and a manifest."""
    from memberlab.results import cutover_picture, new_run, write_manifest
    from memberlab.scenarios import members_record, write_world

    with new_run(out, force=force) as folder:
        for name, frame in found.frames.items():
            file = name.replace("_", "-")
            frame.to_parquet(folder / f"{file}.parquet", index=False)
            frame.to_csv(folder / f"{file}.csv", index=False)
        cutover_picture(found, folder / PICTURE)
        (folder / "verdict.txt").write_text("\n".join([*found.verdict, "", *found.notes]) + "\n", encoding="utf-8")
        (folder / f"candidate-{found.candidate.name}.yaml").write_text(found.candidate.to_yaml(), encoding="utf-8")
        write_world(folder, scenario, found.incumbent, population, seed=scenario.seed)
        write_manifest(
            folder, started, kind="cutover", threshold=found.threshold,
            policies={one.name: one.digest() for one in (found.incumbent, found.candidate)},
            scenarios={scenario.name: scenario.digest()}, currency=scenario.currency, notes=list(found.notes),
            names={"incumbent": found.incumbent.name, "candidate": found.candidate.name, "scenario": scenario.name},
            **members_record(scenario),
        )  # fmt: skip
