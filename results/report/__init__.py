"""Reports: one page of HTML for each run, which needs no network, in English or Chinese."""

from .report import REPORT, REPORTS, write_report
from .wording import LANGUAGES

__all__ = ["LANGUAGES", "REPORT", "REPORTS", "write_report"]
