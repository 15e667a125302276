"""A terminal's screen as a picture: letters by a font, lines, blocks and braille by shapes that fill their cells."""

from __future__ import annotations

import unicodedata

from PIL import Image, ImageDraw, ImageFont
from pyte.screens import Char, Screen

SIZE = 16
FOREGROUND, BACKGROUND = "e0e0e0", "121212"
NAMED = {
    "black": "000000",
    "red": "cd3131",
    "green": "0dbc79",
    "brown": "e5e510",
    "blue": "2472c8",
    "magenta": "bc3fbc",
    "cyan": "11a8cd",
    "white": "e5e5e5",
    "brightblack": "666666",
    "brightred": "f14c4c",
    "brightgreen": "23d18b",
    "brightbrown": "f5f543",
    "brightblue": "3b8eea",
    "brightmagenta": "d670d6",
    "brightcyan": "29b8db",
    "brightwhite": "ffffff",
}
"""The sixteen colours that a terminal chooses itself, by pyte's names."""

ARMS = {
    "LEFT": ("left",),
    "RIGHT": ("right",),
    "UP": ("up",),
    "DOWN": ("down",),
    "HORIZONTAL": ("left", "right"),
    "VERTICAL": ("up", "down"),
}
QUADRANTS = dict(zip("▖▗▘▙▚▛▜▝▞▟", ["3", "4", "1", "134", "14", "123", "124", "2", "23", "234"], strict=True))
"""Which quarters a block fills: 1 and 2 above, 3 and 4 below."""

SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each bit of a braille character."""

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


def picture(screen: Screen) -> Image.Image:
    """The screen's cells, one beside the other."""
    regular, bold = _font("DejaVuSansMono.ttf"), _font("DejaVuSansMono-Bold.ttf")
    width, height = round(regular.getlength("M")), SIZE + 4
    image = Image.new("RGB", (width * screen.columns, height * screen.lines), _colour("default", BACKGROUND))
    draw = ImageDraw.Draw(image)
    for row in range(screen.lines):
        for column in range(screen.columns):
            cell = screen.buffer[row][column]
            _paint(draw, cell, (column * width, row * height, width, height), bold if cell.bold else regular)
    return image


def _font(name: str) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(name, SIZE)
    except OSError:
        return ImageFont.load_default(SIZE)


def _colour(name: str, default: str) -> Colour:
    code = default if name == "default" else NAMED.get(name, name)
    return (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))


def _paint(draw: ImageDraw.ImageDraw, cell: Char, at: tuple[int, int, int, int], font) -> None:
    """Draw a cell at (left, top, width, height)."""
    left, top, width, height = at
    ink, ground = _colour(cell.fg, FOREGROUND), _colour(cell.bg, BACKGROUND)
    if cell.reverse:
        ink, ground = ground, ink
    draw.rectangle((left, top, left + width - 1, top + height - 1), fill=ground)
    if cell.underscore:
        draw.line((left, top + height - 2, left + width - 1, top + height - 2), fill=ink)
    if cell.data in SHADES:
        share = SHADES[cell.data]
        ink = tuple(round(share * one + (1 - share) * other) for one, other in zip(ink, ground, strict=True))
    shapes = _shapes(cell.data, width, height)
    for x0, y0, x1, y1 in shapes:
        draw.rectangle((left + round(x0), top + round(y0), left + round(x1) - 1, top + round(y1) - 1), fill=ink)
    if not shapes and cell.data.strip():
        draw.text((left, top), cell.data, font=font, fill=ink)


def _shapes(char: str, width: int, height: int) -> list[Box]:
    """The rectangles that a line, block or braille character is made of, within its cell; none for others."""
    if "\u2500" <= char <= "\u257f":
        return _lines(char, width, height)
    if "\u2580" <= char <= "\u259f":
        return [(x0 * width, y0 * height, x1 * width, y1 * height) for x0, y0, x1, y1 in _block(char)]
    if "\u2800" <= char <= "\u28ff":
        dots = [place for bit, place in enumerate(DOTS) if ord(char) >> bit & 1]
        centres = [((2 * x + 1) * width / 4, (2 * y + 1) * height / 8) for x, y in dots]
        return [(x - 1, y - 1, x + 1, y + 1) for x, y in centres]
    return []


def _lines(char: str, width: int, height: int) -> list[Box]:
    """A box drawing character from its name, such as "HEAVY DOWN AND LEFT" or "DOWN LIGHT AND RIGHT HEAVY"."""
    boxes, thick = [], 1.0
    x, y = width // 2, height // 2
    for part in unicodedata.name(char).removeprefix("BOX DRAWINGS ").split(" AND "):
        words = part.split()
        thick = 2.0 if {"HEAVY", "DOUBLE"} & set(words) else 1.0 if {"LIGHT", "SINGLE"} & set(words) else thick
        arms = {
            "left": (0, y, x + thick, y + thick),
            "right": (x, y, width, y + thick),
            "up": (x, 0, x + thick, y + thick),
            "down": (x, y, x + thick, height),
        }
        boxes += [arms[arm] for word in words for arm in ARMS.get(word, ())]
    return boxes


def _block(char: str) -> list[Box]:
    """A block element's rectangles, in shares of its cell."""
    code = ord(char) - 0x2580
    if char in QUADRANTS:
        corners = {"1": (0, 0, 0.5, 0.5), "2": (0.5, 0, 1, 0.5), "3": (0, 0.5, 0.5, 1), "4": (0.5, 0.5, 1, 1)}
        return [corners[quarter] for quarter in QUADRANTS[char]]
    if char in SHADES:
        return [(0, 0, 1, 1)]
    if 1 <= code <= 8:
        return [(0, 1 - code / 8, 1, 1)]
    if 9 <= code <= 15:
        return [(0, 0, (16 - code) / 8, 1)]
    return [{"▀": (0, 0, 1, 0.5), "▐": (0.5, 0, 1, 1), "▔": (0, 0, 1, 0.125), "▕": (0.875, 0, 1, 1)}[char]]
