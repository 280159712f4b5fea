"""What all commands have in common at a terminal: options, progress, faults and their codes, completion, a quick start.

Serves everyone who types `memberlab`, and the programs that read what it prints.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.cli.commands import COMMANDS, GROUPS
from memberlab.cli.completion import VARIABLE, script_of
from memberlab.cli.exit_codes import MEANINGS, ExitCode, exit_codes_page
from memberlab.cli.names import FOLDERS, shipped_names
from memberlab.cli.output_options import QUIET
from memberlab.cli.progress import BETWEEN_LINES, Lines, display, progress_bar
from memberlab.optimize import study_names
from memberlab.policies import DocumentError, policy_names
from memberlab.scenarios import disturbance_names, population_names, scenario_names

ROOT = Path(__file__).parent.parent
NO_RESULT = {"schema", "completion", "help", "app"}
"""Commands that print a document of their own or serve a page."""

LONG = {
    "compare", "cutover", "rollout", "pilot", "optimize", "sweep", "fee", "global-sensitivity", "discover", "budget",
    "sensitivity", "init", "check", "baseline accept", "claims", "evidence", "validate",
}  # fmt: skip
"""Commands that have workers, and show how far they are."""


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def every_command() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in command.commands.items())
        else:
            yield name, command


def options_of(command: click.Command) -> dict[str, click.Option]:
    return {name: one for one in command.params if isinstance(one, click.Option) for name in one.opts}


# every command


def test_every_command_that_prints_a_result_has_json_and_quiet_from_one_place() -> None:
    found = {name: options_of(one) for name, one in every_command()}
    lacking = {name for name, options in found.items() if not {"--json", "--quiet"} <= options.keys()}
    assert lacking == NO_RESULT
    assert {options["--quiet"].help for name, options in found.items() if name not in NO_RESULT} == {
        "Print the verdict and the files written only; no tables, no progress."
    }
    assert {name for name, options in found.items() if "--workers" in options} == LONG
    # that of `check` may name a file, and main.py looks for the word where options cannot be read
    declared = [
        file.name for file in (ROOT / "memberlab" / "cli").glob("*.py")
        if re.search(r'"--(json|quiet)"', file.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert sorted(declared) == ["check.py", "main.py", "output_options.py"]


def test_every_command_is_documented_with_what_its_json_holds() -> None:
    page = (ROOT / "docs" / "terminal.md").read_text(encoding="utf-8")
    assert [name for name, _ in every_command() if name not in NO_RESULT and f"\n| `{name}` |" not in page] == []


def test_the_help_page_has_a_line_for_each_command_that_fits_80_columns() -> None:
    assert {entry.file for entry in COMMANDS.values()} <= {
        file.stem for file in (ROOT / "memberlab" / "cli").glob("*.py")
    }
    assert sum(map(len, GROUPS.values())) == len(COMMANDS), "a command stands in one group"
    for name, entry in COMMANDS.items():
        assert entry.line.endswith("."), name
        assert len(entry.line) <= 56, name


def test_what_an_action_opens_prints_the_same_in_words_and_as_data(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    names = ask("catalog", "-q").stdout.split()
    assert names == [row["name"] for row in json.loads(ask("catalog", "--json").stdout)]
    assert ask("assumptions", "-q").stdout.split() == [
        row["name"] for row in json.loads(ask("assumptions", "--json").stdout)
    ]
    assert json.loads(ask("assumptions", "attrition_effect", "--json").stdout)["grade"]
    drafted = json.loads(ask("study", "new", "jd-plus", "--json").stdout)
    assert drafted["levers"]
    assert drafted["file"] is None
    quiet, whole = ask("diff", "jd-plus", "mall-club", "-q").stdout, ask("diff", "jd-plus", "mall-club").stdout
    assert whole.startswith(quiet)
    assert len(quiet.splitlines()) == 1
    assert ask("lint", "jd-plus", "-q").stdout == ask("lint", "jd-plus").stdout.splitlines(keepends=True)[-1]


# faults


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("comprae", "Error: No such command: comprae, did you mean 'compare'?"),
        ("compare jd-plus --replicatons 2", "Error: No such option: --replicatons, did you mean '--replications'?"),
        ("check --tier pared", "is not one of 'invariants', 'digest', 'paired', 'claims', 'full', did you mean 'pair"),
        ("baseline acept", "No such command"),
        ("run jd-pluss", "jd-pluss: unknown policy, did you mean 'jd-plus'?"),
        ("run jd-plus --scenario recesion", "recesion: unknown scenario, did you mean 'recession'?"),
        ("run jd-plus --with recesion-2009", "unknown disturbance, did you mean 'recession-2009'?"),
        ("sweep jd-plus --lever membership.fe=1,2", "did you mean 'membership.fee'?"),
        ("sweep jd-plus --lever membership.fee=9,19 --kpi margn", "unknown KPI, did you mean 'margin'?"),
        ("assumptions atrition_effect", "unknown assumption, did you mean 'attrition_effect'?"),
        ("help complete", "did you mean 'completion'?"),
    ],
)
def test_an_unknown_word_is_told_with_the_nearest_known_one(words: str, told: str) -> None:
    result = ask(*words.split())
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.stderr.split())
    assert result.stdout == ""
    data = json.loads(ask(*words.split(), "--json").stdout)
    assert (data["error"]["code"], data["error"]["name"]) == (2, "bad-input")
    assert data["error"]["message"]


def failing(fault: BaseException) -> Callable[..., None]:
    def fails(*arguments: object, **named: object) -> None:
        raise fault

    return fails


def test_a_fault_of_a_file_is_a_document_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text("version: 1\nname: bad\ncurrency: CNY\nties: {}\n", encoding="utf-8")
    result = ask("explain", "bad.yaml", "--json")
    (problem,) = json.loads(result.stdout)["error"]["problems"]
    assert (problem["file"], problem["line"]) == ("bad.yaml", 4)
    assert f"bad.yaml:4 {problem['field']}: {problem['message']}\n" == result.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["catalog"], ExitCode.DONE),
        (["lint", "bad-tiers.yaml"], ExitCode.ANSWER_IS_NO),
        (["catalog", "jd"], ExitCode.BAD_INPUT),
        (["check", "project"], ExitCode.NO_BASELINE),
        (["baseline", "show", "project"], ExitCode.NO_BASELINE),
    ],
)
def test_a_code_means_what_the_table_says(
    command: list[str], code: ExitCode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tiers = "tiers:\n  low: {threshold: 0}\n  top: {threshold: 10, discount: 95 %}\n"
    Path("bad-tiers.yaml").write_text(f"version: 1\nname: bad-tiers\ncurrency: CNY\n{tiers}", encoding="utf-8")
    if "project" in command:
        made = json.loads(ask("init", "project", "--without-baseline", "--json").stdout)
        assert (made["baseline"], "checks.yaml" in made["written"]) == (False, True)
    assert ask(*command).exit_code == code
    if code in (ExitCode.BAD_INPUT, ExitCode.NO_BASELINE):
        assert json.loads(ask(*command, "--json").stdout)["error"]["name"] == MEANINGS[code].name


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "stopped"),
        (DocumentError([]), ExitCode.BAD_INPUT, ""),
    ],
)
def test_what_stops_a_command_has_its_code(
    fault: BaseException, code: ExitCode, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memberlab.policies.differences", failing(fault))
    result = ask("diff", "jd-plus", "mall-club", "--json")
    assert result.exit_code == code
    assert json.loads(result.stdout)["error"] == {
        "code": int(code), "name": MEANINGS[code].name, "message": told, "problems": [],
    }  # fmt: skip


def test_undecided_and_broken_books_are_told_by_the_codes_of_the_table() -> None:
    """The searches and checks that end so take minutes; here only that they end by the table's numbers."""
    from memberlab.cli.faults import BooksBroken, Stopped

    assert (BooksBroken("x").exit_code, Stopped("x").exit_code) == (5, 130)
    assert "ExitCode.UNDECIDED" in (ROOT / "memberlab" / "cli" / "optimize.py").read_text(encoding="utf-8")
    assert set(MEANINGS) == set(ExitCode)
    assert len({one.name for one in MEANINGS.values()}) == len(MEANINGS)


