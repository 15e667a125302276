"""The rules of who imports whom, held in fresh interpreters, so that they stay true."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("nncore", "scenarios", "tui")
ON_TEXTUAL = ("tui.app", "tui.dialogs", "tui.simulator", "tui.widgets")
"""What the app is made of; everything else in tui does without Textual."""

LOADED = """
import importlib, sys
before = {name.partition(".")[0] for name in sys.modules}
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*{name.partition(".")[0] for name in sys.modules} - before - sys.stdlib_module_names)
"""


def modules(package):
    """The dotted names of a package's modules, __main__ aside."""
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[-1] != "__main__":
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


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
    """Every module that a file names in an import, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_one_file_calls_plotext():
    calling = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if any(name.partition(".")[0] == "plotext" for name in imports(path))
    }
    assert calling == {"tui/render/charts.py"}


@pytest.mark.parametrize(("package", "above"), [("nncore", {"scenarios", "tui"}), ("scenarios", {"tui"})])
def test_nobody_imports_from_above(package, above):
    for path in (ROOT / package).rglob("*.py"):
        assert not {name.partition(".")[0] for name in imports(path)} & above, path


@pytest.mark.parametrize(
    "arguments", [["--version"], ["list"], ["show", "by-hand"], ["run", "by-hand", "--steps", "1"]]
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


def test_no_file_is_long():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for package in (*PACKAGES, "tests")
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}
