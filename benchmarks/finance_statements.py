"""How long statements of a large run take from its tables: a year of many shoppers under the full rule set.

Serves the gate of finance: a year of 1,000,000 shoppers in 10 s or less. Run it by hand; it prints seconds of CPU and
of the clock, and tells what keeping books costs the run: `python benchmarks/finance_statements.py [SHOPPERS]`.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from memberlab.policies import load_policy
from memberlab.results import MANIFEST, books_of, lived_books, read_books, statements_of, write_books
from memberlab.sim import World, warm_up

sys.path.insert(0, str(Path(__file__).parent))
from reference_world import full_scenario

Result = TypeVar("Result")


def timed(title: str, work: Callable[[], Result]) -> Result:
    """Return what `work` does, and print how long it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    print(f"{title:<48} {time.process_time() - cpu:8.2f} CPU s {time.perf_counter() - wall:8.2f} s", flush=True)
    return result


def tell(shoppers: int) -> None:
    """Live a year with and without books and a twin, write the tables, and tell the statements from them."""
    policy = load_policy(str(Path(__file__).parent / "full-policy.yaml"))
    scenario = full_scenario(shoppers)
    start = timed(f"warm-up of {shoppers:,} shoppers", lambda: warm_up(scenario, incumbent=policy))
    plain, twin = World.resume(start), World.resume(start)
    timed("the year without books", lambda: plain.run(plain.end))
    twin.keep_books()
    other = timed("the year with books", lambda: twin.run(twin.end))
    own = World.resume(start, policy.with_({"member_discount": "2 %"}))
    own.keep_books(other.books.order_days if other.books else None)
    outcome = timed("the year with books and a twin", lambda: own.run(own.end))
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary)
        (run / MANIFEST).write_text("{}", encoding="utf-8")
        books = timed("making the tables", lambda: books_of(lived_books(outcome), lived_books(other)))
        timed("writing the tables", lambda: write_books(run, books))
        files = sum(file.stat().st_size for file in run.rglob("*.parquet"))
        read = timed("reading the tables", lambda: read_books(run))
        tables = timed("all statements", lambda: statements_of(read))
        print(f"{files / 1e6:.1f} MB of tables; every check holds: {bool(tables['checks']['holds'].all())}")


def main() -> None:
    """Tell a small world first, which compiles, and then the one asked for."""
    for shoppers in (2_000, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000):
        tell(shoppers)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    main()
