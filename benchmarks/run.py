"""Run the benchmarks: the engine against SimPy and C, scaling, memory, costs and comparisons, each against its mark.

    python benchmarks/run.py --quick        two minutes, up to 100,000 shoppers
    python benchmarks/run.py                ten minutes, up to 1,000,000 shoppers, 3 GB of memory
    python benchmarks/run.py --write-docs   the same, and docs/benchmarks.md

Run it on a quiet machine, with one program at a time. Exit code 1 when a mark is missed.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from pathlib import Path

import click
from comparison import measure_comparison, measure_pairing
from engine_costs import measure_arms, measure_drivers, measure_full_rules, measure_scaling, measure_snapshots
from figures import Figures
from fresh_process import measure_first_result, measure_memory
from implementations import compare_implementations
from measuring import machine
from mechanics_cost import measure_mechanics
from presets_cost import measure_presets
from report import page, show
from rich.console import Console

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


@click.command()
@click.option("--quick", is_flag=True, help="Small populations and few rounds: is everything still in its place?")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here.")
@click.option("--write-docs", is_flag=True, help="Write docs/benchmarks.md from this run.")
def main(quick: bool, json_file: Path | None, write_docs: bool) -> None:
    """Measure the engine against SimPy, C and its marks."""
    command = shlex.join(["python", "benchmarks/run.py", *sys.argv[1:]])
    figures = Figures(machine(), command)
    console, progress = Console(), Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder, progress.status("starting") as status:
        for step, measure in steps(quick, Path(folder)):
            status.update(step)
            measure(figures)
    show(figures, console)
    if json_file is not None:
        json_file.write_text(json.dumps(figures.as_data(), indent=2) + "\n")
    if write_docs:
        PAGE.write_text(page(figures))
    sys.exit(any(mark.verdict == "MISS" for mark in figures.marks))


def steps(quick: bool, folder: Path) -> list[tuple[str, object]]:
    """Return what is measured, in order, as a description and a call that adds to the figures."""
    small, large, most = 10_000, 100_000, 1_000_000
    if quick:
        return [
            ("SimPy, engine and C, 10,000 shoppers", lambda f: compare_implementations(f, small, 1, 7, folder)),
            ("scaling", lambda f: measure_scaling(f, [small, large])),
            ("full rule set", lambda f: measure_full_rules(f, large, 3)),
            ("mechanics", lambda f: measure_mechanics(f, large, 3)),
            ("presets", lambda f: measure_presets(f, large, 3)),
            ("memory, 1,000,000 shoppers", lambda f: measure_memory(f, most)),
            ("snapshots", lambda f: measure_snapshots(f, [large])),
            ("arms", lambda f: measure_arms(f, small)),
            ("drivers", lambda f: measure_drivers(f, [small, large], 3)),
            ("pairing", lambda f: measure_pairing(f, small)),
            ("comparison", lambda f: measure_comparison(f, small, 2)),
            ("first result", lambda f: measure_first_result(f, 1)),
        ]
    return [
        ("SimPy, engine and C, 10,000 shoppers", lambda f: compare_implementations(f, small, 3, 9, folder)),
        ("SimPy, engine and C, 100,000 shoppers", lambda f: compare_implementations(f, large, 2, 5, folder)),
        ("scaling to 1,000,000 shoppers", lambda f: measure_scaling(f, [small, large, 300_000, most])),
        ("full rule set, 1,000,000 shoppers", lambda f: measure_full_rules(f, most, 3)),
        ("mechanics, 100,000 shoppers", lambda f: measure_mechanics(f, large, 5)),
        ("presets, 100,000 shoppers", lambda f: measure_presets(f, large, 5)),
        ("memory, 1,000,000 shoppers", lambda f: measure_memory(f, most)),
        ("snapshots", lambda f: measure_snapshots(f, [large, most])),
        ("arms", lambda f: measure_arms(f, large)),
        ("drivers", lambda f: measure_drivers(f, [small, large, most], 3)),
        ("pairing", lambda f: measure_pairing(f, 2 * small)),
        ("comparison", lambda f: measure_comparison(f, 2 * small, 8)),
        ("first result", lambda f: measure_first_result(f, 3)),
    ]


if __name__ == "__main__":
    main()
