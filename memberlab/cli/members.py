"""`memberlab members`: a retailer's member file, checked, told, and held against the world that it would open.

Serves whoever has exported members and wants to know what a simulation makes of them before one runs.
"""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .calibrate import fail_if_not_writable
from .names import FILE, POLICY, SCENARIO
from .output_options import print_json, result_options

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.policies import Policy
    from memberlab.scenarios import Members, Scenario
    from memberlab.scenarios import members as member_files
    from memberlab.sim import Tie


@click.command()
@click.argument("file", type=FILE)
@click.argument("policy", type=POLICY)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Morning that a table without manifest describes: the first of a month.")  # fmt: skip
@click.option("--currency", metavar="CODE", help="Currency of a table without manifest, such as CNY.")
@click.option("--lots", metavar="TABLE", help="Table of points lots of a table without manifest.")
@click.option("--points-unit", type=click.IntRange(1, 1_000_000), default=1,
              help="Points of the policy that one point of a table without manifest stands for.")  # fmt: skip
@click.option(
    "--salt-file", "salt", metavar="FILE", help="Secret salt of the ids' hashes, for a table without manifest."
)
@click.option("--scenario", default="baseline", show_default=True, type=SCENARIO, metavar="NAME|FILE",
              help="The world to open; its start and, if it has another, its currency are the file's.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.yaml",
              help="Write the members, ids hashed and checked, as a manifest and its tables.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE.yaml if it exists.")
@result_options("the report as JSON (money in cents)")
def members(
    file: str, policy: str, as_of: datetime.datetime | None, currency: str | None, lots: str | None, points_unit: int,
    salt: str | None, scenario: str, out: Path | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Read the members in FILE, check them under POLICY, and tie the world that they would open out with the file.

    FILE is a manifest (.yaml), or a table (.csv, .parquet) with --as-of and --currency. POLICY is the programme under
    which the members became what they are. Nothing is simulated: points by month of expiry, members by tier, paid
    terms with deferred fees and the year's spend are set beside those of the opening morning, to the cent and the
    point. Then `memberlab run POLICY --members FILE.yaml` opens a world with them.
    """
    from memberlab.policies import load_policy
    from memberlab.scenarios import load_members, load_scenario, write_members

    if out is not None:
        fail_if_not_writable(out, force)
    loaded = load_policy(policy)
    world = load_scenario(scenario)
    found = load_members(
        file, as_of=None if as_of is None else as_of.date(), currency=currency or "", lots=lots,
        points_unit=points_unit, salt=salt,
    )  # fmt: skip
    ties = tied_out(found, loaded, world)
    if out is not None:
        write_members(found, out)
    if as_json:
        print_json(report_of(found, loaded, ties))
        return
    show(found, loaded, ties, out)


def tied_out(members: Members, policy: Policy, scenario: Scenario) -> tuple[Tie, ...]:
    """Return the figures of the members beside those of the world that they open, added up over regions.

    Raises IdentityError when one differs.
    """
    from memberlab.scenarios import with_members, write_members
    from memberlab.sim import World, merge_ties, no_pilot, regions_of

    if scenario.currency != members.currency:
        scenario = scenario.with_({"currency": members.currency})
    with tempfile.TemporaryDirectory(prefix="memberlab-members-") as folder:
        file = Path(folder) / "members.yaml"
        write_members(members, file)
        opened = with_members(scenario, file, incumbent=policy)
        return merge_ties(
            World(policy, opened, region=region.number, pilot=no_pilot()).ties for region in regions_of(opened)
        )


def report_of(members: Members, policy: Policy, ties: tuple[Tie, ...]) -> dict[str, object]:
    """Return what the command tells, for JSON."""
    from memberlab.scenarios import members as member_files

    return {
        "members": len(members), "as_of": members.as_of.isoformat(), "currency": members.currency,
        "policy": policy.name, "sha256": members.sha256,
        "files": [{"file": name, "sha256": digest} for name, digest in members.files],
        "notices": notices_of(members, policy),
        "fields": [asdict(known) for known in member_files.what_is_known(members, policy)],
        "ties": [asdict(tie) for tie in ties],
    }  # fmt: skip


def notices_of(members: Members, policy: Policy) -> list[str]:
    """Return what is worth knowing of the file and of what the policy makes of it."""
    from memberlab.scenarios import members as member_files

    return [*members.notices, *member_files.notices_under(members, policy)]


def show(members: Members, policy: Policy, ties: tuple[Tie, ...], out: Path | None) -> None:
    """Print counts, notices, what is known and assumed, and how the file ties out."""
    from memberlab.scenarios import members as member_files

    from .tables import console

    screen = console()
    screen.print(
        f"{len(members):,} members of {members.name} as of {members.as_of}, {members.currency}, under {policy.name}",
        style="bold", highlight=False,
    )  # fmt: skip
    for notice in notices_of(members, policy):
        screen.print(f"Note: {notice}.", highlight=False)
    screen.print(known_table(member_files.what_is_known(members, policy)))
    screen.print(tie_table(ties, members.currency))
    held = sum(tie.holds for tie in ties)
    screen.verdict(
        f"{held} of {len(ties)} figures tie out with the file, to the cent and to the point.", highlight=False
    )
    if out is not None:
        screen.verdict(f"Written: {out}, with hashed ids and nothing personal.", highlight=False)


def known_table(known: tuple[member_files.Known, ...]) -> Table:
    """Return what the file gives of each thing that a world needs, and what is done where it does not."""
    from rich.table import Table

    table = Table("Of each member", "In the file", "Not", "Then", title="Learnt and assumed", title_justify="left")
    for one in known:
        table.add_row(one.thing, f"{one.given:,}", f"{one.assumed:,}", one.how)
    return table


def tie_table(ties: tuple[Tie, ...], currency: str) -> Table:
    """Return the figures of the file beside those of the world."""
    from rich.table import Table

    table = Table(title="File and world on the opening morning", title_justify="left", title_style="bold")
    for name in ("Figure", "Of", "File", "World", "Unit"):
        table.add_column(name, justify="right" if name in ("File", "World") else "left")
    for tie in ties:
        money = tie.unit == "cents"
        both = [f"{value / 100:,.2f}" if money else f"{value:,}" for value in (tie.file, tie.world)]
        table.add_row(tie.figure, tie.of, *both, currency if money else tie.unit, style="" if tie.holds else "bold red")
    return table
