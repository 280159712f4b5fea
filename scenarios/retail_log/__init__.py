"""A retailer's own data: the schema of a log, its import with every check, and the imported log as an object."""

from .manifest import ImportRecord, LogManifest, Outage, TableRecord
from .retail_log import RetailLog, open_retail_log
from .schema import TABLES, Column, Table

__all__ = [
    "TABLES",
    "Column",
    "ImportRecord",
    "LogManifest",
    "Outage",
    "RetailLog",
    "Table",
    "TableRecord",
    "open_retail_log",
]
