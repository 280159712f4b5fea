"""`memberlab sensitivity`: where a programme and its fee turn, and what moves the points liability and the margin.

Serves finance beside `memberlab finance`, whose statements are of one run: this asks for others.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .migrations import fail_if_launches_do_not_fit
from .names import POLICY
from .option_groups import GivenWorld, Work, given_world_options, replications_option, scenario_option, work_options
from .options import progress_bar
from .output_options import print_json
from .report_options import leave_report, report_options, report_told
from .work_ahead import tell_of_lives

if TYPE_CHECKING:
    import pandas as pd

    from memberlab.optimize import BreakEven, Sensitivity
    from memberlab.results import Uplift

HELD_AGAINST = "no-programme"


@click.command()
@click.argument("policy", type=POLICY)
@click.option("--against", default=HELD_AGAINST, show_default=True, type=POLICY, metavar="NAME|FILE",
              help="Policy that the programme as a whole is held against.")  # fmt: skip
@scenario_option()
@replications_option(4)
@given_world_options()
@report_options
@work_options()
def sensitivity(
    policy: str, against: str, scenario: str, replications: int, given: GivenWorld, language: str, with_report: bool,
    work: Work, as_json: bool,
) -> None:  # fmt: skip
    """Tell how far POLICY's figures hang on what nobody knows for certain.

    Where it turns: the attrition effect from which the programme pays, the expected redemption at which the points
    liability doubles, the fee from which the paid plan pays against the same policy without it. And what moves it: the
    points liability and the margin at a lower and a higher value of a point, life of a point, expected redemption, fee
    and attrition effect, one at a time. All differences are paired, with 95 % intervals; --out adds a picture.
    """
    from memberlab.optimize import open_executor, own_value, question, variations_of
    from memberlab.optimize import sensitivity as find

    started = time.time()
    inputs = given.load((policy, against), (scenario,))
    fail_if_launches_do_not_fit((policy, against), inputs)
    work.fail_if_not_usable()
    asked = question(
        inputs.policies, inputs.scenarios, inputs.incumbent, inputs.population, replications=replications
    )  # fmt: skip
    lives = 2 + 2 * len(variations_of(inputs.policies[0], own_value(inputs.scenarios) or 0.0))
    tell_of_lives(inputs.scenarios[0], work.workers, replications=replications, lives=lives)
    with work.kept(asked) as keeper:
        with progress_bar("living") as progress, open_executor(work.workers) as pool:
            found = find(
                inputs.policies[0], inputs.scenarios[0], inputs.policies[1], replications=replications,
                executor=keeper.remembering(pool), incumbent=inputs.incumbent, population=inputs.population,
                progress=keeper.heeding(progress),
            )  # fmt: skip
        if work.out is not None:
            write(work.out, found, started, work.force)
    page = None if work.out is None else leave_report(work.out, language, with_report=with_report)
    if as_json:
        print_json(as_data(found))
        return
    show(found)
    work.tell_where("Sensitivity")
    if page is not None:
        click.echo(report_told(page))


def turns_of(found: Sensitivity) -> list[tuple[str, str, str, str]]:
    """Return what turns: the question, the figure, its own value, and where it turns in words."""
    currency = found.scenario.currency
    own = "-" if found.pays.own is None else f"{found.pays.own:g}"
    rows = [(f"The programme pays against {found.against.name}", "attrition effect", own, found.pays.where)]
    if found.doubling is not None:
        rows.append(("The points liability doubles", "expected redemption", f"{100 * found.doubling.own:g} %",
                     found.doubling.told))  # fmt: skip
    if found.fee is not None:
        rows.append(("The paid plan pays against the policy without it", f"fee, {currency}", f"{found.fee.own:.2f}",
                     fee_told(found.fee)))  # fmt: skip
    return rows


def fee_told(fee: BreakEven) -> str:
    """Return at which fees the paid plan adds margin, among those that were tried."""
    tried = list(fee.margins)
    span = f"{tried[0]:.2f} to {tried[-1]:.2f}"
    if not fee.crossings:
        differences = [uplift.difference for uplift in fee.margins.values()]
        if not any(differences):
            return f"no difference at any fee tried, {span}"
        unsure = [f"{value:.2f}" for value, one in fee.margins.items() if one.low <= 0 <= one.high]
        doubt = f", not certain at {', '.join(unsure)}" if unsure else ""
        return f"at {'every' if max(differences) > 0 else 'no'} fee tried, {span}{doubt}"
    parts = []
    for one in fee.crossings:
        low = f"below {tried[0]:.2f}" if one.low is None else f"{one.low:.2f}"
        high = f"above {tried[-1]:.2f}" if one.high is None else f"{one.high:.2f}"
        parts.append(f"{'from' if one.rising else 'up to'} {one.value:.2f} ({low} to {high})")
    return " and ".join(parts)


def show(found: Sensitivity) -> None:
    """Print where things turn, and what each figure moves."""
    from rich.table import Table

    from .tables import console

    screen = console()
    runs = "1 replication" if found.replications == 1 else f"{found.replications} replications"
    where = f"{found.policy.name} in {found.scenario.name}, {runs}"
    table = Table(title=f"Where it turns: {where}", title_justify="left", title_style="bold")
    for head in ("Question", "Figure", "Own value", "Turns (95 % interval)"):
        table.add_column(head)
    for row in turns_of(found):
        table.add_row(*row)
    screen.print(table)
    for note in found.notes:
        screen.print(note)
    table = Table(title=f"What moves it, one at a time, {found.scenario.currency}: {where}", title_justify="left",
                  title_style="bold")  # fmt: skip
    table.add_column("Figure")
    table.add_column("From own")
    table.add_column("to")
    for head, kpi in (("Points liability", "points_liability"), ("Contribution margin", "margin")):
        table.add_column(f"{head}\n{found.own[kpi] / 100:,.2f}", justify="right", no_wrap=True)
    for swing in found.swings:
        one = swing.variation
        for place, setting in enumerate((one.low, one.high)):
            table.add_row(one.title if not place else "", one.own if not place else "", setting.told,
                          change_told(swing.liability[place]), change_told(swing.margin[place]),
                          end_section=bool(place))  # fmt: skip
    screen.print(table)


def change_told(uplift: Uplift) -> str:
    """Return a change with its interval, or as exact where it follows by arithmetic."""
    from .tables import interval

    if uplift.low == uplift.high and uplift.difference:
        return f"{uplift.difference / 100:+,.2f} exactly"
    return interval(uplift)


def swing_table(found: Sensitivity) -> pd.DataFrame:
    """Return what each figure moves: a row for each setting and key figure, money in cents."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for swing in found.swings:
        one = swing.variation
        for kpi, uplifts in (("points_liability", swing.liability), ("margin", swing.margin)):
            for setting, uplift in zip((one.low, one.high), uplifts, strict=True):
                rows.append({"figure": one.name, "title": one.title, "own": one.own, "setting": setting.told,
                             "kpi": kpi, **_figures(uplift)})  # fmt: skip
    return pd.DataFrame(rows)


