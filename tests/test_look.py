"""Screens are looked at as they are: typed keys answered, every kind of cell painted."""

import sys

import pyte
import pytest

from tests.look import look
from tests.picture import picture

ECHO = """
import sys, termios
mode = termios.tcgetattr(0)
mode[3] &= ~(termios.ICANON | termios.ECHO)
termios.tcsetattr(0, termios.TCSANOW, mode)
print("ready", end=" ", flush=True)
while True:
    print(f"<{sys.stdin.read(1)}>", end="", flush=True)
"""


def painted(text):
    """What a picture of a text has at a share (x, y) of a cell, by cell."""
    screen = pyte.Screen(16, 2)
    pyte.Stream(screen).feed(text)
    image = picture(screen)
    width, height = image.width // screen.columns, image.height // screen.lines
    return lambda column, x, y: image.getpixel((int((column + x) * width), int(y * height)))


def test_keys_are_typed_once_the_screen_is_still(tmp_path):
    screen = look([sys.executable, "-c", ECHO], 40, 5, ["n", "wait:<n>", "type:a b", ",", "wait:<,>"], tmp_path)
    assert screen.display[0].rstrip() == "ready <n><a>< ><b><,>"


def test_a_program_that_has_ended_is_looked_at_too(tmp_path):
    assert look([sys.executable, "-c", "print('done')"], 20, 5, ["n"], tmp_path).display[0].rstrip() == "done"


def test_an_unknown_key_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"unknown key 'entr'; known: .*enter"):
        look(["nothing"], 20, 5, ["entr"], tmp_path)


def test_colours_blocks_lines_and_dots_fill_their_cells():
    red, blue = (200, 0, 0), (0, 0, 200)
    at = painted("\x1b[38;2;200;0;0;48;2;0;0;200m▀▄█▌▎ ─┃┘⡀▒▟\x1b[7m \x1b[0m")
    assert (at(0, 0.5, 0.25), at(0, 0.5, 0.75)) == (red, blue)
    assert (at(1, 0.5, 0.25), at(1, 0.5, 0.75)) == (blue, red)
    assert at(2, 0, 0) == at(2, 0.9, 0.9) == red
    assert (at(3, 0.25, 0.5), at(3, 0.75, 0.5)) == (red, blue)
    assert (at(4, 0.1, 0.5), at(4, 0.5, 0.5)) == (red, blue)
    assert at(5, 0.5, 0.5) == blue
    assert (at(6, 0.1, 0.5), at(6, 0.9, 0.5), at(6, 0.5, 0.25)) == (red, red, blue)
    assert (at(7, 0.5, 0.1), at(7, 0.6, 0.9), at(7, 0.1, 0.5)) == (red, red, blue)
    assert (at(8, 0.1, 0.5), at(8, 0.5, 0.1), at(8, 0.9, 0.5), at(8, 0.5, 0.9)) == (red, red, blue, blue)
    assert (at(9, 0.25, 0.875), at(9, 0.75, 0.875)) == (red, blue)
    assert at(10, 0.5, 0.5) == (100, 0, 100)
    assert (at(11, 0.25, 0.25), at(11, 0.75, 0.25), at(11, 0.25, 0.75)) == (blue, red, red)
    assert at(12, 0.5, 0.5) == red


def test_every_line_and_block_has_a_shape():
    at = painted("".join(map(chr, range(0x2580, 0x2590))))
    ground = at(15, 0.9, 0.5)
    assert all(at(column, 0, 0.99) != ground for column in range(1, 16))
    for start in range(0x2500, 0x25A0, 16):
        painted("".join(map(chr, range(start, start + 16))))


def test_bold_letters_have_more_ink():
    light, heavy = (painted(style + "W") for style in ("", "\x1b[1m"))
    places = [(x / 10, y / 20) for x in range(10) for y in range(20)]
    assert sum(sum(heavy(0, *place)) for place in places) > sum(sum(light(0, *place)) for place in places)
