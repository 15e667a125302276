"""The rules of who imports whom, held in fresh interpreters, so that they stay true."""

import ast
import inspect
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("nncore", "scenarios", "tui")
ON_TEXTUAL = ("tui.app", "tui.dialogs", "tui.simulator", "tui.widgets")
"""What the app is made of; everything else in tui does without Textual."""

OWN = {
    ".".join(parts[:-1] if parts[-1] == "__init__" else parts): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if (parts := path.relative_to(ROOT).with_suffix("").parts)
}
"""Our modules by their dotted names."""

LOADED = """
import importlib, sys
before = {name.partition(".")[0] for name in sys.modules}
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*{name.partition(".")[0] for name in sys.modules} - before - sys.stdlib_module_names)
"""


def modules(package):
    """The dotted names of a package's modules, __main__ aside."""
    return [name for name in OWN if name.partition(".")[0] == package and not name.endswith("__main__")]


def loaded(names):
    """The packages, the standard library's aside, that a fresh interpreter has loaded after importing modules."""
    command = [sys.executable, "-c", LOADED, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name for name in done.stdout.split() if "cython" not in name}  # NumPy's compiled parts


def test_the_mathematics_needs_numpy_only():
    assert loaded(modules("nncore")) == {"nncore", "numpy"}


def test_the_lessons_need_no_screen():
    found = loaded(modules("scenarios"))
    assert {"nncore", "scenarios"} <= found
    assert not found & {"tui", "textual", "plotext", "rich"}


def test_sessions_frames_panes_and_calls_need_no_textual():
    names = [name for name in modules("tui") if not name.startswith(ON_TEXTUAL)]
    assert len(names) > 40
    assert not loaded(names) & {"textual", "plotext"}


def imports(path):
    """Every module that a file names in an import, wherever it stands; a name imported from a package as its module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in inner if name in OWN)
            if node.module not in OWN or not all(name in OWN for name in inner):
                yield node.module


FLOORS = """
    commands
    app serving
    simulator
    dialogs
    widgets exports
    panes lesson
    explain archive preferences
    session
    render keymap
    scenarios.own_code
    scenarios.export
    scenarios.runs
    scenarios.file
    scenarios.quantities
    scenarios.scenario
    scenarios.data scenarios.guide
    scenarios.expressions
    scenarios.atomic_write scenarios.regular_file
    scenarios.walls
    scenarios.errors
    nncore
"""
"""The rooms, those of tui without its name: each may import what stands on a lower line, and nothing else."""

FLOOR = {
    name if name.startswith(("scenarios", "nncore")) else f"tui.{name}": number
    for number, line in enumerate(FLOORS.split("\n"))
    for name in line.split()
}
ENTRANCES = {"tui", "tui.cli", "tui.__main__", "scenarios"}
"""What stands beside the rooms: the packages themselves, and where the command begins."""


def room(module):
    """The room that a module stands in."""
    parts = module.split(".")
    return "nncore" if parts[0] == "nncore" else ".".join(parts[:2])


def arrows():
    """Who imports whom among our modules: (importing, imported), lazily or for types only as well."""
    for module, path in OWN.items():
        for name in imports(path):
            if name.partition(".")[0] in PACKAGES:
                yield module, name


def test_an_arrow_points_only_downward():
    wrong = [
        (module, name)
        for module, name in arrows()
        if room(module) != room(name) and not ENTRANCES & {module, name} and FLOOR[room(module)] >= FLOOR[room(name)]
    ]
    assert wrong == []


def test_every_module_stands_in_a_room():
    assert {room(module) for module in OWN} - ENTRANCES == set(FLOOR)
    loose = [path.name for path in (ROOT / "scenarios").glob("*.py")]
    assert len(loose) <= 8


def test_no_modules_import_each_other_in_a_circle():
    graph = {module: set() for module in OWN}
    for module, name in arrows():
        if module != name and name in graph:
            graph[module].add(name)
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_the_picture_in_contributing_is_the_table():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.findall(r"<!-- floors -->\n```\n(.*?)```", text, re.DOTALL) == [dedent(FLOORS).lstrip("\n")]


def test_no_class_stands_on_more_than_three_of_our_own():
    classes = {
        found
        for name in OWN
        if not name.endswith("__main__")
        for _, found in inspect.getmembers(import_module(name), inspect.isclass)
        if found.__module__ == name
    }
    assert len(classes) > 100
    tall = {
        found: own for found in classes if len(own := [one for one in found.__mro__[1:] if one.__module__ in OWN]) > 3
    }
    assert tall == {}


def test_one_file_calls_plotext():
    calling = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if any(name.partition(".")[0] == "plotext" for name in imports(path))
    }
    assert calling == {"tui/render/charts.py"}


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["list"], ["show", "by-hand"], ["run", "by-hand", "--steps", "1"], ["trace", "by-hand"]],
)
def test_calls_start_without_what_only_the_app_needs(arguments):
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*{'textual', 'plotext'} & sys.modules.keys(), file=sys.stderr))\n"
        "from tui.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr.split() == []


def test_imports_say_the_whole_name():
    relative = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_nothing_imports_the_command_but_the_module_that_is_run():
    importing = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if {"tui.cli", "tui.__main__"} & set(imports(path))
    ]
    assert importing == ["tui/__main__.py"]


def named_in_strings(path):
    """What a file imports by a name that is put together when it runs: the name's beginning, "" if that is open too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            name = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            yield name.value if isinstance(name, ast.Constant) else ""


def test_a_name_in_a_string_is_of_the_same_room():
    found = [
        (path.parent.relative_to(ROOT), name)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in named_in_strings(path)
    ]
    assert found
    assert all(name.startswith(".".join((*folder.parts, ""))) for folder, name in found), found


PLAIN = {"tasks", "commands", "dialogs", "panes", "render", "lesson"}
"""Rooms that say what kind of thing their modules are, so that these may be called after what they are about."""


def test_a_module_name_occurs_once_unless_its_room_makes_it_plain():
    called = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if path.parent.name not in PLAIN and path.stem not in ("__init__", "__main__", "errors"):
                called.setdefault(path.stem, []).append(path.relative_to(ROOT).as_posix())
    assert {name: paths for name, paths in called.items() if len(paths) > 1} == {}


def test_no_file_is_long():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for package in (*PACKAGES, "tests")
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
