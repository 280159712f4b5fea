"""The run store: a folder is filled whole or not at all, and is never put in place of anything but an earlier run."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from memberlab.policies import DocumentError
from memberlab.results import MANIFEST, fail_if_not_usable, new_run, write_manifest

UNUSABLE = "holds files that are no run of memberlab; name a folder that does not exist yet"


def write_run(folder: Path, text: str = "first", *, force: bool = False) -> None:
    """Write a small run."""
    with new_run(folder, force=force) as inside:
        (inside / "table.csv").write_text(text, encoding="utf-8")
        write_manifest(inside, time.time(), kind="run", seed=7)


def everything(folder: Path) -> dict[str, str]:
    """Return every file below a folder with its text, and every folder, so that any trace is seen."""
    found = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") if path.is_file() else "" for path in found}


def test_a_run_is_a_folder_with_its_manifest(tmp_path: Path) -> None:
    write_run(tmp_path / "run")
    assert sorted(everything(tmp_path)) == ["run", f"run/{MANIFEST}", "run/table.csv"]
    manifest = json.loads((tmp_path / "run" / MANIFEST).read_text(encoding="utf-8"))
    assert (manifest["format"], manifest["kind"], manifest["seed"]) == (1, "run", 7)
    assert {"command", "created", "duration_seconds", "python", "platform", "versions"} <= set(manifest)
    assert {"memberlab", "numpy", "numba", "simpy"} <= set(manifest["versions"])
    assert 0 <= manifest["duration_seconds"] < 60


def test_parents_are_made_and_an_empty_folder_is_filled(tmp_path: Path) -> None:
    write_run(tmp_path / "a" / "b" / "run")
    (tmp_path / "empty").mkdir()
    write_run(tmp_path / "empty")
    assert (tmp_path / "a" / "b" / "run" / "table.csv").is_file()
    assert (tmp_path / "empty" / "table.csv").is_file()


def test_a_relative_folder_is_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_run(Path("run"))
    assert sorted(everything(tmp_path)) == ["run", f"run/{MANIFEST}", "run/table.csv"]


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_a_run_that_fails_leaves_nothing_behind(tmp_path: Path, fault: type[BaseException]) -> None:
    with pytest.raises(fault), new_run(tmp_path / "run") as inside:
        (inside / "table.csv").write_text("half", encoding="utf-8")
        raise fault
    assert everything(tmp_path) == {}


def test_a_run_that_fails_leaves_no_parents_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), new_run(tmp_path / "a" / "b" / "run"):
        raise RuntimeError
    assert everything(tmp_path) == {}


def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(DocumentError, match=r"run: cannot be written: No space left on device$"),
        new_run(tmp_path / "run"),
    ):
        raise OSError(28, os.strerror(28))
    assert everything(tmp_path) == {}


def test_an_earlier_run_is_replaced_only_with_force_and_then_whole(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    write_run(folder)
    (folder / "note.txt").write_text("of the earlier run", encoding="utf-8")
    before = everything(tmp_path)
    with pytest.raises(
        DocumentError, match=r"run: holds an earlier run; name another folder, or replace it with --force$"
    ):
        write_run(folder, "second")
    assert everything(tmp_path) == before
    write_run(folder, "second", force=True)
    after = everything(tmp_path)
    assert after["run/table.csv"] == "second"
    assert "run/note.txt" not in after
    assert sorted(after) == ["run", f"run/{MANIFEST}", "run/table.csv"]


def test_an_earlier_run_stays_when_its_replacement_fails(tmp_path: Path) -> None:
    write_run(tmp_path / "run")
    before = everything(tmp_path)
    with pytest.raises(RuntimeError), new_run(tmp_path / "run", force=True) as inside:
        (inside / "table.csv").write_text("half", encoding="utf-8")
        raise RuntimeError
    assert everything(tmp_path) == before


def something_else(place: Path, kind: str) -> Path:
    """Put something at `place` that is no run, and return the folder to ask for."""
    if kind == "file":
        place.write_text("mine", encoding="utf-8")
    elif kind == "below a file":
        place.write_text("mine", encoding="utf-8")
        return place / "run"
    elif kind == "folder":
        (place / "thesis").mkdir(parents=True)
    elif kind == "dangling link":
        place.symlink_to("nowhere")
    elif kind == "link to a run":
        write_run(place.with_name("elsewhere"))
        place.symlink_to("elsewhere")
    else:
        place.mkdir()
        (place / "thesis.tex").write_text("mine", encoding="utf-8")
        text = {"web app": '{"name": "shop", "start_url": "/"}', "study": '{"format": 1, "kind": "study"}', "text": "?"}
        (place / MANIFEST).write_text(text[kind], encoding="utf-8")
    return place


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("kind", ["file", "below a file", "folder", "dangling link", "link to a run"])
def test_anything_else_is_never_touched(tmp_path: Path, kind: str, force: bool) -> None:
    folder = something_else(tmp_path / "mine", kind)
    before = everything(tmp_path)
    with pytest.raises(DocumentError, match="mine"):
        fail_if_not_usable(folder, force=force)
    with pytest.raises(DocumentError, match="mine"):
        write_run(folder, force=force)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("kind", ["web app", "study", "text"])
def test_a_folder_with_somebody_elses_manifest_is_never_replaced(tmp_path: Path, kind: str) -> None:
    folder = something_else(tmp_path / "mine", kind)
    before = everything(tmp_path)
    with pytest.raises(DocumentError, match="mine"):
        write_run(folder, force=True)
    assert everything(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named_before_anything_runs(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(DocumentError, match=r"run: cannot be written: no permission in .*closed$"):
        fail_if_not_usable(closed / "run")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc, where not even root can make folders")
def test_where_no_folder_can_be_made_the_run_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"^/proc/run: cannot be written: "):
        write_run(Path("/proc/run"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc, where not even root can make folders")
def test_where_no_folder_can_be_made_is_known_before_anything_runs() -> None:
    with pytest.raises(DocumentError, match=r"^/proc/run: cannot be written: "):
        fail_if_not_usable(Path("/proc/run"))
