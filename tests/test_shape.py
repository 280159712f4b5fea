"""The shape of the house: folders and wheel, one identity for each module, imports that run down, a documented face.

Guards of the layout's traps: a nested folder left off the wheel, `from sim import ...` that works by accident, and
imports that climb or reach past a room's public face.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("policies", "scenarios", "sim", "results", "optimize", "memberlab")
"""Rooms from the lowest to the highest; a room may import those before it."""

ROOMS = FLOORS[:-1]
OTHER_CODE = ("tests", "benchmarks", "examples", "docs", ".ci")


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def room_of(file: Path) -> str:
    return file.relative_to(ROOT).parts[0]


def setuptools_settings() -> dict[str, Any]:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(settings["tool"]["setuptools"])


class Import(NamedTuple):
    """One imported name: `level` dots, the module, and the name after `import` (None: the module itself)."""

    file: Path
    line: int
    level: int
    module: str
    name: str | None

    def __str__(self) -> str:
        text = f"from {'.' * self.level}{self.module} import {self.name}" if self.name else f"import {self.module}"
        return f"{self.file.relative_to(ROOT)}:{self.line}: {text}"

    @property
    def room(self) -> str | None:
        """Return the room that an absolute import of the package reaches; None for anything else."""
        parts = self.module.split(".")
        if self.level or parts[0] != "memberlab":
            return None
        inner = parts[1] if len(parts) > 1 else self.name
        return inner if inner in ROOMS else "memberlab"


def imports_of(source: str, file: Path) -> Iterator[Import]:
    """Give every import of a source, those inside functions and under TYPE_CHECKING as well."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, 0, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(file, node.lineno, node.level, node.module or "", alias.name) for alias in node.names)


def all_imports(*folders: str) -> list[Import]:
    return [one for file in python_files(*folders) for one in imports_of(file.read_text(encoding="utf-8"), file)]


# folders


def package_name(folder: Path) -> str:
    parts = folder.relative_to(ROOT).parts
    return ".".join(parts if parts[0] == "memberlab" else ("memberlab", *parts))


def test_every_folder_with_code_or_documents_is_listed_for_the_wheel() -> None:
    files = (file for floor in FLOORS for file in (ROOT / floor).rglob("*"))
    holding = {package_name(file.parent) for file in files if file.suffix in (".py", ".yaml", ".yml")}
    listed = setuptools_settings()["packages"]
    assert len(listed) == len(set(listed))
    assert set(listed) == holding


def test_every_room_is_mapped_to_its_folder_and_has_a_stub() -> None:
    assert setuptools_settings()["package-dir"] == {f"memberlab.{room}": room for room in ROOMS}
    for room in ROOMS:
        stub = (ROOT / "memberlab" / f"{room}.pyi").read_text(encoding="utf-8")
        assert stub.endswith(f"\n\nfrom {room} import *\n"), room
    assert len(list((ROOT / "memberlab").rglob("*.pyi"))) == len(ROOMS)


def test_every_listed_folder_is_a_package() -> None:
    missing = [folder for folder in (ROOT / floor for floor in FLOORS) for folder in folders_without_init(folder)]
    assert missing == []


def folders_without_init(floor: Path) -> list[Path]:
    folders = {file.parent for file in floor.rglob("*") if file.suffix in (".py", ".yaml", ".yml")}
    return sorted(folder for folder in folders if not (folder / "__init__.py").is_file())


# imports


def bare(imports: list[Import]) -> list[str]:
    return [str(one) for one in imports if one.level == 0 and one.module.split(".")[0] in ROOMS]


def climbing(imports: list[Import]) -> list[str]:
    """Return the imports that reach a room above their own, or their own by its absolute name."""
    faults = []
    for one in imports:
        own = room_of(one.file)
        if one.room is None or own == one.room == "memberlab":
            continue
        if FLOORS.index(one.room) >= FLOORS.index(own):
            faults.append(str(one))
    return faults


def reaching_in(imports: list[Import]) -> list[str]:
    """Return the imports across rooms that are not `from memberlab.<room> import <a name of its __all__>`."""
    faults = []
    for one in imports:
        own = room_of(one.file)
        if one.level:
            parts = one.file.relative_to(ROOT).parent.parts
            if one.level > len(parts):
                faults.append(str(one))
        elif one.room in ROOMS and one.room != own:
            face = importlib.import_module(f"memberlab.{one.room}").__all__
            if one.module != f"memberlab.{one.room}" or one.name not in face:
                faults.append(str(one))
    return faults


