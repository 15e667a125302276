"""Files that a scenario to be written names: they stand in its folder, or below."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tui.commands.errors import CommandError


def name_beside(target: Path, csv: str) -> str:
    """A file of samples as a scenario in that place names it: relative to its folder.

    Raises CommandError where it stands elsewhere.
    """
    folder, name = os.path.split(csv)
    home = os.path.realpath(target.parent)
    try:
        relative = os.path.relpath(os.path.join(os.path.realpath(folder), name), home)
    except ValueError:  # on another drive
        relative = os.pardir
    if not name or Path(relative).parts[0] == os.pardir:
        message = f"--csv: found {csv}; allowed: a file in the folder of {target}, or below"
        beside = os.path.join(folder, target.name)
        raise CommandError(f"{message}: copy it there, or write {beside}" if name else message)
    return Path(relative).as_posix()


def scenario_name(target: Path, otherwise: str) -> str:
    """What a scenario in a file of that name is called."""
    return re.sub(r"[^A-Za-z0-9]+", "-", target.stem).strip("-") or otherwise
