"""`gradstep recorder`: the small file with which a training loop records itself."""

from __future__ import annotations

from argparse import Namespace
from importlib.resources import files
from pathlib import Path

from tui.commands.errors import CommandError
from tui.commands.new_file import write_named


def recorder(options: Namespace) -> int:
    """Write it; raises CommandError where there is a file already, WriteError where none can be written."""
    if not options.file:
        raise CommandError("the name of the file is empty")
    path = Path(options.file)
    content = files("scenarios.own_code").joinpath("recorder.py").read_bytes()
    write_named(path, content, options.force)
    print(f"{path} is written; its first lines say how a loop records itself, for: gradstep diff SCENARIO mine.npz")
    return 0