def test_nobody_imports_a_room_by_its_folder_name() -> None:
    assert bare(all_imports(*FLOORS, *OTHER_CODE)) == []


def test_imports_run_downwards_only() -> None:
    assert climbing(all_imports(*FLOORS)) == []


def test_rooms_see_only_each_others_public_face() -> None:
    assert reaching_in(all_imports(*FLOORS)) == []


def behind_a_face(imports: list[Import]) -> list[str]:
    """Return the imports of one folder of `optimize` from another that do not use its face, or a file at the root."""
    faults = []
    for one in imports:
        inside = one.file.relative_to(ROOT / "optimize").parts[:-1]
        if len(inside) == 1 and one.level == 2 and ("." in one.module or not one.module):
            faults.append(str(one))
    return faults


def test_folders_of_the_highest_room_see_only_each_others_face() -> None:
    assert [file.name for file in (ROOT / "optimize").glob("*.py")] == ["__init__.py"]
    assert behind_a_face(all_imports("optimize")) == []


def test_a_name_loads_its_folder_and_no_library_that_it_does_not_use() -> None:
    """A check of policies needs neither a search nor what draws or tabulates; the face of the room needs nothing."""
    program = (
        "import sys\nfrom memberlab import optimize\nassert 'memberlab.sim' not in sys.modules\n"
        "from memberlab.optimize import compare, load_checks, run_checks\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} | set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    heavy = {
        "scipy.stats",
        "scipy.optimize",
        "SALib",
        "optuna",
        "sqlalchemy",
        "duckdb",
        "matplotlib",
        "seaborn",
        "pandas",
    }
    heavy |= {
        f"memberlab.optimize.{folder}" for folder in ("search", "verdict", "evidence", "validation", "uncertainty")
    }
    assert heavy & set(done.stdout.split()) == set()


def of_the_command_line(imports: list[Import]) -> list[str]:
    """Return the imports of the command line by what is not part of it, by absolute name or by dots."""
    faults = []
    for one in imports:
        inside = one.file.relative_to(ROOT).parts
        if inside[:2] == ("memberlab", "cli") or inside == ("memberlab", "__main__.py"):
            continue
        place = ".".join([*inside[: len(inside) - one.level], one.module] if one.level else [one.module]).rstrip(".")
        if f"{place}.{one.name}.".startswith("memberlab.cli."):
            faults.append(str(one))
    return faults


def test_nothing_knows_the_command_line() -> None:
    """What a command and the what-if page or the pytest plugin both need stands on a floor below."""
    assert of_the_command_line(all_imports(*FLOORS)) == []


def test_tests_and_examples_use_public_names_only() -> None:
    faces = {f"memberlab.{room}" for room in ROOMS} | {"memberlab.scenarios.calibration"}
    reaching = [one for one in all_imports("tests", "examples") if one.room in ROOMS and one.module not in faces]
    assert [str(one) for one in reaching] == []


@pytest.mark.parametrize(
    ("file", "line", "check"),
    [
        ("sim/x.py", "from policies import Policy", bare),
        ("tests/x.py", "def f() -> None:\n    import results.kpis", bare),
        ("sim/x.py", "from memberlab.results import KPIS", climbing),
        ("sim/x.py", "if TYPE_CHECKING:\n    from memberlab.optimize import compare", climbing),
        ("policies/x.py", "from memberlab import load_policy", climbing),
        ("sim/x.py", "from memberlab.sim import World", climbing),
        ("scenarios/x.py", "import memberlab.sim", climbing),
        ("results/x.py", "from memberlab.sim.world import World", reaching_in),
        ("results/x.py", "from memberlab.sim import live_day_by_day", reaching_in),
        ("memberlab/x.py", "import memberlab.sim", reaching_in),
        ("memberlab/cli/x.py", "from memberlab import sim", reaching_in),
        ("results/x.py", "from ..sim import World", reaching_in),
        ("optimize/check/x.py", "from ..study.plan import Plan", behind_a_face),
        ("optimize/check/x.py", "from .. import Plan", behind_a_face),
        ("memberlab/app/x.py", "def f() -> None:\n    from ..cli.options import Inputs", of_the_command_line),
        ("memberlab/app/x.py", "from .. import cli", of_the_command_line),
        ("memberlab/x.py", "from .cli import main", of_the_command_line),
        ("results/x.py", "import memberlab.cli.runs", of_the_command_line),
    ],
)
def test_the_guards_see_the_faults_they_are_for(file: str, line: str, check: Any) -> None:
    assert len(check(list(imports_of(line, ROOT / file)))) == 1


# the public face


