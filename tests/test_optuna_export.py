"""The export of a search to Optuna's storages: every policy a trial, once, read back by Optuna itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import optuna
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import (
    LEDGER_FILE,
    PLAN_FILE,
    SEARCH_CAUTION,
    SerialExecutor,
    StudyResult,
    goals_of,
    open_study_folder,
    plan_in,
    plan_study,
    recorded,
    recorded_ledger,
    run_study,
)
from tests.small_search import write_small_study


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StudyResult]:
    folder = tmp_path_factory.mktemp("search")
    out, plan = folder / "out", plan_study(write_small_study(folder))
    with open_study_folder(out, plan) as ledger:
        result = run_study(plan, ledger, out, SerialExecutor())
    for file in folder.glob("*.yaml"):
        file.unlink()  # the folder of the search is enough
    return out, result


def export(folder: Path, to: object, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["study", "export", str(folder), "--to", str(to), *arguments])


def test_what_is_recorded_is_what_the_search_found(finished: tuple[Path, StudyResult]) -> None:
    out, result = finished
    plan = plan_in(out)
    assert plan.digest() == result.plan.digest()
    with recorded_ledger(out, plan) as ledger:
        tried = recorded(plan, ledger)
    assert [one.candidate.point for one in tried] == [one.candidate.point for one in result.tried]
    assert [one.figures for one in tried] == [one.figures for one in result.tried]


@pytest.mark.parametrize("kind", ["database", "journal"])
def test_every_policy_is_a_trial_and_twice_does_not_double(
    finished: tuple[Path, StudyResult], tmp_path: Path, kind: str
) -> None:
    out, result = finished
    to = f"sqlite:///{tmp_path}/search.db" if kind == "database" else str(tmp_path / "search.log")
    first, second = export(out, to), export(out, to, "--json")
    assert first.exit_code == 0, first.output
    assert "9 policies in" in first.output
    assert f"9 of them new; look at them with: optuna-dashboard {to}" in first.output
    told = json.loads(second.output)
    assert (told["policies"], told["new"]) == (9, 0)
    journal = optuna.storages.journal.JournalFileBackend(to) if kind == "journal" else None
    storage = to if journal is None else optuna.storages.JournalStorage(journal)
    assert optuna.get_all_study_names(storage) == [told["study"]]
    study = optuna.load_study(study_name=told["study"], storage=storage)
    goals = goals_of(result.plan.study)
    assert len(study.trials) == 9
    assert [way.name for way in study.directions] == ["MAXIMIZE"] * 3
    assert study.metric_names == ["gmv (CNY)", "retention (share)", "margin (CNY)"]
    for trial, one in zip(study.trials, result.tried, strict=True):
        figures = one.figures
        assert trial.values == [figures["gmv"].mean / 100, figures["retention"].mean, figures["margin"].mean / 100]
        assert trial.constraints == {bound.name: bound.excess(figures, SEARCH_CAUTION) for bound in goals.bounds}
        assert trial.user_attrs["policy digest"] == one.candidate.policy.digest()
        assert max(len(json.dumps(value)) for value in trial.user_attrs.values()) <= 2045
    incumbent, *others = study.trials
    assert incumbent.user_attrs["incumbent"] is True
    assert incumbent.params == {}
    for trial, one in zip(others, result.tried[1:], strict=True):
        policy = one.candidate.policy
        assert one.candidate.point is not None
        silver, above = (trial.params[name] for name in (
            "tiers.silver.threshold", "tiers.gold.threshold above tiers.silver.threshold"))  # fmt: skip
        assert silver == policy.value_at("tiers.silver.threshold")
        assert silver + above == policy.value_at("tiers.gold.threshold")
        assert trial.user_attrs["value of tiers.gold.threshold"] == str(silver + above)
        assert trial.params["shipping.free_from"] == policy.value_at("shipping.free_from")
        assert trial.distributions["tiers.silver.threshold"] == optuna.distributions.IntDistribution(300, 1000, step=50)


def test_a_part_of_a_search_is_completed_later(finished: tuple[Path, StudyResult], tmp_path: Path) -> None:
    """What an earlier export wrote stays; what it left out is added, what was changed is written anew."""
    out, _ = finished
    to = f"sqlite:///{tmp_path}/search.db"
    name = json.loads(export(out, to, "--json").output)["study"]
    whole = optuna.load_study(study_name=name, storage=to)
    trials, attributes = whole.trials, whole.user_attrs
    for kept, changed in ((trials[:4], 5), ([*trials[:3], trials[5]], 9)):
        optuna.delete_study(study_name=name, storage=to)
        part = optuna.create_study(study_name=name, storage=to, directions=["maximize"] * 3)
        for key, value in attributes.items():
            part.set_user_attr(key, value)
        part.add_trials(kept)
        assert json.loads(export(out, to, "--json").output)["new"] == changed
        again = optuna.load_study(study_name=name, storage=to)
        assert [trial.values for trial in again.trials] == [trial.values for trial in trials]


def test_refusals_are_one_line_and_write_nothing(finished: tuple[Path, StudyResult], tmp_path: Path) -> None:
    out, result = finished
    own = f"sqlite:///{out / LEDGER_FILE}"
    before = (out / LEDGER_FILE).read_bytes()
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.db").write_text("no database " * 100)
    changed = Path(shutil.copytree(out, tmp_path / "changed"))
    steady = changed / "scenario-steady.yaml"
    steady.write_text(steady.read_text().replace("seed: 5", "seed: 6"))
    torn = Path(shutil.copytree(out, tmp_path / "torn"))
    (torn / PLAN_FILE).write_text("{")
    name = f"{result.plan.study.name}-{result.plan.digest()[:8]}"
    optuna.create_study(study_name=name, storage=f"sqlite:///{tmp_path}/other.db")
    to = f"sqlite:///{tmp_path}/new.db"
    for folder, storage, message in (
        (out, own, "is the ledger of the search itself; name another file"),
        (out, out / LEDGER_FILE, "is the ledger of the search itself; name another file"),
        (out, f"sqlite:///{tmp_path}/missing/x.db", "cannot be written: unable to open database file"),
        (out, f"sqlite:///{tmp_path}/text.db", "cannot be written: file is not a database"),
        (out, "nonsense://x", "cannot be written: "),
        (out, tmp_path / "missing" / "x.log", "cannot be written: "),
        (out, tmp_path / "text.db", "is no journal of Optuna's, or a torn one; name another file"),
        (out, f"sqlite:///{tmp_path}/other.db", f"holds a study {name} that is no export of this search"),
        (tmp_path / "empty", to, "holds no search of memberlab; name the folder that `memberlab optimize` wrote"),
        (tmp_path / "nowhere", to, "holds no search of memberlab"),
        (changed, to, "a copy in it has changed since the search; the search's own command writes them anew"),
        (torn, to, "plan.json: cannot be read; the search's own command writes it anew"),
    ):
        answer = export(folder, storage)
        assert answer.exit_code == 2, (storage, answer.output, answer.exception)
        assert message in answer.output
        assert answer.output.count("\n") == 1, answer.output
    assert (out / LEDGER_FILE).read_bytes() == before
    assert not (tmp_path / "new.db").exists()
