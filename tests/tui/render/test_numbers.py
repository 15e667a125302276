import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.render.numbers import WIDTH, count, number, shape


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.00873, " -0.008730"),
        (0.0129, "   0.01290"),
        (0.0001, " 0.0001000"),
        (1.234e-9, " 1.234e-09"),
        (-1.234e-9, "-1.234e-09"),
        (1234.4, "      1234"),
        (12345, " 1.234e+04"),
        (9999.6, " 1.000e+04"),
        (0.99996, "     1.000"),
        (0.0, "         0"),
        (-0.0, "         0"),
        (None, "         —"),
        (math.nan, "         —"),
        (-math.inf, "         —"),
    ],
)
def test_numbers_have_four_significant_digits(value, text):
    assert number(value) == text


@given(st.none() | st.floats(), st.integers(1, 20))
def test_no_number_changes_the_width(value, width):
    assert len(number(value, width)) == width
    assert len(number(value, width, missing="--")) == width


@given(st.floats(min_value=1e-99, max_value=9e98))
def test_the_default_width_keeps_four_digits_of_either_sign(value):
    positive, negative = number(value, WIDTH), number(-value, WIDTH)
    assert float(positive) == pytest.approx(value, rel=5.1e-4)
    assert negative.strip() == "-" + positive.strip()


def test_digits_give_way_to_width_and_never_the_sign():
    assert [number(-0.00873, width) for width in (9, 8, 7, 6)] == [
        "-0.008730",
        "-0.00873",
        "-0.0087",
        "-0.009",
    ]
    assert number(1e-300, 6) == "######"


def test_counts_and_shapes_are_exact():
    assert count(1234567) == "1,234,567"
    assert shape(128, 12) == "128×12"
    assert shape(128, 12, "x") == "128x12"
