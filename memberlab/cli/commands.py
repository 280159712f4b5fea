"""Every subcommand once: its name, the file that holds it, and the one line by which the help page tells of it.

Serves the help page and completion, which must not import the commands themselves: that would take seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A subcommand: `file` of memberlab/cli holds a click command of the same name; `line` is for the help page."""

    file: str
    line: str

    @property
    def module(self) -> str:
        """Return the module to import."""
        return f"memberlab.cli.{self.file}"


GROUPS: Mapping[str, Mapping[str, Entry]] = {
    "Try a policy": {
        "run": Entry("run", "Simulate one policy in one scenario."),
        "explain": Entry("explain", "Tell in words what a policy or a scenario holds."),
        "lint": Entry("lint", "Look for what is doubtful in a policy, in money."),
        "trace": Entry("trace", "Tell one shopper's life, and why each thing was done."),
        "app": Entry("app", "Serve a page on which levers move and figures follow."),
    },
    "Compare": {
        "compare": Entry("compare", "Hold policies against each other, on the same shoppers."),
        "diff": Entry("diff", "Tell in words what one policy changes against another."),
        "cutover": Entry("cutover", "Tell what launch morning does to members."),
        "rollout": Entry("rollout", "Live a pilot, a ramp and a launch, and when to stop."),
        "pilot": Entry("pilot", "Plan an experiment: shoppers, weeks and hold-out."),
    },
    "Search": {
        "study": Entry("study", "Draft a study, and work with one that is finished."),
        "optimize": Entry("optimize", "Search for a better policy, and confirm it."),
        "sweep": Entry("sweep", "Vary one or two levers, value by value."),
        "fee": Entry("fee", "Find the fee of a paid membership."),
        "global-sensitivity": Entry("global_sensitivity", "Tell which uncertain figures move an advantage."),
        "discover": Entry("discover", "Find the worlds in which a policy loses, as a rule."),
    },
    "Finance": {
        "finance": Entry("finance", "Show the statements of a run, or write its workbook."),
        "budget": Entry("budget", "Hold a budget's ceilings against a policy, day by day."),
        "sensitivity": Entry("sensitivity", "Tell what liability and margin hang on."),
    },
    "Put to the test": {
        "init": Entry("init", "Begin a project with policies under test."),
        "check": Entry("check", "Check that policies in git still do what they did."),
        "baseline": Entry("baseline", "Accept outcomes as they are, or show what was accepted."),
        "claims": Entry("claims", "Try published claims about programmes on twins."),
        "evidence": Entry("evidence", "Hold the model against published experiments."),
        "validate": Entry("validate", "Hold a fitted market against customers it never saw."),
    },
    "Your own data": {
        "import": Entry("import_log", "Check a retailer's log and take it in."),
        "calibrate": Entry("calibrate", "Fit shoppers to real purchases."),
        "members": Entry("members", "Check real members before a world opens with them."),
        "lift": Entry("lift", "Tell what campaigns did, as far as a log can."),
    },
    "Look up": {
        "report": Entry("report", "Write the report of a run, a page to read and forward."),
        "runs": Entry("runs", "List what has been run and written, newest first."),
        "open": Entry("open_run", "Open the report of a run in the browser."),
        "catalog": Entry("catalog", "List the documents that ship, or print one."),
        "scenarios": Entry("scenarios", "Show a scenario set and what is uncertain in it."),
        "assumptions": Entry("assumptions", "List what is assumed about shoppers, with evidence."),
        "schema": Entry("schema", "Print the schema of a kind of file, or its reference."),
        "completion": Entry("completion", "Let the shell complete commands, options and names."),
        "help": Entry("help", "Show the help of a command, or the exit codes."),
    },
}
"""Subcommands by purpose, in the order of the help page."""

COMMANDS: Mapping[str, Entry] = {name: entry for group in GROUPS.values() for name, entry in group.items()}
"""Subcommands by name."""
