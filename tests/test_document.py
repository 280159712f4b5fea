"""Reading YAML: what values it gives, what it refuses, and how a file that cannot be read is told."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from memberlab.policies import Document, DocumentError, read_document

Read = Callable[[str | bytes], Document]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Write a file `plan.yaml` in the working directory and return how to read it."""
    monkeypatch.chdir(tmp_path)

    def write_and_read(content: str | bytes) -> Document:
        data = content.encode() if isinstance(content, str) else content
        Path("plan.yaml").write_bytes(data)
        return read_document("plan.yaml")

    return write_and_read


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("+4", 4),
        ("0", 0),
        ("1.50", Decimal("1.50")),
        ("-0.25", Decimal("-0.25")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("text", "text"),
        ("5 %", "5 %"),
        ("'12'", "12"),
        ('"true"', "true"),
        ('""', ""),
    ],
)
def test_scalars_mean_what_they_say(written: Read, scalar: str, value: object) -> None:
    read = written(f"key: {scalar}\n").data["key"]
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    "text", ["yes", "No", "on", "True", "2026-01-31", "1:30", "0x1F", "017", "1_000", "1e5", ".5", "5.", ".inf", ".nan"]
)
def test_nothing_of_yaml_1_1_is_guessed(written: Read, text: str) -> None:
    assert written(f"key: {text}\n").data["key"] == text


def test_every_value_has_its_line_and_column(written: Read) -> None:
    document = written("a: 1\ntiers:\n  gold: {threshold: 5}\nlist:\n- x\n- y: 2\n")
    assert document.places == {
        ("a",): (1, 1),
        ("tiers",): (2, 1),
        ("tiers", "gold"): (3, 3),
        ("tiers", "gold", "threshold"): (3, 10),
        ("list",): (4, 1),
        ("list", 0): (5, 3),
        ("list", 1): (6, 3),
        ("list", 1, "y"): (6, 3),
    }


def test_the_line_of_what_is_absent_is_that_of_what_would_hold_it(written: Read) -> None:
    document = written("# head\na: 1\nb:\n  c: 2\n")
    assert document.line_of(("b", "c", "d")) == 4
    assert document.line_of(("b", "x")) == 3
    assert document.line_of(("x",)) == 1


def test_byte_order_mark_windows_and_old_mac_line_ends_are_read(written: Read) -> None:
    plain = written("a: 1\nb: [1, 2]\n")
    for content in ("\ufeffa: 1\nb: [1, 2]\n", "a: 1\r\nb: [1, 2]\r\n", "a: 1\rb: [1, 2]\r"):
        assert written(content) == plain


def test_keys_are_always_text(written: Read) -> None:
    assert list(written("1: a\nnull: b\ntrue: c\n2.5: d\n").data) == ["1", "null", "true", "2.5"]


