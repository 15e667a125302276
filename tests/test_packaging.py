"""The wheel: that it holds all the program needs, and runs from where it was unpacked."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("nncore", "scenarios", "tui")


def source_files():
    """Every file of the packages, by its place in the tree."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from a copy of the tree, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, tree]
    done = subprocess.run([sys.executable, *build], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == set(source_files())
    assert {"scenarios/library/by-hand.toml", "scenarios/template.toml", "tui/app/gradstep.tcss"} <= names


def test_the_wheel_names_the_command_and_the_licence(wheel):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    with zipfile.ZipFile(wheel) as archive:
        info = f"gradstep-{version}.dist-info/"
        assert "gradstep = tui.cli:main" in archive.read(info + "entry_points.txt").decode()
        assert "License-Expression: MIT" in archive.read(info + "METADATA").decode()
        assert info + "licenses/LICENSE" in archive.namelist()


def test_the_wheel_runs_from_where_it_was_unpacked(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"}
    program = (
        "import sys, tui\n"
        "from tui.app.app import GradstepApp\n"
        "from tui.cli import main\n"
        "app = GradstepApp()\n"
        "assert all(path.exists() for path in app.css_path)\n"
        "print(tui.__file__)\n"
        "sys.exit(main(['list']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(str(tmp_path / "site"))
    assert "disc-depth" in done.stdout
