"""Time and memory of `memberlab import` on a generated log: by default ten million trips in one CSV file.

    python benchmarks/import_of_logs.py [TRIPS] [--folder FOLDER]

The log is written in blocks (so that generating it needs little memory either), then imported by the command itself in
a process of its own, whose peak of resident memory the system reports. Customers, days and amounts are drawn as a
grocer's look: gamma rates, a week's rhythm, log-normal amounts, 5 % anonymous sales, 1 % returns.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

BLOCK = 500_000
DAYS = 728
MANIFEST = """\
name: generated
currency: CNY
time_zone: Asia/Shanghai
tax_included: true
customers: all
start: 2024-01-01
end: 2025-12-28
"""


def write_log(folder: Path, trips: int) -> None:
    """Write `trips.csv` and its manifest; one customer to 20 trips."""
    random = np.random.default_rng(1)
    customers = max(trips // 20, 100)
    rates = random.gamma(0.8, size=customers)
    chances = np.cumsum(rates / rates.sum())
    (folder / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    writer = None
    for start in range(0, trips, BLOCK):
        block = generated_block(random, start, min(BLOCK, trips - start), chances)
        writer = writer or pyarrow.csv.CSVWriter(
            folder / "trips.csv", block.schema, write_options=pyarrow.csv.WriteOptions(quoting_style="none")
        )
        writer.write_table(block)
    assert writer is not None
    writer.close()


def generated_block(random: np.random.Generator, start: int, count: int, chances: np.ndarray) -> pa.Table:
    who = np.searchsorted(chances, random.random(count))
    nameless = random.random(count) < 0.05
    seconds = random.integers(0, DAYS, count) * 86_400 + random.integers(8 * 3600, 22 * 3600, count)
    when = np.datetime64("2024-01-01", "s") + seconds
    gross = np.exp(random.normal(3.5, 0.9, count)).round(2)
    discount = (gross * random.choice([0, 0, 0, 0.1, 0.2], count)).round(2)
    returned = random.random(count) < 0.01
    sign = np.where(returned, -1, 1)
    text = np.char.mod("m%08d", who)
    return pa.table(
        {
            "customer_id": pa.array(np.where(nameless, "", text)),
            "trip_id": pa.array(np.char.mod("r%010d", np.arange(start, start + count))),
            "timestamp": pa.array(np.char.replace(when.astype(str), "T", " ")),
            "net_amount": pa.array(np.char.mod("%.2f", sign * (gross - discount))),
            "gross_amount": pa.array(np.char.mod("%.2f", sign * gross)),
            "discount_amount": pa.array(np.char.mod("%.2f", sign * discount)),
            "store_id": pa.array(np.char.mod("s%03d", random.integers(0, 200, count))),
        }
    )


def measure(folder: Path) -> tuple[float, float, int]:
    """Import the log in a process of its own; return elapsed and CPU seconds, and the peak of resident bytes."""
    program = "from memberlab.cli import main; main()"
    out = folder / "imported"
    command = [sys.executable, "-c", program, "import", str(folder / "log"), "--out", str(out), "--quiet"]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - begin
    if done.returncode:
        raise SystemExit(done.stderr)
    print(done.stdout)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    scale = 1 if sys.platform == "darwin" else 1024
    return elapsed, used.ru_utime + used.ru_stime, used.ru_maxrss * scale


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trips", type=int, nargs="?", default=10_000_000)
    parser.add_argument("--folder", type=Path, help="where to work; by default a temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as work:
        folder = Path(work)
        (folder / "log").mkdir()
        write_log(folder / "log", options.trips)
        size = (folder / "log" / "trips.csv").stat().st_size
        elapsed, cpu, peak = measure(folder)
        written = sum(file.stat().st_size for file in (folder / "imported").rglob("*") if file.is_file())
        free = shutil.disk_usage(folder).free
        print(
            f"{options.trips:,} trips, {size / 1e6:,.0f} MB of CSV: {elapsed:,.0f} s elapsed, {cpu:,.0f} s of CPU on "
            f"{os.cpu_count()} cores, peak memory {peak / 1e6:,.0f} MB; {written / 1e6:,.0f} MB written "
            f"({free / 1e9:,.0f} GB of disk free)"
        )


if __name__ == "__main__":
    main()
