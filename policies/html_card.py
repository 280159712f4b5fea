"""A card: how an object shows itself in a notebook, as a heading, sentences and a table of its own.

Serves every object that has a `_repr_html_`. It brings no colours of its own, so that it fits a light and a dark page.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

CELL = "padding:2px 10px;text-align:{side};border-bottom:1px solid rgba(128,128,128,.35)"
HEADING = "font-weight:600;font-size:1.05em;margin:.2em 0 .3em"
NOTE = "opacity:.75;font-size:.9em;margin:.4em 0"


def html_card(
    heading: str,
    sentences: Sequence[str] = (),
    heads: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    notes: Sequence[str] = (),
    *,
    bold: frozenset[tuple[int, int]] = frozenset(),
) -> str:
    """Return a card as HTML; `bold` names cells by row and column. All text is escaped.

    A sentence that begins with `- ` is a point under the one before.
    """
    parts = [f'<p style="{HEADING}">{escape(heading)}</p>']
    parts += [_paragraph(one) for one in sentences]
    if heads:
        parts.append(_table(heads, rows, bold))
    parts += [f'<p style="{NOTE}">{escape(one)}</p>' for one in notes]
    return f'<div class="memberlab-card" style="overflow-x:auto">{"".join(parts)}</div>'


def _paragraph(sentence: str) -> str:
    text, indent = sentence, 0
    while text.startswith("- "):
        text, indent = text[2:], indent + 1
    mark = "• " if indent else ""
    return f'<p style="margin:.15em 0 .15em {1.2 * indent:.1f}em">{mark}{escape(text)}</p>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], bold: frozenset[tuple[int, int]]) -> str:
    head = "".join(
        f'<th scope="col" style="{CELL.format(side=_side(column))}">{escape(one)}</th>'
        for column, one in enumerate(heads)
    )
    lines = []
    for row, cells in enumerate(rows):
        told = [f"<b>{escape(cell)}</b>" if (row, column) in bold else escape(cell)
                for column, cell in enumerate(cells)]  # fmt: skip
        tags = ['th scope="row"' if column == 0 else "td" for column in range(len(cells))]
        lines.append("".join(
            f'<{tag} style="{CELL.format(side=_side(column))};font-weight:inherit">{cell}</{tag[:2]}>'
            for column, (tag, cell) in enumerate(zip(tags, told, strict=True))
        ))  # fmt: skip
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _side(column: int) -> str:
    return "right" if column else "left"
