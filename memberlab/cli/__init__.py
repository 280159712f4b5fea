"""The command line: `memberlab`, one file a command.

Serves everyone at a terminal. Commands load what they need when they run, so that `--help` is quick.
"""

from .main import main

__all__ = ["main"]
