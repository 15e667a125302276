"""How commands write a file that was named: never over another one unasked."""

from __future__ import annotations

import os
from errno import EEXIST
from pathlib import Path

from scenarios.atomic_write import WriteError, atomic_write, new_file
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
