"""`gradstep recorder`: the small file with which a training loop records itself."""

from __future__ import annotations

from argparse import Namespace
from errno import EEXIST
from importlib.resources import files
from pathlib import Path

from scenarios.atomic_write import WriteError, atomic_write, new_file
from tui.commands.errors import CommandError


def recorder(options: Namespace) -> int:
    """Write it; raises CommandError where there is a file already, WriteError where none can be written."""
    if not options.file:
        raise CommandError("the name of the file is empty")
    path = Path(options.file)
    content = files("scenarios.own_code").joinpath("recorder.py").read_bytes()
    try:
        with (atomic_write if options.force else new_file)(path) as file:
            file.write(content)
    except WriteError as error:
        if error.errno == EEXIST:
            raise CommandError(f"{path} exists already; it is overwritten with --force only") from None
        raise
    print(f"{path} is written; its first lines say how a loop records itself, for: gradstep diff SCENARIO mine.npz")
    return 0
