"""What every experiment is made of: policies lived from shared warm-ups, and what each shopper did."""

from .arms import (
    ArmResult,
    BooksAsked,
    WarmUp,
    merge_arms,
    prepare_warm_ups,
    replication_seeds,
    simulate_arm,
    submit_arm,
)
from .kept_snapshots import kept_snapshot
from .lives import LABEL_MONTHS, OUTCOME_MONTHS, Lives, Stop, lives_from, merge_lives, simulate_lives, stops_of

__all__ = [
    "LABEL_MONTHS",
    "OUTCOME_MONTHS",
    "ArmResult",
    "BooksAsked",
    "Lives",
    "Stop",
    "WarmUp",
    "kept_snapshot",
    "lives_from",
    "merge_arms",
    "merge_lives",
    "prepare_warm_ups",
    "replication_seeds",
    "simulate_arm",
    "simulate_lives",
    "stops_of",
    "submit_arm",
]
