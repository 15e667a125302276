"""`gradstep new`: a commented scenario to start from."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files
from pathlib import Path

from tui.commands.errors import CommandError
from tui.commands.new_file import write_named


def new(options: Namespace) -> int:
    """Write the scenario; raises CommandError where there is a file already, WriteError where none can be written."""
    if not options.file:
        raise CommandError("the name of the file is empty")
    content = files("scenarios").joinpath("template.toml").read_bytes()
    write_named(Path(options.file), content, otherwise="it is not overwritten")
    print(f"{options.file} is written; try: gradstep run {options.file}")
    return 0
