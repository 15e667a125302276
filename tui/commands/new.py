"""`gradstep new`: a commented scenario to start from."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files
from pathlib import Path

from tui.commands.errors import CommandError


def new(options: Namespace) -> int:
    """Write the scenario; raises CommandError where there is a file already, or none can be written."""
    if not options.file:
        raise CommandError("the name of the file is empty")
    content = files("scenarios").joinpath("template.toml").read_bytes()
    try:
        with Path(options.file).open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise CommandError(f"{options.file} exists already; it is not overwritten") from None
    except OSError as error:
        raise CommandError(f"cannot write {options.file}: {error.strerror}") from None
    print(f"{options.file} is written; try: gradstep run {options.file}")
    return 0
