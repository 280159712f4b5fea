"""A search by a Dask cluster of real processes: the same proposals, figures and digest as by one process alone."""

from pathlib import Path

import pytest

from memberlab.optimize import Workers, open_executor, open_study_folder, plan_study, result_digest, run_study
from tests.small_search import write_small_study


def test_a_cluster_finds_what_one_process_does(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    plan = plan_study(write_small_study(tmp_path))
    digests = []
    for name, workers in (("alone", Workers(1)), ("cluster", Workers(2, "local"))):
        with open_study_folder(tmp_path / name, plan) as ledger, open_executor(workers) as executor:
            digests.append(result_digest(run_study(plan, ledger, tmp_path / name, executor)))
    assert digests[0] == digests[1]
