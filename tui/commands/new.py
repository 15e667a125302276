"""`gradstep new`: a commented scenario to start from."""

from __future__ import annotations

from argparse import Namespace
from errno import EEXIST
from importlib.resources import files
from pathlib import Path

from scenarios.atomic_write import WriteError, new_file
from tui.commands.errors import CommandError


def new(options: Namespace) -> int:
    """Write the scenario; raises CommandError where there is a file already, WriteError where none can be written."""
    if not options.file:
        raise CommandError("the name of the file is empty")
    content = files("scenarios").joinpath("template.toml").read_bytes()
    try:
        with new_file(Path(options.file)) as file:
            file.write(content)
    except WriteError as error:
        if error.errno == EEXIST:
            raise CommandError(f"{options.file} exists already; it is not overwritten") from None
        raise
    print(f"{options.file} is written; try: gradstep run {options.file}")
    return 0
