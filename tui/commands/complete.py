"""What a shell is told when the tab key is pressed: names and paths, found without NumPy or the app."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from scenarios.errors import ScenarioError
from scenarios.file.course_file import COURSE_FILE, LIBRARY
from scenarios.file.document import read_toml
from scenarios.file.toml_reader import MAX_TEXT
from scenarios.regular_file import read_regular
from tui.commands.parser import app_parser, call_parser, first_word

Completer = Callable[..., Iterable[str]]


def complete() -> None:
    """Answer the shell that asks, and end the process."""
    from argcomplete import autocomplete
    from argcomplete.completers import ChoicesCompleter
    from argcomplete.lexers import split_line

    line = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT", "0"))]
    before: list[str] = split_line(line)[3][1:]
    parser, calls = call_parser()
    if first_word(before) not in calls:
        parser = app_parser()
        _assist(parser, scenario=lambda prefix, **_: [*calls, *scenarios(prefix), *paths(prefix, ".gradstep")])
    for call in calls.values():
        _assist(call, scenario=scenarios)
    autocomplete(parser, always_complete_options=False, default_completer=ChoicesCompleter({}))


def _assist(parser: argparse.ArgumentParser, scenario: Completer) -> None:
    """Give each argument what completes it, told by what its value is called."""
    for action in parser._actions:
        completer = scenario if action.dest == "scenario" else _COMPLETERS.get(action.metavar)
        if completer is not None:
            action.completer = completer  # type: ignore[attr-defined]


def scenarios(prefix: str, **_: object) -> list[str]:
    """The names of the library, the scenario files and the folders that a path begins with."""
    names = sorted(path.stem for path in LIBRARY.glob("*.toml") if path.name != COURSE_FILE)
    return [*(name for name in names if name.startswith(prefix)), *paths(prefix, ".toml")]


def paths(prefix: str, *suffixes: str) -> list[str]:
    """The folders and the files of some endings, of all where none is told, that a path begins with."""
    folder, _, start = prefix.rpartition("/")
    shown = f"{folder}/" if "/" in prefix else ""
    try:
        entries = sorted(os.scandir(os.path.expanduser(shown or ".")), key=lambda entry: entry.name)
    except OSError:
        return []
    found = []
    for entry in entries:
        if entry.name.startswith(start) and (start or not entry.name.startswith(".")):
            if entry.is_dir():
                found.append(f"{shown}{entry.name}/")
            elif not suffixes or entry.name.endswith(suffixes):
                found.append(f"{shown}{entry.name}")
    return found


def runs(prefix: str, **_: object) -> list[str]:
    """What two of can be compared: scenarios and recorded files."""
    return [*scenarios(prefix), *paths(prefix, ".npz")]


def files(*suffixes: str) -> Completer:
    """Completes the paths of files of some endings."""
    return lambda prefix, **_: paths(prefix, *suffixes)


def lanes(parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """The ids of the lanes of the scenario that was named before."""
    return [str(lane["id"]) for lane in _lanes(_table(parsed_args)) if "id" in lane]


def keys(parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """The keys of the scenario that was named before, each with what its value follows: those of lanes by id."""
    table = _table(parsed_args)
    inherited = table.get("defaults", {})
    plain = {name: value for name, value in table.items() if name in _CHANGED}
    found = [*_paths(plain, "")]
    for lane in _lanes(table):
        if "id" in lane and isinstance(inherited, dict):
            found += _paths({**inherited, **lane, **_NAMES}, f"lanes.{lane['id']}.")
    return [f"{key}=" for key in dict.fromkeys(found)]


_NAMES: dict[str, Any] = {"id": {}}
"""What of a lane is not changed."""
_CHANGED = ("seed", "steps", "data", "defaults")
"""Keys beside those of lanes that are changed for a run."""


def _paths(table: dict[str, Any], before: str) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{before}{name}.")
        elif not isinstance(value, list) or not any(isinstance(one, list | dict) for one in value):
            yield f"{before}{name}"


def _lanes(table: dict[str, Any]) -> list[dict[str, Any]]:
    found = table.get("lanes")
    return [lane for lane in found if isinstance(lane, dict)] if isinstance(found, list) else []


def _table(parsed_args: argparse.Namespace) -> dict[str, Any]:
    """The top table of the scenario that was named; nothing of one that cannot be read."""
    name = getattr(parsed_args, "scenario", None)
    if not isinstance(name, str):
        return {}
    inside = LIBRARY / f"{name}.toml"
    path = Path(name) if name.endswith(".toml") or "/" in name else inside
    try:
        return read_toml(read_regular(path, MAX_TEXT), name)
    except (OSError, ScenarioError):
        return {}


_COMPLETERS: dict[object, Completer] = {
    "SCENARIO": scenarios,
    "ID": lanes,
    "KEY=VALUE": keys,
    "FILE": files(),
    "A": runs,
    "B": runs,
    "FILE.py": files(".py"),
    "FILE.npz": files(".npz"),
    "FILE.toml": files(".toml"),
    "DATA.csv": files(".csv"),
    "NET.safetensors": files(".safetensors"),
}
"""What completes an argument, by what its value is called in the help."""
