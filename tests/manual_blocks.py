"""The blocks of code of a page of the manual, with the marks that say how each is run.

Serves tests/test_manual.py. Sybil finds the fences and the marks; docs/explanation/how-this-manual-is-tested.md tells
the marks to whoever writes a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sybil import Document, Region
from sybil.parsers.markdown.lexers import DirectiveInHTMLCommentLexer, RawFencedCodeBlockLexer

INFO = re.compile(r'(?P<language>[\w-]*)(?:[ \t]+title="(?P<title>[^"]+)")?[^\n]*$\n', re.MULTILINE)
MARK = re.compile(
    r"(?:(?P<rate>weekly|never), because (?P<reason>.{4,})|ends with (?P<code>\d+)|(?P<written>as written))", re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """One block: where it stands, its language, the file that it is (by its title), its text, and how it is run.

    `rate` is always, weekly or never; `written` forbids to make commands smaller; `shows_output` says that it is what
    the block before printed; `hidden` blocks stand in a comment, for what a reader has done already.
    """

    page: str
    line: int
    language: str
    title: str | None
    text: str
    rate: str = "always"
    code: int = 0
    written: bool = False
    shows_output: bool = False
    hidden: bool = False

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(file: Path, name: str) -> list[Block]:
    """Return the blocks of a page in order; a mark that is not understood, or that no block follows, is a fault."""
    document = Document(file.read_text(encoding="utf-8"), str(file))
    found = [("fence", region) for region in RawFencedCodeBlockLexer(INFO)(document)]
    for directive in ("run", "output", "before"):
        found += [(directive, region) for region in DirectiveInHTMLCommentLexer(directive, "[^\n]*?")(document)]
    found.sort(key=lambda one: one[1].start)
    return list(_joined(found, document, name))


def _joined(found: list[tuple[str, Region]], document: Document, name: str) -> Iterator[Block]:
    marks: list[tuple[str, str]] = []
    end = 0
    for kind, region in found:
        line = document.text.count("\n", 0, region.start) + 1
        words = str(region.lexemes.get("arguments") or "").strip()
        if kind in ("run", "output"):
            marks.append((kind, f"{words} {' '.join(str(region.lexemes.get('source') or '').split())}".strip()))
            end = region.end
            continue
        if marks and document.text[end : region.start].strip(" \n->"):
            raise ValueError(f"{name}:{line}: a mark before this block does not stand right above it")
        if kind == "before":
            yield Block(name, line, words or "sh", None, str(region.lexemes["source"]), hidden=True)
            continue
        yield _marked(name, line, region, marks)
        marks = []
    if marks:
        raise ValueError(f"{name}: the last mark has no block")


def _marked(name: str, line: int, region: Region, marks: list[tuple[str, str]]) -> Block:
    rate, code, written = "always", 0, False
    for kind, words in marks:
        said = MARK.fullmatch(words)
        if kind == "run" and said is None:
            raise ValueError(f"{name}:{line}: unknown mark 'run: {words}'")
        if said is not None:
            rate = said["rate"] or rate
            code = int(said["code"] or code)
            written = written or bool(said["written"])
    shows = any(kind == "output" for kind, _ in marks)
    lexemes = region.lexemes
    title = str(lexemes["title"]) if lexemes["title"] else None
    return Block(name, line, str(lexemes["language"]), title, str(lexemes["source"]), rate, code, written, shows)
