"""The life of one shopper under several policies from one warm-up, and the process in which it is lived again.

Serves whoever asks why a shopper did what they did. The full runs are compiled and keep a tape each; compiled rules
cannot be listened to, so the tapes are lived again in a child process in which the rules run as plain Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pydantic

from memberlab.policies import Policy

from .life import Life
from .snapshot import Snapshot
from .tape import Tape, write_tape
from .watched_world import WatchedWorld

LIVES = pydantic.TypeAdapter(tuple[Life, ...])
"""Lives as JSON, from the child process."""


def trace(start: Snapshot, policies: Sequence[Policy], shopper: int, until: int | None = None) -> tuple[Life, ...]:
    """Return the life of one shopper under each of `policies`, from the morning of `start` to that of day `until` (the
    end of the horizon, unless given).

    `shopper` counts over all regions. Raises ValueError for a shopper who does not live in the snapshot's region or an
    `until` that is not ahead, DocumentError for a policy that does not fit the scenario.
    """
    return live_again([record(start, policy, shopper, until) for policy in policies])


def record(start: Snapshot, policy: Policy, shopper: int, until: int | None = None) -> Tape:
    """Let the whole region live on from `start` under `policy`, and return the tape of one shopper."""
    world = WatchedWorld.resume(start, policy)
    assert isinstance(world, WatchedWorld)
    world.watch(shopper)
    last = world.end if until is None else until
    if last <= world.day:
        raise ValueError(f"until ({last}) must be later than the day of the snapshot ({world.day})")
    world.run(last)
    return world.tape()


def live_again(tapes: Sequence[Tape]) -> tuple[Life, ...]:
    """Return the lives on `tapes`, lived again in a process whose rules are not compiled."""
    with tempfile.TemporaryDirectory(prefix="memberlab-trace-") as folder:
        files = [Path(folder) / f"{number}.npz" for number in range(len(tapes))]
        for tape, file in zip(tapes, files, strict=True):
            write_tape(tape, file)
        answer = Path(folder) / "lives.json"
        command = [sys.executable, "-P", "-m", "memberlab.sim.trace_process", str(answer), *map(str, files)]
        environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"the replay failed: {done.stderr.strip()}")
        return LIVES.validate_json(answer.read_bytes())
