"""Every command and every example of the manual and the README runs, and prints what the page shows.

Daily, commands are made smaller (200 shoppers, 2 replications) and run within this process; `pytest -m slow` runs every
block as it is written and holds shown output against what is printed. Blocks marked `never` (a cluster, a server, the
reader's own files) are held against the command line: a command or an option that is gone fails the test.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click import UsageError

from tests.manual_blocks import Block, blocks_of
from tests.manual_shell import Shell, commands_in, fail_if_unknown

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted(file for file in (ROOT / "docs").rglob("*.md"))]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
HELP = "docs/reference/commands.md"
"""The page of every command's help, whose usage lines are no commands to run."""

WITH_BLOCKS = [
    name for name, page in zip(NAMES, PAGES, strict=True) if "```" in page.read_text(encoding="utf-8") and name != HELP
]

RUN = ("sh", "python")
"""Languages that are run; `yaml` and other files with a title are written into the page's folder."""

NOT_RUN = ("text", "", "csv", "yaml", "csv", "toml", "diff")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder as a reader has it: the examples of the repository beside."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_every_block_runs(name: str, folder: Path) -> None:
    live(name, folder, small=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_every_block_runs_as_written(name: str, folder: Path) -> None:
    live(name, folder, small=False)


def live(name: str, folder: Path, small: bool) -> None:
    """Run the blocks of a page in order, as a reader would."""
    shell, printed, names = Shell(folder, small), None, {"__name__": "manual"}
    for block in blocks_of(ROOT / name, name):
        with told(block):
            printed = _one(block, shell, printed, names)


def _one(block: Block, shell: Shell, printed: str | None, names: dict[str, Any]) -> str | None:
    """Run one block and return what it printed, or None where that is not what a page shows."""
    if block.shows_output:
        if printed is not None:
            fail_if_not_printed(block.text, printed)
        return printed
    if block.rate == "never" or (block.rate == "weekly" and shell.small):
        for words, _ in commands_in(block.text) if block.language == "sh" else ():
            fail_if_unknown(words)
        return None
    if block.title is not None:
        file = shell.folder / block.title
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
        return None
    if block.language == "sh":
        out = shell.run(block.text, block.code, block.written)
        return None if block.hidden or (shell.small and not block.written) else out
    if block.language == "python":
        said = io.StringIO()
        with contextlib.chdir(shell.folder), contextlib.redirect_stdout(said):
            exec(compile(block.text, str(block), "exec"), names)
        return said.getvalue()
    if re.search(r"^\$? ?memberlab [a-z]", block.text, re.MULTILINE):
        raise AssertionError("a command stands in a block that is not run: make it `sh`")
    if block.language not in NOT_RUN:
        raise AssertionError(f"nobody knows how to run {block.language!r}")
    if block.language == "yaml":
        raise AssertionError("a document needs a title (the file that it is), or a mark that says why it is none")
    return printed


@contextlib.contextmanager
def told(block: Block) -> Iterator[None]:
    """Tell the page and line of the block with whatever goes wrong in it."""
    try:
        yield
    except (Exception, UsageError) as fault:
        raise AssertionError(f"{block}: {fault}") from fault


def fail_if_not_printed(shown: str, printed: str) -> None:
    """Fail if what a page shows was not printed, in this order; a line of `…` stands for any others.

    How wide the terminal was does not count: lines may break elsewhere, and tables may have other rules.
    """
    rest = _plain(printed)
    for part in re.split(r"^\s*…\s*$", shown, flags=re.MULTILINE):
        wanted = _plain(part)
        if wanted not in rest:
            raise AssertionError(
                f"shown, but not printed (or not there): {part.strip()!r}\nprinted was:\n{printed[-6000:]}"
            )
        rest = rest[rest.index(wanted) + len(wanted) :]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[│┃|]", " ", text).split())


class TestOfTheTest:
    """The executor notices what it is for."""

    def page(self, folder: Path, text: str) -> None:
        (folder / "page.md").write_text(text, encoding="utf-8")
        shell, printed = Shell(folder, small=True), None
        for block in blocks_of(folder / "page.md", "page.md"):
            with told(block):
                printed = _one(block, shell, printed, {})

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("```sh\nmemberlab catalogue\n```\n", "page.md:1: there is no command"),
            ("```sh\nmemberlab explain jd-pluss\n```\n", "page.md:1: .*ended with 2, not 0"),
            (
                "\n<!-- run: never, because of X -->\n```sh\nmemberlab run x --shopers 3\n```\n",
                "page.md:3: .*--shopers",
            ),
            ("<!-- run: never -->\n```sh\nmemberlab catalog\n```\n", "unknown mark"),
            ("<!-- run: weekly, because long -->\n", "has no block"),
            ("```sh\nrm -r x\n```\n", "cannot run 'rm'"),
            ("```python\n1 / 0\n```\n", "division"),
            ("```yaml\nname: x\n```\n", "needs a title"),
            (
                "<!-- run: as written -->\n```sh\nmemberlab diff jd-plus jd-plus\n```\n\n"
                "<!-- output -->\n```text\nno\n```\n",
                "not printed",
            ),
        ],
    )
    def test_a_fault_is_told_with_page_and_line(self, text: str, fault: str, folder: Path) -> None:
        with pytest.raises((AssertionError, ValueError), match=fault):
            self.page(folder, text)

    def test_files_outputs_and_hidden_commands(self, folder: Path) -> None:
        self.page(
            folder,
            "<!-- before:\nmemberlab catalog jd-plus > mine.yaml\n-->\n\n"
            '```text title="note/x.txt"\nhere\n```\n\n'
            "<!-- run: as written -->\n```sh\nmemberlab diff jd-plus mine.yaml   # says so\n```\n\n"
            "<!-- output -->\n```text\n…\njd-plus -> mine.yaml: no lever differs\n```\n",
        )
        assert (folder / "note" / "x.txt").read_text(encoding="utf-8") == "here\n"
        assert (folder / "mine.yaml").stat().st_size > 100
