"""docs/sweeps.md shows what the command prints, and its Python runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.tui.commands.test_command import gradstep

FILE = Path(__file__).parents[3] / "docs" / "sweeps.md"
CALL = re.compile(r"^```sh\n\$ gradstep ([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = 6
"""So many lines of a long JSON object stand in the document."""


def test_the_document_shows_what_is_printed(tmp_path: Path) -> None:
    def printed(found: re.Match[str]) -> str:
        call = found[1]
        status, out, err = gradstep(tmp_path, *shlex.split(call))
        assert (status, err) == (0, "")
        if "--json" in call:
            out = "".join(f"{line}\n" for line in [*out.splitlines()[:SHOWN], "…"])
        return f"```sh\n$ gradstep {call}\n{out}```"

    text = FILE.read_text(encoding="utf-8")
    assert CALL.sub(printed, text) == text


def test_its_python_runs_on_such_a_file(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    (call, *_) = CALL.findall(text)
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert gradstep(tmp_path, *shlex.split(call[0]), "--steps", "3")[0] == 0
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) == 3
