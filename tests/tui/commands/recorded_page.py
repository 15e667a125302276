"""docs/recorded-loops.md as a reader works through it: files written, changed, run, and what is printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROUNDING = re.compile(r"\d(\.\d)?e-1\d")
"""Numbers that are made of rounding alone, which is another one on other machines."""

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "recorded-loops.md"
PART = re.compile(
    r"<!-- file: (?P<file>\S+)[^>]*-->\n```\w+\n(?P<content>.*?)```"
    r"|<!-- change (?P<changed>\S+): (?P<old>.*?) => (?P<new>.*?)-->"
    r"|```console\n(?P<transcript>.*?)```",
    re.DOTALL,
)
TORCH = "loop.py"
"""The file that needs PyTorch."""


def transcripts(folder: Path, with_torch: bool, python: str = sys.executable) -> Iterator[tuple[str, str]]:
    """Each transcript of the page, and what comes of its commands in a folder."""
    for part in PART.finditer(PAGE.read_text(encoding="utf-8")):
        if part["file"]:
            (folder / part["file"]).write_text(part["content"], encoding="utf-8")
        elif part["changed"]:
            file = folder / part["changed"]
            file.write_text(
                file.read_text(encoding="utf-8").replace(part["old"], part["new"].strip()), encoding="utf-8"
            )
        elif with_torch or TORCH not in part["transcript"]:
            commands = [line for line in part["transcript"].splitlines() if line.startswith("$ ")]
            yield part["transcript"], "".join(f"{line}\n{_output(line[2:], folder, python)}" for line in commands)


def _output(command: str, folder: Path, python: str) -> str:
    program, *arguments = command.split()
    call = [python, *arguments] if program == "python" else [sys.executable, "-m", "tui", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.stderr == ""
    return "" if "--record" in command else done.stdout
