"""Judge search methods on a problem whose truth is known: what they find, and how honest their reports are.

    python benchmarks/search_quality.py                      ten seeds at two budgets, about an hour on two cores
    python benchmarks/search_quality.py --seeds 3 --budgets 400
    python benchmarks/search_quality.py --write-docs         the same, and docs/search-quality.md

Figures depend on seeds alone, not on the machine. The Gaussian process is left out unless its extra is installed.
"""

from __future__ import annotations

import shlex
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd
from paper_programme import OBJECTIVES, feasible, truth
from reference_front import hypervolume, reference_front
from rich.console import Console
from search_methods import Method, methods
from search_quality_page import page, table

PAGE = Path(__file__).parent.parent / "docs" / "search-quality.md"


@dataclass(frozen=True)
class Task:
    """One run of one method."""

    method: str
    budget: int
    seed: int
    with_gaussian_process: bool


def judged(task: Task) -> dict[str, object]:
    """Return what one run found and how true its report was."""
    method: Method = next(
        one for one in methods(with_gaussian_process=task.with_gaussian_process) if one.name == task.method
    )
    started = time.process_time()
    report = method.report(task.budget, task.seed)
    seconds = time.process_time() - started
    row: dict[str, object] = {
        "method": task.method, "budget": task.budget, "seed": task.seed, "spent": report.spent,
        "policies": len(report.points), "seconds": seconds,
    }  # fmt: skip
    if not report.points:
        return row | {"true": 0.0, "told": 0.0, "covered": np.nan, "infeasible": 0.0}
    exact = truth(report.points)
    gains, keeps = exact[:, : len(OBJECTIVES)], feasible(exact)
    covered = np.abs(report.means - gains) <= report.halves
    return row | {
        "true": hypervolume(gains[keeps]),
        "told": hypervolume(report.means),
        "covered": np.nan if np.isnan(report.halves).any() else float(covered.mean()),
        "infeasible": float(1 - keeps.mean()),
    }


@click.command()
@click.option("--seeds", default=10, show_default=True, type=click.IntRange(1), help="Runs of each method and budget.")
@click.option("--budgets", default="400,1600", show_default=True, help="Simulations, with commas between.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Worker processes.")
@click.option("--gp", "with_gaussian_process", is_flag=True, help="Try the Gaussian process too; it needs torch.")
@click.option("--csv", type=click.Path(dir_okay=False, path_type=Path), help="Write every run here.")
@click.option("--write-docs", is_flag=True, help="Write docs/search-quality.md from these runs.")
def main(
    seeds: int, budgets: str, workers: int, with_gaussian_process: bool, csv: Path | None, write_docs: bool
) -> None:
    """Hold search methods against each other at equal budgets."""
    tasks = [
        Task(method.name, int(budget), seed, with_gaussian_process)
        for budget in budgets.split(",")
        for method in methods(with_gaussian_process=with_gaussian_process)
        for seed in range(1, seeds + 1)
    ]
    console, progress = Console(), Console(stderr=True)
    with progress.status("finding the reference front"):
        front = len(reference_front())
    rows = []
    with ProcessPoolExecutor(workers) as pool, progress.status("searching") as status:
        for number, row in enumerate(pool.map(judged, tasks), start=1):
            rows.append(row)
            status.update(f"{number} of {len(tasks)} runs")
    runs = pd.DataFrame(rows)
    if csv is not None:
        runs.to_csv(csv, index=False)
    for budget in runs["budget"].unique():
        console.print(table(runs[runs["budget"] == budget]))
    if write_docs:
        command = shlex.join(["python", "benchmarks/search_quality.py", *sys.argv[1:]])
        PAGE.write_text(page(runs, front, command), encoding="utf-8")


if __name__ == "__main__":
    main()
