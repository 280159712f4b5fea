"""Reports of tests with statistical statements are held back until all tests have run, then judged together and given.

Serves the plugin: so a failure belongs to its test, in the terminal, in JUnit XML and in `--last-failed`. Under
pytest-xdist only the controller holds reports; the statements of a worker's test come with its report.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from .statement import Statement

if TYPE_CHECKING:
    from .settings import Settings
    from .settling import Settled

CARRIED = "policy_statements"
"""Attribute of a report that carries the statements of its test as plain data."""

WAITING = "policy_is_held"


@dataclass
class Held:
    """The reports of one test, and its statements."""

    call: pytest.TestReport
    statements: list[Statement]
    teardown: pytest.TestReport | None = field(default=None)


class TooMuch:
    """Why a test fails at the end of the run, in the shape in which pytest shows failures."""

    def __init__(self, message: str, text: str) -> None:
        """Show `text`, and `message` in the short summary."""
        self.reprcrash = _Crash(message)
        self._text = text

    def toterminal(self, writer: Any) -> None:
        """Write the failure."""
        writer.line(self._text, red=True)

    def __str__(self) -> str:
        return self._text


@dataclass(frozen=True)
class _Crash:
    message: str


class HeldReports:
    """A pytest plugin that is registered where reports are shown."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        """Hold nothing yet."""
        self._config, self._settings = config, settings
        self._held: dict[tuple[str, str], Held] = {}
        self._is_releasing = False
        self.settled: list[Settled] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hold the report of a test with statements, and that of its teardown."""
        if self._is_releasing:
            return
        place = (report.nodeid, str(getattr(report, "worker_id", "")))
        statements = getattr(report, CARRIED, None)
        if report.when == "call" and statements:
            self._held[place] = Held(copy.copy(report), [Statement.from_data(one) for one in statements])
            setattr(report, WAITING, True)
        elif report.when == "teardown" and place in self._held and self._held[place].teardown is None:
            self._held[place].teardown = copy.copy(report)
        else:
            return
        # to all others it is a passed setup, which nobody counts
        report.when, report.outcome, report.longrepr, report.duration = "setup", "passed", None, 0.0
        report.sections = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """Show that a verdict is still to come."""
        return ("", "~", "TO BE JUDGED") if getattr(report, WAITING, False) else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Iterator[None]:
        """Judge and give the reports when all tests have run, or when the run is stopped."""
        try:
            return (yield)
        finally:
            self._release()

    def _release(self) -> None:
        from .settling import settle

        if not self._held:
            return
        self._is_releasing = True
        statements = [one for held in self._held.values() for one in held.statements]
        self.settled = settle(statements, self._settings.false_alarm)
        remaining = iter(self.settled)
        hook = self._config.hook
        for held in self._held.values():
            mine = [next(remaining) for _ in held.statements]
            judge(held.call, mine, strict=self._settings.strict)
            hook.pytest_runtest_logstart(nodeid=held.call.nodeid, location=held.call.location)
            hook.pytest_runtest_logreport(report=held.call)
            if held.teardown is not None:
                held.teardown.user_properties = [*held.teardown.user_properties, *properties(mine)]
                hook.pytest_runtest_logreport(report=held.teardown)
            hook.pytest_runtest_logfinish(nodeid=held.call.nodeid, location=held.call.location)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show what was judged: what fails or is undecided, and with -v also what holds."""
        from .verdicts_told import WORDS, counts_told, details_told, verdict_told

        if not self.settled:
            return
        terminalreporter.section("policy outcomes")
        for verdict, colour in (("FAIL", "red"), ("INCONCLUSIVE", "yellow"), ("PASS", "green")):
            if verdict == "PASS" and self._config.get_verbosity() < 1:
                continue
            for one in (one for one in self.settled if one.verdict == verdict):
                terminalreporter.write_line(f"{WORDS[verdict]} {one.statement.test}", **{colour: True})
                for line in (verdict_told(one), *details_told(one)):
                    terminalreporter.write_line(f"    {line}")
        terminalreporter.write_line(counts_told(self.settled, self._settings.false_alarm))


def judge(report: pytest.TestReport, settled: list[Settled], *, strict: bool) -> None:
    """Give a held report the outcome that its statements came to; what failed by itself stays as it is."""
    from .verdicts_told import details_told, verdict_told

    wanted = ("FAIL", "INCONCLUSIVE") if strict else ("FAIL",)
    against = [one for one in settled if one.verdict in wanted]
    text = "\n".join(line for one in against for line in (verdict_told(one), *(f"  {it}" for it in details_told(one))))
    if not against:
        return
    if "[XPASS(strict)]" in str(report.longrepr):  # it was to fail, and does
        report.outcome, report.longrepr = "skipped", None
        report.wasxfail = text
    elif hasattr(report, "wasxfail"):
        report.outcome = "skipped"
    elif report.failed:
        report.sections = [*report.sections, ("policy outcomes", text)]
    else:
        report.outcome = "failed"
        report.longrepr = TooMuch(verdict_told(against[0]), text)  # type: ignore[assignment]


def properties(settled: list[Settled]) -> list[tuple[str, object]]:
    """Return the verdicts as properties of a JUnit test case."""
    from .verdicts_told import WORDS, verdict_told

    return [(f"policy-{WORDS[one.verdict].lower()}", verdict_told(one)) for one in settled]
