"""Twenty-five kills at random points of a search, half of them in its writes: nothing lost, nothing doubled."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_search import write_small_study

ROOT = Path(__file__).parent.parent
KILLS = 25


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, so that an attempt costs no start of memberlab")
def test_a_search_that_is_killed_25_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Every check stands in the program: it ends with a traceback where one fails."""
    study = write_small_study(tmp_path)
    command = [sys.executable, "-m", "tests.killed_search", str(study), str(tmp_path / "out"), str(KILLS), "7"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, check=False, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    assert counted["kills"] == KILLS
    assert counted["aimed at writes"] == KILLS // 2
    assert counted["records"] > 100
