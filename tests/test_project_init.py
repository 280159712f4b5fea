"""`memberlab init`: the project it writes passes lint, check and pytest; the example's three commits are told apart."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import numpy.fft  # an inner run forgets what it imports, and this cannot be imported twice
import pytest
import yaml
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import plan_study
from memberlab.project import FILES

assert numpy.fft
pytest_plugins = ["pytester"]

EXAMPLE = Path(__file__).parent.parent / "examples" / "policies-under-test"
IS_INSTALLED = any(point.value == "memberlab.testing.plugin" for point in entry_points(group="pytest11"))
PLUGIN = [] if IS_INSTALLED else ["-p", "memberlab.testing.plugin"]


def memberlab(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments], catch_exceptions=False)


def git(*arguments: str) -> None:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = {f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], check=True, capture_output=True, env={**os.environ, **settings, **names})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a fresh project in a git repository of its own, and work in it."""
    folder = tmp_path_factory.mktemp("fresh") / "shop"
    done = memberlab("init", str(folder), "--workers", "1")
    assert done.exit_code == 0, done.output
    before = Path.cwd()
    os.chdir(folder)
    git("init", "-q", "-b", "main", ".")
    git("add", "-A")
    git("commit", "-q", "-m", "The project as memberlab init wrote it")
    yield folder
    os.chdir(before)


def test_everything_in_a_fresh_project_passes_at_once(project: Path, pytester: pytest.Pytester) -> None:
    policies = [str(path) for path in sorted((project / "policies").glob("*.yaml"))]
    linted = memberlab("lint", "--strict", "--scenario", str(project / "scenarios" / "usual.yaml"), *policies)
    assert linted.output.strip() == "nothing found"
    assert plan_study(project / "studies" / "thresholds.yaml").study.name == "thresholds"
    tested = pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", f"--rootdir={project}", "-c",
                                          str(project / "pytest.ini"), str(project / "tests"))  # fmt: skip
    tested.assert_outcomes(passed=13)
    assert "2 statements in 1 test, judged together: 2 hold" in tested.stdout.str()


@pytest.mark.parametrize(
    ("commit", "code", "verdict", "told"),
    [
        ("1-no-op-refactor", 0, "passed;", "No figure has moved."),
        ("2-harmless-change", 0, "passed, with outcomes that moved within their margins;",
         "tiers.gold.threshold falls from 2000 to 1900"),
        ("3-harmful-change", 1, "failed: an outcome has changed", "tiers.silver.discount rises from 2 % to 10 %"),
    ],
)  # fmt: skip
def test_the_three_commits_of_the_example(project: Path, commit: str, code: int, verdict: str, told: str) -> None:
    os.chdir(project)
    git("switch", "-q", "-c", commit)
    git("apply", str(EXAMPLE / "commits" / f"{commit}.patch"))
    git("commit", "-q", "-a", "-m", commit)
    done = memberlab("check", "--workers", "1", "--markdown", "outcomes.md")
    git("switch", "-q", "main")
    page = (project / "outcomes.md").read_text(encoding="utf-8")
    assert done.exit_code == code, done.output
    assert verdict in page.splitlines()[0]
    assert told in page


def test_the_example_is_what_init_writes(tmp_path: Path) -> None:
    done = memberlab("init", str(tmp_path / "shop"), "--without-baseline")
    assert done.exit_code == 0
    for path in FILES:
        text = (tmp_path / "shop" / path).read_text(encoding="utf-8")
        assert text == (EXAMPLE / path).read_text(encoding="utf-8"), f"write examples/policies-under-test/{path} anew"
    assert not (tmp_path / "shop" / "baseline").exists()


def test_a_folder_that_holds_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("ours\n", encoding="utf-8")
    refused = memberlab("init", str(tmp_path))
    assert refused.exit_code == 2
    assert "holds files already (README.md); name a new folder, or add the missing ones with --add" in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    added = memberlab("init", str(tmp_path), "--add", "--without-baseline")
    assert added.exit_code == 0
    assert "left as they are: README.md" in added.output
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "ours\n"
    assert memberlab("init", str(tmp_path / "README.md")).exit_code == 2
    assert "is a file; name a folder" in memberlab("init", str(tmp_path / "README.md")).output


def test_a_repository_without_files_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert memberlab("init", str(tmp_path), "--without-baseline").exit_code == 0


def test_ci_files_are_read_as_what_they_are() -> None:
    """Names of keys only: actionlint and the schemas of both services were asked when the files were written."""
    workflow = yaml.safe_load((EXAMPLE / ".github" / "workflows" / "policies.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["outcomes"]["steps"]
    commands = " ".join(step.get("run", "") for step in steps)
    job = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text(encoding="utf-8"))["outcomes"]
    for command in ("memberlab lint", "memberlab check --junit outcomes.xml --markdown outcomes.md", "pytest"):
        assert command in commands
        assert command in " ".join(job["script"])
    assert job["artifacts"]["reports"]["junit"] == ["outcomes.xml", "tests.xml"]
    hooks = yaml.safe_load((EXAMPLE.parent.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["memberlab-lint"]
