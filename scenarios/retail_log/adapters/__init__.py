"""Adapters: data sets with a form of their own, made into the tables of a log."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..sources import Source
from .cdnow import cdnow
from .complete_journey import complete_journey

ADAPTERS: Mapping[str, Callable[[Path], Source]] = {"complete-journey": complete_journey, "cdnow": cdnow}
"""Adapters by the name of the data set; each makes the source of an import from a path."""

__all__ = ["ADAPTERS", "cdnow", "complete_journey"]
