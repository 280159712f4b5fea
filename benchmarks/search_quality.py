"""Judge search methods on a problem whose truth is known: what they find, and how honest their reports are.

    python benchmarks/search_quality.py                          what is not in the results file yet, about an hour
    python benchmarks/search_quality.py --seeds 3 --budgets 400  a smaller part
    python benchmarks/search_quality.py --page                   only docs/search-quality.md, from the results file

Every run is added to benchmarks/search-quality.json as it ends, so that a stopped benchmark goes on where it was;
delete the file to begin anew. Figures depend on seeds alone, not on the machine; only CPU times do. The Gaussian
process of Optuna is left out unless --gp is given; it needs the extra memberlab[gp].
"""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np
import pandas as pd
from paper_programme import INCUMBENT, OBJECTIVES, feasible, truth
from reference_front import hypervolume
from rich.console import Console
from search_methods import Method, Report, methods
from search_quality_page import page, picture, table

RESULTS = Path(__file__).parent / "search-quality.json"
DOCS = Path(__file__).parent.parent / "docs"


@dataclass(frozen=True)
class Task:
    """One run of one method."""

    method: str
    budget: int
    seed: int


def judged(task: Task) -> dict[str, object]:
    """Return what one run found and how true its report was; the mean where the hold-out was repeated."""
    method: Method = next(one for one in methods(with_gaussian_process=True) if one.name == task.method)
    started = time.process_time()
    reports = method.report(task.budget, task.seed)
    seconds = time.process_time() - started
    figures = pd.DataFrame([judged_report(report) for report in reports]).mean().round(6)
    told = {name: None if np.isnan(value) else value for name, value in figures.items()}
    return {"method": task.method, "budget": task.budget, "seed": task.seed, "seconds": round(seconds, 1)} | told


def judged_report(report: Report) -> dict[str, float]:
    """Return how much a report truly holds and how true it is; see docs/search-quality.md for the words."""
    head: dict[str, float] = {"spent": report.spent, "policies": len(report.points)}
    if not report.points:
        return head | {"true": 0.0, "told": 0.0, "covered": np.nan, "all_covered": np.nan, "infeasible": 0.0,
                       "dominated": 0.0}  # fmt: skip
    exact, today = truth(report.points), truth([INCUMBENT])[0, : len(OBJECTIVES)]
    gains, keeps = exact[:, : len(OBJECTIVES)], feasible(exact)
    off = np.abs(report.leads - (gains - today))
    unknown = np.isnan(report.halves).any()
    beaten = [bool((np.all(gains >= own, axis=1) & np.any(gains > own, axis=1) & keeps).any()) for own in gains]
    return head | {
        "true": hypervolume(gains[keeps]),
        "told": hypervolume(today + report.leads),
        "covered": np.nan if unknown else float((off <= report.halves).mean()),
        "all_covered": np.nan if unknown else float((off <= report.together).all()),
        "infeasible": float(1 - keeps.mean()),
        "dominated": float(np.mean(beaten)),
    }


def stored() -> list[dict[str, object]]:
    """Return the runs in the results file."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []


def store(rows: list[dict[str, object]]) -> None:
    """Write the results file, a run a line, in an order that does not depend on which ended first."""
    names = [method.name for method in methods(with_gaussian_process=True)]
    rows = sorted(rows, key=lambda row: (row["budget"], names.index(str(row["method"])), row["seed"]))
    text = "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"
    temporary = RESULTS.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(RESULTS)


@click.command()
@click.option("--seeds", default=10, show_default=True, type=click.IntRange(1), help="Runs of each method and budget.")
@click.option("--budgets", default="400,800,1600", show_default=True, help="Simulations, with commas between.")
@click.option("--method", "chosen", multiple=True, help="Only methods whose name begins so; may be given again.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Worker processes.")
@click.option("--gp", "with_gaussian_process", is_flag=True, help="Try Optuna's Gaussian process too; it needs torch.")
@click.option("--page", "only_page", is_flag=True, help="Try nothing; write the page and its picture.")
def main(
    seeds: int, budgets: str, chosen: tuple[str, ...], workers: int, with_gaussian_process: bool, only_page: bool
) -> None:
    """Hold search methods against each other at equal budgets, and write docs/search-quality.md."""
    rows = stored()
    done = {(row["method"], row["budget"], row["seed"]) for row in rows}
    tasks = [
        Task(method.name, int(budget), seed)
        for budget in budgets.split(",")
        for seed in range(seeds)
        for method in methods(with_gaussian_process=with_gaussian_process)
        if int(budget) <= method.most and (not chosen or method.name.startswith(chosen)) and not only_page
        if (method.name, int(budget), seed) not in done
    ]
    console, progress = Console(width=max(150, Console().width)), Console(stderr=True)
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # read by the workers' NumPy, so that they share the cores
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for number, row in enumerate(pool.map(judged, tasks), start=1):
            rows.append(row)
            store(rows)
            progress.print(f"{number} of {len(tasks)} runs: {row['method']}, {row['budget']}, {row['true']:.3f}")
    runs = pd.DataFrame(stored())
    for budget in sorted(runs["budget"].unique()):
        console.print(table(runs[runs["budget"] == budget]))
    (DOCS / "search-quality.md").write_text(page(runs), encoding="utf-8")
    picture(runs, DOCS / "pictures" / "search-quality.png")


if __name__ == "__main__":
    main()
