"""`gradstep config`, and docs/config.md with what is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tui.commands.test_command import gradstep
from tui.preferences.config import Config, config_file, read_config
from tui.preferences.config_template import config_template

PAGE = Path(__file__).parents[3] / "docs" / "config.md"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return config_file()


def test_it_writes_the_template_once(file: Path, tmp_path: Path) -> None:
    status, out, err = gradstep(tmp_path, "config")
    assert (status, err) == (0, "")
    assert out == f"{file} is written: every line in it is commented out, and says what it would set\n"
    assert file.read_text(encoding="utf-8") == config_template()
    file.write_text('theme = "light"\n')
    status, out, err = gradstep(tmp_path, "config")
    assert (status, out, err) == (0, f"{file} is what the app reads; it is not overwritten\n", "")
    assert read_config() == Config(theme="light")


def test_a_file_that_is_wrong_is_told(file: Path, tmp_path: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("guide = 1\n")
    status, out, err = gradstep(tmp_path, "config")
    assert (status, out) == (2, "")
    assert err == f"gradstep: {file}: guide: found 1; allowed: true or false\n"


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("no folder")
    status, out, err = gradstep(tmp_path, "config")
    assert (status, out) == (2, "")
    assert re.fullmatch(r"gradstep: cannot write \S+: Not a directory\n", err)


def test_the_template_is_printed(file: Path, tmp_path: Path) -> None:
    assert gradstep(tmp_path, "config", "--template") == (0, config_template(), "")
    assert not file.exists()


REFUSED = ('next = "b"', 'netx = "j"', 'next = "shift+n"', 'quit = "esc"')
SHORTEST = re.compile(r"allowed: next, .*; did")


def page(refusals: list[str]) -> str:
    """The page with what is refused and the template as they are now."""
    text = PAGE.read_text(encoding="utf-8")
    shown = "\n".join(refusals)
    text = re.sub(
        r"<!-- refused -->\n```.*?```", lambda _: f"<!-- refused -->\n```text\n{shown}\n```", text, flags=re.S
    )
    template = f"<!-- template -->\n```toml\n{config_template()}```"
    return re.sub(r"<!-- template -->\n```.*?```", lambda _: template, text, flags=re.S)


def refusals(file: Path, folder: Path) -> list[str]:
    """What is said of lines that cannot be, the list of all commands cut short."""
    file.parent.mkdir(parents=True)
    said = []
    for line in REFUSED:
        file.write_text(f"[keys]\n{line}\n")
        err = gradstep(folder, "config")[2].strip()
        said += [SHORTEST.sub("allowed: next, …; did", err.replace(str(file), "config.toml"))]
    return said


def test_the_page_shows_what_is_refused_and_the_template(file: Path, tmp_path: Path) -> None:
    assert page(refusals(file, tmp_path)) == PAGE.read_text(encoding="utf-8")


def test_the_example_of_the_page_is_one(file: Path) -> None:
    file.parent.mkdir(parents=True)
    example = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert example
    file.write_text(example[1])
    assert read_config() == Config("light", keys={"next": ("j",), "previous": ("k",), "play": ("space", "f6")})
