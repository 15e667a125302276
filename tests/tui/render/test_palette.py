import itertools

import numpy as np
import pytest

from tui.render.palette import THEMES, look
from tui.render.shades import STEPS, blend, diverging, on, sequential, sign_glyph, steps

LOOKS = [look(theme, ascii, color) for theme in THEMES for ascii in (False, True) for color in (False, True)]


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2.2, definition of the contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_everything_to_be_read_stands_out_from_the_background(theme):
    palette = THEMES[theme]
    least = 7 if theme == "contrast" else 4.5
    for color in (palette.text, palette.muted, palette.accent, palette.good, palette.bad, *palette.series):
        assert contrast(color, palette.background) >= least


@pytest.mark.parametrize("theme", THEMES)
def test_signs_differ_in_blue_which_red_green_blindness_leaves(theme):
    palette = THEMES[theme]
    blue = [int(color[5:], 16) for color in (palette.negative, palette.positive)]
    assert blue[1] - blue[0] > 100


@pytest.mark.parametrize("one", LOOKS)
def test_every_glyph_of_a_family_is_unique(one):
    glyphs = one.glyphs
    assert len(set(glyphs.positive + glyphs.negative + glyphs.zero)) == 7
    assert len(set(glyphs.lines)) == len(set(glyphs.points)) == 4
    assert glyphs.high_class != glyphs.low_class


def test_ascii_is_ascii_and_monochrome_has_no_colour():
    plain = look("dark", ascii=True, color=False)
    assert all(value.isascii() for value in vars(plain.glyphs).values())
    assert set(itertools.chain(diverging(plain.palette), plain.palette.series)) == {None}
    assert blend(None, "#ffffff", 0.5) is on(None, 0.5) is sequential(plain.palette, 0.3) is None


def test_blending_goes_all_the_way():
    assert [blend("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]


def test_steps_are_whole_symmetric_and_saturated():
    values = np.array([-np.inf, -2.0, -1.0, -0.01, 0.0, np.nan, 0.5, 1.0, np.inf])
    expected = [-STEPS, -STEPS, -STEPS, 0, 0, 0, STEPS // 2, STEPS, STEPS]
    assert steps(values, 1.0).tolist() == expected
    assert steps(np.zeros(3), 0.0).tolist() == [0, 0, 0]


def test_a_glyph_tells_sign_and_size():
    glyphs = look().glyphs
    assert [sign_glyph(step, glyphs) for step in (-STEPS, -1, 0, 1, STEPS)] == ["≡", "−", "·", "+", "#"]


def test_subscripts():
    assert look().subscript(12) == "₁₂"
    assert look(ascii=True).subscript(12) == "12"
