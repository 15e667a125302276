"""The README's table of keys and the page about the app say what the tables in the program say."""

import re
from pathlib import Path

import pytest

from tui.exports.exports import EXPORTS
from tui.keymap.own_keys import label
from tui.keymap.table import FOOTER, SIMULATOR
from tui.panes.registry import PANES

ROOT = Path(__file__).parents[3]
KEYS = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Keys\n")[2].partition("\n## ")[0]
APP = (ROOT / "docs" / "app.md").read_text(encoding="utf-8")

COMMANDS = {key: command for command in SIMULATOR for key in label(command).split()}


def shown(cell):
    """The keys that a cell names; `1`…`4` are four."""
    span = re.fullmatch(r"`(\d)`…`(\d)`", cell)
    return [str(n) for n in range(int(span[1]), int(span[2]) + 1)] if span else re.findall(r"`([^`]+)`", cell)


ROWS = [
    (shown(keys), does)
    for line in re.findall(r"^\|( `.*)\|$", KEYS, re.MULTILINE)
    for keys, does in zip(*[iter(cell.strip() for cell in line.split("|"))] * 2, strict=True)
]


def words(text):
    return set(re.findall(r"\w+", text.lower())) - {"a", "an", "the", "of", "to", "on", "in", "for", "is", "or"}


@pytest.mark.parametrize(("keys", "does"), ROWS)
def test_a_key_of_the_readme_does_that(keys, does):
    for key in keys:
        assert key in COMMANDS, key
        assert words(does) & words(COMMANDS[key].help), f"{key}: {does} | {COMMANDS[key].help}"


def test_the_readme_names_every_command():
    named = {COMMANDS[key].action for keys, _ in ROWS for key in keys}
    assert [command.action for command in SIMULATOR if command.action not in named] == []


def test_every_command_of_the_footer_is_one_of_the_table_and_has_its_word():
    hints = {command.action for command in SIMULATOR if command.hint}
    assert sorted(FOOTER) == sorted(hints)


def test_the_page_about_the_app_names_every_pane_in_its_words():
    section = APP.partition("\n## Panes\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE))
    assert rows == {kind: pane.purpose for kind, pane in PANES.items()}


def test_the_page_about_the_app_names_every_export():
    section = APP.partition("\n## Saving and exporting\n")[2].partition("\n## ")[0]
    keys = [key for cell in re.findall(r"^\|( `[^|]*)\|", section, re.MULTILINE) for key in re.findall(r"`(\w)`", cell)]
    assert sorted(keys) == sorted([*(export.key for export in EXPORTS), "v", "t", "a", "q"])