def test_the_page_of_exit_codes_is_made_from_the_table() -> None:
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    assert page == exit_codes_page() == ask("help", "exit-codes", "--page").stdout
    told = ask("help", "exit-codes").stdout
    assert all(re.search(rf"^ *{code:d}  {one.name}: ", told, re.MULTILINE) for code, one in MEANINGS.items())


def test_help_shows_the_help_of_a_command() -> None:
    assert ask("help", "diff").stdout.split("Usage")[1].split("]")[1] == ask("diff", "-h").stdout.split("]")[1]


# progress


def test_lines_come_at_most_every_few_seconds_with_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    show = Lines(clock=lambda: now)
    for done in range(101):
        now = 1.0 * done
        show("living", done, 100)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == int(100 / BETWEEN_LINES)
    assert lines[0] == "living: 10 of 100, about 90 min left".replace("90 min", "2 min")
    assert lines[-1] == "living: 100 of 100"


def test_a_stage_with_units_is_told_from_its_start_at_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    show = Lines({"searching": "policies"}, clock=lambda: 0.0)
    for done in range(41):
        show("searching", done, 40)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "searching: 0 of 40 policies"
    assert lines[-1] == "searching: 40 of 40 policies"
    assert len(lines) == 11


@pytest.mark.parametrize("how", ["--quiet", "--json", ""])
def test_nothing_is_shown_under_quiet_and_json(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memberlab.cli.progress.BETWEEN_LINES", 0.0)

    def live(*arguments: object, **named: object) -> list[object]:
        with progress_bar("living") as told:
            told(1, 2)
        return []

    monkeypatch.setattr("memberlab.policies.differences", live)
    result = ask("diff", "jd-plus", "mall-club", *([how] if how else []))
    assert result.exit_code == 0, result.output
    assert result.stderr == ("" if how else "living: 1 of 2\n")


@pytest.mark.parametrize(("columns", "has_bar"), [("50", False), ("80", True), ("120", True)])
@pytest.mark.parametrize("is_interrupted", [False, True])
def test_a_terminal_gets_a_bar_that_fits_and_its_cursor_back(
    columns: str, has_bar: bool, is_interrupted: bool, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    for name, value in {"COLUMNS": columns, "TERM": "xterm-256color", "FORCE_COLOR": "1", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TTY_COMPATIBLE", raising=False)
    try:
        with display() as show:
            show("comparing", 30, 120, "30 of 120 pieces")
            if is_interrupted:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert is_interrupted
    drawn = capsys.readouterr().err
    assert drawn.count("\x1b[?25l") == drawn.count("\x1b[?25h") == 1
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
    line = [one for one in re.split(r"[\r\n]", plain) if "25%" in one][-1].rstrip()
    assert "comparing" in line
    assert "30 of 120 pieces" in line
    assert ("━" in line) is has_bar
    assert len(line) <= int(columns)
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", drawn), "NO_COLOR"


def test_a_verdict_is_printed_under_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    from memberlab.cli.tables import console

    with click.Context(main) as context:
        context.meta[QUIET] = True
        screen = console()
        screen.print("a table")
        screen.verdict("it pays")
        screen.print("another")
    assert capsys.readouterr().out == "it pays\n"


# completion


def completed(line: str) -> list[str]:
    """Return what the shell is told for the last word of a line, by click's own protocol."""
    *words, last = line.split(" ")
    kind = get_completion_class("bash")
    assert kind is not None
    found = kind(main, {}, "memberlab", VARIABLE).get_completions(words, last)
    return [one.type if one.type != "plain" else one.value for one in found]


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("comp", ["compare", "completion"]),
        ("compare --repl", ["--replications"]),
        ("compare jd", ["file", "jd-plus"]),
        ("run jd-plus --scenario recession-and", ["file", "recession-and-recovery"]),
        ("compare jd-plus --scenario recession-and", ["file", "recession-and-recovery"]),
        ("study new jd-plus --scenario recession-and", ["file", "recession-and-recovery"]),
        ("pilot jd-plus --kpi reten", ["retention"]),
        ("compare jd-plus --with two-", ["two-day-outage"]),
        ("optimize fashion-", ["file", "fashion-thresholds"]),
        ("lint four-tiers-simple mall", ["file", "mall-club"]),
        ("sweep jd-plus --kpi reten", ["retention"]),
        ("check --tier inv", ["invariants"]),
        ("baseline ac", ["accept"]),
        ("help exit", ["exit-codes"]),
        ("completion ", ["bash", "zsh", "fish"]),
    ],
)
def test_words_are_completed(line: str, some: list[str]) -> None:
    assert completed(line) == some


def test_ctrl_c_while_a_word_is_completed_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "_main_shell_completion", pressed)
    with pytest.raises(SystemExit) as end:
        main(["run"])
    assert end.value.code == 130


