"""A retailer's own data: the schema of a log, its import with every check, and the imported log as an object."""

from .adapters import ADAPTERS
from .checks import CHECKS, Check
from .importing import ImportedLog, importing
from .learnable import Lesson, what_can_be_learnt
from .log_facts import LogFacts, Week
from .log_page import log_page
from .manifest import ImportRecord, LogManifest, Outage, TableRecord
from .notices import Notice
from .retail_log import RetailLog, open_retail_log
from .salt import hashed, read_salt
from .schema import TABLES, Column, Table

__all__ = [
    "ADAPTERS",
    "CHECKS",
    "TABLES",
    "Check",
    "Column",
    "ImportRecord",
    "ImportedLog",
    "Lesson",
    "LogFacts",
    "LogManifest",
    "Notice",
    "Outage",
    "RetailLog",
    "Table",
    "TableRecord",
    "Week",
    "hashed",
    "importing",
    "log_page",
    "open_retail_log",
    "read_salt",
    "what_can_be_learnt",
]
