"""What MkDocs does besides: pages that stand at the root of the repository and example files are part of the manual.

Serves `mkdocs build`. ARCHITECTURE.md and its neighbours stay where a developer looks for them; their links and those
to them are written for the repository and turned here into links of the manual.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
"""Pages at the root of the repository that the manual shows."""

LINKED_FILE = re.compile(r"\]\((?:\.\./)+((?:examples|benchmarks)/[\w./-]+\.\w+)\)")
ROOT_PAGE = re.compile(r"\]\(((?:\.\./)+)(" + "|".join(PAGES).replace(".", r"\.") + r")(#[\w-]+)?\)")


ARRIVING = ("report.md", "app.md", "notebook.md", "terminal.md", "exit-codes.md")
"""Pages that stand in the navigation already and may not be written yet; without them nothing fails."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leave pages that have not arrived out of the navigation."""
    missing = {name for name in ARRIVING if not (Path(config.docs_dir) / name).is_file()}
    config.nav = _without(config.nav, missing)
    return config


def _without(entries: Any, missing: set[str]) -> Any:
    if isinstance(entries, list):
        return [
            _without(one, missing) for one in entries if not (isinstance(one, dict) and missing & set(_leaves(one)))
        ]
    return {title: _without(one, missing) for title, one in entries.items()} if isinstance(entries, dict) else entries


def _leaves(entry: dict[str, Any]) -> list[str]:
    return [one for one in entry.values() if isinstance(one, str)]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the root's pages, and every example file that a page links to."""
    for name in PAGES:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    for page in sorted(Path(config.docs_dir).rglob("*.md")):
        for address in LINKED_FILE.findall(page.read_text(encoding="utf-8")):
            if files.get_file_from_path(address) is None:
                files.append(File.generated(config, address, abs_src_path=str(ROOT / address)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links of the repository into links of the manual."""
    source = page.file.src_uri
    if source in PAGES:
        return re.sub(r"\]\(docs/", "](", markdown).replace("](README.md", "](index.md")
    up = "../" * source.count("/")
    markdown = LINKED_FILE.sub(lambda found: f"]({up}{found[1]})", markdown)
    markdown = ROOT_PAGE.sub(lambda found: f"]({up}{found[2]}{found[3] or ''})", markdown)
    there = {file.src_uri for file in files.documentation_pages()}
    for name in (one for one in ARRIVING if one not in there):
        markdown = re.sub(rf"\[([^\]]+)\]\((?:\.\./)*{re.escape(name)}\)", r"\1", markdown)
    return markdown
