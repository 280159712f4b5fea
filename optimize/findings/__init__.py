"""A study from plan to recommendation, and what it hands over: its folder, tables, pictures, policies and report."""

from .advice_blocks import all_blocks, changes_block
from .against_today import against_today, lived_again
from .annotated_policy import annotated
from .blocks import Block
from .by_value import break_evens_note, value_rows
from .catalogue import STUDY_TABLES, study_tables_page
from .cost import planned_lives, planned_told
from .folder import LEDGER_NOTE, PLAN_FILE, open_study_folder, write_results
from .report import report
from .result_digest import result_digest
from .study_copy import plan_in, recorded_ledger
from .study_run import StageProgress, StudyResult, best_of, run_study, shortlist_of
from .summary import break_even_of, effect, held_at, label, named, shown, summary
from .tables import by_value_table, importance_table, pareto_table, role_of, scenario_table, search_table
from .trade_offs_told import TRADE_OFF_NOTE, bought_in, local_prices, trade_off_rows, unit_told
from .verdict_tables import study_tables

__all__ = [
    "LEDGER_NOTE",
    "PLAN_FILE",
    "STUDY_TABLES",
    "TRADE_OFF_NOTE",
    "Block",
    "StageProgress",
    "StudyResult",
    "against_today",
    "all_blocks",
    "annotated",
    "best_of",
    "bought_in",
    "break_even_of",
    "break_evens_note",
    "by_value_table",
    "changes_block",
    "effect",
    "held_at",
    "importance_table",
    "label",
    "lived_again",
    "local_prices",
    "named",
    "open_study_folder",
    "pareto_table",
    "plan_in",
    "planned_lives",
    "planned_told",
    "recorded_ledger",
    "report",
    "result_digest",
    "role_of",
    "run_study",
    "scenario_table",
    "search_table",
    "shortlist_of",
    "shown",
    "study_tables",
    "study_tables_page",
    "summary",
    "trade_off_rows",
    "unit_told",
    "value_rows",
    "write_results",
]
