"""How commands write a file that was named: never over another one unasked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from errno import EEXIST
from pathlib import Path

from scenarios.atomic_write import WriteError, atomic_write, new_file
from scenarios.scenario import Scenario
from tui.commands.errors import CommandError

FORCED = "it is overwritten with --force only"


def refuse_existing(path: Path, otherwise: str = FORCED) -> None:
    """Raise CommandError where there is something of that name, before long work for nothing."""
    if os.path.lexists(path):
        raise CommandError(f"{path} exists already; {otherwise}")


def write_named(path: Path, content: bytes, force: bool = False, otherwise: str = FORCED) -> None:
    """Write it; raises CommandError where there is a file already, WriteError where none can be written.

    otherwise: what is said of a file that is there.
    """
    try:
        with (atomic_write if force else new_file)(path) as file:
            file.write(content)
    except WriteError as error:
        if error.errno == EEXIST:
            raise CommandError(f"{path} exists already; {otherwise}") from None
        raise


def refuse_sources(targets: Iterable[str], file: Path, scenario: Scenario) -> None:
    """Raise CommandError for files to write that the scenario in `file` is read from: these are never replaced."""
    sources = {file: "is the scenario itself"}
    for key in ("csv", "test_csv"):
        if name := scenario.table.get("data", {}).get(key):
            for path in (file.parent / name, Path(name).expanduser()):
                sources[path] = "holds the scenario's samples"
    for lane in scenario.table["lanes"]:
        if isinstance(name := lane.get("parameters"), str):
            sources[file.parent / name] = "holds the scenario's starting values"
    for target in targets:
        for source, what in sources.items():
            if os.path.exists(target) and os.path.exists(source) and os.path.samefile(target, source):
                raise CommandError(f"{target} {what}; it is never overwritten")
