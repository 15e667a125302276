"""config.toml: what it sets, and what of it is refused in words."""

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.errors import ScenarioError
from tui.keymap.own_keys import defaults
from tui.keymap.table import SIMULATOR
from tui.preferences.config import Config, config_file, read_config
from tui.preferences.config_template import config_template

FREE = [command for command in SIMULATOR if not command.fixed]

THEMES = 'allowed: "contrast", "contrast-light", "dark", "light"'


@pytest.fixture(autouse=True)
def own_config(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def read(content):
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_config()


def test_without_a_file_nothing_is_set():
    assert read_config() == Config()


def test_its_place_follows_the_environment(tmp_path):
    assert config_file() == tmp_path / "gradstep" / "config.toml"


def test_all_that_it_may_set():
    text = 'theme = "light"\nglyphs = "ascii"\nguide = false\n[keys]\nnext = "j"\nplay = ["space", "f6", "space"]\n'
    assert read(text) == Config("light", "ascii", False, {"next": ("j",), "play": ("space", "f6")})


def test_two_commands_may_exchange_their_keys():
    assert read('[keys]\nnext = "p"\nprevious = "n"').keys == {"next": ("p",), "previous": ("n",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'theme = "drak"',
            'theme: found "drak"; allowed: "contrast", "contrast-light", "dark", "light"; did you mean "dark"?',
        ),
        ("theme = 3", 'theme: found 3; allowed: "contrast", "contrast-light", "dark", "light"'),
        ("guide = 1", "guide: found 1; allowed: true or false"),
        ('glyph = "ascii"', 'glyph: unknown key; allowed: theme, glyphs, guide, keys; did you mean "glyphs"?'),
        ("keys = 3", "keys: found 3; allowed: a table"),
        ('[keys]\nnetx = "j"', 'keys.netx: unknown key; allowed: next, previous, …; did you mean "next"?'),
        ('[keys]\nn = "next"', 'keys.n: found a key; allowed: the command\'s name = its key, as next = "n"'),
        ('[keys]\nnext = "b"', 'keys.next: "b" is the key of "breakpoints" too, which needs another key then: '),
        ('[keys]\nnext = "j"\nprevious = "j"', 'keys.previous: "j" is the key of "next" too'),
        ('[keys]\nnext = "shift+n"', 'keys.next: found "shift+n", which no terminal sends …; did you mean "N"?'),
        ('[keys]\nnext = "alt+n"', 'keys.next: found "alt+n", which no terminal sends as a key of its own; '),
        ('[keys]\nnext = "ctrl+i"', 'keys.next: found "ctrl+i", for which terminals send the same as for "tab"; '),
        ('[keys]\nnext = "5"', 'keys.next: found "5", which means the same everywhere and stays; '),
        ('[keys]\nnext = "esc"', 'keys.next: found "esc", which means the same everywhere and stays; '),
        ('[keys]\nnext = "ctrl+c"', 'keys.next: found "ctrl+c", which means the same everywhere and stays; '),
        ('[keys]\nnext = "right"', 'keys.next: found "right", which means the same everywhere and stays; '),
        ('[keys]\nleave = "j"', 'keys.leave: it stays on "esc"'),
        ('[keys]\nfront_1 = "j"', 'keys.front_1: it stays on "1"'),
        ('[keys]\nnext = " "', 'keys.next: found " "; …; did you mean "space"?'),
        ('[keys]\nnext = "pageup"', 'keys.next: found "pageup"; …; did you mean "pgup"?'),
        ('[keys]\nnext = "nn"', 'keys.next: found "nn"; allowed: a character, or a key as '),
        ('[keys]\nnext = ""', 'keys.next: found ""; allowed: a character, or a key as '),
        ("[keys]\nnext = 5", "keys.next: found 5; allowed: a character…, in quotation marks"),
        ("[keys]\nnext = []", "keys.next: found an array of 0; allowed: a key, or an array of 1 to 4"),
        ('[keys]\nnext = ["j", 3]', "keys.next: found 3; allowed: a character"),
        ('[keys.next]\nkey = "j"', "keys.next: found a table; allowed: a character"),
        ('theme = "dark', "not TOML: "),
        (b"theme = \xff", "not UTF-8 text (at line 1)"),
    ],
)
def test_what_cannot_be_is_refused_with_file_and_key(text, message):
    with pytest.raises(ScenarioError) as refused:
        read(text)
    wanted = ".*".join(map(re.escape, f"{config_file()}: {message}".split("…")))
    assert re.match(wanted, str(refused.value)), str(refused.value)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"[keys]\nnext = '{text}'".encode()))
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path_factory, content):
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.getbasetemp() / "any")
    said = ""
    try:
        read(content)
    except ScenarioError as error:
        said = str(error)
    assert "\n" not in said


def test_a_file_that_cannot_be_read_is_refused():
    config_file().mkdir(parents=True)
    with pytest.raises(ScenarioError, match="cannot read it: Is a directory"):
        read_config()


def test_the_template_sets_nothing_and_without_its_marks_what_is_so_anyway():
    assert read(config_template()) == Config()
    wanted = re.sub(r"^# (\w+ += )", r"\1", config_template(), flags=re.MULTILINE)
    assert read(wanted) == Config("dark", "unicode", True, {command.id: defaults(command) for command in FREE})