@pytest.mark.parametrize("room", [*ROOMS, ""])
def test_the_public_face_is_sorted_and_every_name_is_there(room: str) -> None:
    face = importlib.import_module(f"memberlab.{room}".rstrip("."))
    assert face.__all__ == sorted(set(face.__all__), key=lambda name: (not name.isupper(), name[0].islower(), name))
    assert [name for name in face.__all__ if not hasattr(face, name)] == []
    folder = Path(face.__file__ or "").parent
    files = {file.stem for file in folder.glob("*.py")} & set(face.__all__)
    assert {name for name in files if isinstance(getattr(face, name), ModuleType)} == set(), "a file hides a name"
    late = {name for name in files if name not in vars(face)}
    assert late == set(), "a name that is imported when asked for, and a file of that name, which will hide it"


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_imports_for_its_face_is_on_it(room: str) -> None:
    file = ROOT / room / "__init__.py"
    imports = [one for one in imports_of(file.read_text(encoding="utf-8"), file) if one.level]
    face = set(importlib.import_module(f"memberlab.{room}").__all__)
    assert {one.name for one in imports if one.name != "*"} <= face
    whole = {
        one.module: importlib.import_module(f"memberlab.{room}.{one.module}") for one in imports if one.name == "*"
    }
    assert {name for folder in whole.values() for name in folder.__all__} == (face if whole else set())


def documented_assignments(room: str) -> set[str]:
    """Return the names that are followed by a string that documents them, over all files of a room."""
    names = set()
    for file in python_files(room):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        for statement, after in pairwise(body):
            if not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)):
                continue
            targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_documented(room: str) -> None:
    """Classes and functions by a docstring of their own, constants and types by a string under the assignment."""
    face = importlib.import_module(f"memberlab.{room}")
    assigned = documented_assignments(room)
    missing = []
    for name in face.__all__:
        value = getattr(face, name)
        if inspect.isclass(value):
            documented = bool(vars(value).get("__doc__"))
        elif inspect.isroutine(value) or inspect.ismodule(value) or hasattr(value, "py_func"):
            documented = bool(value.__doc__) or name in assigned
        else:
            documented = name in assigned
        if not documented:
            missing.append(name)
    assert missing == []


def test_every_file_says_what_it_is_for() -> None:
    files = [*python_files(*FLOORS, "tests", "benchmarks", "examples"), *(ROOT / "memberlab").glob("*.pyi")]
    silent = [file for file in files if file.read_text(encoding="utf-8").strip() and not documents_itself(file)]
    assert [str(file.relative_to(ROOT)) for file in silent] == []


def documents_itself(file: Path) -> bool:
    return bool(ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))))


# the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources, so that the checkout stays clean."""
    needed = setuptools_settings_version()
    try:
        found = version("setuptools")
    except PackageNotFoundError:
        found = "0"
    if int(found.split(".")[0]) < needed:
        pytest.skip(f"building the wheel needs setuptools {needed} or later in this environment, found {found}")
    source = tmp_path_factory.mktemp("source") / "checkout"
    source.mkdir()
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, source / floor, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    (source / "stray.py").write_text("'''A file at the root that nobody meant to ship.'''\n", encoding="utf-8")
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*command, "--wheel-dir", str(out), str(source)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


def setuptools_settings_version() -> int:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (requirement,) = settings["build-system"]["requires"]
    return int(requirement.removeprefix("setuptools>="))


def test_the_wheel_holds_all_of_memberlab_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    shipped = {
        f"{package_name(file.parent).replace('.', '/')}/{file.name}"
        for floor in FLOORS
        for file in (ROOT / floor).rglob("*")
        if file.suffix in {".py", ".yaml", ".csv", ".yml", ".template", ".css", ".js", ".j2", ".po"}
        or file.name == "py.typed"
    }
    assert names == shipped
    assert "memberlab/py.typed" in names
    assert sum(name.endswith(".yaml") for name in names) >= 8


def test_the_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Without the editable install: `-S` keeps its finder out, and only the unpacked wheel and libraries are seen."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    program = (
        f"import sys; sys.path[:0] = {[str(tmp_path / 'site')]!r}; sys.path += {libraries!r}\n"
        "import memberlab\n"
        f"assert memberlab.__file__.startswith({str(tmp_path)!r}), memberlab.__file__\n"
        "from memberlab.cli import main\n"
        "main(['catalog'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    presets = [file.stem for floor in FLOORS for file in (ROOT / floor).rglob("*.yaml")]
    assert [name for name in presets if f"  {name} " not in done.stdout] == []
