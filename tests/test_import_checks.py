"""Every check of the import has a log that breaks it, in `tests/logs`: refused ones with the messages, noticed ones
with the notices, exactly as a user reads them.

`python -m tests.test_import_checks` writes the expected texts anew; look at the difference before you commit it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from memberlab.policies import DocumentError
from memberlab.scenarios import importing, retail_log

LOGS = Path(__file__).parent / "logs"
SALT = LOGS / "salt.txt"
REFUSED = sorted(folder.name for folder in (LOGS / "refused").iterdir())
CHECKS = retail_log.CHECKS
NOTICED = sorted(folder.name for folder in (LOGS / "noticed").iterdir())


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def refusal(name: str, out: Path) -> str:
    """Return the messages of a refused log, without the folder it stands in."""
    with (
        pytest.raises(DocumentError) as caught,
        importing(LOGS / "refused" / name, out / "log", salt_file=SALT),
    ):
        pytest.fail("the log is taken")
    assert list(out.iterdir()) == [], "something is left behind"
    return str(caught.value).replace(f"{LOGS / 'refused' / name}/", "").replace(f"{LOGS / 'refused'}/", "") + "\n"


def notices(name: str, out: Path) -> dict[str, str]:
    """Return what is noticed of a log, by check, with the examples under it."""
    found: dict[str, str] = {}
    with importing(LOGS / "noticed" / name, out / "log", salt_file=SALT) as imported:
        for notice in imported.notices:
            lines = [notice.message, *(f"  {example}" for example in notice.examples)]
            found[slug(notice.check)] = found.get(slug(notice.check), "") + "\n".join(lines) + "\n"
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_a_log_is_refused_in_these_words(name: str, tmp_path: Path) -> None:
    assert refusal(name, tmp_path) == (LOGS / "refused" / name / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NOTICED)
def test_a_log_is_taken_with_this_notice(name: str, tmp_path: Path) -> None:
    assert notices(name, tmp_path)[name] == (LOGS / "noticed" / name / "expected.txt").read_text(encoding="utf-8")


def test_every_check_has_a_log_that_breaks_it() -> None:
    assert {slug(check.name) for check in CHECKS} <= set(REFUSED)
    assert len(CHECKS) == len({check.name for check in CHECKS})


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: slug(check.name))
def test_a_check_names_columns_of_the_schema(check: retail_log.Check) -> None:
    assert retail_log.TABLES[check.table].column(check.column).name == check.column


def test_messages_name_file_line_column_and_value() -> None:
    text = (LOGS / "refused" / "a-receipt-stands-once" / "expected.txt").read_text(encoding="utf-8")
    assert text.startswith("trips.csv:6 trip_id: 't2' is already on line 3; ")


def test_at_most_twenty_examples_and_the_count() -> None:
    lines = (LOGS / "refused" / "more-than-twenty-faults" / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 21
    assert lines[0] == "trips.csv net_amount: 30 rows cannot be read; the first 20 are shown"


def write_expected() -> None:
    """Write what every log gives today as what is expected."""
    import tempfile

    for name in REFUSED:
        with tempfile.TemporaryDirectory() as out:
            (LOGS / "refused" / name / "expected.txt").write_text(refusal(name, Path(out)), encoding="utf-8")
    for name in NOTICED:
        with tempfile.TemporaryDirectory() as out:
            told = notices(name, Path(out)).get(name, "NOTHING\n")
            (LOGS / "noticed" / name / "expected.txt").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    write_expected()
