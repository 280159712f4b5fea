"""How time and memory are measured: process CPU time, candidates in turn, and the facts of the machine.

Serves every benchmark. CPU time leaves out the time in which other programs had the processor; taking turns spreads
what is left of their influence (shared caches, clock speed) over all candidates alike.
"""

from __future__ import annotations

import gc
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from memberlab.sim import sources_digest

Candidate = Callable[[], Callable[[], Any]]
"""Makes everything ready and returns the call that is timed."""


def cpu_seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU seconds of this process that `call` took, and what it returned."""
    gc.collect()
    start = time.process_time()
    result = call()
    return time.process_time() - start, result


def take_turns(candidates: Mapping[str, Candidate], rounds: int, seconds: dict[str, list[float]]) -> dict[str, Any]:
    """Time every candidate once a round, in turn; add to `seconds` by name, and return the last results by name."""
    results = {}
    for _ in range(rounds):
        for name, prepare in candidates.items():
            taken, results[name] = cpu_seconds(prepare())
            seconds.setdefault(name, []).append(taken)
    return results


def median_seconds(prepare: Candidate, rounds: int) -> float:
    """Return the median CPU seconds of one candidate."""
    seconds: dict[str, list[float]] = {}
    take_turns({"only": prepare}, rounds, seconds)
    return median(seconds["only"])


def resident_bytes() -> int:
    """Return the bytes of memory that this process occupies; 0 where the system does not tell (not Linux)."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if status.exists() else 0


def machine() -> dict[str, str]:
    """Return what the figures depend on: processor, system, versions, and how busy the machine was."""
    packages = ("memberlab", "numpy", "numba", "llvmlite", "simpy")
    folder = Path(__import__("memberlab.sim").sim.__file__).parent
    facts = {
        "date": time.strftime("%Y-%m-%d"),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}, {'-'.join(platform.libc_ver())}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": ", ".join(f"{package} {version(package)}" for package in packages),
        "C compiler": _first_line(["gcc", "--version"]) if shutil.which("gcc") else "none",
        "rules": f"sources of sim/ {sources_digest(folder)}",
    }
    if hasattr(os, "getloadavg"):
        facts["load"] = f"{os.getloadavg()[0]:.1f} in the minute before (1 and less is a quiet machine)"
    return facts


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _first_line(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
