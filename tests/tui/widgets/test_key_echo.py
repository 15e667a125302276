"""The last key in words."""

import pytest
from rich.cells import cell_len

from tui.keymap.own_keys import textual_name
from tui.keymap.table import SIMULATOR
from tui.render.palette import look
from tui.widgets.key_echo import KeyEcho


def line(echo, width=80, ascii=False):
    return "".join(segment.text for segment in echo.line(width, look(ascii=ascii)))


def test_nothing_is_shown_before_the_first_key():
    assert KeyEcho().line(80, look()) is None


def test_the_key_how_often_and_what_it_does():
    echo = KeyEcho()
    for key in ("n", "right", "N", "n", "n", "n"):
        assert echo.press({key})
    assert line(echo).startswith("  n  ×3  next step: complete the one in progress")
    assert line(echo, ascii=True).startswith("  n  x3")
    assert not echo.press({"ctrl+o", None})
    assert "×3" in line(echo)


@pytest.mark.parametrize("width", [80, 120])
def test_every_key_is_told_on_one_line_whole(width):
    for command in SIMULATOR:
        for key in command.keys.split(" "):
            echo = KeyEcho()
            assert echo.press({textual_name(key)})
            text = line(echo, width)
            assert cell_len(text) == width
            said = text.partition("  ")[2].strip().partition("  ")[2].strip()
            assert said, text
            assert command.help.startswith(said)
            assert len(said) == len(command.help) or command.help[len(said)] in ";:,"