def test_names_are_those_that_ship() -> None:
    for kind, known in {
        "policy": policy_names, "scenario": scenario_names, "population": population_names, "study": study_names,
        "disturbance": disturbance_names,
    }.items():  # fmt: skip
        assert set(shipped_names(kind)) == set(known()), kind
    assert all(shipped_names(kind) for kind in FOLDERS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_memberlab(shell: str) -> None:
    script = ask("completion", shell).stdout
    assert f"{VARIABLE}={shell}_complete" in script
    assert script == script_of(shell)


def test_without_a_shell_it_is_told_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert ask("completion").stdout.startswith("zsh: memberlab completion zsh > ")
    monkeypatch.setenv("SHELL", "/bin/sh")
    assert len(ask("completion").stdout.splitlines()) == 3


# how fast it answers


def test_help_version_and_completion_import_none_of_the_simulator() -> None:
    """Not timed: what makes a start slow is what is imported."""
    program = (
        "import sys\n"
        "from memberlab.cli import main\n"
        "for words in (['--help'], ['completion', 'bash'], ['help', 'exit-codes']):\n"
        "    main(words, standalone_mode=False)\n"
        "from click.shell_completion import get_completion_class\n"
        "kind = get_completion_class('bash')(main, {}, 'memberlab', 'X')\n"
        "assert kind.get_completions([], 'comp') and kind.get_completions(['run'], 'jd')\n"
        "slow = {'numpy', 'pandas', 'numba', 'scipy', 'pydantic', 'rich', 'yaml', 'simpy', 'memberlab.policies'}\n"
        "print('SLOW', sorted(slow & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "SLOW []"
