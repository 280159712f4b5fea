"""Snapshots that a process has read lately, so that arms of one warm-up read it once; bounded by their bytes.

Serves every piece of work that goes on from a warm-up, in this process and in workers.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from memberlab.sim import Snapshot, read_snapshot

MOST_BYTES = 256_000_000
"""Bytes of arrays that a process keeps; a single larger snapshot is kept alone."""

_kept: OrderedDict[Path, Snapshot] = OrderedDict()
_turn = threading.Lock()


def kept_snapshot(path: Path) -> Snapshot:
    """Return the snapshot in `path`, read now or lately. Raises DocumentError as `read_snapshot` does."""
    with _turn:
        if path in _kept:
            _kept.move_to_end(path)
            return _kept[path]
    snapshot = read_snapshot(path)
    with _turn:
        _kept[path] = snapshot
        while len(_kept) > 1 and sum(map(_bytes, _kept.values())) > MOST_BYTES:
            _kept.popitem(last=False)
    return snapshot


def _bytes(snapshot: Snapshot) -> int:
    arrays = (snapshot.shoppers, snapshot.cards, snapshot.due, snapshot.market, snapshot.waiting, snapshot.rewards)
    return sum(int(array.nbytes) for array in arrays)
