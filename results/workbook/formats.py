"""How cells of the workbook look: numbers that were simulated in blue, formulas in black, totals under a line.

Serves every sheet. The convention of blue for figures that come in and black for those that follow is the usual one of
financial models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

Formats = Mapping[str, "Format"]
"""Formats by kind of cell."""

MONEY = '#,##0.00;-#,##0.00;"-"'
COUNT = '#,##0;-#,##0;"-"'
DECIMAL = "#,##0.00"
SHARE = "0.0%"
MONTH = "yyyy-mm"
INPUT, INK, RULE = "#1F4E99", "#000000", "#7F8C99"

_BASE: Mapping[str, Any] = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
_TOTAL: Mapping[str, Any] = {"bold": True, "top": 1, "top_color": RULE}

KINDS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#33475B"},
    "note": {"italic": True, "font_color": "#55606B"},
    "section": {"bold": True, "font_size": 12, "font_color": "#33475B"},
    "head": {"bold": True, "bg_color": "#33475B", "font_color": "#FFFFFF", "text_wrap": True, "align": "center"},
    "head month": {"bold": True, "bg_color": "#33475B", "font_color": "#FFFFFF", "align": "center",
                   "num_format": MONTH},
    "text": {"indent": 1},
    "wrapped": {"text_wrap": True, "indent": 1},
    "label": {"bold": True},
    "label top": {"bold": True, "valign": "top"},
    "text total": {"indent": 1, **_TOTAL},
    "month": {"num_format": MONTH, "align": "left", "indent": 1},
    "money": {"num_format": MONEY, "font_color": INPUT},
    "count": {"num_format": COUNT, "font_color": INPUT},
    "decimal": {"num_format": DECIMAL, "font_color": INPUT},
    "share": {"num_format": SHARE, "font_color": INPUT},
    "money formula": {"num_format": MONEY, "font_color": INK},
    "count formula": {"num_format": COUNT, "font_color": INK},
    "decimal formula": {"num_format": DECIMAL, "font_color": INK},
    "share formula": {"num_format": SHARE, "font_color": INK},
    "money total": {"num_format": MONEY, **_TOTAL},
    "count total": {"num_format": COUNT, **_TOTAL},
    "decimal total": {"num_format": DECIMAL, **_TOTAL},
    "share total": {"num_format": SHARE, **_TOTAL},
    "count account": {"num_format": "0", "align": "left"},
    "general": {"num_format": "General", "font_color": INPUT},
    "truth left": {"bold": True, "align": "left"},
    "truth": {"bold": True, "align": "center"},
    "true": {"bg_color": "#C9E7CF", "font_color": "#14532D"},
    "false": {"bg_color": "#F6C9C2", "font_color": "#8B1A10"},
    "link": {"font_color": "#0563C1", "underline": 1},
}  # fmt: skip


def formats_of(workbook: Workbook) -> Formats:
    """Return the formats of a workbook by kind of cell."""
    return {kind: workbook.add_format({**_BASE, **looks}) for kind, looks in KINDS.items()}
