"""Which file of a new project comes from which template, and how they are written: none over another.

Serves `memberlab init`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from memberlab.policies import DocumentError, Problem

FILES: Mapping[str, str] = {
    "README.md": "README.md.template",
    "policies/today.yaml": "today.yaml.template",
    "policies/gold-sooner.yaml": "gold-sooner.yaml.template",
    "scenarios/usual.yaml": "usual.yaml.template",
    "scenarios/recession.yaml": "recession.yaml.template",
    "studies/thresholds.yaml": "thresholds.yaml.template",
    "checks.yaml": "checks.yaml.template",
    "tests/test_policies.py": "test_policies.py.template",
    "requirements.txt": "requirements.txt.template",
    "pytest.ini": "pytest.ini.template",
    ".gitignore": "gitignore.template",
    ".pre-commit-config.yaml": "pre-commit-config.yaml.template",
    ".github/workflows/policies.yml": "github-workflow.yml.template",
    ".gitlab-ci.yml": "gitlab-ci.yml.template",
}
"""Files of a project by their path in it, and the template of each."""

NO_FILES = (".git",)
"""What a folder may hold and still count as empty."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of each file of the project, by path."""

    new: tuple[str, ...]
    kept: tuple[str, ...]
    """Files that were there already and were left as they are."""


def write_project(folder: Path, *, add: bool = False) -> Written:
    """Write the files of a project into `folder`, which is made if it is not there; with `add`, beside what it holds.

    Raise DocumentError for a folder that holds files, without `add`, and for one that cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise _fault(folder, "is a file; name a folder")
    there = [path.name for path in folder.iterdir() if path.name not in NO_FILES] if folder.is_dir() else []
    if there and not add:
        shown = ", ".join(sorted(there)[:3]) + (" and more" if len(there) > 3 else "")
        raise _fault(folder, f"holds files already ({shown}); name a new folder, or add the missing ones with --add")
    texts = {path: text_of(template) for path, template in FILES.items()}
    new = [path for path in FILES if not (folder / path).exists()]
    try:
        for path in new:
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(texts[path], encoding="utf-8")
    except OSError as fault:
        raise _fault(folder, f"cannot be written: {fault.strerror or fault}") from None
    return Written(tuple(new), tuple(path for path in FILES if path not in new))


def text_of(template: str) -> str:
    """Return the text of a template with the version of memberlab filled in."""
    text = (Path(__file__).parent / template).read_text(encoding="utf-8")
    return text.replace("@VERSION@", version("memberlab"))


def _fault(folder: Path, message: str) -> DocumentError:
    return DocumentError([Problem(str(folder), None, "", message)])