def _figures(uplift: Uplift) -> dict[str, float]:
    return {"baseline": uplift.baseline, "value": uplift.value, "difference": uplift.difference, "low": uplift.low,
            "high": uplift.high}  # fmt: skip


def as_data(found: Sensitivity) -> dict[str, Any]:
    """Return the sensitivity as plain data."""
    crossings = {
        name: None if one is None else
        [{"value": each.value, "low": each.low, "high": each.high, "pays_above": each.rising} for each in one.crossings]
        for name, one in (("attrition_effect", found.pays), ("fee", found.fee))
    }  # fmt: skip
    doubling = found.doubling
    return {
        "policy": found.policy.name, "against": found.against.name, "scenario": found.scenario.name,
        "currency": found.scenario.currency, "replications": found.replications, "own": dict(found.own),
        "turns": [dict(zip(("question", "figure", "own", "told"), row, strict=True)) for row in turns_of(found)],
        "break_even": crossings,
        "doubling_redemption": None if doubling is None else {"own": doubling.own, "rate": doubling.rate},
        "swings": swing_table(found).to_dict("records"), "notes": list(found.notes),
    }  # fmt: skip


def write(out: Path, found: Sensitivity, started: float, force: bool) -> None:
    """Write the folder: the tables, the picture, the policies and a manifest."""
    import pandas as pd

    from memberlab.results import new_run, write_manifest, write_table

    with new_run(out, force=force) as folder:
        table = swing_table(found)
        write_table(folder, "sensitivity", table)
        turns = pd.DataFrame(turns_of(found), columns=["question", "figure", "own", "turns"])
        turns.to_csv(folder / "break-even.csv", index=False)
        turns.to_parquet(folder / "turns.parquet", index=False)  # break-even is the name of a comparison's table
        (folder / "policy.yaml").write_text(found.policy.to_yaml(), encoding="utf-8")
        draw(folder / "tornado.png", found)
        write_manifest(
            folder, started, kind="sensitivity", policy=found.policy.digest(), against=found.against.digest(),
            scenario=found.scenario.digest(), replications=found.replications, currency=found.scenario.currency,
            names={"policy": found.policy.name, "against": found.against.name, "scenario": found.scenario.name},
        )  # fmt: skip


def draw(path: Path, found: Sensitivity) -> None:
    """Draw the tornado of points liability and margin."""
    from memberlab.results import TornadoBar, tornado_picture

    panels = {}
    for title, kpi, place in (("Points liability at the end", "points_liability", 0),
                              ("Contribution margin over the horizon", "margin", 1)):  # fmt: skip
        bars = []
        for swing in found.swings:
            one = swing.variation
            low, high = (swing.liability, swing.margin)[place]
            bars.append(TornadoBar(f"{one.title}\n(own: {one.own})", one.low.told, one.high.told, low, high))
        if found.own[kpi] or any(bar.swing for bar in bars):
            panels[title] = (found.own[kpi], bars)
    notes = [f"{question}: {told} ({figure}, own {own})." for question, figure, own, told in turns_of(found)]
    name = f"{found.policy.name} in {found.scenario.name}: one figure at a time, whiskers are 95 % intervals"
    tornado_picture(panels, path, found.scenario.currency, name, notes=notes)
