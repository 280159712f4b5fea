"""`memberlab calibrate`: the file it writes, what it prints, and that bad input ends with exit code 2 and no file."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.scenarios import load_population

from .test_calibration import shop

DATA = Path(__file__).parents[1].parent / "shared" / "data"


@pytest.fixture
def trips(tmp_path: Path) -> Path:
    path = tmp_path / "trips.csv"
    shop(1, 60, 200).to_csv(path, index=False)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["calibrate", *map(str, arguments)])


class TestWriting:
    def test_the_file_loads_as_a_population(self, trips: Path) -> None:
        out = trips.with_name("population.yaml")
        result = run(
            trips, "--out", out, "--name", "my-shop", "--currency", "EUR", "--conversion", "5 %", "--new-customers"
        )
        assert result.exit_code == 0, result.output
        population = load_population(out)
        assert (population.name, population.currency, population.conversion) == ("my-shop", "EUR", 500)
        assert population.fit is not None
        assert population.fit.log.name == "trips.csv"
        assert sorted(path.name for path in trips.parent.iterdir()) == ["population.yaml", "trips.csv"]

    def test_what_is_printed(self, trips: Path) -> None:
        result = run(trips, "--out", trips.with_name("p.yaml"))
        assert "60 customers" in result.output
        for word in ("Pareto/NBD", "BG/NBD", "Gamma-Gamma", "alpha_weeks", "Standard error", "Log-likelihood", "RMSE"):
            assert word in result.output
        assert "Chosen: " in result.output
        assert "dropout is not identified" in " ".join(result.output.split())
        assert "Written: " in result.output

    def test_json_is_json(self, trips: Path) -> None:
        result = run(trips, "--out", trips.with_name("p.yaml"), "--json", "--all")
        figures = json.loads(result.stdout)
        assert figures["purchases"]["r"] > 0
        assert figures["fit"]["purchases"]["bg-nbd"]["holdout"] is None

    def test_the_same_log_gives_the_same_file(self, trips: Path) -> None:
        texts = []
        for name in ("one.yaml", "two.yaml"):
            assert run(trips, "--out", trips.with_name(name)).exit_code == 0
            texts.append(trips.with_name(name).read_text())
        assert texts[0] == texts[1]

    def test_force_replaces_a_file(self, trips: Path) -> None:
        out = trips.with_name("p.yaml")
        out.write_text("kept")
        refused = run(trips, "--out", out)
        assert (refused.exit_code, out.read_text()) == (2, "kept")
        assert "exists already; choose another name, or give --force to replace it" in refused.output
        assert run(trips, "--out", out, "--force").exit_code == 0
        assert load_population(out).name == "trips"

    def test_sort_accepts_rows_in_any_order(self, trips: Path) -> None:
        shop(1, 60, 200).sample(frac=1, random_state=2).to_csv(trips, index=False)
        out = trips.with_name("p.yaml")
        assert run(trips, "--out", out).exit_code == 2
        assert run(trips, "--out", out, "--sort").exit_code == 0

    @pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is absent: the CDNOW sample is not part of the repository")
    def test_cdnow_as_the_readme_has_it(self, tmp_path: Path) -> None:
        result = run(DATA / "cdnow_sample.csv", "--out", tmp_path / "population.yaml")
        assert result.exit_code == 0
        for figure in (
            "0.5533",
            "10.5777",
            "0.6062",
            "11.6687",
            "0.2426",
            "4.4136",
            "0.7929",
            "2.4259",
            "6.2496",
            "-9582.43",
        ):
            assert figure in result.output


class TestBadInput:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "the file is empty"),
            ("customer_id,date,net_amount\n", "there is a header but no row"),
            ("customer_id,date\na,2024-01-01\n", "the column 'net_amount' is missing"),
            ("customer_id,date,net_amount\na,2024-01-01,x\n", "'x' is not an amount"),
            ("customer_id,date,net_amount\na,2024-01-01,-1\n", "-1 is negative"),
            ("customer_id,date,net_amount\na,2024-01-01,1\na,2024-01-01,1\n", "the row stands twice"),
            ("customer_id,date,net_amount\na,2024-01-02,1\na,2024-01-01,1\n", "stands after 2024-01-02"),
            ("customer_id,date,net_amount\na,2024-01-02,1\n", "too short to fit"),
        ],
    )
    def test_one_clear_message_exit_code_2_and_no_file(self, tmp_path: Path, text: str, message: str) -> None:
        log = tmp_path / "trips.csv"
        log.write_text(text)
        result = run(log, "--out", tmp_path / "p.yaml")
        assert result.exit_code == 2
        assert message in result.output
        assert "Traceback" not in result.output
        assert [path.name for path in tmp_path.iterdir()] == ["trips.csv"]

    def test_a_missing_log(self, tmp_path: Path) -> None:
        result = run(tmp_path / "none.csv", "--out", tmp_path / "p.yaml")
        assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
        assert "no such file" in result.output

    @pytest.mark.parametrize(
        ("out", "message"),
        [
            ("none/p.yaml", "there is no folder"),
            ("p.txt", "'p.txt' is not the name of a population file; let it end in .yaml"),
            ("folder.yaml", "is a folder"),
        ],
    )
    def test_a_place_that_cannot_be_written(self, trips: Path, out: str, message: str) -> None:
        (trips.parent / "folder.yaml").mkdir()
        result = run(trips, "--out", trips.parent / out)
        assert result.exit_code == 2
        assert message in result.output

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_without_permission(self, trips: Path) -> None:
        closed = trips.parent / "closed"
        closed.mkdir(mode=0o500)
        result = run(trips, "--out", closed / "p.yaml")
        assert result.exit_code == 2
        assert "cannot be written to" in result.output

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (("--until", "2023-13-01"), "does not match the format"),
            (("--until", "2031-01-01"), "leaves no calibration window or no hold-out"),
            (("--until", "2023-03-01", "--all"), "--until and --all contradict each other"),
            (("--name", "My Shop"), "'My Shop' is not a name"),
            (("--currency", "euro"), "'euro' is not a currency"),
            (("--conversion", "0.1"), "is not a percentage"),
        ],
    )
    def test_options_that_cannot_be(self, trips: Path, options: tuple[str, ...], message: str) -> None:
        result = run(trips, "--out", trips.with_name("p.yaml"), *options)
        assert result.exit_code == 2
        assert message in " ".join(result.output.split())
        assert not trips.with_name("p.yaml").exists()
