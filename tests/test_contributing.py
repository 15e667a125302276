"""CONTRIBUTING.md speaks of what there is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_path_that_it_names_is_there():
    paths = re.findall(r"[\w./-]*/[\w./-]+\.(?:py|md|toml)|(?<![\w.])\w+(?:/\w+)+/|(?<= )tests/\S+", TEXT)
    assert len(paths) > 30
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_room_is_described():
    described = re.findall(r"^\| `([\w/]+)/` \|", TEXT, re.MULTILINE)
    rooms = {
        path.parent.relative_to(ROOT).as_posix()
        for package in ("tui", "scenarios")
        for path in (ROOT / package).glob("*/*")
        if path.suffix in (".py", ".toml")
    }
    assert sorted(described) == sorted(rooms | {"nncore"})


def test_every_module_that_it_has_run_is_there():
    modules = re.findall(r"python -m ([\w.]+)", TEXT)
    for module in modules:
        path = ROOT.joinpath(*module.split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