def test_unicode_survives(written: Read) -> None:
    assert written("银卡: 金 🥇\n").data == {"银卡": "金 🥇"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"^plan\.yaml: the file is empty; write 'key: value' lines$"),
        ("# only a comment\n", r"^plan\.yaml: the file is empty"),
        ("- 1\n", r"^plan\.yaml:1: the top level is a list, not a mapping; write 'key: value' lines$"),
        ("text", r"^plan\.yaml:1: the top level is a single value, not a mapping"),
        ("~", r"^plan\.yaml:1: the top level is nothing, not a mapping"),
        ("a: 1\n---\nb: 2\n", r"^plan\.yaml:2: a second document starts here; keep one document in a file$"),
        ("a: 1\nb:\n\t- 2\n", r"^plan\.yaml:3: a tab cannot indent or separate YAML; use spaces$"),
        ("a: 1\nb: c: d\n", r"^plan\.yaml:2: a second ': ' on one line, or a wrong indentation; put text that holds"),
        ("a: [1, 2\n", r"^plan\.yaml:2: not valid YAML while parsing a flow sequence: expected ',' or '\]'"),
        ("a: 1\n? [b]\n: 2\n", r"^plan\.yaml:2: a key must be plain text, not a mapping or a list$"),
        ("a: &x 1\n*x : 2\n", r"plan\.yaml:2: a key cannot be the alias '\*x'; write the key itself$"),
        (b"a: 1\nb: \xff\n", r"^plan\.yaml:2: byte 0xFF is not UTF-8 text; save the file as UTF-8$"),
        (b"\x89PNG\r\n\x1a\n", r"^plan\.yaml:1: byte 0x89 is not UTF-8 text"),
        ("a: 1\n".encode("utf-16"), r"^plan\.yaml:1: the text is UTF-16; save it as UTF-8$"),
        ("a: 1\nb: \x00\n", r"^plan\.yaml:2: character U\+0000 is not allowed; remove it$"),
        ('a: "\\UFFFFFFFF"\n', r"^plan\.yaml:1: not valid YAML: an escape or the number of a %YAML version is out of"),
        (f"%YAML 1.{'9' * 5000}\n---\na: 1\n", r"^plan\.yaml:1: not valid YAML: an escape or the number"),
        ("a: " + "[" * 24 + "]" * 24, r"^plan\.yaml:1: more than 24 levels deep; flatten the document$"),
        ("[" * 100_000, r"^plan\.yaml:1: more than 24 levels deep"),
        (
            "".join(f"k{n}: 1\n" for n in range(10_001)),
            r"plan\.yaml:10000: more than 20,000 values; split the file or shorten it$",
        ),
        ("#" * 1_000_001, r"^plan\.yaml: larger than 1,000,000 bytes; a document of rules is a few thousand$"),
        (f"? {'k' * 300}\n: 1\n", r"^plan\.yaml:1: a key of 300 characters; the longest allowed has 200$"),
        ('"\\x1b[31m": 1\n', r"^plan\.yaml:1: the key '\\x1b\[31m' holds a character that cannot be printed"),
    ],
)
def test_text_that_cannot_be_read_is_refused(written: Read, content: str | bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        written(content)


def test_23_levels_below_the_top_are_read(written: Read) -> None:
    assert "a" in written("a: " + "[" * 23 + "]" * 23).data


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", r"^plan\.yaml:3 a: duplicate key 'a', first on line 1; keep one of them$"),
        ("a:\n  b: 1\n  b: 1\n", r"^plan\.yaml:3 a\.b: duplicate key 'b', first on line 2"),
        ("a: &x 1\n", r"^plan\.yaml:1 a: anchor '&x' is not allowed; remove it$"),
        ("a: !!python/object:os.system x\n", r"^plan\.yaml:1 a: tag 'tag:yaml\.org,2002:python/object:os\.system' is"),
        ("a: !include secrets.yaml\n", r"^plan\.yaml:1 a: tag '!include' is not allowed; remove it$"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", r"^plan\.yaml:\d: a %TAG directive is not allowed; remove it$"),
        ("<<: {a: 1}\n<<: {b: 1}\n", r"^plan\.yaml:2 <<: duplicate key '<<'"),
        ('"": 1\n', r"^plan\.yaml:1: a key is empty; write its name before the colon$"),
        (
            'a: "\\ud800"\n',
            r"^plan\.yaml:1 a: half of a surrogate pair is not a character; write the character itself$",
        ),
        (f"a: {'9' * 5000}\n", r"^plan\.yaml:1 a: a number of 5000 characters; the longest allowed has 400$"),
    ],
)
def test_what_yaml_can_and_a_document_may_not_is_refused(written: Read, content: str | bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        written(content)


def test_such_faults_are_all_reported_at_once(written: Read) -> None:
    with pytest.raises(DocumentError) as caught:
        written("a: &x 1\nb: *x\na: !!str 2\nc: {d: 1, d: 2}\n")
    assert str(caught.value).splitlines() == [
        "plan.yaml:1 a: anchor '&x' is not allowed; remove it",
        "plan.yaml:2 b: alias '*x' is not allowed; write the value out",
        "plan.yaml:3 a: duplicate key 'a', first on line 1; keep one of them",
        "plan.yaml:3 a (again): tag 'tag:yaml.org,2002:str' is not allowed; remove it",
        "plan.yaml:4 c.d: duplicate key 'd', first on line 4; keep one of them",
    ]


def test_a_bomb_of_aliases_is_never_expanded(written: Read) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(DocumentError, match=r"plan\.yaml:2 a1\.0: alias '\*a0' is not allowed"):
        written("\n".join(lines))


class TestFilesThatCannotBeOpened:
    def test_a_missing_file_is_named_as_given(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "plans").mkdir()
        with pytest.raises(DocumentError, match=r"^plans/\.\./plans/none\.yaml: no such file$"):
            read_document("plans/../plans/none.yaml")

    def test_a_neighbour_is_suggested(self, tmp_path: Path) -> None:
        (tmp_path / "gold-plan.yaml").touch()
        with pytest.raises(DocumentError, match=r"gold_plan\.yaml: no such file, did you mean '.*gold-plan\.yaml'\?$"):
            read_document(tmp_path / "gold_plan.yaml")

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match=r"no such file; there is no folder '.*nowhere' either$"):
            read_document(tmp_path / "nowhere" / "plan.yaml")

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match=r": is a folder; give the path of a file in it$"):
            read_document(tmp_path)

    def test_a_path_with_a_nul_character_is_refused(self) -> None:
        with pytest.raises(DocumentError, match=r": cannot be read: embedded null byte$"):
            read_document("plan\x00.yaml")

    def test_a_file_used_as_a_folder_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "plan.yaml").touch()
        with pytest.raises(DocumentError, match=r": cannot be read: Not a directory$"):
            read_document(tmp_path / "plan.yaml" / "x.yaml")
