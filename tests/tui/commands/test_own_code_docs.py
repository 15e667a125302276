"""docs/own-code.md shows what the commands print."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

from tests.tui.commands.test_command import gradstep

FILE = Path(__file__).parents[3] / "docs" / "own-code.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def replayed(text: str, folder: Path) -> str:
    """The document with what its commands print now; functions in it are written into mine.py on the way."""
    mine = folder / "mine.py"

    def block(found: re.Match[str]) -> str:
        kind, inside = found.groups()
        if kind == "sh":
            inside = "".join(f"{line}\n{_printed(line, folder)}" for line in inside.splitlines() if line[:2] == "$ ")
        elif kind == "text":
            inside = _functions(mine.read_text(encoding="utf-8"))["backward"].split("    raise")[0]
        else:
            (name,) = _functions(inside)
            before = _functions(mine.read_text(encoding="utf-8"))[name]
            mine.write_text(mine.read_text(encoding="utf-8").replace(before, inside), encoding="utf-8")
        return f"```{kind}\n{inside}```"

    return BLOCK.sub(block, text)


def _functions(text: str) -> dict[str, str]:
    """The functions of a file by their names."""
    lines, found = text.splitlines(keepends=True), ast.parse(text).body
    functions = [node for node in found if isinstance(node, ast.FunctionDef)]
    return {node.name: "".join(lines[node.lineno - 1 : node.end_lineno]) for node in functions}


def _printed(line: str, folder: Path) -> str:
    program, *words = shlex.split(line[2:])
    assert program == "gradstep"
    status, out, err = gradstep(folder, *words)
    assert (status in (0, 1), err) == (True, "")
    return out


def test_the_document_shows_what_is_printed(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert replayed(text, tmp_path) == text
    assert "\nall right\n" in text
