"""The reference of member files in Markdown, made from the schema: what docs/member-file.md ends with.

Serves `memberlab schema members --page`.
"""

from __future__ import annotations

from memberlab.policies import reference_page

from .manifest import MemberManifest
from .schema import KINDS, TABLES


def member_file_page() -> str:
    """Return the tables' columns and the manifest's keys in Markdown."""
    lines = []
    for table in TABLES.values():
        lines += [f"## Table `{table.name}`", "", table.help, "",
                  "| column | what it is | written | must be there | left out or empty |",
                  "| --- | --- | --- | --- | --- |"]  # fmt: skip
        for column in table.columns:
            must = "column and value" if column.filled else "column" if column.required else ""
            otherwise = column.otherwise or ("refused" if column.filled else "nothing")
            lines.append(f"| `{column.name}` | {column.help} | {KINDS[column.kind]} | {must} | {otherwise} |")
        lines.append("")
    manifest = reference_page(MemberManifest, "").split("\n", 2)[2]
    return "\n".join(lines) + "\n## Manifest\n\n" + manifest.lstrip()
