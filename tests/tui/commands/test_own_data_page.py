"""docs/own-data.md shows what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.tui.commands.test_command import gradstep

PAGE = Path(__file__).parents[3] / "docs" / "own-data.md"
PART = re.compile(
    r"<!-- (?P<what>file|shows): (?P<file>\S+) -->\n```\w+\n(?P<content>.*?)```"
    r"|<!-- change (?P<changed>\S+): (?P<old>.*?) => (?P<new>.*?) -->"
    r"|```console\n(?P<transcript>.*?)```",
    re.DOTALL,
)


def replayed(text: str, folder: Path) -> str:
    """The page with what its commands write and print now, on stdout or stderr."""

    def part(found: re.Match[str]) -> str:
        if found["changed"]:
            file = folder / found["changed"]
            file.write_text(file.read_text(encoding="utf-8").replace(found["old"], found["new"]), encoding="utf-8")
        elif found["what"] == "file":
            (folder / found["file"]).write_text(found["content"], encoding="utf-8")
        elif found["what"] == "shows":
            head, _, _ = found[0].partition("```")
            return f"{head}```toml\n{(folder / found['file']).read_text(encoding='utf-8')}```"
        else:
            commands = [line for line in found["transcript"].splitlines() if line.startswith("$ ")]
            return "```console\n" + "".join(f"{line}\n{_printed(line, folder)}" for line in commands) + "```"
        return found[0]

    return PART.sub(part, text)


def _printed(line: str, folder: Path) -> str:
    program, *words = shlex.split(line[2:])
    assert program == "gradstep"
    status, out, err = gradstep(folder, *words)
    assert status == (2 if err else 0)
    return out + err


def test_the_page_shows_what_happens(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert replayed(text, tmp_path) == text
