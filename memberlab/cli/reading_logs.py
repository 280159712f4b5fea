"""How commands read a log: a file of purchases, or a folder that `memberlab import` has written.

Serves `memberlab calibrate` and `memberlab validate`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.scenarios import calibration


def read_log(
    log: Path, set_column: str | None, sort: bool, identical: calibration.IdenticalRows, currency: str
) -> tuple[calibration.ReadVisits, str, bool]:
    """Return a log of visits, its currency, and whether all its customers are known to be new."""
    from memberlab.scenarios import calibration, open_retail_log

    if log.is_dir():
        imported = open_retail_log(log)
        read = calibration.visits_of_retail_log(imported, segments=set_column is not None)
        return read, imported.manifest.currency, imported.manifest.customers == "new"
    read = calibration.read_visit_log(log, set_column=set_column, sort=sort, identical=identical)
    return read, currency, False
