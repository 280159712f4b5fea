"""The process in which tapes are lived again: `python -m memberlab.sim.trace_process ANSWER TAPE...`.

Serves the trace, which starts it with NUMBA_DISABLE_JIT=1 and reads the lives, in JSON, from the file ANSWER.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .observer import observe
from .tape import read_tape
from .trace import LIVES


def main(answer: str, *tapes: str) -> None:
    """Live the tapes again and write the lives."""
    Path(answer).write_bytes(LIVES.dump_json(tuple(observe(read_tape(Path(tape))) for tape in tapes)))


if __name__ == "__main__":
    main(*sys.argv[1:])
